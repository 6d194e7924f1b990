#include "reports/summary/stability_words.hpp"

#include <fmt/format.h>

#include "base/text/units.hpp"
#include "reports/figures/clock_text.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/summary/rows.hpp"

namespace sluice {
namespace {

/// "2h in all", of several replications "2h on average".
std::string overloaded_time_text(const Report& report, const StabilityLine& line) {
  return compact(line.time_at_or_above_one.seconds(), Unit::seconds) +
         (report.header.replications > 1 ? " on average" : " in all");
}

}  // namespace

bool has_peak(const Report& report, const StabilityLine& line) {
  const ReportHeader& header = report.header;
  return line.peak_sigma > 0 && header.stability_window.ns > 0 &&
         header.until - header.from > header.stability_window;
}

const StabilityLine* highest_peak(const Report& report) {
  const auto height = [&](const StabilityLine& line) {
    return has_peak(report, line) ? line.peak_sigma : line.sigma;
  };
  const StabilityLine* highest = nullptr;
  for (const GroupStability& group : report.stability)
    for (const StabilityLine& line : group.levels)
      if (highest == nullptr || height(line) > height(*highest)) highest = &line;
  return highest;
}

std::string level_text(const Report& report, const StabilityLine& line) {
  return line.subject.level ? level_label(report, line.subject.group, *line.subject.level)
                            : describe(line.subject, report.names);
}

std::string peak_text(const StabilityLine& line) {
  return (line.peak_lower_bound ? "≥" : "") + format_number(line.peak_sigma);
}

std::string peak_when_text(const Report& report, const StabilityLine& line) {
  if (!(line.peak_until > line.peak_from)) return peak_text(line);
  const Duration spread = line.peak_until - line.peak_from;
  const bool apart = spread > report.header.stability_window * 2;
  return fmt::format("{} {} {}", peak_text(line), apart ? "for a while in" : "from",
                     clock_span_text(report.header, line.peak_from, line.peak_until));
}

std::string overloaded_text(const Report& report, const StabilityLine& line) {
  if (line.time_at_or_above_one.ns <= 0) return {};
  std::string when;
  Duration told{};
  for (const OverloadedStretch& stretch : line.overloaded) {
    when +=
        (when.empty() ? "" : ", ") + clock_span_text(report.header, stretch.from, stretch.until);
    told += stretch.until - stretch.from;
  }
  if (told.seconds() < 0.95 * line.time_at_or_above_one.seconds()) when = "longest: " + when;
  return fmt::format("1 or more for {}{}", overloaded_time_text(report, line),
                     line.overloaded.empty() ? "" : " (" + when + ")");
}

std::string needed_at_peak_text(const Report& report, const StabilityLine& line) {
  if (!has_peak(report, line))
    return (line.lower_bound ? "≥" : "") + whole_servers(line.workers_needed);
  return (line.peak_lower_bound ? "≥" : "") + whole_servers(line.workers_needed_at_peak);
}

std::string peak_sentence(const Report& report, const StabilityLine& line) {
  if (!has_peak(report, line) || line.peak_sigma < 1) return {};
  const std::string longest = line.time_at_or_above_one.ns > 0
                                  ? "; it is 1 or more for " + overloaded_time_text(report, line)
                                  : "";
  return fmt::format(
      "At its peak, {}, σ is {}{} at {} ({} on average){}. For stability alone {} workers would be "
      "needed then, of {}.",
      clock_span_text(report.header, line.peak_from, line.peak_until),
      line.peak_lower_bound ? "at least " : "", format_number(line.peak_sigma),
      level_text(report, line), format_number(line.sigma), longest,
      needed_at_peak_text(report, line), compact_count(line.servers_at_peak));
}

}  // namespace sluice
