// Whether a load was the one that was asked for.
#include "load/measure/verdict.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sluice::test {
namespace {

using Validity = LoadFacts::Validity;

class VerdictTest : public ::testing::Test {
 protected:
  VerdictTest() {
    measured_.times = &times_;
    measured_.counts.arrivals = measured_.counts.intended = measured_.counts.sent = 1000;
    measured_.counts.accepted = 1000;
  }
  LoadFacts facts() const { return load_facts(measured_, {}); }

  LoadTimes times_;
  MeasuredLoad measured_;
};

TEST_F(VerdictTest, OnePercentMayBeLate) {
  measured_.counts.late = 10;
  EXPECT_EQ(facts().validity, Validity::valid);
  measured_.counts.late = 11;
  EXPECT_EQ(facts().validity, Validity::late);
  EXPECT_TRUE(facts().why_invalid.ends_with("requests were sent more than 50ms late"))
      << facts().why_invalid;
}

TEST_F(VerdictTest, WhatWasNotSentTellsMoreThanWhatWasLate) {
  measured_.counts.late = 100;
  measured_.counts.sent = 900;
  measured_.counts.unsent = measured_.counts.over_ceiling = 100;
  EXPECT_EQ(facts().validity, Validity::saturated);
  EXPECT_NE(facts().why_invalid.find("above the highest allowed rate"), std::string::npos);
  measured_.clock_jump = "the clock jumped by 3s";
  EXPECT_EQ(facts().validity, Validity::clock_jumped);
}

TEST_F(VerdictTest, FivePercentMayBeUnseenIfTheTargetIsRightOtherwise) {
  measured_.unseen.push_back({.starts = 20, .ends = 30});
  EXPECT_EQ(facts().validity, Validity::valid);
  measured_.unseen.push_back({.ends = 1});
  EXPECT_EQ(facts().validity, Validity::unseen);
  measured_.counts.wrong_bodies["HTML"] = {200, 1, "<html>"};
  EXPECT_EQ(facts().validity, Validity::valid);
}

TEST_F(VerdictTest, RunsThatWereNotSeenAreFailuresByName) {
  EXPECT_TRUE(facts().failures.empty());
  measured_.unseen.push_back({.starts = 2});
  measured_.unseen.push_back({.starts = 1, .ends = 4});
  EXPECT_EQ(facts().failures.at("no start event"), 3u);
  EXPECT_EQ(facts().failures.at("no end event"), 4u);
}

TEST(LoadExitCode, AnInvalidLoadIsNeitherPassedNorFailed) {
  EXPECT_EQ(exit_code_of(LoadEnd::whole, Validity::valid), std::nullopt);
  EXPECT_EQ(exit_code_of(LoadEnd::stopped, Validity::valid), std::nullopt);
  for (const Validity validity :
       {Validity::late, Validity::saturated, Validity::clock_jumped, Validity::unseen})
    EXPECT_EQ(exit_code_of(LoadEnd::aborted, validity), ExitCode::invalid_run);
  EXPECT_EQ(exit_code_of(LoadEnd::aborted, Validity::valid), ExitCode::expectation_failed);
  EXPECT_EQ(exit_code_of(LoadEnd::target_lost, Validity::late), ExitCode::target_unreachable);
}

}  // namespace
}  // namespace sluice::test
