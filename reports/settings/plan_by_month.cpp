#include "reports/settings/plan_by_month.hpp"

#include <algorithm>

namespace sluice {

PlanStatus PlanByMonth::status() const {
  if (count(PlanStatus::infeasible) > 0) return PlanStatus::infeasible;
  return count(PlanStatus::undecided) > 0 ? PlanStatus::undecided : PlanStatus::found;
}

std::size_t PlanByMonth::count(PlanStatus status) const {
  const auto so = std::ranges::count_if(
      months, [status](const PlannedMonth& month) { return month.plan.status == status; });
  return static_cast<std::size_t>(so) +
         (status == PlanStatus::undecided ? planned - months.size() : 0);
}

std::optional<double> PlanByMonth::load_of(const PlannedMonth& month) const {
  if (months.empty() || !month.plan.runs_per_day) return std::nullopt;
  const std::optional<double>& first = months.front().plan.runs_per_day;
  if (!first || *first <= 0) return std::nullopt;
  return *month.plan.runs_per_day / *first;
}

}  // namespace sluice
