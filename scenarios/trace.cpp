#include "scenarios/trace.hpp"

#include <algorithm>
#include <functional>
#include <unordered_map>

#include "reports/units.hpp"
#include "scenarios/record_file.hpp"

namespace sluice {
namespace {

constexpr std::size_t kNoColumn = SIZE_MAX;
constexpr std::size_t kShownOfLine = 200;

/// Where the columns are, by position in a line.
struct Positions {
  std::size_t time = kNoColumn, duration = kNoColumn, start = kNoColumn, end = kNoColumn;
  std::size_t workspace = kNoColumn, level = kNoColumn, credential = kNoColumn, status = kNoColumn;
  std::vector<std::pair<std::size_t, const std::vector<Condition>*>> where;
  std::size_t last = 0;  ///< of all these the one furthest to the right
  std::string last_name{};
};

/// Finds the columns that a scenario names in a header line.
class ColumnFinder {
 public:
  ColumnFinder(Reader& reader, const TraceText& text, std::vector<std::string_view> header)
      : reader_(reader), text_(text), header_(std::move(header)) {}

  std::optional<Positions> find() {
    const TraceColumns& named = text_.columns;
    const bool swf = text_.swf.has_value();
    Positions at;
    at.time = column(named.time, swf ? "submit" : "time");
    at.start = column(named.start, "");
    at.end = column(named.end, "");
    at.duration = column(named.duration, at.end != kNoColumn ? "" : swf ? "run_time" : "duration");
    at.workspace = column(named.workspace, swf ? "" : "workspace");
    at.level = column(named.level, swf ? "" : "level");
    at.credential = column(named.credential, swf ? "" : "credential");
    at.status = column(named.status, "status");
    for (const auto& [name, conditions] : text_.where)
      at.where.emplace_back(column(name, ""), &conditions);
    if (at.time == kNoColumn && !named.time)
      good_ = reader_.error(text_.file().mark, "`" + text_.file().text +
                                                   "` has no column `time`; say which it is: "
                                                   "`columns: {time: …}`; its columns: " +
                                                   all());
    if ((at.start == kNoColumn) != (at.end == kNoColumn) && good_)
      good_ = reader_.error((named.start ? named.start : named.end)->mark,
                            "`start` and `end` go together");
    if (!good_) return std::nullopt;
    at.last = last_;
    at.last_name = std::string(header_[last_]);
    return at;
  }

 private:
  std::size_t column(const std::optional<Name>& name, std::string_view otherwise) {
    const std::string_view wanted = name ? std::string_view(name->text) : otherwise;
    const auto found = std::find(header_.begin(), header_.end(), wanted);
    if (found != header_.end() && !wanted.empty()) {
      const auto position = static_cast<std::size_t>(found - header_.begin());
      last_ = std::max(last_, position);
      return position;
    }
    if (name)
      good_ = reader_.error(name->mark, "`" + text_.file().text + "` has no column `" + name->text +
                                            "`" + suggestion(name->text, header_) +
                                            "; its columns: " + all());
    return kNoColumn;
  }

  std::string all() const {
    std::string text;
    for (const std::string_view name : header_)
      text += (text.empty() ? "" : ", ") + std::string(name);
    return text.substr(0, 500);
  }

  Reader& reader_;
  const TraceText& text_;
  std::vector<std::string_view> header_;
  std::size_t last_ = 0;
  bool good_ = true;
};

/// Where in its line a field stands, from 1, if it stands there as it is (without quotes in it).
std::optional<int> column_in(std::string_view line, std::string_view field) {
  const std::less<> before;  // of pointers into different texts, too
  if (field.data() == nullptr || before(field.data(), line.data()) ||
      !before(field.data(), line.data() + line.size()))
    return std::nullopt;
  return static_cast<int>(field.data() - line.data()) + 1;
}

/// The distinct values of a column, numbered in the order of their appearance.
class Values {
 public:
  std::uint32_t number_of(std::string_view value, std::string_view line, int line_number) {
    if (value.empty()) return RawRow::kNone;
    const auto [found, fresh] = numbers_.try_emplace(std::string(value), list_.size());
    if (fresh) add(value, line, line_number);
    return found->second;
  }
  std::vector<TraceValue> take() { return std::move(list_); }

 private:
  static constexpr std::size_t kLinesKept = 1'000;

