#include "scenarios/loader/trace/trace.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <memory>
#include <unordered_set>

#include "base/calendar/calendar.hpp"
#include "base/calendar/time_zone.hpp"
#include "base/iso8601.hpp"
#include "base/text/units.hpp"
#include "reports/summary/traces.hpp"
#include "scenarios/loader/trace/record_file.hpp"
#include "scenarios/loader/trace/trace_columns.hpp"
#include "scenarios/loader/trace/trace_units.hpp"
#include "scenarios/loader/trace/trace_values.hpp"

namespace sluice {
namespace {

constexpr std::int64_t kEarliest = std::numeric_limits<std::int64_t>::min();

/// What databases and schedulers write where nothing is known.
bool says_nothing(std::string_view text) {
  constexpr std::array<std::string_view, 8> kWords{"",     "Unknown", "None", "NULL",
                                                   "null", "N/A",     "NaN",  "-"};
  return std::find(kWords.begin(), kWords.end(), text) != kWords.end();
}

std::string shortened(std::string_view text) { return std::string(text.substr(0, 60)); }

class TraceReader {
 public:
  TraceReader(Reader& reader, const TraceText& text, std::shared_ptr<const TimeZone> zone)
      : reader_(reader),
        text_(text),
        zone_(std::move(zone)),
        file_(text.file().text),
        splitter_(text.swf ? ' ' : text.separator[0]) {}

  std::optional<RawTrace> read() {
    std::optional<TracePositions> found = find_header();
    if (!file_.problem().empty()) return fail("`" + text_.file().text + "` " + file_.problem());
    if (!found) return std::nullopt;
    at_ = std::move(*found);
    prepare();
    while (errors_ < kMaxTraceErrors && next_line()) {
      ++trace_.import.rows;
      if (is_whole() && passes()) read_row();
    }
    if (!file_.problem().empty()) return fail("`" + text_.file().text + "` " + file_.problem());
    if (errors_ > 0) return std::nullopt;
    if (trace_.rows.size() >= kMaxRecords)
      return fail("`" + text_.file().text + "` has too many rows");
    if (trace_.rows.empty()) return fail(why_no_row());
    reader_.contents_hash = (reader_.contents_hash ^ file_.hash()) * 0x100000001B3;
    return finish();
  }

 private:
  /// A number whose unit is not decided yet; of a dated row nothing.
  struct Undecided {
    RecordedNumber number;
    bool is_number = false;
  };

  std::nullopt_t fail(std::string message) {
    reader_.error(text_.file().mark, std::move(message));
    return std::nullopt;
  }

  std::string why_no_row() const {
    const std::string file = "`" + text_.file().text + "`";
    if (trace_.import.rows == 0) return file + " has no rows";
    return "no row of " + file + " is taken; " + left_out_text(trace_.import);
  }

  std::optional<TracePositions> find_header() {
    if (text_.swf) return find_columns(reader_, text_, {});
    if (!next_line()) {
      if (file_.problem().empty() && errors_ == 0) fail("`" + text_.file().text + "` is empty");
      return std::nullopt;
    }
    if (line_.find('\r') != line_.npos)
      return fail("`" + text_.file().text + "` ends its lines with a carriage return alone");
    trace_.header_line = file_.line_number();
    return find_columns(reader_, text_, splitter_.fields());
  }

  void prepare() {
    trace_.import.file = text_.file().text;
    trace_.has_durations = at_.duration != kNoColumn || at_.end != kNoColumn;
    trace_.duration_column = at_.duration_name;
    duration_ = unit_of_durations(text_, at_.duration_name);
    span_ = unit_of_span(text_, at_.duration_name, 0);
  }

  /// The next line that is not empty and no comment, split.
  bool next_line() {
    while (trace_.rows.size() < kMaxRecords && file_.next(line_)) {
      const std::size_t first = line_.find_first_not_of(" \t");
      if (first == line_.npos || line_[first] == (text_.swf ? ';' : '#')) continue;
      if (splitter_.split(line_)) return true;
      if (trace_.header_line > 0) ++trace_.import.rows;
      problem(Odd::unreadable, {}, "a quote is not closed in this line");
      if (errors_ >= kMaxTraceErrors) return false;
    }
    return false;
  }

