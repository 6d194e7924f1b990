#include "reports/settings/experiment.hpp"

#include <algorithm>

namespace sluice {

bool is_about(const Measure& measure, const Expectation& expectation) {
  return measure.metric == expectation.metric && measure.subject == expectation.subject &&
         measure.over == expectation.over &&
         measure.lower_is_better == !wants_more(expectation.comparison);
}

Status status_of(const std::vector<ExpectationResult>& expectations,
                 const std::vector<ReachResult>& reaches) {
  const auto any = [&](auto of) {
    const auto is = [&](const auto& result) { return of(result.status); };
    return std::ranges::any_of(expectations, is) || std::ranges::any_of(reaches, is);
  };
  if (any([](Status status) { return status == Status::failed; })) return Status::failed;
  if (any([](Status status) { return status != Status::passed; })) return Status::inconclusive;
  return Status::passed;
}

}  // namespace sluice