  void add(std::string_view value, std::string_view line, int line_number) {
    TraceValue added{std::string(value), line_number};
    if (const std::optional<int> column = column_in(line, value)) {
      added.column = *column;
      added.length = static_cast<int>(value.size());
    }
    if (list_.size() < kLinesKept) added.source_line = std::string(line.substr(0, kShownOfLine));
    list_.push_back(std::move(added));
  }

  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<TraceValue> list_;
};

class TraceReader {
 public:
  TraceReader(Reader& reader, const TraceText& text)
      : reader_(reader),
        text_(text),
        file_(text.file().text),
        splitter_(text.swf ? ' ' : text.separator[0]) {}

  std::optional<RawTrace> read() {
    std::optional<Positions> found = find_columns();
    if (!file_.problem().empty()) return fail("`" + text_.file().text + "` " + file_.problem());
    if (!found) return std::nullopt;
    at_ = std::move(*found);
    while (errors_ < kMaxTraceErrors && next_line())
      if (is_whole() && passes()) read_row();
    if (!file_.problem().empty()) return fail("`" + text_.file().text + "` " + file_.problem());
    if (errors_ > 0) return std::nullopt;
    if (trace_.rows.size() >= kMaxRecords)
      return fail("`" + text_.file().text + "` has too many rows");
    if (trace_.rows.empty()) return fail("no row of `" + text_.file().text + "` is taken");
    reader_.contents_hash = (reader_.contents_hash ^ file_.hash()) * 0x100000001B3;
    return finish();
  }

 private:
  std::nullopt_t fail(std::string message) {
    reader_.error(text_.file().mark, std::move(message));
    return std::nullopt;
  }

  std::optional<Positions> find_columns() {
    if (text_.swf)
      return ColumnFinder(reader_, text_, {kSwfColumns.begin(), kSwfColumns.end()}).find();
    if (!next_line()) {
      if (file_.problem().empty() && errors_ == 0) fail("`" + text_.file().text + "` is empty");
      return std::nullopt;
    }
    return ColumnFinder(reader_, text_, splitter_.fields()).find();
  }

  /// The next line that is not empty and no comment, split.
  bool next_line() {
    while (trace_.rows.size() < kMaxRecords && file_.next(line_)) {
      const std::size_t first = line_.find_first_not_of(" \t");
      if (first == line_.npos || line_[first] == (text_.swf ? ';' : '#')) continue;
      if (splitter_.split(line_)) return true;
      problem({}, "a quote is not closed in this line");
      if (errors_ >= kMaxTraceErrors) return false;
    }
    return false;
  }

  std::string_view field(std::size_t column) const {
    return column < splitter_.fields().size() ? splitter_.fields()[column] : std::string_view{};
  }

  /// Lines of SWF may be short: what they do not say is unknown.
  bool is_whole() {
    const std::size_t fields = splitter_.fields().size();
    if (text_.swf || fields > at_.last) return true;
    problem({}, "too few fields: this row has " + std::to_string(fields) + ", and the column `" +
                    at_.last_name + "` is number " + std::to_string(at_.last + 1));
    return false;
  }

  bool passes() const {
    return std::all_of(at_.where.begin(), at_.where.end(), [&](const auto& condition) {
      const std::string_view value = field(condition.first);
      return std::any_of(condition.second->begin(), condition.second->end(),
                         [&](const Condition& c) { return c.holds(value); });
    });
  }

  void problem(std::string_view where, std::string message) {
    ++errors_;
    Diagnostic diagnostic{
        text_.file().text, file_.line_number(), 0, 1, std::move(message), {}, false};
    diagnostic.source_line = std::string(line_.substr(0, kShownOfLine));
    if (const std::optional<int> column = column_in(line_, where)) {
      diagnostic.column = *column;
      diagnostic.length = static_cast<int>(std::max<std::size_t>(where.size(), 1));
    }
    reader_.problems.error_in_file(std::move(diagnostic));
  }

  double unit() const {
    return text_.time_format == TimeFormat::milliseconds   ? 1e-3
           : text_.time_format == TimeFormat::microseconds ? 1e-6
                                                           : 1;
  }

  std::optional<double> to_time(std::string_view value) const {
    if (text_.time_format != TimeFormat::iso8601)
      if (const auto number = to_number(value)) return *number * unit();
    const bool by_date =
        text_.time_format == TimeFormat::iso8601 || text_.time_format == TimeFormat::automatic;
    return by_date ? to_iso_time(value) : std::nullopt;
  }

