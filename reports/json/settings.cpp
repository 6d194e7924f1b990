#include "reports/json/settings.hpp"

#include <optional>

#include "base/text/json_text.hpp"
#include "base/text/units.hpp"
#include "reports/json/figures.hpp"
#include "reports/summary/expectations.hpp"

namespace sluice {
namespace {

using Json = nlohmann::ordered_json;

Json value_json(const std::string& text) {
  const bool minus = text.starts_with('-');
  const Parsed<double> number = parse_number(std::string_view(text).substr(minus ? 1 : 0));
  if (!number) return text;
  return json_number(minus ? -*number : *number);
}

}  // namespace

Json settings_json(const Setting& setting) {
  Json json = Json::object();
  for (const auto& [name, value] : setting.values) json[name] = value_json(value);
  return json;
}

Json experiment_json(const char* format, int version, const ExperimentHeader& header) {
  Json json{{"format", format}, {"version", version}};
  json["scenario"] = {{"name", header.scenario},
                      {"question", header.question},
                      {"file", header.file},
                      {"hash", header.hash},
                      {"seed", header.seed}};
  json["confidence"] = json_number(header.confidence);
  json["nominal_confidence"] = json_number(header.nominal_confidence);
  json["looks"] = header.looks;
  if (!header.cost.empty()) json["cost"] = header.cost;
  json["complete"] = header.complete;
  return json;
}

Json spent_json(const Spent& spent) {
  return {{"settings", spent.settings}, {"replications", spent.replications}, {"runs", spent.runs}};
}

Json interval_json(const std::optional<Interval>& interval) {
  if (!interval) return nullptr;
  return {json_number(interval->low), json_number(interval->high)};
}

Json expectations_json(const std::vector<ExpectationResult>& expectations) {
  Json list = Json::array();
  for (const ExpectationResult& result : expectations) {
    Json json{{"sentence", result.expectation.sentence}, {"status", name(result.status)}};
    json["value"] = result.figure ? json_number(result.figure->value) : Json(nullptr);
    json["interval"] = interval_json(result.figure ? result.figure->interval : std::nullopt);
    json["limit"] = json_number(result.expectation.limit);
    const std::optional<double> room = margin(result);
    json["margin"] = room ? json_number(*room) : Json(nullptr);
    if (const auto& wanted = result.expectation.in_replications)
      json["in_replications"] = share_of_replications_json(*wanted, result.in_replications);
    json["reason"] = result.reason;
    if (result.implied) json["implied"] = true;
    list.push_back(std::move(json));
  }
  return list;
}

Json reaches_json(const std::vector<ReachResult>& reaches) {
  Json list = Json::array();
  for (const ReachResult& reach : reaches)
    list.push_back(
        {{"sentence", reach.sentence}, {"status", name(reach.status)}, {"count", reach.count}});
  return list;
}

Json difference_json(const PairedDifference& difference) {
  Json json{{"pairs", difference.pairs}};
  json["mean"] = difference.pairs > 0 ? json_number(difference.mean) : Json(nullptr);
  json["interval"] = interval_json(difference.interval);
  return json;
}

void add_build_and_wall(Json& json, const ExperimentHeader& header) {
  json["build"] = header.build_id;
  json["wall"] = {{"seconds", json_number(header.wall_seconds)}};
}

}  // namespace sluice
