// What happens before a steady state, or without one: M/M/1 from empty, infinitely many workers,
// rates that change over time, and what a warm-up removes.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "tests/model/oracles/oracle.hpp"

namespace sluice::test {
namespace {

TEST(TransientSlowTest, MM1FromEmpty) {
  const std::vector<Time> times{Time::from_seconds(10), Time::from_seconds(100),
                                Time::from_seconds(1000)};
  const Scenario scenario =
      poisson_scenario(0.9, 1, Distribution::exponential(1), {0, 1'000, 4'000});
  std::vector<std::vector<double>> counts;
  run_oracle(scenario, listen<InSystemAt>(counts, *scenario.replications, times));
  const double known[] = {2.530695148, 6.443920877, 8.955597794};
  for (std::size_t i = 0; i < times.size(); ++i) {
    std::vector<double> at;
    for (const auto& replication : counts) at.push_back(replication.at(i));
    EXPECT_TRUE(covers(at, known[i], 0.06)) << times[i].seconds() << " s";
  }
}

/// λ(t) = 10 + 5 sin(2πt/24), drawn as straight lines between 96 points.
RateCurve daily_curve() {
  RateCurve curve;
  for (int i = 0; i < 96; ++i)
    curve.points.push_back(
        {Time::from_seconds(0.25 * i), 10 + 5 * std::sin(2 * std::numbers::pi * i / 96)});
  curve.period = Duration::from_seconds(24);
  curve.linear = true;
  return curve;
}

/// Runs in service at one phase of the fourth day, from a window of 0.1 s around it.
TEST(TransientSlowTest, DailyCurveWithPlentyOfWorkers) {
  const std::pair<double, double> known[] = {{6, 27.8483345}, {12, 24.1093783}};
  for (const auto& [phase, in_service] : known) {
    Scenario scenario =
        oracle_scenario(200, Distribution::exponential(2), {72 + phase - 0.05, 0.1, 1'000});
    add_submitter(scenario, "daily", PoissonArrivals{daily_curve()});
    EXPECT_TRUE(
        covers(run_oracle(scenario), Metric::running_mean, Subject::all(), in_service, 0.03));
  }
}

/// M/G/∞: Poisson(60) whatever the service time's distribution.
TEST(TransientSlowTest, PlentyOfWorkersArePoisson) {
  const Scenario scenario =
      poisson_scenario(20, 300, Distribution::lognormal_mean_cv(3, 1.5), {100, 8'000});
  std::vector<double> above;
  const Report report = run_oracle(
      scenario, listen<ShareAbove>(above, *scenario.replications, 75, Time::from_seconds(100)));
  EXPECT_TRUE(covers(report, Metric::running_mean, Subject::all(), 60, 0.01));
  EXPECT_TRUE(covers(report, Metric::utilisation, Subject::all(), 0.2, 0.01));
  EXPECT_TRUE(covers(above, 0.02596386139, 0.12));
  EXPECT_EQ(value_of(report, Metric::wait_max), 0);
}

/// From empty, L(t) = 300 (1 − e^{−t/100}), so the mean over [from, until] is known with any
/// warm-up.
TEST(TransientSlowTest, MSER5RemovesTheWayToTheSteadyState) {
  const double until = 4'000;
  const auto mean_from = [&](double from) {
    return 300 * (1 - 100 / (until - from) * (std::exp(-from / 100) - std::exp(-until / 100)));
  };
  Scenario scenario = poisson_scenario(3, 1'000, Distribution::exponential(100), {0, until, 50});
  EXPECT_TRUE(
      covers(run_oracle(scenario), Metric::running_mean, Subject::all(), mean_from(0), 0.01));
  scenario.warm_up.automatic = true;
  const Report report = run_oracle(scenario);
  EXPECT_EQ(report.header.warm_up, WarmUp::mser5);
  EXPECT_GE(report.header.from.seconds(), 150);
  EXPECT_LE(report.header.from.seconds(), until / 2);
  EXPECT_TRUE(covers(report, Metric::running_mean, Subject::all(),
                     mean_from(report.header.from.seconds()), 0.01));
}

}  // namespace
}  // namespace sluice::test
