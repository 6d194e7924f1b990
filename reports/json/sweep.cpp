#include "reports/json/sweep.hpp"

#include "base/text/json_text.hpp"
#include "reports/json/settings.hpp"

namespace sluice {
namespace {

using Json = nlohmann::ordered_json;

Json measured_json(const SweepResult& sweep, const SweptSetting& swept) {
  Json list = Json::array();
  for (std::size_t m = 0; m < sweep.measures.size(); ++m) {
    const MeasuredValue& measured = swept.measured[m];
    Json json{{"measure", sweep.measures[m].text}};
    json["value"] = measured.figure ? json_number(measured.figure->value) : Json(nullptr);
    json["interval"] = interval_json(measured.figure ? measured.figure->interval : std::nullopt);
    if (measured.difference) json["difference"] = difference_json(*measured.difference);
    list.push_back(std::move(json));
  }
  return list;
}

Json swept_json(const SweepResult& sweep, const SweptSetting& swept) {
  Json json;
  if (!swept.setting.label.empty()) json["name"] = swept.setting.label;
  json["settings"] = settings_json(swept.setting);
  json["hash"] = swept.hash;
  json["cost"] = swept.cost ? json_number(*swept.cost) : Json(nullptr);
  json["replications"] = swept.replications;
  json["runs"] = swept.runs;
  json["verdict"] = name(swept.verdict);
  json["expectations"] = expectations_json(swept.expectations);
  if (!swept.reaches.empty()) json["reaches"] = reaches_json(swept.reaches);
  json["measures"] = measured_json(sweep, swept);
  json["undominated"] = swept.undominated;
  return json;
}

Json measures_json(const SweepResult& sweep) {
  Json list = Json::array();
  for (std::size_t m = 0; m < sweep.measures.size(); ++m)
    list.push_back({{"measure", sweep.measures[m].text},
                    {"unit", name(info(sweep.measures[m].metric).unit)},
                    {"better", sweep.measures[m].lower_is_better ? "lower" : "higher"},
                    {"expected", m < sweep.expected}});
  return list;
}

}  // namespace

std::string sweep_json(const SweepResult& sweep) {
  Json json = experiment_json("sluice.sweep", kSweepJsonVersion, sweep.header);
  json["base"] = sweep.base;
  json["measures"] = measures_json(sweep);
  json["settings"] = Json::array();
  for (const SweptSetting& swept : sweep.settings)
    json["settings"].push_back(swept_json(sweep, swept));
  json["remarks"] = sweep.remarks;
  json["spent"] = spent_json(sweep.spent);
  add_build_and_wall(json, sweep.header);
  return json_text(json);
}

}  // namespace sluice
