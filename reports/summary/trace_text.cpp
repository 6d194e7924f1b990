#include "reports/summary/trace_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text/json_text.hpp"
#include "base/text/units.hpp"
#include "reports/markdown/markdown.hpp"

namespace sluice {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kNameColumns = 13;

std::string counted(std::uint64_t count) { return format_count(static_cast<double>(count)); }

/// What a reason is called in a sentence.
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

constexpr std::string_view kTracesSchema = R"json({"type": "array",
"description": "what was read of recorded workloads; absent: none is replayed",
"items": {"type": "object",
"required": ["submitter", "file", "rows", "kept", "left_out", "first", "last", "span_s",
  "durations", "levels", "times", "units", "warnings"],
"properties": {
  "submitter": {"type": "string"}, "file": {"type": "string"},
  "rows": {"$ref": "#/definitions/count", "description": "of data: kept and left out"},
  "kept": {"$ref": "#/definitions/count", "description": "replayed by each such submitter"},
  "left_out": {"type": "object", "description": "rows by reason, the first that holds",
    "properties": {}},
  "first": {"type": "string", "description": "of the rows kept, as recorded, in UTC or seconds"},
  "last": {"type": "string"},
  "span_s": {"$ref": "#/definitions/number", "description": "from first to last, as recorded"},
  "durations": {"type": "object", "description": "of the rows kept",
    "required": ["recorded", "missing", "negative"], "properties": {
    "recorded": {"$ref": "#/definitions/count"},
    "missing": {"$ref": "#/definitions/count", "description": "drawn from the workflow"},
    "negative": {"$ref": "#/definitions/count", "description": "drawn from the workflow"},
    "median_s": {"$ref": "#/definitions/number", "description": "absent: none is recorded"}}},
  "levels": {"type": "object", "required": ["blank", "by_else"], "properties": {
    "blank": {"$ref": "#/definitions/count", "description": "nothing in the column"},
    "by_else": {"$ref": "#/definitions/count"}}},
  "times": {"type": "object", "required": ["ambiguous", "skipped"], "properties": {
    "zone": {"type": "string", "description": "of stamps that name none; absent: UTC"},
    "ambiguous": {"$ref": "#/definitions/count",
      "description": "local times that the clocks showed twice"},
    "skipped": {"$ref": "#/definitions/count",
      "description": "local times that the clocks never showed"}}},
  "units": {"type": "array", "items": {"type": "object",
    "required": ["column", "unit", "why", "guessed"], "properties": {
    "column": {"type": "string"}, "unit": {"type": "string"}, "why": {"type": "string"},
    "guessed": {"type": "boolean"}}}},
  "warnings": {"type": "array", "items": {"type": "string"}}
}}})json";

Json trace_json(const TraceImport& trace) {
  Json json{{"submitter", trace.submitter},
            {"file", trace.file},
            {"rows", trace.rows},
            {"kept", trace.kept}};
  Json& left_out = json["left_out"] = Json::object();
  for (std::size_t i = 0; i < kLeftOut; ++i)
    left_out[std::string(name(LeftOut(i)))] = trace.left_out[i];
  json["first"] = trace.first;
  json["last"] = trace.last;
  json["span_s"] = json_number(trace.span_s);
  json["durations"] = {{"recorded", trace.durations_recorded},
                       {"missing", trace.durations_missing},
                       {"negative", trace.durations_negative}};
  if (trace.durations_recorded > 0)
    json["durations"]["median_s"] = json_number(trace.median_duration_s);
  json["levels"] = {{"blank", trace.levels_blank}, {"by_else", trace.levels_by_else}};
  json["times"] = Json::object();
  if (!trace.time_zone.empty()) json["times"]["zone"] = trace.time_zone;
  json["times"]["ambiguous"] = trace.times_ambiguous;
  json["times"]["skipped"] = trace.times_skipped;
  json["units"] = Json::array();
  for (const UnitRead& unit : trace.units)
    json["units"].push_back({{"column", unit.column},
                             {"unit", unit.unit},
                             {"why", unit.why},
                             {"guessed", unit.guessed}});
  json["warnings"] = trace.warnings;
  return json;
}

}  // namespace

std::string_view name(LeftOut reason) {
  switch (reason) {
    case LeftOut::filtered:
      return "filtered";
    case LeftOut::unreadable:
      return "unreadable";
    case LeftOut::no_time:
      return "no_time";
    case LeftOut::unknown_level:
      return "unknown_level";
    case LeftOut::duplicate_id:
      return "duplicate_id";
    case LeftOut::no_duration:
      return "no_duration";
    case LeftOut::before_from:
      return "before_from";
    case LeftOut::after_to:
      return "after_to";
    case LeftOut::beyond_most:
      return "beyond_most";
    case LeftOut::before_start:
      return "before_start";
    case LeftOut::after_end:
      return "after_end";
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

void traces_section(const Report& report, TerminalScreen& screen) {
  if (report.traces.empty()) return;
  screen.heading("RECORDINGS", "what was read of each, and what became of its rows");
  for (const TraceImport& trace : report.traces) {
    std::string mark = padded("  " + trace.submitter, kNameColumns + 2, Align::left);
    for (const std::string& line : trace_lines(trace)) {
      screen.item({mark, Tone::faint}, {line});
      mark = std::string(kNameColumns + 2, ' ');
    }
  }
  screen.blank();
}

std::string traces_markdown(const Report& report) {
  std::string text;
  for (const TraceImport& trace : report.traces) {
    std::string mark = "- " + markdown_code(trace.submitter) + ": ";
    for (const std::string& line : trace_lines(trace)) {
      text += mark + markdown_text(line) + "\n";
      mark = "  - ";
    }
  }
  return text.empty() ? text : text + "\n";
}

Json traces_json(const std::vector<TraceImport>& traces) {
  Json list = Json::array();
  for (const TraceImport& trace : traces) list.push_back(trace_json(trace));
  return list;
}

void add_traces_schema(Json& schema) {
  Json& traces = schema["properties"]["traces"] = Json::parse(kTracesSchema);
  Json& left_out = traces["items"]["properties"]["left_out"];
  left_out["required"] = Json::array();
  for (std::size_t i = 0; i < kLeftOut; ++i) {
    const std::string reason(name(LeftOut(i)));
    left_out["required"].push_back(reason);
    left_out["properties"][reason] = {{"$ref", "#/definitions/count"},
                                      {"description", reason_phrase(LeftOut(i))}};
  }
}

}  // namespace sluice
