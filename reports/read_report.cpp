#include "reports/read_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "reports/json_figures.hpp"
#include "reports/render_json.hpp"

namespace sluice {
namespace {

using Json = nlohmann::json;

/// The member at the end of a path; null if there is none.
const Json* at(const Json& json, const std::vector<std::string>& path) {
  const Json* place = &json;
  for (const std::string& part : path) {
    if (!place->is_object() || !place->contains(part)) return nullptr;
    place = &(*place)[part];
  }
  return place;
}

void read_figures(const Json& of, std::optional<PriorityLevel> level, ReadReport& report) {
  for (const MetricInfo& metric : all_metrics()) {
    const Json* figure = at(of, json_path(metric.metric));
    if (figure == nullptr) continue;
    const Json* value = at(*figure, {"value"});
    if (value != nullptr && value->is_number())
      report.figures[{metric.metric, level}] = value->get<double>();
  }
}

std::optional<PriorityLevel> level_of(const Json& entry) {
  for (const PriorityLevel level : kAllLevels)
    if (entry.at("level") == name(level)) return level;
  return std::nullopt;
}

ReadReport read(const Json& json) {
  const Json& scenario = json.at("scenario");
  ReadReport report;
  report.scenario = scenario.at("name");
  report.hash = scenario.at("hash");
  report.seed = scenario.at("seed");
  report.engine = scenario.at("engine");
  report.until_s = scenario.at("until_s");
  report.complete = scenario.at("complete");
  if (const Json* validity = at(json, {"load", "validity"}); validity && validity->is_string())
    report.validity = *validity;
  read_figures(json.at("total"), std::nullopt, report);
  for (const Json& entry : json.at("levels"))
    if (const auto level = level_of(entry)) read_figures(entry, level, report);
  return report;
}

}  // namespace

Parsed<ReadReport> read_report(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return Parsed<ReadReport>::wrong(0, "is not JSON");
  if (!json.is_object() || json.value("format", Json()) != "sluice.report")
    return Parsed<ReadReport>::wrong(0, "is not a report of sluice");
  if (json.value("version", Json()) != kReportJsonVersion)
    return Parsed<ReadReport>::wrong(
        0, fmt::format("is a report of version {}; this program reads version {}",
                       json.value("version", Json()).dump(), kReportJsonVersion));
  try {
    return Parsed<ReadReport>::of(read(json));
  } catch (const Json::exception&) {
    return Parsed<ReadReport>::wrong(0, "lacks members that every report has");
  }
}

}  // namespace sluice
