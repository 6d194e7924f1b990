#include "reports/json/plan.hpp"

#include "base/text/json_text.hpp"
#include "reports/json/settings.hpp"

namespace sluice {
namespace {

using Json = nlohmann::ordered_json;

Json planned_json(const PlanResult& plan, const PlannedSetting& planned) {
  Json json{{"settings", settings_json(planned.setting)},
            {"cost", json_number(planned.cost)},
            {"standing", name(planned.standing)},
            {"replications", planned.replications}};
  if (!planned.expectations.empty()) json["expectations"] = expectations_json(planned.expectations);
  if (!planned.why.empty()) json["why"] = planned.why;
  Json measures = Json::array();
  for (std::size_t m = 0; m < planned.figures.size(); ++m) {
    const std::optional<Figure>& figure = planned.figures[m];
    Json one{{"measure", plan.measures[m].text}};
    one["value"] = figure ? json_number(figure->value) : Json(nullptr);
    one["interval"] = interval_json(figure ? figure->interval : std::nullopt);
    measures.push_back(std::move(one));
  }
  if (!measures.empty()) json["measures"] = std::move(measures);
  return json;
}

Json planned_list(const PlanResult& plan, const std::vector<PlannedSetting>& settings) {
  Json list = Json::array();
  for (const PlannedSetting& planned : settings) list.push_back(planned_json(plan, planned));
  return list;
}

Json steps_json(const PlanResult& plan, const std::vector<PlanStep>& steps) {
  Json list = Json::array();
  for (const PlanStep& step : steps) {
    Json json{{"choice", step.choice},
              {"settings", settings_json(step.setting.setting)},
              {"cost_difference", json_number(step.cost_difference)},
              {"standing", name(step.setting.standing)},
              {"broken", step.broken}};
    Json differences = Json::array();
    for (std::size_t m = 0; m < step.differences.size(); ++m) {
      Json one{{"measure", plan.measures[m].text}};
      one.update(difference_json(step.differences[m]));
      differences.push_back(std::move(one));
    }
    json["differences"] = std::move(differences);
    list.push_back(std::move(json));
  }
  return list;
}

Json certificate_json(const PlanCertificate& certificate) {
  Json json{{"confirmation", certificate.confirmation},
            {"replications", certificate.replications},
            {"error", json_number(certificate.error)},
            {"all_errors", json_number(certificate.all_errors)},
            {"cheaper",
             {{"settings", certificate.cheaper},
              {"rejected", certificate.rejected},
              {"presumed", certificate.presumed},
              {"undecided", certificate.undecided},
              {"untested", certificate.untested}}}};
  json["rests_on"] = Json::array();
  for (const MonotoneBelief& belief : certificate.rests_on)
    json["rests_on"].push_back(
        {{"belief", belief.sentence}, {"pairs", belief.pairs}, {"settings", belief.rests}});
  json["contradictions"] = certificate.contradictions;
  return json;
}

}  // namespace

void add_plan_members(Json& json, const PlanResult& plan) {
  json["status"] = name(plan.status);
  json["winner"] = plan.winner ? planned_json(plan, *plan.winner) : Json(nullptr);
  json["certificate"] = certificate_json(plan.certificate);
  json["binding"] = plan.binding;
  json["one_less"] = steps_json(plan, plan.less);
  json["one_more"] = steps_json(plan, plan.more);
  json["got_worse"] = plan.got_worse;
  json["unmet"] = plan.unmet;
  json["frontier"] = planned_list(plan, plan.frontier);
  json["open"] = planned_list(plan, plan.open);
  json["tested"] = planned_list(plan, plan.tested);
  json["spent"] = spent_json(plan.spent);
}

std::string plan_json(const PlanResult& plan) {
  Json json = experiment_json("sluice.plan", kPlanJsonVersion, plan.header);
  add_plan_members(json, plan);
  add_build_and_wall(json, plan.header);
  return json_text(json);
}

}  // namespace sluice
