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
  return judge_figure(e, figure);
}

/// `times` as many, to two digits, upwards.
double as_many(const Figure& figure, double times) {
  const double exact = std::max<double>(figure.replications + 1, figure.replications * times);
  const double step = std::pow(10, std::max(0.0, std::floor(std::log10(exact)) - 1));
  return std::min(std::ceil(exact / step) * step, 4e9);
}

bool more_may_decide(const ExpectationResult& result, std::uint32_t replications) {
  const Expectation& e = result.expectation;
  if (result.status != Status::inconclusive) return false;
  if (e.in_replications) return *e.in_replications < 1;
  if (!result.figure) return false;
  const Figure& figure = *result.figure;
  const bool all_have_it = figure.replications == replications;
  if (e.precision) return all_have_it && precision_of(figure).has_value();
  const Status status = judge_without_chance(e, figure).status;
  return status == Status::failed || (status == Status::passed && all_have_it);
}

}  // namespace

std::optional<double> precision_of(const Figure& figure) {
  if (!std::isfinite(figure.value) || figure.value == 0) return std::nullopt;
  if (!figure.interval) return 0;
  return (figure.interval->high - figure.interval->low) / 2 / std::abs(figure.value);
}

std::optional<std::uint32_t> replications_to_decide(const Expectation& e, const Figure& figure) {
  if (e.in_replications || e.precision || !figure.interval) return std::nullopt;
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
  return std::ranges::any_of(report.expectations, [&](const ExpectationResult& result) {
    return more_may_decide(result, report.header.replications);
  });
}

}  // namespace sluice