  std::string_view field(std::size_t column) const {
    return column < splitter_.fields().size() ? splitter_.fields()[column] : std::string_view{};
  }
  /// In SWF -1 says so in every field.
  bool is_unknown(std::string_view value) const {
    return text_.swf && value.starts_with("-1") && to_number(value) == -1.0;
  }

  /// Lines of SWF may be short: what they do not say is unknown.
  bool is_whole() {
    const std::size_t fields = splitter_.fields().size();
    if (text_.swf || fields > at_.last) return true;
    problem(Odd::unreadable, {},
            "too few fields: this row has " + std::to_string(fields) + ", and the column `" +
                at_.last_name + "` is number " + std::to_string(at_.last + 1));
    return false;
  }

  bool passes() {
    const bool taken = std::all_of(at_.where.begin(), at_.where.end(), [&](const auto& condition) {
      const std::string_view value = field(condition.first);
      const bool unknown = is_unknown(value);
      return std::any_of(condition.second->begin(), condition.second->end(),
                         [&](const Condition& c) { return c.holds(value, unknown); });
    });
    if (!taken) ++trace_.import.left(LeftOut::filtered);
    return taken;
  }

  Diagnostic place_of(std::string_view where) const {
    Diagnostic place{text_.file().text, file_.line_number(), 0, 1, {}, {}, false};
    place.source_line = std::string(line_.substr(0, kShownOfLine));
    if (const std::optional<int> column = column_in(line_, where)) {
      place.column = *column;
      place.length = static_cast<int>(std::max<std::size_t>(where.size(), 1));
    }
    return place;
  }

  void note(Odd what, std::string_view where) {
    Oddity& odd = trace_.odd[static_cast<std::size_t>(what)];
    if (++odd.count == 1) odd.first = place_of(where);
  }

  /// An error, or the row is left out.
  void problem(Odd what, std::string_view where, std::string message) {
    if (text_.leave_out_unreadable && (text_.swf || trace_.header_line > 0)) {
      ++trace_.import.left(what == Odd::unknown_level ? LeftOut::unknown_level
                                                      : LeftOut::unreadable);
      return note(what, where);
    }
    ++errors_;
    Diagnostic diagnostic = place_of(where);
    diagnostic.message = std::move(message);
    reader_.problems.error_in_file(std::move(diagnostic));
  }

  /// Unix nanoseconds. A local time that clocks showed twice is the first of both that does not
  /// come before what it follows.
  std::optional<std::int64_t> on_calendar(std::string_view text, std::int64_t follows,
                                          RawRow& row) {
    const std::optional<CalendarTime> time = parse_calendar_time(text);
    if (!time) return std::nullopt;
    if (time->offset_s) return time->clock_ns - *time->offset_s * 1'000'000'000;
    if (zone_ == nullptr) return time->clock_ns;
    const LocalTime local = zone_->utc_of(time->clock_ns);
    if (trace_.import.time_zone.empty()) trace_.import.time_zone = zone_->name();
    row.ambiguous = row.ambiguous || local.ambiguous;
    row.skipped = row.skipped || local.skipped;
    if (local.skipped) note(Odd::skipped_time, text);
    return local.earlier_ns < follows && local.later_ns >= follows ? local.later_ns
                                                                   : local.earlier_ns;
  }

  bool no_time(std::string_view text) {
    const std::string why = takes_dates() ? why_no_calendar_time(text) : std::string();
    problem(Odd::unreadable, text,
            "expected a time, and this is `" + shortened(text) + "`" +
                (why.empty() ? why : ": " + why));
    return false;
  }

  bool takes_numbers() const { return text_.time_format != TimeFormat::iso8601; }
  bool takes_dates() const { return !text_.swf && !unit_of(text_.time_format); }

