#include "base/check.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(CheckDeathTest, SaysWhatFailedWhenOnWhichRunAndUnderWhichSeed) {
  const ScopedCheckSeed outer(7, 0);
  const ScopedCheckSeed seed(42, 3);
  EXPECT_DEATH(SLUICE_CHECK(1 + 1 == 3, "sums are right", Time{12'000'000'500}, 99),
               "base/check_test.cpp:[0-9]+: sums are right .1 . 1 == 3., simulated time "
               "12\\.000000500 s, run 99, "
               "seed 42, replication 3");
}

TEST(CheckDeathTest, NamesNoRunAndNoSeedWhereThereIsNone) {
  EXPECT_DEATH(SLUICE_CHECK(false, "it holds", Time::zero(), kNoRun),
               "it holds .false., simulated time 0\\.000000000 s\n");
}

TEST(CheckDeathTest, TellsACallersMistake) {
  EXPECT_DEATH(SLUICE_REQUIRE(false, "time does not go back"),
               "a caller must keep to this: time does not go back .false.");
}

TEST(Check, ComputesNothingWhileItHolds) {
  int computed = 0;
  const auto id = [&computed] { return static_cast<std::uint64_t>(++computed); };
  SLUICE_CHECK(true, "it holds", Time::zero(), id());
  EXPECT_EQ(computed, 0);
}

TEST(Check, SeedsOfEndedScopesAreForgotten) {
  { const ScopedCheckSeed seed(42, 3); }
  EXPECT_DEATH(SLUICE_CHECK(false, "it holds", Time::zero(), 1), "run 1\n");
}

}  // namespace
}  // namespace sluice
