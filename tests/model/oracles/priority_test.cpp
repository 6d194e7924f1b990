// Strict priority without preemption: means by Cobham (1954) and Davis (1966), quantiles and
// standard deviations from the transforms of Davis, see the table of known answers.
#include <gtest/gtest.h>

#include <cmath>
#include <tuple>

#include "tests/model/oracles/oracle.hpp"

namespace sluice::test {
namespace {

/// Waits of one level in seconds; a quantile of 0 is not compared.
struct KnownWaits {
  double mean, sd, p50, p90, p99, p999;
};

struct KnownCase {
  std::uint32_t workers;
  double mean_service;
  ByLevel arrivals;
  std::array<KnownWaits, kLevels> waits;
};

/// Widest half-widths, as shares of the known answer.
struct Widest {
  double mean, sd, quantiles, p999;
};

void expect_waits(const KnownCase& known, Lengths lengths, const Widest& widest) {
  const Scenario scenario = priority_scenario(
      known.arrivals, known.workers, Distribution::exponential(known.mean_service), lengths);
  std::vector<ByLevel> sds;
  const Report report = run_oracle(
      scenario,
      listen<WaitSpread>(sds, lengths.replications, Time::from_seconds(lengths.warm_up_s)));
  const ByLevel means = priority_waits(known.workers, known.mean_service, known.arrivals);
  for (const PriorityLevel level : kAllLevels) {
    SCOPED_TRACE(name(level));
    const KnownWaits& waits = known.waits[index(level)];
    const Subject subject = Subject::of(level);
    EXPECT_NEAR(waits.mean, means[index(level)], 1e-6 * waits.mean);
    EXPECT_TRUE(covers(report, Metric::wait_mean, subject, waits.mean, widest.mean));
    const std::tuple<Metric, double, double> quantiles[] = {
        {Metric::wait_p50, waits.p50, widest.quantiles},
        {Metric::wait_p90, waits.p90, widest.quantiles},
        {Metric::wait_p99, waits.p99, widest.quantiles},
        {Metric::wait_p999, waits.p999, widest.p999}};
    for (const auto& [metric, seconds, half_width] : quantiles) {
      if (seconds == 0) continue;
      EXPECT_TRUE(covers(report, metric, subject, seconds, half_width));
    }
    std::vector<double> sd;
    for (const ByLevel& replication : sds) sd.push_back(replication[index(level)]);
    EXPECT_TRUE(covers(sd, waits.sd, widest.sd)) << "standard deviation";
    EXPECT_EQ(value_of(report, Metric::inversions_pairs, subject), 0);
  }
}

TEST(PrioritySlowTest, CaseATenWorkersAtLoad90) {
  expect_waits({10,
                30,
                {0.06, 0.09, 0.15},
                {{{2.446579, 3.451963, 1.0638, 6.9520, 15.3761, 23.8002},
                  {4.448325, 6.821784, 1.6599, 12.8303, 31.3803, 50.9410},
                  {36.476265, 54.536999, 12.8374, 107.0260, 245.1030, 383.2561}}}},
               {15'000, 2'000'000}, {0.05, 0.05, 0.06, 0.12});
}

TEST(PrioritySlowTest, CaseBFiftyWorkersAtLoad95) {
  expect_waits({50,
                30,
                {0.5, 0.6, 29.0 / 60},
                {{{0.539224, 0.796003, 0.1969, 1.5764, 3.5500, 5.5237},
                  {1.585953, 2.578051, 0.4451, 4.7638, 11.8681, 19.1877},
                  {22.203343, 35.020368, 5.8283, 67.3201, 157.7968, 248.3115}}}},
               {10'000, 700'000}, {0.05, 0.1, 0.1, 0.2});
}

TEST(PrioritySlowTest, CaseCOneWorkerAtLoad80) {
  expect_waits({1,
                1,
                {0.3, 0.3, 0.2},
                {{{8.0 / 7, 1.3997, 0.6714, 0, 6.2600, 0},
                  {20.0 / 7, 3.9678, 1.3720, 0, 18.3207, 0},
                  {10, 15, 3.9899, 0, 69.7790, 0}}}},
               {1'000, 200'000}, {0.05, 0.07, 0.1, 0});
}

/// P(W_HIGH <= t) = 1 − C e^{−(cμ − λ_HIGH) t}, as the attainment of a target of t.
TEST(PrioritySlowTest, ShareOfHighRunsThatKeepATarget) {
  Scenario scenario =
      priority_scenario({0.06, 0.09, 0.15}, 10, Distribution::exponential(30), {15'000, 500'000});
  constexpr double kTarget = 10;
  scenario.slo[index(HIGH)] = Duration::from_seconds(kTarget);
  const double late = erlang_c(10, 9) * std::exp(-(10.0 / 30 - 0.06) * kTarget);
  const Report report = run_oracle(scenario);
  EXPECT_TRUE(covers(report, Metric::slo_attainment, Subject::of(HIGH), 1 - late, 0.01));
}

TEST(PrioritySlowTest, WorkspacesInTurnLeaveTheWaitsOfTheLevelsAsTheyAre) {
  Scenario scenario = priority_scenario({2, 3, 4}, 10, Distribution::exponential(1), {500, 36'000});
  use_workspaces(scenario, 8);
  const Report report = run_oracle(scenario);
  const ByLevel known{0.08359144051, 0.167182881, 1.337463048};
  for (const PriorityLevel level : kAllLevels) {
    const double seconds = known[index(level)];
    EXPECT_TRUE(covers(report, Metric::wait_mean, Subject::of(level), seconds, 0.05));
    for (std::size_t w = 0; w < 8; ++w)
      EXPECT_TRUE(
          covers(report, Metric::wait_mean, Subject::of(WorkspaceId::at(w), level), seconds, 0.08));
  }
}

/// M/G/1 with a service time of its own at each level; W_k = ½ Σ λ_i E[S_i²] / ((1 − σ_{k−1})
/// (1 − σ_k)).
TEST(PrioritySlowTest, ServiceTimesThatDifferBetweenLevels) {
  const ByLevel arrivals{0.2, 0.3, 0.2};
  Scenario scenario = priority_scenario(arrivals, 1, Distribution::exponential(1), {500, 100'000});
  scenario.pipeline.workflows.resize(3, scenario.pipeline.workflows[0]);
  scenario.pipeline.workflows[1].time = Distribution::exponential(0.5);
  scenario.pipeline.workflows[2].time = Distribution::constant(2);
  for (std::size_t k = 0; k < kLevels; ++k)
    scenario.submitters[k].workflows[0].second.workflow = WorkflowId::at(k);
  const Report report = run_oracle(scenario);
  const ByLevel known{0.84375, 1.298076923, 4.153846154};
  for (const PriorityLevel level : kAllLevels)
    EXPECT_TRUE(covers(report, Metric::wait_mean, Subject::of(level), known[index(level)], 0.05));
}

}  // namespace
}  // namespace sluice::test
