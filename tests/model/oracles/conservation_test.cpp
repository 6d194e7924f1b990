// Kleinrock's conservation law: Σ λ_k W_k / λ is the same under every policy that keeps workers
// busy and does not look at sizes. One number checks all of them.
#include <gtest/gtest.h>

#include "tests/model/oracles/oracle.hpp"

namespace sluice::test {
namespace {

struct Policy {
  const char* name;
  DispatchConfig dispatch;
  friend void PrintTo(const Policy& policy, std::ostream* out) { *out << policy.name; }
};

DispatchConfig of_kind(DispatchPolicyKind kind) {
  DispatchConfig dispatch;
  dispatch.kind = kind;
  return dispatch;
}

std::vector<Policy> policies() {
  std::vector<Policy> all{{"strict_priority", of_kind(DispatchPolicyKind::strict_priority)},
                          {"fifo", of_kind(DispatchPolicyKind::fifo)},
                          {"ageing", of_kind(DispatchPolicyKind::ageing)},
                          {"weighted", of_kind(DispatchPolicyKind::weighted)},
                          {"fair_first", of_kind(DispatchPolicyKind::fair_first)},
                          {"workspace_cap", of_kind(DispatchPolicyKind::workspace_cap)}};
  all[2].dispatch.promote_after = Duration::from_seconds(20);
  all[5].dispatch.cap = 10;  // all workers: never holds anybody
  return all;
}

/// Case A, with four workspaces that submit unequally.
Scenario case_a(const DispatchConfig& dispatch, Distribution service, Lengths lengths) {
  Scenario scenario = priority_scenario({0.06, 0.09, 0.15}, 10, std::move(service), lengths);
  use_workspaces(scenario, 4);
  scenario.submitters[0].workspace_weights = {8, 1, 1, 2};
  scenario.submitters[2].workspace_weights = {1, 1, 1, 9};
  scenario.pipeline.groups[0].dispatch = dispatch;
  return scenario;
}

class ConservationSlowTest : public ::testing::TestWithParam<Policy> {};

TEST_P(ConservationSlowTest, MeanWaitOfAllRunsIsThatOfMM10) {
  const Report report =
      run_oracle(case_a(GetParam().dispatch, Distribution::exponential(30), {15'000, 500'000}));
  EXPECT_NEAR(mmc_wait(10, 0.3, 30), 20.061946, 1e-6);
  EXPECT_TRUE(covers(report, Metric::wait_mean, Subject::all(), 20.061946, 0.06));
  EXPECT_TRUE(covers(report, Metric::queue_length_mean, Subject::all(), 0.3 * 20.061946, 0.06));
  EXPECT_EQ(value_of(report, Metric::work_conservation_loss), 0);
}

INSTANTIATE_TEST_SUITE_P(Policies, ConservationSlowTest, ::testing::ValuesIn(policies()),
                         [](const auto& info) { return std::string(info.param.name); });

/// With constant service times, workers become free at the same instants whoever has them: the law
/// holds on every path, not only in the mean.
TEST(ConservationTest, WithConstantTimesAllPoliciesHaveTheSameQueueToTheNanosecond) {
  const auto queue_seconds = [](const DispatchConfig& dispatch) {
    const Report report = run_oracle(case_a(dispatch, Distribution::constant(30), {0, 100'000, 1}));
    return value_of(report, Metric::queue_length_mean);
  };
  const double strict = queue_seconds(of_kind(DispatchPolicyKind::strict_priority));
  EXPECT_GT(strict, 1);
  for (const Policy& policy : policies())
    EXPECT_DOUBLE_EQ(queue_seconds(policy.dispatch), strict) << policy.name;
}

TEST(ConservationSlowTest, SymmetricWorkspacesInTurnAllWaitAsLong) {
  Scenario scenario = poisson_scenario(9, 10, Distribution::exponential(1), {500, 30'000});
  use_workspaces(scenario, 8);
  const Report report = run_oracle(scenario);
  for (std::size_t w = 0; w < 8; ++w)
    EXPECT_TRUE(
        covers(report, Metric::wait_mean, Subject::of(WorkspaceId::at(w)), 0.6687315241, 0.07));
}

TEST(ConservationSlowTest, AsymmetricWorkspacesInTurnMoveWaitsButKeepTheirSum) {
  Scenario scenario = poisson_scenario(9, 10, Distribution::exponential(1), {500, 30'000});
  use_workspaces(scenario, 4);
  scenario.submitters[0].workspace_weights = {12, 4, 1, 1};
  const Report report = run_oracle(scenario);
  EXPECT_TRUE(covers(report, Metric::wait_mean, Subject::all(), 0.6687315241, 0.05));
  const auto wait = [&](std::size_t w) {
    return value_of(report, Metric::wait_mean, Subject::of(WorkspaceId::at(w)));
  };
  EXPECT_GT(wait(0), 0.6687315241);  // the noisy one waits for itself
  EXPECT_LT(wait(2), 0.6687315241 / 2);
  EXPECT_LT(wait(3), 0.6687315241 / 2);
}

}  // namespace
}  // namespace sluice::test