  /// Of `start` and `end`: nanoseconds since 1970, or since whatever their numbers count from.
  std::optional<std::int64_t> instant(std::string_view text, std::int64_t follows, RawRow& row) {
    if (takes_numbers())
      if (const auto number = to_recorded_number(text)) {
        numbers_in_durations_ = true;
        if (span_.is_said) return to_ns(*number, span_.unit);
        const TimeUnit unit = unit_of_epoch(number->whole).value_or(TimeUnit::seconds);
        if (unit > span_.unit) span_ = unit_of_span(text_, at_.duration_name, number->whole);
        return to_ns(*number, unit);
      }
    return takes_dates() ? on_calendar(text, follows, row) : std::nullopt;
  }

  bool read_time(RawRow& row, Undecided& undecided) {
    const std::string_view text = field(at_.time);
    if (text_.swf && (text.empty() || is_unknown(text))) {
      ++trace_.import.left(LeftOut::no_time);
      return note(Odd::no_time, text), false;
    }
    const auto number = takes_numbers() ? to_recorded_number(text) : std::nullopt;
    if (number) {
      undecided = {*number, true};
      magnitudes_.add(number->whole);
      if (magnitudes_.all() == 1) trace_.first_number = place_of(text);
      return true;
    }
    const auto date = takes_dates() ? on_calendar(text, row_above_, row) : std::nullopt;
    if (!date) return no_time(text);
    row.stamp = Time{row_above_ = *date};
    trace_.calendar = true;
    return true;
  }

  void read_row() {
    RawRow row;
    row.line = file_.line_number();
    Undecided undecided;
    if (!read_time(row, undecided) || !read_service(row, undecided) || !read_level(row) ||
        !is_new(field(at_.id)))
      return;
    row.workspace = number_of(workspaces_, at_.workspace);
    row.credential = number_of(credentials_, at_.credential);
    const std::string_view status = field(at_.status);
    row.has_status = !status.empty() && status != "-1" && !is_unknown(status);
    row.failed = row.has_status && std::any_of(text_.failed.begin(), text_.failed.end(),
                                               [&](const Condition& c) { return c.holds(status); });
    trace_.rows.push_back(row);
    undecided_.push_back(undecided);
  }

  std::uint32_t number_of(TraceValues& values, std::size_t column) const {
    const std::string_view value = field(column);
    return values.number_of(is_unknown(value) ? std::string_view{} : value, line_,
                            file_.line_number());
  }

  bool is_new(std::string_view id) {
    if (at_.id == kNoColumn || id.empty() || is_unknown(id)) return true;
    if (ids_.emplace(id).second) return true;
    ++trace_.import.left(LeftOut::duplicate_id);
    return note(Odd::duplicate_id, id), false;
  }

  bool read_service(RawRow& row, const Undecided& submitted) {
    if (!trace_.has_durations) return true;
    const bool by_end = at_.end != kNoColumn;
    if (!(by_end ? read_start_and_end(row, submitted) : read_duration(row))) return false;
    if (row.has_service == RawRow::Service::recorded) return true;
    if (text_.without_duration == WithoutDuration::leave_out) {
      ++trace_.import.left(LeftOut::no_duration);
      return false;
    }
    note(row.has_service == RawRow::Service::missing ? Odd::missing_duration
                                                     : Odd::negative_duration,
         field(by_end ? at_.end : at_.duration));
    return true;
  }

  void set_service(RawRow& row, double seconds) {
    row.has_service = seconds < 0 ? RawRow::Service::negative : RawRow::Service::recorded;
    if (seconds >= 0) row.service = Duration::from_seconds(seconds * text_.duration_factor);
  }

  bool read_start_and_end(RawRow& row, const Undecided& submitted) {
    std::array<std::int64_t, 2> ns{};
    std::int64_t follows = submitted.is_number ? kEarliest : row.stamp.ns;
    const std::array<std::size_t, 2> columns{at_.start, at_.end};
    for (std::size_t i = 0; i < 2; ++i) {
      const std::string_view text = field(columns[i]);
      if (says_nothing(text) || is_unknown(text)) return true;
      const std::optional<std::int64_t> at = instant(text, follows, row);
      if (!at) return no_time(text);
      ns[i] = follows = *at;
    }
    std::int64_t length = 0;
    if (__builtin_sub_overflow(ns[1], ns[0], &length)) return true;
    set_service(row, static_cast<double>(length) / 1e9);
    return true;
  }

