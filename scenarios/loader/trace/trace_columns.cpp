#include "scenarios/loader/trace/trace_columns.hpp"

#include <algorithm>
#include <charconv>

#include "base/text/suggestion.hpp"

namespace sluice {
namespace {

/// SWF has no more fields than this, whatever was added to it.
constexpr std::size_t kMostFields = 1000;

class ColumnFinder {
 public:
  ColumnFinder(Reader& reader, const TraceText& text, std::vector<std::string_view> header)
      : reader_(reader), text_(text), header_(std::move(header)) {}

  std::optional<TracePositions> find() {
    const TraceColumns& named = text_.columns;
    const bool swf = text_.swf.has_value();
    TracePositions at;
    at.time = column(named.time, swf ? "submit" : "time");
    at.start = column(named.start, "");
    at.end = column(named.end, "");
    at.duration = column(named.duration, at.end != kNoColumn ? "" : swf ? "run_time" : "duration");
    at.workspace = column(named.workspace, swf ? "" : "workspace");
    at.level = column(named.level, swf ? "" : "level");
    at.credential = column(named.credential, swf ? "" : "credential");
    at.status = column(named.status, "status");
    at.id = column(named.id, swf ? "job" : "id");
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
    at.last_name = name_of(last_);
    at.time_name = name_of(at.time);
    at.duration_name = name_of(at.duration != kNoColumn ? at.duration : at.end);
    return at;
  }

 private:
  std::size_t column(const std::optional<Name>& name, std::string_view otherwise) {
    const std::string_view wanted = name ? std::string_view(name->text) : otherwise;
    const auto found = std::find(header_.begin(), header_.end(), wanted);
    if (found != header_.end() && !wanted.empty()) {
      const auto position = static_cast<std::size_t>(found - header_.begin());
      last_ = std::max(last_, position);
      const auto same = std::count(header_.begin(), header_.end(), wanted);
      if (same > 1)
        good_ = reader_.error(name ? name->mark : text_.file().mark,
                              "`" + text_.file().text + "` has " + std::to_string(same) +
                                  " columns `" + std::string(wanted) + "`");
      return position;
    }
    if (const auto number = field_number(wanted)) return *number - 1;
    if (name)
      good_ = reader_.error(name->mark, "`" + text_.file().text + "` has no column `" + name->text +
                                            "`" + suggestion(name->text, header_) +
                                            "; its columns: " + all());
    return kNoColumn;
  }

  /// `19` for the nineteenth field of SWF, whose lines have no header.
  std::optional<std::size_t> field_number(std::string_view text) const {
    std::size_t number = 0;
    const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_one = text_.swf && problem == std::errc{} && stop == text.data() + text.size();
    return is_one && number >= 1 && number <= kMostFields ? std::optional(number) : std::nullopt;
  }

  std::string name_of(std::size_t position) const {
    if (position < header_.size()) return std::string(header_[position]);
    return position == kNoColumn ? "" : std::to_string(position + 1);
  }

  std::string all() const {
    std::string text;
    for (const std::string_view name : header_)
      text += (text.empty() ? "" : ", ") + std::string(name);
    text = text.substr(0, 500);
    if (text_.swf) return text + ", or the number of a field";
    for (const std::string_view other : {",", ";", "|", "\t"})
      if (header_.size() == 1 && text.find(other) != text.npos)
        return text +
               "; is `separator: " + (other == "\t" ? "tab" : "\"" + std::string(other) + "\"") +
               "` meant?";
    return text;
  }

  Reader& reader_;
  const TraceText& text_;
  std::vector<std::string_view> header_;
  std::size_t last_ = 0;
  bool good_ = true;
};

}  // namespace

std::optional<TracePositions> find_columns(Reader& reader, const TraceText& text,
                                           const std::vector<std::string_view>& header) {
  if (text.swf) return ColumnFinder(reader, text, {kSwfColumns.begin(), kSwfColumns.end()}).find();
  return ColumnFinder(reader, text, header).find();
}

}  // namespace sluice
