// One level, one workspace, in order of arrival: M/M/c (Erlang), M/G/1 (Pollaczek-Khinchine), M/D/c
// (Crommelin), and Little's law.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/model/oracles/oracle.hpp"

namespace sluice::test {
namespace {

const Subject kLow = Subject::of(LOW);

TEST(QueuesSlowTest, MM1AtLoad90) {
  const Report report =
      run_oracle(poisson_scenario(0.9, 1, Distribution::exponential(1), {5'000, 200'000}));
  EXPECT_TRUE(covers(report, Metric::wait_mean, kLow, 9, 0.05));
  EXPECT_TRUE(covers(report, Metric::queue_length_mean, kLow, 8.1, 0.05));
  EXPECT_TRUE(covers(report, Metric::service_mean, kLow, 1, 0.01));
  EXPECT_TRUE(covers(report, Metric::utilisation, Subject::all(), 0.9, 0.01));
  EXPECT_TRUE(covers(report, Metric::wait_p50, kLow, 5.877866649, 0.05));
  EXPECT_TRUE(covers(report, Metric::wait_p90, kLow, 21.97224577, 0.06));
  EXPECT_TRUE(covers(report, Metric::wait_p99, kLow, 44.9980967, 0.1));
}

struct ManyWorkers {
  std::uint32_t workers;
  double arrivals, wait;
  Lengths lengths;
  double widest;
  friend void PrintTo(const ManyWorkers& m, std::ostream* out) { *out << 'c' << m.workers; }
};

class QueuesMMcSlowTest : public ::testing::TestWithParam<ManyWorkers> {};

TEST_P(QueuesMMcSlowTest, WaitsAreErlangs) {
  const auto& [workers, arrivals, wait, lengths, widest] = GetParam();
  Scenario scenario = poisson_scenario(arrivals, workers, Distribution::exponential(1), lengths);
  scenario.slo[index(LOW)] = Duration::zero();  // attained by those that do not wait at all
  const Report report = run_oracle(scenario);
  EXPECT_TRUE(covers(report, Metric::wait_mean, kLow, wait, widest));
  EXPECT_TRUE(covers(report, Metric::queue_length_mean, kLow, arrivals * wait, widest));
  EXPECT_TRUE(covers(report, Metric::running_mean, kLow, arrivals, 0.02));
  EXPECT_TRUE(covers(report, Metric::slo_attainment, kLow, 1 - erlang_c(workers, arrivals), 0.1));
  // P(W > t) = C e^{−(cμ − λ) t}.
  const double c = erlang_c(workers, arrivals);
  EXPECT_TRUE(covers(report, Metric::wait_p90, kLow, std::log(c / 0.1) / (workers - arrivals),
                     1.5 * widest));
  EXPECT_TRUE(covers(report, Metric::wait_p99, kLow, std::log(c / 0.01) / (workers - arrivals),
                     2.5 * widest));
}

INSTANTIATE_TEST_SUITE_P(Table, QueuesMMcSlowTest,
                         ::testing::Values(ManyWorkers{2, 1.8, 4.263157895, {2'000, 100'000}, 0.05},
                                           ManyWorkers{10, 9, 0.6687315241, {500, 32'000}, 0.05},
                                           ManyWorkers{50, 45, 0.07277289344, {100, 8'000}, 0.07}),
                         [](const auto& info) { return "c" + std::to_string(info.param.workers); });

/// At load 0.99 the mean of 10⁷ waits is still uncertain by a fifth.
TEST(QueuesSlowTest, MM100AtLoad99) {
  const Report report =
      run_oracle(poisson_scenario(99, 100, Distribution::exponential(1), {3'000, 6'000, 16}));
  EXPECT_TRUE(covers(report, Metric::wait_mean, kLow, 0.8827684626, 0.3));
}

struct Service {
  const char* name;
  double arrivals;
  Distribution time;
  double wait;
  double widest;
  friend void PrintTo(const Service& service, std::ostream* out) { *out << service.name; }
};

class QueuesMG1SlowTest : public ::testing::TestWithParam<Service> {};

TEST_P(QueuesMG1SlowTest, WaitIsPollaczekAndKhinchines) {
  const Service& service = GetParam();
  const Report report =
      run_oracle(poisson_scenario(service.arrivals, 1, service.time, {8'000, 170'000}));
  EXPECT_TRUE(covers(report, Metric::wait_mean, kLow, service.wait, service.widest));
  EXPECT_TRUE(covers(report, Metric::service_mean, kLow, 1, 0.02));
}

/// Two exponential phases with equal parts of the work: mean 1, SCV 4.
Distribution balanced_hyperexponential() {
  const double p = (1 + std::sqrt(3.0 / 5)) / 2;
  return Distribution::hyperexponential({{p, 0.5 / p}, {1 - p, 0.5 / (1 - p)}});
}

INSTANTIATE_TEST_SUITE_P(
    Services, QueuesMG1SlowTest,
    ::testing::Values(
        Service{"deterministic", 0.9, Distribution::constant(1), 4.5, 0.05},
        Service{"erlang2", 0.9, Distribution::gamma_mean_cv(1, std::sqrt(0.5)), 6.75, 0.06},
        Service{"gamma", 0.9, Distribution::gamma_mean_cv(1, 2), 22.5, 0.08},
        Service{"hyperexponential", 0.9, balanced_hyperexponential(), 22.5, 0.08},
        Service{"lognormal", 0.7, Distribution::lognormal_mean_cv(1, 2), 5.833333333, 0.06}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(QueuesSlowTest, MDc) {
  const Distribution one = Distribution::constant(1);
  EXPECT_TRUE(covers(run_oracle(poisson_scenario(1.8, 2, one, {2'000, 60'000})), Metric::wait_mean,
                     kLow, 2.146923214, 0.05));
  EXPECT_TRUE(covers(run_oracle(poisson_scenario(9, 10, one, {500, 15'000})), Metric::wait_mean,
                     kLow, 0.3445820503, 0.05));
}

/// Σ time in queue = ∫ N dt to the nanosecond; L = λ W up to the runs at the ends of the window.
TEST(QueuesTest, LittlesLaw) {
  const Report report = run_oracle(priority_scenario(
      {0.06, 0.09, 0.15}, 10, Distribution::exponential(30), {5'000, 200'000, 1}));
  for (const PriorityLevel level : kAllLevels) {
    const Subject subject = Subject::of(level);
    EXPECT_DOUBLE_EQ(value_of(report, Metric::little_queue_time, subject),
                     value_of(report, Metric::little_queue_integral, subject));
    const double length = value_of(report, Metric::queue_length_mean, subject);
    EXPECT_NEAR(value_of(report, Metric::little_lambda_w, subject), length, 0.005 * length);
    EXPECT_NEAR(value_of(report, Metric::little_queue_integral, subject) / 200'000, length,
                1e-9 * length);
  }
  EXPECT_EQ(value_of(report, Metric::flow_imbalance), 0);
}

}  // namespace
}  // namespace sluice::test