  bool read_duration(RawRow& row) {
    const std::string_view text = field(at_.duration);
    if (says_nothing(text) || is_unknown(text)) return true;
    if (const auto number = to_number(text)) {
      numbers_in_durations_ = true;
      set_service(row, *number * seconds_of(duration_.unit));
      return true;
    }
    if (const auto clock = parse_clock_duration(text))
      return set_service(row, clock->seconds()), true;
    const Parsed<Duration> duration = parse_duration(text);
    if (!duration) {
      problem(Odd::unreadable, text, "expected a duration, and this is `" + shortened(text) + "`");
      return false;
    }
    set_service(row, duration->seconds());
    return true;
  }

  bool read_level(RawRow& row) {
    if (at_.level == kNoColumn) return true;
    const std::string_view value = field(at_.level);
    const bool unknown = is_unknown(value);
    row.blank_level = value.empty() || unknown;
    if (const auto* rule = text_.levels.find(value, unknown)) {
      if (const auto* rival = text_.levels.rival(*rule, value, unknown)) {
        problem(Odd::unknown_level, value,
                "`" + shortened(value) + "` fits rules of both " + std::string(name(rule->second)) +
                    " and " + std::string(name(rival->second)));
        return false;
      }
      row.by_else = rule->first.kind == Condition::Kind::always;
      return row.level = rule->second, true;
    }
    if (row.blank_level) return true;
    if (text_.levels.empty() && (row.level = level_named(value))) return true;
    problem(Odd::unknown_level, value,
            "`" + shortened(value) + "` is no priority level" +
                (text_.levels.empty()
                     ? "; say which it means: `levels: {" + shortened(value) + ": LOW}`"
                     : ", and `levels` says nothing about it; `else` takes the rest"));
    return false;
  }

  // ---- the unit of the times, and what is replayed

  /// False after reporting a number that is no time.
  bool decide_times() {
    if (magnitudes_.all() == 0) return true;
    const ColumnUnit times = unit_of_times(text_, at_.time_name, magnitudes_);
    const TimeUnit unit = times.unit;
    if (!text_.swf) trace_.import.units.push_back(times.read);
    for (std::size_t i = 0; i < trace_.rows.size(); ++i) {
      if (!undecided_[i].is_number) continue;
      const std::optional<std::int64_t> ns = to_ns(undecided_[i].number, unit);
      if (!ns) {
        Diagnostic place{text_.file().text, trace_.rows[i].line, 0, 1, {}, {}, false};
        place.message = "`" + std::to_string(undecided_[i].number.whole) + "` " +
                        std::string(name(unit)) +
                        " are more than 292 years; `time_format` says what the unit is";
        reader_.problems.error_in_file(std::move(place));
        return false;
      }
      trace_.rows[i].stamp = Time{*ns};
    }
    return true;
  }

  void leave_out(LeftOut reason, const std::function<bool(const RawRow&)>& which) {
    trace_.import.left(reason) += std::erase_if(trace_.rows, which);
  }

