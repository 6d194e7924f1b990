// Credential limits as the bottleneck, workers plentiful: a credential of limit m is M/M/m.
#include <gtest/gtest.h>

#include "tests/model/oracles/oracle.hpp"

namespace sluice::test {
namespace {

/// M/M runs that need one credential each, chosen as `kind` says out of `count` with `limit`.
Scenario with_credentials(double arrivals, std::size_t count, std::uint32_t limit,
                          CredentialChoice::Kind kind, Lengths lengths) {
  Scenario scenario = poisson_scenario(arrivals, 300, Distribution::exponential(1), lengths);
  scenario.pipeline.workflows[0].aliases = {"portal"};
  CredentialChoice choice{kind, {}};
  for (std::size_t i = 0; i < count; ++i) {
    CredentialConfig credential;
    credential.name = "bot-" + std::to_string(i);
    credential.allow_multiple_sessions = true;
    credential.max_concurrency = limit;
    scenario.pipeline.credentials.push_back(credential);
    choice.members.push_back(CredentialId::at(i));
  }
  scenario.submitters[0].workflows[0].second.credentials = {choice};
  return scenario;
}

struct Busy {
  const char* name;
  WhenCredentialBusy rule;
  friend void PrintTo(const Busy& busy, std::ostream* out) { *out << busy.name; }
};
class CredentialLimitSlowTest : public ::testing::TestWithParam<Busy> {};

/// Whatever waiting runs do to each other: where all need the same credential they are in order.
TEST_P(CredentialLimitSlowTest, OneCredentialOfLimitFiveIsMM5) {
  Scenario scenario = with_credentials(4.5, 1, 5, CredentialChoice::Kind::fixed, {1'000, 40'000});
  scenario.pipeline.groups[0].when_credential_busy = GetParam().rule;
  const Report report = run_oracle(scenario);
  EXPECT_TRUE(covers(report, Metric::wait_mean, Subject::all(), mmc_wait(5, 4.5, 1), 0.06));
  const Subject credential = Subject::of(CredentialId::at(0));
  EXPECT_TRUE(covers(report, Metric::credential_in_use_mean, credential, 4.5, 0.01));
  EXPECT_TRUE(covers(report, Metric::stability_sigma, credential, 0.9, 0.01));
}

INSTANTIATE_TEST_SUITE_P(WhenCredentialBusy, CredentialLimitSlowTest,
                         ::testing::Values(Busy{"skip", WhenCredentialBusy::skip},
                                           Busy{"block_workspace",
                                                WhenCredentialBusy::block_workspace},
                                           Busy{"block_level", WhenCredentialBusy::block_level},
                                           Busy{"hold_worker", WhenCredentialBusy::hold_worker}),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(CredentialsSlowTest, FourCredentialsAtRandomAreFourQueues) {
  const Report report =
      run_oracle(with_credentials(4 * 1.6, 4, 2, CredentialChoice::Kind::drawn, {500, 30'000}));
  EXPECT_TRUE(covers(report, Metric::wait_mean, Subject::all(), mmc_wait(2, 1.6, 1), 0.05));
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_TRUE(covers(report, Metric::credential_in_use_mean, Subject::of(CredentialId::at(i)),
                       1.6, 0.02));
}

TEST(CredentialsSlowTest, APoolOfFourCredentialsIsOneQueue) {
  const Report report =
      run_oracle(with_credentials(4 * 1.6, 4, 2, CredentialChoice::Kind::pool, {500, 20'000}));
  EXPECT_TRUE(covers(report, Metric::wait_mean, Subject::all(), mmc_wait(8, 6.4, 1), 0.05));
  EXPECT_LT(value_of(report, Metric::pool_imbalance, Subject::of(PoolId::at(0))), 1.02);
}

}  // namespace
}  // namespace sluice::test
