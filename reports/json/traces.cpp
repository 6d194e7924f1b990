#include "reports/json/traces.hpp"

#include <string>

#include "base/text/json_text.hpp"
#include "reports/summary/traces.hpp"

namespace sluice {
namespace {

using Json = nlohmann::ordered_json;

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
