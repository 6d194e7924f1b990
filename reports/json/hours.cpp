#include "reports/json/hours.hpp"

#include <optional>
#include <string_view>
#include <vector>

#include "base/text/json_text.hpp"
#include "reports/json/figures.hpp"

namespace sluice {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kHourDefinitions = R"json({
  "hours": {"type": "object", "required": ["of_day"],
    "description": "what recurs; one value an hour, the first from 0:00; null: nothing to measure",
    "properties": {
      "of_day": {"type": "array", "items": {"$ref": "#/definitions/hour_line"},
        "description": "levels of groups, and of the 20 workspaces with the longest p95"},
      "of_week": {"type": "array", "items": {"$ref": "#/definitions/week_line"},
        "description": "levels of groups; absent if the window is shorter than eight days"}}},
  "hour_line": {"type": "object", "required": ["level", "arrivals_per_h", "wait_p50_s",
      "wait_p95_s", "lower_bound"], "properties": {
    "group": {"type": "string"}, "workspace": {"type": "string"},
    "level": {"$ref": "#/definitions/level"},
    "arrivals_per_h": {"$ref": "#/definitions/hour_values"},
    "wait_p50_s": {"$ref": "#/definitions/hour_values"},
    "wait_p95_s": {"$ref": "#/definitions/hour_values"},
    "lower_bound": {"type": "array", "items": {"type": "boolean"},
      "description": "of the p95: it is that of runs that had not been started at the end"},
    "sigma_peak": {"$ref": "#/definitions/hour_values"},
    "workers_needed": {"$ref": "#/definitions/hour_values"}}},
  "hour_values": {"type": "array", "items": {"$ref": "#/definitions/number"}}
})json";

Json line_json(const Report& report, const HourLine& line) {
  Json json = labels_json(line.subject, report.names);
  const auto add = [&](const char* key, auto value_of) {
    Json values = Json::array();
    for (const HourFigures& hour : line.hours) values.push_back(value_of(hour));
    json[key] = std::move(values);
  };
  const auto number = [](const std::optional<double>& value) {
    return value ? json_number(*value) : Json(nullptr);
  };
  add("arrivals_per_h", [](const HourFigures& hour) { return json_number(hour.arrivals_per_h); });
  add("wait_p50_s", [&](const HourFigures& hour) {
    return hour.waits > 0 ? json_number(hour.wait_p50_s) : Json(nullptr);
  });
  add("wait_p95_s", [&](const HourFigures& hour) {
    return hour.waits > 0 ? json_number(hour.wait_p95_s) : Json(nullptr);
  });
  add("lower_bound", [](const HourFigures& hour) { return hour.lower_bound; });
  if (!line.subject.group.valid()) return json;
  add("sigma_peak", [&](const HourFigures& hour) { return number(hour.sigma_peak); });
  add("workers_needed", [&](const HourFigures& hour) { return number(hour.workers_needed); });
  return json;
}

Json lines_json(const Report& report, const std::vector<HourLine>& lines) {
  Json list = Json::array();
  for (const HourLine& line : lines) list.push_back(line_json(report, line));
  return list;
}

}  // namespace

Json hours_json(const Report& report) {
  Json json{{"of_day", lines_json(report, report.hours.day)}};
  if (!report.hours.week.empty()) json["of_week"] = lines_json(report, report.hours.week);
  return json;
}

void add_hours_schema(Json& schema) {
  Json& definitions = schema["definitions"];
  definitions.update(Json::parse(kHourDefinitions));
  definitions["week_line"] = definitions["hour_line"];
  definitions["week_line"]["properties"].erase("workspace");
  schema["properties"]["hours"]["$ref"] = "#/definitions/hours";
}

}  // namespace sluice
