#include "reports/json/read_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "reports/json/figures.hpp"
#include "reports/json/json.hpp"

namespace sluice {
namespace {

using SortedJson = nlohmann::json;

/// The member at the end of a path; null if there is none.
const SortedJson* at(const SortedJson& json, const std::vector<std::string>& path) {
  const SortedJson* place = &json;
  for (const std::string& part : path) {
    if (!place->is_object() || !place->contains(part)) return nullptr;
    place = &(*place)[part];
  }
  return place;
}

void read_figures(const SortedJson& of, std::optional<PriorityLevel> level,
                  ComparedReport& report) {
  for (const MetricInfo& metric : all_metrics()) {
    const SortedJson* figure = at(of, json_path(metric.metric));
    if (figure == nullptr) continue;
    const SortedJson* value = at(*figure, {"value"});
    if (value != nullptr && value->is_number())
      report.figures[{metric.metric, level}] = value->get<double>();
  }
}

ComparedReport read(const SortedJson& json) {
  const SortedJson& scenario = json.at("scenario");
  ComparedReport report;
  report.scenario = scenario.at("name");
  report.hash = scenario.at("hash");
  report.seed = scenario.at("seed");
  report.engine = scenario.at("engine");
  report.until_s = scenario.at("until_s");
  report.complete = scenario.at("complete");
  if (const SortedJson* validity = at(json, {"load", "validity"});
      validity && validity->is_string())
    report.validity = *validity;
  read_figures(json.at("total"), std::nullopt, report);
  for (const SortedJson& entry : json.at("levels"))
    if (const SortedJson& level = entry.at("level"); level.is_string())
      if (const auto known = level_named(level.get<std::string>()))
        read_figures(entry, known, report);
  return report;
}

}  // namespace

Parsed<ComparedReport> read_report(std::string_view text) {
  const SortedJson json = SortedJson::parse(text, nullptr, false);
  if (json.is_discarded()) return Parsed<ComparedReport>::wrong(0, "is not JSON");
  if (!json.is_object() || json.value("format", SortedJson()) != "sluice.report")
    return Parsed<ComparedReport>::wrong(0, "is not a report of sluice");
  if (json.value("version", SortedJson()) != kReportJsonVersion)
    return Parsed<ComparedReport>::wrong(
        0, fmt::format("is a report of version {}; this program reads version {}",
                       json.value("version", SortedJson()).dump(), kReportJsonVersion));
  try {
    return Parsed<ComparedReport>::of(read(json));
  } catch (const SortedJson::exception&) {
    return Parsed<ComparedReport>::wrong(0, "lacks members that every report has");
  }
}

}  // namespace sluice