  std::optional<RawTrace> finish() {
    if (!decide_times()) return std::nullopt;
    trace_.durations_by_end = at_.end != kNoColumn;
    const ColumnUnit& durations = trace_.durations_by_end ? span_ : duration_;
    if (numbers_in_durations_ && !text_.swf) trace_.import.units.push_back(durations.read);
    trace_.unit_is_asked = numbers_in_durations_ && !trace_.durations_by_end && !durations.is_said;
    if (text_.time_zone && trace_.import.time_zone.empty())
      reader_.problems.warning(
          text_.time_zone->mark,
          "has no effect: all times of `" + text_.file().text + "` are numbers or name their zone");
    undecided_ = {};
    ids_.clear();
    std::vector<RawRow>& rows = trace_.rows;
    std::stable_sort(rows.begin(), rows.end(),
                     [](const RawRow& a, const RawRow& b) { return a.stamp < b.stamp; });
    constexpr std::int64_t kFirstCalendar = 631'152'000;  // 1990, in seconds
    trace_.calendar =
        trace_.calendar || rows[rows.size() / 2].stamp >= Time::from_seconds(kFirstCalendar);
    const Time start = rows.front().stamp + text_.from.value_or(Duration::zero());
    const Time end = rows.front().stamp + text_.to.value_or(Duration::max());
    leave_out(LeftOut::before_from, [&](const RawRow& row) { return row.stamp < start; });
    leave_out(LeftOut::after_to, [&](const RawRow& row) { return row.stamp >= end; });
    if (rows.size() > text_.max_rows) {
      trace_.import.left(LeftOut::beyond_most) += rows.size() - text_.max_rows;
      rows.resize(text_.max_rows);
    }
    if (rows.empty())
      return fail("no row of `" + text_.file().text + "` lies between `from` and `to`");
    const Time zero = at_their_dates() ? Time{reader_.calendar.start_unix_ns()} : start;
    for (RawRow& row : rows) row.at = replayed(row.stamp, zero);
    trace_.workspaces = workspaces_.take();
    trace_.credentials = credentials_.take();
    return std::move(trace_);
  }

  /// Where the scenario has dates, the recording too, and any of it comes in the scenario's time,
  /// each row comes at its date; not where the file says what is replayed, or how fast.
  bool at_their_dates() const {
    const Calendar& calendar = reader_.calendar;
    if (!calendar.has_dates() || !trace_.calendar || text_.from || text_.compress != 1)
      return false;
    const Time begin{calendar.start_unix_ns()};
    return trace_.rows.back().stamp >= begin &&
           trace_.rows.front().stamp <= begin + reader_.duration;
  }

  Time replayed(Time stamp, Time start) const {
    std::int64_t since_start = 0;
    if (__builtin_sub_overflow(stamp.ns, start.ns, &since_start)) return Time::never();
    if (text_.compress == 1) return Time{since_start};
    return Time::from_seconds(Duration{since_start}.seconds() / text_.compress);
  }

  Reader& reader_;
  const TraceText& text_;
  std::shared_ptr<const TimeZone> zone_;
  RecordFile file_;
  FieldSplitter splitter_;
  std::string_view line_;
  TracePositions at_;
  ColumnUnit duration_, span_;  ///< of `duration`; of `start` and `end`
  bool numbers_in_durations_ = false;
  Magnitudes magnitudes_;
  std::int64_t row_above_ = kEarliest;
  std::unordered_set<std::string> ids_;
  std::vector<Undecided> undecided_;  ///< of each row
  TraceValues workspaces_, credentials_;
  RawTrace trace_;
  std::size_t errors_ = 0;
};

}  // namespace

std::optional<RawTrace> read_trace(Reader& reader, const TraceText& text) {
  if (text.compress <= 0) {
    reader.error(text.mark, "`compress` must be more than 0");
    return std::nullopt;
  }
  std::shared_ptr<const TimeZone> zone = reader.time_zone;
  if (text.time_zone) {
    std::string problem;
    zone = TimeZone::find(text.time_zone->text, problem);
    if (zone == nullptr) return reader.error(text.time_zone->mark, problem), std::nullopt;
  }
  return TraceReader(reader, text, std::move(zone)).read();
}

std::string workspace_name_of(const TraceText& text, std::string_view value) {
  std::string name;
  if (to_number(value))
    name = (text.columns.workspace ? text.columns.workspace->text : "workspace") + "-";
  for (const char c : value.substr(0, 90)) {
    const bool odd = static_cast<unsigned char>(c) <= ' ' ||
                     std::string_view("{}[],=<>\"'#\x7f").find(c) != std::string_view::npos;
    name += odd ? '_' : c;
  }
  return name;
}

}  // namespace sluice
