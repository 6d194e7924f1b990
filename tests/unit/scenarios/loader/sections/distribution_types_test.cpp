// Distributions as scenarios write them.
#include <gmock/gmock.h>

#include <string>

#include "base/random/distribution.hpp"
#include "base/random/random.hpp"
#include "tests/unit/scenarios/loading.hpp"

namespace sluice {
namespace {

using namespace test;
using ::testing::HasSubstr;

LoadedScenario with_time(const std::string& time) {
  return load_with({{"workflows.claims.time", time}});
}

TEST(LognormalByMeanAndP95, isTheNarrowerOfTwo) {
  const Distribution time =
      loaded(with_time("{lognormal: {mean: 3m, p95: 8m}}")).pipeline.workflows[0].time;
  EXPECT_NEAR(time.mean(), 180, 1e-9);
  // ln(8/3) = z σ - σ²/2 with z = 1.64485: σ = 0.7824 or 2.5073; cv² = exp(σ²) - 1.
  EXPECT_THAT(time.describe(), HasSubstr("mean: 180, cv: 0.918"));
  int below = 0;
  Stream stream(1);
  for (int i = 0; i < 100'000; ++i) below += time.sample(stream) < 480 ? 1 : 0;
  EXPECT_NEAR(below / 1e5, 0.95, 0.003);
}

TEST(LognormalByMeanAndP95, thatDoesNotExistIsRefused) {
  EXPECT_TRUE(with_time("{lognormal: {mean: 100s, p95: 386s}}").scenario);
  EXPECT_THAT(messages(with_time("{lognormal: {mean: 100s, p95: 387s}}")),
              HasSubstr("--set:1:35: error: no lognormal distribution has a p95 of more than 3.87 "
                        "times its mean"));
  EXPECT_THAT(errors_of(with_time("{lognormal: {mean: 3m, p95: 1m}}")),
              HasSubstr("p95 must be at least the mean"));
  EXPECT_THAT(errors_of(with_time("{lognormal: {mean: 3m, median: 1m}}")),
              HasSubstr("takes only one of these"));
  EXPECT_THAT(errors_of(with_time("{lognormal: {mean: 3m}}")),
              HasSubstr("needs `median` and `p95`, or `mean` and `p95`, or `mean` and `cv`"));
  EXPECT_THAT(errors_of(with_time("{lognormal: {cv: 3}}")),
              HasSubstr("needs `mean` and `cv` together"));
}

}  // namespace
}  // namespace sluice
