#include "reports/summary/traces.hpp"

#include <fmt/format.h>

#include "base/text/units.hpp"

namespace sluice {
namespace {

std::string counted(std::uint64_t count) { return format_count(static_cast<double>(count)); }

std::string listed(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

std::string durations_line(const TraceImport& trace) {
  const std::uint64_t drawn = trace.durations_missing + trace.durations_negative;
  if (trace.durations_recorded + drawn == 0) return "durations: none, drawn from the workflow";
  std::vector<std::string> parts;
  if (trace.durations_recorded > 0)
    parts.push_back(fmt::format("{} recorded (median {})", counted(trace.durations_recorded),
                                format_duration(trace.median_duration_s)));
  if (trace.durations_missing > 0) parts.push_back(counted(trace.durations_missing) + " missing");
  if (trace.durations_negative > 0)
    parts.push_back(counted(trace.durations_negative) + " negative");
  if (drawn > 0) parts.push_back("those drawn from the workflow");
  return "durations: " + listed(parts);
}

std::string levels_line(const TraceImport& trace) {
  std::vector<std::string> parts;
  if (trace.levels_blank > 0) parts.push_back(counted(trace.levels_blank) + " blank");
  if (trace.levels_by_else > 0) parts.push_back(counted(trace.levels_by_else) + " by `else`");
  return parts.empty() ? "" : "levels: " + listed(parts);
}

std::string times_line(const TraceImport& trace) {
  std::vector<std::string> parts;
  if (!trace.time_zone.empty()) parts.push_back("local times of " + trace.time_zone);
  if (trace.times_ambiguous > 0)
    parts.push_back(counted(trace.times_ambiguous) + " in an hour that comes twice");
  if (trace.times_skipped > 0)
    parts.push_back(counted(trace.times_skipped) + " in an hour that was skipped");
  for (const UnitRead& unit : trace.units)
    parts.push_back(fmt::format("`{}` in {}: {}", unit.column, unit.unit, unit.why));
  return parts.empty() ? "" : "read as: " + listed(parts);
}

std::string rows_line(const TraceImport& trace) {
  std::string text =
      fmt::format("{}: {} of {} rows", trace.file, counted(trace.kept), counted(trace.rows));
  if (trace.kept > 0)
    text += fmt::format(", {} to {} ({})", trace.first, trace.last, format_duration(trace.span_s));
  return text;
}

}  // namespace

std::string_view reason_phrase(LeftOut reason) {
  switch (reason) {
    case LeftOut::filtered:
      return "by `where`";
    case LeftOut::unreadable:
      return "unreadable";
    case LeftOut::no_time:
      return "without a time";
    case LeftOut::unknown_level:
      return "of unknown level";
    case LeftOut::duplicate_id:
      return "with the id of a row above";
    case LeftOut::no_duration:
      return "without a duration";
    case LeftOut::before_from:
      return "before `from`";
    case LeftOut::after_to:
      return "after `to`";
    case LeftOut::beyond_most:
      return "beyond the most rows";
    case LeftOut::before_start:
      return "before the start";
    case LeftOut::after_end:
      return "after the end";
  }
  return "";
}

std::string left_out_text(const TraceImport& trace) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < kLeftOut; ++i)
    if (trace.left_out[i] > 0)
      parts.push_back(counted(trace.left_out[i]) + " " + std::string(reason_phrase(LeftOut(i))));
  return parts.empty() ? "" : "left out: " + listed(parts);
}

std::vector<std::string> trace_lines(const TraceImport& trace) {
  std::vector<std::string> lines{rows_line(trace)};
  for (std::string line :
       {left_out_text(trace), durations_line(trace), levels_line(trace), times_line(trace)})
    if (!line.empty()) lines.push_back(std::move(line));
  if (!trace.warnings.empty())
    lines.push_back(
        trace.warnings.size() == 1
            ? "1 warning: " + trace.warnings[0]
            : fmt::format("{} warnings, the first: {}", trace.warnings.size(), trace.warnings[0]));
  return lines;
}

}  // namespace sluice
