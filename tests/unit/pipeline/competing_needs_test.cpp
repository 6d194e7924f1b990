// Needs of one run that compete: a run takes what it names, and each pool gives another member. In
// every order of the aliases the same, and whenever it is possible at all.
#include <gtest/gtest.h>

#include <algorithm>

#include "pipeline/distinct_choice.hpp"
#include "tests/unit/pipeline/pipeline_world.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;

struct CompetingNeeds : ::testing::Test {
  CompetingNeeds() { world.main().workers.count = 10; }

  Ask two(Given first, Given second, double seconds = 1) {
    return {a, LOW, seconds, {std::move(first), std::move(second)}, pair, {}, {}};
  }
  void occupy(CredentialId credential, double seconds, const std::string& name) {
    world.submit(0, name, {a, HIGH, seconds, {credential}, single, {}, {}});
  }

  World world;
  WorkspaceId a = world.workspace();
  WorkflowId single = world.workflow(1), pair = world.workflow(2), three = world.workflow(3);
  CredentialId c = world.credential(5), d = world.credential(5), e = world.credential(1),
               f = world.credential(1);
};

TEST_F(CompetingNeeds, APoolLeavesWhatTheRunNamesWhicheverAliasIsFirst) {
  world.submit(0, "named first", two(c, Given::pool({c, d})));
  world.submit(0, "pool first", two(Given::pool({c, d}), c));
  world.run();
  EXPECT_EQ(world.story("named first"), "accepted 0, dispatched 0 [0 1], succeeded 1");
  EXPECT_EQ(world.story("pool first"), "accepted 0, dispatched 0 [1 0], succeeded 1");
}

TEST_F(CompetingNeeds, TwoOfOnePoolGetDifferentMembers) {
  world.submit(0, "one", two(Given::pool({c, d}), Given::pool({c, d})));
  world.run();
  EXPECT_EQ(world.story("one"), "accepted 0, dispatched 0 [0 1], succeeded 1");
}

/// Each for itself, the first pool would take c, and nothing would be left for the second.
TEST_F(CompetingNeeds, APoolGivesWayWhereTheOtherHasNothingElse) {
  world.submit(0, "one", two(Given::pool({c, d}), Given::pool({c})));
  world.submit(0, "other order", two(Given::pool({c}), Given::pool({c, d})));
  world.run();
  EXPECT_EQ(world.story("one"), "accepted 0, dispatched 0 [1 0], succeeded 1");
  EXPECT_EQ(world.story("other order"), "accepted 0, dispatched 0 [0 1], succeeded 1");
}

/// {c, e} and {c, f} with e and f taken: either of them helps, also the one of the first pool,
/// which could be served as it is.
TEST_F(CompetingNeeds, AMemberOfAnyOfThePoolsWakes) {
  occupy(e, 10, "on e");
  occupy(f, 20, "on f");
  world.submit(1, "waits", two(Given::pool({c, e}), Given::pool({c, f})));
  world.run();
  EXPECT_EQ(world.story("waits"),
            "accepted 1, parked (limit) 1, woken 10, dispatched 10 [2 0], succeeded 11");
}

TEST_F(CompetingNeeds, WhatIsNotEnoughYetLetsTheNextOneTry) {
  occupy(e, 10, "on e");
  occupy(f, 20, "on f");
  world.submit(1, "two", two(Given::pool({e, f}), Given::pool({e, f})));
  world.submit(2, "one", {a, LOW, 5, {Given::pool({e, f})}, single, {}, {}});
  world.run();
  EXPECT_EQ(world.dispatched_at("one"), 10) << "e alone does not help the first";
  EXPECT_EQ(world.story("two"),
            "accepted 1, parked (limit) 1, woken 20, dispatched 20 [2 3], succeeded 21");
}

/// Cursors do not matter for whether it is possible, and move behind what was taken.
TEST_F(CompetingNeeds, CursorsMoveBehindWhatWasTaken) {
  const auto ask = two(Given::pool({c, d}), Given::pool({c, d}));
  world.submit(0, "1", ask);
  world.submit(2, "2", ask);
  world.run();
  EXPECT_EQ(world.story("1"), "accepted 0, dispatched 0 [0 1], succeeded 1");
  EXPECT_EQ(world.story("2"), "accepted 2, dispatched 2 [1 0], succeeded 3");
}

TEST_F(CompetingNeeds, AHoldingRunStartsAsSoonAsThereIsAWay) {
  world.main().when_credential_busy = WhenCredentialBusy::hold_worker;
  occupy(e, 10, "on e");
  world.submit(1, "holds", two(Given::pool({c, e}), c));
  world.run();
  EXPECT_EQ(world.story("holds"), "accepted 1, holding 1, dispatched 10 [2 0], succeeded 11");
}

// ---- what can be met at all

bool possible(std::vector<CredentialId> named, std::vector<std::vector<CredentialId>> pools) {
  const std::vector<std::span<const CredentialId>> spans(pools.begin(), pools.end());
  return can_be_met(named, spans);
}

TEST(CanBeMet, CountsWhatIsNamedAndWhatPoolsShare) {
  const CredentialId c{0}, d{1}, e{2};
  EXPECT_TRUE(possible({}, {}));
  EXPECT_TRUE(possible({c, c}, {})) << "one login for both";
  EXPECT_FALSE(possible({c}, {{c}}));
  EXPECT_TRUE(possible({c}, {{c, d}}));
  EXPECT_FALSE(possible({}, {{c}, {c}}));
  EXPECT_FALSE(possible({c}, {{c, d}, {d, c}}));
  EXPECT_TRUE(possible({c}, {{c, d}, {d, e}}));
  EXPECT_FALSE(possible({}, {{c, d}, {d, c}, {c, d}}));
  EXPECT_TRUE(possible({}, {{c, d}, {d, e}, {e, c}}));
}

TEST(ChooseDistinct, PrefersTheFirstNeedsFirstOffers) {
  const CredentialId c{0}, d{1}, e{2};
  std::array<Offers, 3> offers;
  for (const CredentialId credential : {c, d, e}) offers[0].add(credential);
  for (const CredentialId credential : {c, d}) offers[1].add(credential);
  offers[2].add(c);
  std::array<CredentialId, 3> chosen;
  ASSERT_TRUE(choose_distinct(offers, chosen));
  EXPECT_EQ(chosen, (std::array{e, d, c}));
}

}  // namespace
}  // namespace sluice::test