  std::uint32_t number_of(Values& values, std::size_t column) const {
    return values.number_of(field(column), line_, file_.line_number());
  }

  void read_row() {
    RawRow row;
    const std::string_view when = field(at_.time);
    const std::optional<double> at = to_time(when);
    if (!at)
      return problem(when,
                     "expected a time, and this is `" + std::string(when.substr(0, 60)) + "`");
    row.at = *at;
    if (!read_service(row) || !read_level(row)) return;
    row.workspace = number_of(workspaces_, at_.workspace);
    row.credential = number_of(credentials_, at_.credential);
    const std::string_view status = field(at_.status);
    row.has_status = !status.empty() && status != "-1";
    row.failed = row.has_status && std::any_of(text_.failed.begin(), text_.failed.end(),
                                               [&](const Condition& c) { return c.holds(status); });
    trace_.rows.push_back(row);
  }

  bool read_service(RawRow& row) {
    double seconds = -1;
    if (at_.end != kNoColumn) {
      const auto start = to_time(field(at_.start)), end = to_time(field(at_.end));
      if (start && end) seconds = *end - *start;
    } else if (const std::string_view text = field(at_.duration); !text.empty()) {
      const auto number = to_number(text);
      const Parsed<Duration> duration = number ? Parsed<Duration>{} : parse_duration(text);
      if (!number && !duration) {
        problem(text, "expected a duration, and this is `" + std::string(text.substr(0, 60)) + "`");
        return false;
      }
      seconds = number ? *number * unit() : duration->seconds();
    }
    if (seconds >= 0) row.service = Duration::from_seconds(seconds * text_.duration_factor);
    return true;
  }

  bool read_level(RawRow& row) {
    const std::string_view value = field(at_.level);
    for (const auto& [condition, level] : text_.levels)
      if (at_.level != kNoColumn && condition.holds(value)) return row.level = level, true;
    if (at_.level == kNoColumn || value.empty()) return true;
    if (text_.levels.empty() && (row.level = level_named(value))) return true;
    problem(value, "`" + std::string(value.substr(0, 60)) + "` is no priority level" +
                       (text_.levels.empty()
                            ? "; say which it means: `levels: {" +
                                  std::string(value.substr(0, 60)) + ": LOW}`"
                            : ", and `levels` says nothing about it; `else` takes the rest"));
    return false;
  }

  std::optional<RawTrace> finish() {
    std::vector<RawRow>& rows = trace_.rows;
    std::stable_sort(rows.begin(), rows.end(),
                     [](const RawRow& a, const RawRow& b) { return a.at < b.at; });
    const double from = text_.from.value_or(Duration::zero()).seconds();
    const double start = rows.front().at + from;
    const double end = rows.front().at + text_.to.value_or(Duration::max()).seconds();
    std::erase_if(rows, [&](const RawRow& row) { return row.at < start || row.at >= end; });
    if (rows.size() > text_.max_rows) rows.resize(text_.max_rows);
    if (rows.empty())
      return fail("no row of `" + text_.file().text + "` lies between `from` and `to`");
    for (RawRow& row : rows) row.at = (row.at - start) / text_.compress;
    trace_.workspaces = workspaces_.take();
    trace_.credentials = credentials_.take();
    return std::move(trace_);
  }

  Reader& reader_;
  const TraceText& text_;
  RecordFile file_;
  FieldSplitter splitter_;
  std::string_view line_;
  Positions at_;
  Values workspaces_, credentials_;
  RawTrace trace_;
  std::size_t errors_ = 0;
};

}  // namespace

std::optional<RawTrace> read_trace(Reader& reader, const TraceText& text) {
  if (text.compress <= 0) {
    reader.error(text.mark, "`compress` must be more than 0");
    return std::nullopt;
  }
  return TraceReader(reader, text).read();
}

std::string workspace_name_of(std::string_view column, std::string_view value) {
  const bool number = to_number(value).has_value();
  std::string name = number ? std::string(column) + "-" : std::string();
  for (const char c : value.substr(0, 90)) {
    const bool odd = static_cast<unsigned char>(c) <= ' ' ||
                     std::string_view("{}[],=<>\"'#\x7f").find(c) != std::string_view::npos;
    name += odd ? '_' : c;
  }
  return name;
}

}  // namespace sluice
