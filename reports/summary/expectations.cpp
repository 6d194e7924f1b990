#include "reports/summary/expectations.hpp"

#include <fmt/format.h>

#include <cmath>

#include "reports/expectations/share_of_replications.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/observable.hpp"
#include "reports/summary/window_breaks.hpp"

namespace sluice {
std::vector<const ExpectationResult*> worst_first(const Report& report) {
  std::vector<const ExpectationResult*> results;
  const auto add = [&](auto wanted) {
    for (const ExpectationResult& result : report.expectations)
      if (wanted(result.status)) results.push_back(&result);
  };
  add(is_missed);
  add([](Status status) { return status == Status::inconclusive; });
  add(is_met);
  return results;
}

std::optional<double> margin(const ExpectationResult& result) {
  const Expectation& e = result.expectation;
  if (result.in_replications)
    return static_cast<double>(result.in_replications->held) / result.in_replications->all() -
           *e.in_replications;
  if (e.in_replications || e.precision) return std::nullopt;
  if (!result.figure || e.comparison == Comparison::equal) return std::nullopt;
  const double below = e.limit - result.figure->value;
  return wants_more(e.comparison) ? -below : below;
}

std::string outcome_text(const Report& report, const ExpectationResult& result) {
  const std::string breaks = breaks_text(report, result.expectation);
  const std::string when = breaks.empty() ? breaks : ", " + breaks;
  if (result.status == Status::inconclusive) return result.reason + when;
  if (result.in_replications) return share_text(*result.in_replications) + when;
  if (!result.figure || result.expectation.precision) return result.reason + when;
  const Metric metric = result.expectation.metric;
  const Unit unit = info(metric).unit;
  std::string text = "measured " + measured_text(*result.figure, unit) +
                     (in_wall_time(report, metric) ? " of wall time" : "");
  const std::optional<double> room = margin(result);
  if (!room || !std::isfinite(*room) || *room == 0) return text + when;
  const bool met = is_met(result.status);
  const bool more = wants_more(result.expectation.comparison);
  // A figure that is only a bound leaves the room open on one side.
  const bool is_bound = result.figure->lower_bound || result.figure->upper_bound;
  const bool at_least = (more == met) == result.figure->lower_bound;
  const char* const bound = !is_bound ? "" : at_least ? "at least " : "at most ";
  return fmt::format("{}, {}{} {}{}", text, bound, compact(std::abs(*room), unit),
                     met    ? "to spare"
                     : more ? "short"
                            : "over",
                     when);
}

std::string because_text(const ExpectationResult& result) {
  if (result.implied)
    return "unless the scenario says what may be lost, as in `lost_load.share < 1%`";
  return result.expectation.because;
}

}  // namespace sluice
