// A ring of which some members are skipped: they keep their turns.
#include "pipeline/policies/ring_with_skips.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <vector>

namespace sluice {
namespace {

class RingWithSkipsTest : public ::testing::Test {
 protected:
  RingWithSkipsTest() {
    for (std::uint32_t member = 0; member < 4; ++member) ring_.join(member);
  }
  /// Whose turn it is while those in `refused_` may not; it has had it then.
  std::uint32_t next() {
    const std::uint32_t member = first();
    if (member != UINT32_MAX) ring_.move_to_tail(member);
    return member;
  }
  std::uint32_t first() {
    return ring_.first([this](std::uint32_t member) {
      ++asked_;
      return !refused_.contains(member);
    });
  }
  void accept(std::uint32_t member) {
    refused_.erase(member);
    ring_.return_skipped(member);
  }

  RingWithSkips ring_{4};
  std::set<std::uint32_t> refused_;
  int asked_ = 0;
};

TEST_F(RingWithSkipsTest, AllTakeTurns) {
  for (const std::uint32_t member : {0u, 1u, 2u, 3u, 0u, 1u}) EXPECT_EQ(next(), member);
}

TEST_F(RingWithSkipsTest, WhoWasSkippedComesFirstWhenItMay) {
  refused_ = {0, 1};
  EXPECT_EQ(next(), 2u);
  EXPECT_EQ(next(), 3u);
  accept(1);
  EXPECT_EQ(next(), 1u);
  accept(0);
  for (const std::uint32_t member : {0u, 2u, 3u, 1u}) EXPECT_EQ(next(), member);
}

TEST_F(RingWithSkipsTest, WhoWasSkippedIsNotAskedAgain) {
  refused_ = {0, 1};
  for (int i = 0; i < 10; ++i) next();
  EXPECT_EQ(asked_, 2 + 10);
}

TEST_F(RingWithSkipsTest, WhoMayNotAfterAllIsSkippedAgainAndKeepsItsTurn) {
  refused_ = {0};
  EXPECT_EQ(next(), 1u);
  ring_.return_skipped(0);
  EXPECT_EQ(next(), 2u);
  accept(0);
  EXPECT_EQ(next(), 0u);
}

TEST_F(RingWithSkipsTest, AllComeBackInTheirOrder) {
  refused_ = {0, 1, 3};
  EXPECT_EQ(next(), 2u);
  EXPECT_EQ(next(), 2u);
  refused_ = {};
  ring_.return_all();
  for (const std::uint32_t member : {0u, 1u, 3u, 2u}) EXPECT_EQ(next(), member);
}

TEST_F(RingWithSkipsTest, IfNobodyMayTheFirstInTurnIsKnown) {
  refused_ = {0, 1, 2, 3};
  EXPECT_EQ(first(), UINT32_MAX);
  EXPECT_EQ(ring_.first_skipped(), 0u);
  ring_.move_to_tail(0);
  EXPECT_EQ(first(), UINT32_MAX);
  EXPECT_EQ(ring_.first_skipped(), 1u);
}

TEST_F(RingWithSkipsTest, WhoLeavesIsForgottenSkippedOrNot) {
  refused_ = {0, 1};
  EXPECT_EQ(first(), 2u);
  ring_.return_skipped(1);
  for (const std::uint32_t member : {0u, 1u, 2u}) ring_.leave(member);
  refused_ = {};
  EXPECT_EQ(next(), 3u);
  ring_.leave(3);
  EXPECT_TRUE(ring_.empty());
  ring_.join(0);
  EXPECT_EQ(next(), 0u);
}

}  // namespace
}  // namespace sluice
