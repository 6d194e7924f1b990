// The statistics themselves: replications vary as much as theory says, and their intervals hold the
// truth as often as they claim.
#include <gtest/gtest.h>

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "tests/model/oracles/oracle.hpp"
#include "tests/unit/sim/checked.hpp"

namespace sluice::test {
namespace {

/// Variance of the replications' values, from the interval that the report shows.
double variance_behind(const Figure& figure, double confidence) {
  const boost::math::students_t distribution(figure.replications - 1);
  const double half = (figure.interval->high - figure.interval->low) / 2;
  const double error = half / boost::math::quantile(distribution, 0.5 + confidence / 2);
  return error * error * figure.replications;
}

/// n · Var(mean wait of n runs) → ρ (2 + 5ρ − 4ρ² + ρ³) / (1 − ρ)⁴ = 335.6 at ρ = 0.7: the variance
/// of the replications' means lies in its 99.9 % interval (chi-squared).
TEST(IntervalsSlowTest, MeanWaitsOfMM1VaryAsTheyShould) {
  const Scenario scenario =
      poisson_scenario(0.7, 1, Distribution::exponential(1), {300, 15'000, 400});
  const Report report = run_oracle(scenario);
  const Figure* wait = report.figures.find(Metric::wait_mean);
  ASSERT_NE(wait, nullptr);
  ASSERT_TRUE(wait->interval);
  EXPECT_TRUE(covers(report, Metric::wait_mean, Subject::all(), 7.0 / 3, 0.02));
  const double runs = static_cast<double>(wait->samples) / wait->replications;
  const double ratio =
      variance_behind(*wait, scenario.confidence) * runs / mm1_asymptotic_variance(0.7, 1);
  const double freedom = wait->replications - 1;
  const boost::math::chi_squared distribution(freedom);
  EXPECT_GT(ratio, boost::math::quantile(distribution, 0.0005) / freedom);
  EXPECT_LT(ratio, boost::math::quantile(distribution, 0.9995) / freedom);
}

/// Of 400 experiments with five replications each, 95 % hold the mean wait of M/M/1 at ρ = 0.5 in
/// their 95 % interval, give or take 3.29 standard deviations of a binomial count.
TEST(IntervalsSlowTest, IntervalsHoldTheTruthAsOftenAsTheyClaim) {
  constexpr int kExperiments = 400;
  int holds = 0;
  for (int i = 0; i < kExperiments; ++i) {
    Scenario scenario = poisson_scenario(0.5, 1, Distribution::exponential(1), {100, 5'000, 5});
    scenario.confidence = 0.95;
    scenario.seed = static_cast<std::uint64_t>(i);
    const Report report = run_checked(scenario);
    const Figure* wait = report.figures.find(Metric::wait_mean);
    ASSERT_TRUE(wait != nullptr && wait->interval);
    holds += wait->interval->low <= 1 && 1 <= wait->interval->high;
  }
  EXPECT_NEAR(holds, 0.95 * kExperiments, 3.29 * std::sqrt(0.95 * 0.05 * kExperiments));
}

}  // namespace
}  // namespace sluice::test
