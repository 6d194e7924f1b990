#include "reports/json/plan_by_month.hpp"

#include "base/text/json_text.hpp"
#include "reports/json/plan.hpp"
#include "reports/json/settings.hpp"

namespace sluice {
namespace {

using Json = nlohmann::ordered_json;

Json month_json(const PlanByMonth& plan, const PlannedMonth& month) {
  const std::optional<double> load = plan.load_of(month);
  const std::optional<double>& runs = month.plan.runs_per_day;
  Json json{{"month", month.name},
            {"window", month.window},
            {"days", json_number(month.days)},
            {"runs_per_day", runs ? json_number(*runs) : Json(nullptr)},
            {"load", load ? json_number(*load) : Json(nullptr)},
            {"complete", month.plan.header.complete}};
  add_plan_members(json, month.plan);
  return json;
}

}  // namespace

std::string plan_by_month_json(const PlanByMonth& plan) {
  Json json = experiment_json("sluice.plan_by_month", kPlanByMonthJsonVersion, plan.header);
  json["status"] = name(plan.status());
  json["all_errors"] = json_number(plan.all_errors());
  json["planned"] = plan.planned;
  json["months"] = Json::array();
  for (const PlannedMonth& month : plan.months) json["months"].push_back(month_json(plan, month));
  json["spent"] = spent_json(plan.spent);
  add_build_and_wall(json, plan.header);
  return json_text(json);
}

}  // namespace sluice
