// When a credential is out of service: its list, then chance.
#include "pipeline/outages.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

using namespace literals;
using Change = Outages::Change;

constexpr CredentialId kFirstOut{0}, kSecondOut{1};

Time second(double seconds) { return Time::from_seconds(seconds); }

TEST(Outages, AreGivenOneAfterTheOther) {
  PipelineConfig config;
  config.credentials.resize(2);
  config.credentials[0].outages = {{second(10), 5_s}, {second(20), 1_s}};
  Outages outages(config, 1);
  EXPECT_EQ(outages.next(second(0), kSecondOut), std::nullopt);
  EXPECT_EQ(outages.next(second(0), kFirstOut), (Change{second(10), true}));
  EXPECT_EQ(outages.next(second(10), kFirstOut), (Change{second(15), false}));
  EXPECT_EQ(outages.next(second(15), kFirstOut), (Change{second(20), true}));
  EXPECT_EQ(outages.next(second(20), kFirstOut), (Change{second(21), false}));
  EXPECT_EQ(outages.next(second(21), kFirstOut), std::nullopt);
}

TEST(Outages, ByChanceFollowTheListed) {
  PipelineConfig config;
  config.credentials.resize(1);
  config.credentials[0].outages = {{second(10), 5_s}};
  config.credentials[0].mean_time_between_outages = 100_s;
  config.credentials[0].outage_length = Distribution::constant(7);
  Outages outages(config, 1);
  outages.next(second(0), kFirstOut);
  outages.next(second(10), kFirstOut);
  const auto begin = outages.next(second(15), kFirstOut);
  ASSERT_TRUE(begin);
  EXPECT_TRUE(begin->begins);
  EXPECT_GT(begin->at, second(15));
  EXPECT_EQ(outages.next(begin->at, kFirstOut), (Change{begin->at + 7_s, false}));
}

/// What one credential meets does not depend on the others.
TEST(Outages, ACredentialHasAStreamOfItsOwn) {
  PipelineConfig config;
  config.credentials.resize(2);
  for (CredentialConfig& c : config.credentials) {
    c.mean_time_between_outages = 100_s;
    c.outage_length = Distribution::constant(7);
  }
  Outages alone(config, 1), beside(config, 1);
  beside.next(second(0), kFirstOut);
  beside.next(second(5), kFirstOut);
  EXPECT_EQ(alone.next(second(0), kSecondOut), beside.next(second(0), kSecondOut));
  config.credentials.push_back(config.credentials.back());
  alone.config_grew();
  EXPECT_NE(alone.next(second(0), CredentialId{2}), alone.next(second(0), kFirstOut));
}

}  // namespace
}  // namespace sluice::test
