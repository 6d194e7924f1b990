#include "experiments/plan_by_month.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/failure.hpp"
#include "base/text/units.hpp"
#include "experiments/months.hpp"

namespace sluice {
namespace {

constexpr double kNsOfADay = 86'400e9;

std::vector<Month> months_to_plan(const Variants& variants) {
  const Scenario& scenario = *variants.base().scenario;
  if (scenario.has_window)
    throw bad_input(variants.file() + " has a `window` of its own; --by month makes one a month");
  std::vector<Month> months = months_of(scenario);
  if (months.size() < 2)
    throw bad_input(fmt::format("--by month: {} lasts {}, which is a single month", variants.file(),
                                format_duration(scenario.duration.seconds())));
  return months;
}

PlannedMonth planned_month(const Month& month, PlanResult plan) {
  PlannedMonth planned;
  planned.name = month.name;
  planned.window = month.window;
  planned.days = static_cast<double>((month.until - month.from).ns) / kNsOfADay;
  planned.plan = std::move(plan);
  return planned;
}

}  // namespace

PlanByMonth plan_by_month(const Variants& variants, const std::vector<Choice>& choices,
                          const PlanOptions& options) {
  require_plannable(variants, choices);
  const std::vector<Month> months = months_to_plan(variants);
  PlanOptions of_month = options;
  of_month.share_of_error = options.share_of_error / static_cast<double>(months.size());
  TrialRunner runner = plan_runner(variants, options);
  PlanByMonth result;
  for (const Month& month : months) {
    const Variants window = variants.with("window", month.window);
    runner.turn_to(window, "window=" + month.window);
    result.months.push_back(planned_month(month, plan(window, choices, of_month, runner)));
    const PlanResult& found = result.months.back().plan;
    result.spent.settings += found.spent.settings;
    result.spent.replications += found.spent.replications;
    result.spent.runs += found.spent.runs;
    if (!found.header.complete) break;
  }
  const ExperimentHeader& last = result.months.back().plan.header;
  result.header = experiment_header(variants, options.looks, result.months[0].plan.header.cost,
                                    options.build_id);
  result.header.complete = last.complete;
  result.header.waiting = last.waiting;
  result.planned = months.size();
  return result;
}

}  // namespace sluice
