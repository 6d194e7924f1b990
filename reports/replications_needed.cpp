#include "reports/replications_needed.hpp"

#include <algorithm>
#include <cmath>

#include "base/check.hpp"
#include "reports/judge_figure.hpp"

namespace sluice {
namespace {

constexpr double kMostTold = 1e6;

/// As if its mean were known.
Judgement judge_without_chance(const Expectation& e, Figure figure) {
  figure.interval.reset();
  figure.within.reset();
  return judge_figure(e, figure);
}

/// `times` as many, to two digits, upwards.
double as_many(const Figure& figure, double times) {
  const double exact = std::max<double>(figure.replications + 1, figure.replications * times);
  const double step = std::pow(10, std::max(0.0, std::floor(std::log10(exact)) - 1));
  return std::min(std::ceil(exact / step) * step, 4e9);
}

/// That a bound is not surpassed can itself be a matter of chance: its upper end is an interval's.
/// What lies within one bucket of a histogram stays there.
bool more_may_decide_mean(const Expectation& e, const Figure& figure, bool all_have_it) {
  if (!figure.interval) return false;
  if (figure.within && figure.within->low <= figure.interval->low &&
      figure.interval->high <= figure.within->high)
    return false;
  if (figure.at_most) return true;
  const Status status = judge_without_chance(e, figure).status;
  return status == Status::failed || (status == Status::passed && all_have_it);
}

bool more_may_decide(const ExpectationResult& result, std::uint32_t replications) {
  const Expectation& e = result.expectation;
  if (result.status != Status::inconclusive) return false;
  if (e.in_replications)
    return !result.in_replications ||
           result.in_replications->undecided < result.in_replications->all();
  if (!result.figure) return false;
  const Figure& figure = *result.figure;
  if (e.precision) return figure.replications == replications;
  return more_may_decide_mean(e, figure, figure.replications == replications);
}

}  // namespace

std::optional<double> precision_of(const Figure& figure) {
  if (!std::isfinite(figure.value) || figure.value == 0 || !figure.interval) return std::nullopt;
  return (figure.interval->high - figure.interval->low) / 2 / std::abs(figure.value);
}

std::optional<std::uint32_t> replications_to_decide(const Expectation& e, const Figure& figure) {
  if (e.in_replications || e.precision || !figure.interval || figure.at_most) return std::nullopt;
  if (judge_without_chance(e, figure).status == Status::inconclusive) return std::nullopt;
  const double half = (figure.interval->high - figure.interval->low) / 2;
  const double times = std::pow(half / std::abs(figure.value - e.limit), 2);
  if (!std::isfinite(times) || figure.replications * times > kMostTold) return std::nullopt;
  return static_cast<std::uint32_t>(as_many(figure, times));
}

std::uint32_t replications_to_precision(const Figure& figure, double wanted) {
  const std::optional<double> reached = precision_of(figure);
  SLUICE_REQUIRE(reached && wanted > 0, "a precision is a share of what is not zero");
  return static_cast<std::uint32_t>(as_many(figure, std::pow(*reached / wanted, 2)));
}

bool more_replications_may_decide(const Report& report) {
  // What did not happen yet may happen seldom.
  const auto missed = [](const ReachResult& reach) { return is_missed(reach.status); };
  if (std::ranges::any_of(report.reaches, missed)) return true;
  return std::ranges::any_of(report.expectations, [&](const ExpectationResult& result) {
    return more_may_decide(result, report.header.replications);
  });
}

}  // namespace sluice
