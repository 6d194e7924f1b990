#include "scenarios/loader/trace/trace_report.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/iso8601.hpp"
#include "base/text/units.hpp"

namespace sluice {
namespace {

constexpr Duration kYear{std::int64_t{365} * 86'400 * 1'000'000'000};
constexpr Duration kLongMedian{std::int64_t{86'400} * 1'000'000'000};
/// A recording must have as many rows before its length is compared with its durations.
constexpr std::size_t kRowsOfARecording = 10;
/// Rows far from the median are odd if they are fewer than one in so many.
constexpr std::size_t kOddOneIn = 10;

std::string counted(std::uint64_t count) { return format_count(static_cast<double>(count)); }
std::string rows_text(std::uint64_t count) {
  return counted(count) + (count == 1 ? " row" : " rows");
}

/// Saturates: recordings can be longer than times count.
Duration between(Time from, Time to) {
  std::int64_t ns = 0;
  return __builtin_sub_overflow(to.ns, from.ns, &ns) ? Duration::max() : Duration{ns};
}

class ImportReport {
 public:
  ImportReport(Reader& reader, const TraceText& text, const ReplayWindow& window,
               const RawTrace& raw)
      : reader_(reader), text_(text), window_(window), raw_(raw), import_(raw.import) {}

  std::optional<TraceImport> write() {
    find_kept();
    const bool good = check_start() && check_kept();
    if (good) describe_kept();
    warn_of_rows();
    if (good) warn_of_far_stamps();
    warn_of_units();
    std::stable_sort(warnings_.begin(), warnings_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto& [line, message] : warnings_) import_.warnings.push_back(std::move(message));
    return good ? std::optional(std::move(import_)) : std::nullopt;
  }

 private:
  const std::vector<RawRow>& rows() const { return raw_.rows; }

  std::string stamp_text(Time stamp) const {
    if (raw_.calendar) return iso8601_of_unix_ns(stamp.ns);
    return format_number_exactly(stamp.seconds()) + "s";
  }
  static std::string format_number_exactly(double value) {
    std::string text = std::to_string(value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
  }

  Diagnostic at_line(int line) const { return {text_.file().text, line, 0, 1, {}, {}, false}; }
  void warn(Diagnostic place, std::string message) {
    warnings_.emplace_back(place.line, message);
    place.message = std::move(message);
    reader_.problems.warning_in_file(std::move(place));
  }

  void find_kept() {
    const auto earlier = [](const RawRow& row, Time time) { return row.at < time; };
    const auto find = [&](Time time) {
      return static_cast<std::size_t>(
          std::lower_bound(rows().begin(), rows().end(), time, earlier) - rows().begin());
    };
    begin_ = find(window_.from);
    end_ = std::max(begin_, find(window_.until));
    import_.left(LeftOut::before_start) += begin_;
    import_.left(LeftOut::after_end) += rows().size() - end_;
    if (end_ - begin_ > window_.max_runs) {
      const std::size_t most = static_cast<std::size_t>(window_.max_runs);
      import_.left(LeftOut::beyond_most) += end_ - begin_ - most;
      end_ = begin_ + most;
    }
    import_.kept = end_ - begin_;
  }

  /// The first row that follows a gap as long as the scenario and longer than the recording goes on
  /// for behind it (but for its last twentieth, which may be odd as well); 0: none.
  std::size_t real_start() const {
    const std::vector<RawRow>& all = rows();
    for (std::size_t i = 1; i * 2 < all.size(); ++i) {
      const Duration gap = between(all[i - 1].at, all[i].at);
      if (gap < window_.duration) continue;
      const std::size_t last = all.size() - 1 - (all.size() - i) / 20;
      if (gap > between(all[i].at, all[last].at)) return i;
    }
    return 0;
  }

  bool check_start() {
    const std::size_t late = import_.left(LeftOut::after_end);
    if (late * 2 <= rows().size()) return true;
    const std::size_t start = real_start();
    if (start == 0) return true;
    const RawRow& odd = rows()[0];
    Diagnostic place = at_line(odd.line);
    place.message =
        counted(late) + " of " + rows_text(rows().size()) +
        " come after the end, because the replay begins with this one: " + stamp_text(odd.stamp) +
        ", " + format_duration(between(rows()[start - 1].stamp, rows()[start].stamp).seconds()) +
        " before line " + std::to_string(rows()[start].line) + " and those behind it" +
        (start > 1 ? "; so do " + counted(start - 1) + " more" : "") +
        "; leave it out with `where`, or correct it";
    reader_.problems.error_in_file(std::move(place));
    return false;
  }

  bool check_kept() {
    if (import_.kept > 0 || window_.max_runs == 0) return true;
    return reader_.error(text_.mark, "no row of `" + text_.file().text + "` is replayed: " +
                                         counted(begin_) + " come before this submitter begins, " +
                                         counted(rows().size() - begin_) + " after it ends");
  }

  void describe_kept() {
    if (import_.kept == 0) return;
    const RawRow& first = rows()[begin_];
    const RawRow& last = rows()[end_ - 1];
    import_.first = stamp_text(first.stamp);
    import_.last = stamp_text(last.stamp);
    import_.span_s = between(first.stamp, last.stamp).seconds();
    std::vector<Duration> durations;
    for (std::size_t i = begin_; i < end_; ++i) {
      const RawRow& row = rows()[i];
      if (row.has_service == RawRow::Service::recorded) durations.push_back(row.service);
      import_.durations_negative += row.has_service == RawRow::Service::negative;
      import_.durations_missing +=
          raw_.has_durations && row.has_service == RawRow::Service::missing;
      import_.levels_by_else += row.by_else;
      import_.levels_blank += row.blank_level;
      import_.times_ambiguous += row.ambiguous;
      import_.times_skipped += row.skipped;
    }
    import_.durations_recorded = durations.size();
    if (durations.empty()) return;
    const auto middle = durations.begin() + static_cast<std::ptrdiff_t>(durations.size() / 2);
    std::nth_element(durations.begin(), middle, durations.end());
    median_ = *middle;
    import_.median_duration_s = median_.seconds();
  }

  void warn_of(Odd what, const std::string& rows, const std::string& advice = {}) {
    const Oddity& odd = raw_.odd[static_cast<std::size_t>(what)];
    if (odd.count > 0) warn(odd.first, counted_rows(rows, odd.count, odd.first.line) + advice);
  }
  static std::string counted_rows(const std::string& rows, std::uint64_t count, int line) {
    return rows + ": " + counted(count) + ", the first on line " + std::to_string(line);
  }

  void warn_of_rows() {
    warn_of(Odd::unreadable, "rows left out because they cannot be read");
    warn_of(Odd::no_time, "rows left out because they say no time of submission (-1)");
    warn_of(Odd::unknown_level, "rows left out because `levels` does not know theirs");
    warn_of(Odd::duplicate_id, "rows left out because they have the `id` of a row above");
    if (text_.without_duration == WithoutDuration::draw_and_warn)
      warn_of(Odd::missing_duration, "rows without a duration, which draw one from the workflow",
              "; `without_duration: draw` says that it is meant so, `leave_out` drops them");
    warn_of(Odd::negative_duration,
            "rows with a negative duration, which draw one from the workflow");
    warn_of(Odd::skipped_time, "local times that the clocks of " + import_.time_zone +
                                   " never showed, read as if they had not been put forward yet");
  }

  /// One or few: a recording of several years is not odd.
  void warn_of_far_stamps() {
    const Time median = rows()[rows().size() / 2].stamp;
    const auto is_far = [&](const RawRow& row) {
      return between(row.stamp, median) > kYear || between(median, row.stamp) > kYear;
    };
    const auto first = std::find_if(rows().begin(), rows().end(), is_far);
    const auto count =
        static_cast<std::size_t>(std::count_if(rows().begin(), rows().end(), is_far));
    if (count == 0 || count * kOddOneIn > rows().size()) return;
    warn(at_line(first->line),
         counted_rows("rows more than a year from the median (" + stamp_text(median) + ")", count,
                      first->line) +
             ": " + stamp_text(first->stamp));
  }

  void warn_of_units() {
    for (const UnitRead& unit : import_.units) {
      if (!unit.guessed) continue;
      const bool of_times = unit.column != raw_.duration_column || raw_.durations_by_end;
      warn(of_times && raw_.first_number.line > 0 ? raw_.first_number : at_line(raw_.header_line),
           "the numbers of `" + unit.column + "` are read as " + unit.unit + ": " + unit.why +
               "; `" + (of_times ? "time_format: " : "duration_unit: ") + unit.unit +
               "` says so for sure");
    }
    if (!raw_.unit_is_asked || import_.durations_recorded == 0) return;
    const bool longer_than_all =
        import_.durations_recorded >= kRowsOfARecording && median_.seconds() > import_.span_s;
    if (median_ < kLongMedian && !longer_than_all) return;
    warn(at_line(raw_.header_line),
         "the median of `" + raw_.duration_column + "` is " + format_duration(median_.seconds()) +
             (median_ < kLongMedian ? ", longer than the whole recording" : "") +
             ": are these seconds, or milliseconds? `duration_unit` says which");
  }

  Reader& reader_;
  const TraceText& text_;
  const ReplayWindow& window_;
  const RawTrace& raw_;
  TraceImport import_;
  std::size_t begin_ = 0, end_ = 0;
  Duration median_{};
  std::vector<std::pair<int, std::string>> warnings_;  ///< with their lines
};

}  // namespace

std::optional<TraceImport> report_import(Reader& reader, const TraceText& text,
                                         const ReplayWindow& window, const RawTrace& raw) {
  return ImportReport(reader, text, window, raw).write();
}

}  // namespace sluice
