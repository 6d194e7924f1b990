// Rule 12: who sets how many workers there are, and which ones count.
#include <gtest/gtest.h>

#include "tests/unit/pipeline/pipeline_world.hpp"

namespace sluice::test {
namespace {

using namespace literals;
using enum PriorityLevel;

constexpr CauseId kFirst{0}, kSecond{1};
constexpr GroupId kMain{0};

struct Rule12Target : ::testing::Test {
  WorkerPoolConfig& pool() { return world.main().workers; }
  void lose(double second, std::uint32_t count, CauseId by = kFirst) {
    world.at(second, LoseWorkers{kMain, count, by});
  }
  void restore(double second, std::uint32_t count, CauseId by = kFirst) {
    world.at(second, RestoreWorkers{kMain, count, by});
  }
  void set(double second, std::uint32_t count, CauseId by = kFirst) {
    world.at(second, SetWorkers{kMain, count, by});
  }
  void end_set(double second, CauseId by = kFirst) { world.at(second, EndSetWorkers{kMain, by}); }
  WorkerCounts workers(double second) {
    world.run(second);
    return world.workers();
  }
  std::uint32_t present(double second) { return workers(second).present(); }
  std::uint32_t lost(double second) { return workers(second).down; }
  World world;
  WorkspaceId a = world.workspace();
};

// ---- lost workers

TEST_F(Rule12Target, LostWorkersLeaveFirstWhenTheTargetFalls) {
  pool().count = 10;
  pool().schedule = {{Time::from_seconds(2), 7}, {Time::from_seconds(3), 3}};
  lose(1, 5);
  restore(4, 5);
  EXPECT_EQ(present(1), 5u);
  EXPECT_EQ(present(2), 5u);
  EXPECT_EQ(lost(2), 2u);
  EXPECT_EQ(present(3), 3u);
  EXPECT_EQ(lost(3), 0u);
  EXPECT_EQ(present(4), 3u) << "they have left";
}

TEST_F(Rule12Target, AmongTheLostTheLastOnesLeaveFirst) {
  pool().count = 6;
  pool().schedule = {{Time::from_seconds(3), 4}};
  lose(1, 2, kFirst);
  lose(2, 2, kSecond);
  restore(4, 2, kSecond);
  restore(5, 2, kFirst);
  EXPECT_EQ(lost(3), 2u);
  EXPECT_EQ(present(4), 2u);
  EXPECT_EQ(present(5), 4u);
}

TEST_F(Rule12Target, ALostWorkerWhoseTargetFellWhileAllWereBusyLeavesAtOnce) {
  pool().count = 3;
  pool().schedule = {{Time::from_seconds(1), 1}};
  world.submit_each(0, {"1", "2", "3"}, {.workspace = a, .seconds = 10});
  lose(2, 2);
  restore(5, 2);
  EXPECT_EQ(present(1), 3u);
  EXPECT_EQ(present(2), 1u);
  EXPECT_EQ(lost(2), 0u);
  EXPECT_EQ(present(5), 1u);
}

TEST_F(Rule12Target, WhoTookNothingGivesNothingBack) {
  pool().count = 3;
  lose(0, 3, kFirst);
  lose(10, 3, kSecond);
  restore(20, 3, kSecond);
  world.submit_each(25, {"1", "2"}, {.workspace = a, .seconds = 5});
  restore(60, 3, kFirst);
  world.run();
  EXPECT_EQ(world.dispatched_at("1"), 60);
  EXPECT_EQ(world.dispatched_at("2"), 60);
}

TEST_F(Rule12Target, WhatASecondLossTookComesBackWithIt) {
  pool().count = 5;
  lose(0, 3, kFirst);
  lose(1, 4, kSecond);
  restore(2, 3, kFirst);
  restore(3, 4, kSecond);
  EXPECT_EQ(present(1), 0u);
  EXPECT_EQ(present(2), 3u);
  EXPECT_EQ(present(3), 5u);
}

TEST_F(Rule12Target, ALostWorkerComesBackIdleWithoutStartUp) {
  pool().start_up = Distribution::constant(30);
  lose(1, 1);
  world.submit(2, "1", {.workspace = a});
  restore(5, 1);
  EXPECT_EQ(workers(1).starting, 0u) << "nobody takes its place";
  world.run();
  EXPECT_EQ(world.dispatched_at("1"), 5);
}

TEST_F(Rule12Target, ARepairedWorkerComesBackIdleWithoutStartUp) {
  pool().count = 40;
  pool().start_up = Distribution::constant(1e6);
  pool().failures = WorkerFailureConfig{10_s, Distribution::constant(1)};
  EXPECT_GT(present(400), 20u);
  EXPECT_EQ(world.workers().starting, 0u);
}

TEST_F(Rule12Target, WorkersThatStartUpCanBeLost) {
  pool().count = 0;
  pool().start_up = Distribution::constant(10);
  set(0, 3);
  lose(1, 3);
  restore(2, 3);
  EXPECT_EQ(workers(0).starting, 3u);
  EXPECT_EQ(lost(1), 3u);
  EXPECT_EQ(workers(2).idle, 3u);
  EXPECT_EQ(present(20), 3u) << "what they had begun is void";
}

// ---- several hands

TEST_F(Rule12Target, WhatIsSetOverridesTheScheduleWhichGoesOnUnderneath) {
  pool().count = 2;
  pool().schedule = {{Time::from_seconds(20), 3}};
  set(10, 0);
  end_set(60);
  EXPECT_EQ(present(10), 0u);
  EXPECT_EQ(present(20), 0u);
  EXPECT_EQ(present(60), 3u);
}

TEST_F(Rule12Target, TheOneThatBeganLastAndStillHoldsCounts) {
  pool().count = 1;
  set(10, 5, kFirst);
  set(20, 2, kSecond);
  set(25, 3, kByHand);
  end_set(30, kSecond);
  end_set(40, kByHand);
  end_set(50, kFirst);
  EXPECT_EQ(present(10), 5u);
  EXPECT_EQ(present(20), 2u);
  EXPECT_EQ(present(25), 3u);
  EXPECT_EQ(present(30), 3u);
  EXPECT_EQ(present(40), 5u);
  EXPECT_EQ(present(50), 1u);
}

TEST_F(Rule12Target, ASecondNumberByTheSameHandTakesThePlaceOfTheFirst) {
  set(10, 5, kByHand);
  set(20, 7, kFirst);
  set(30, 2, kByHand);
  end_set(40, kByHand);
  EXPECT_EQ(present(30), 2u);
  EXPECT_EQ(present(40), 7u);
}

// ---- autoscaling

struct Rule12Autoscaling : Rule12Target {
  Rule12Autoscaling() { pool().autoscaling = AutoscalingConfig{0, 10, 1, 30_s, {}, 300_s}; }
};

TEST_F(Rule12Autoscaling, LostWorkersAreMadeUpForAtTheNextLook) {
  pool().count = 5;
  world.submit_each(0, {"1", "2", "3", "4", "5"}, {.workspace = a, .seconds = 600});
  lose(61, 5);
  restore(3660, 5);
  EXPECT_EQ(present(61), 0u);
  EXPECT_EQ(workers(90).running, 5u);
  world.run(800);
  for (const char* name : {"1", "2", "3", "4", "5"}) {
    EXPECT_EQ(world.dispatched_at(name), 90);
    EXPECT_NE(world.story(name).find("succeeded 690"), std::string::npos);
  }
  EXPECT_EQ(present(3600), 0u);
  EXPECT_EQ(lost(3600), 5u);
  EXPECT_EQ(present(3660), 0u) << "the target lacks none";
  EXPECT_EQ(lost(3660), 0u);
}

TEST_F(Rule12Autoscaling, ALostWorkerComesBackIfTheTargetLacksOneThen) {
  pool().count = 5;
  world.submit_each(0, {"1", "2", "3", "4", "5"}, {.workspace = a, .seconds = 600});
  lose(61, 5);
  restore(70, 3);
  EXPECT_EQ(workers(70).running, 3u);
  EXPECT_EQ(workers(90).running, 5u);
}

TEST_F(Rule12Autoscaling, NoMoreThanMaxArePresent) {
  pool().count = 4;
  pool().autoscaling->max = 4;
  pool().cool_down = Distribution::constant(1000);
  world.submit_each(0, {"1", "2"}, {.workspace = a, .seconds = 20});
  lose(1, 1);
  restore(40, 1);
  world.submit_each(35, {"3", "4", "5"}, {.workspace = a, .seconds = 100});
  EXPECT_EQ(present(30), 4u) << "two cool down, one was lost and made up for";
  EXPECT_EQ(workers(30).cooling, 2u);
  EXPECT_EQ(present(40), 4u) << "no room for the lost one";
  EXPECT_EQ(lost(40), 0u);
}

TEST_F(Rule12Autoscaling, AWorkerThatCoolsDownIsMadeUpForAndLeaves) {
  pool().count = 1;
  pool().cool_down = Distribution::constant(600);
  world.submit(0, "1", {.workspace = a, .seconds = 60});
  world.submit(120, "2", {.workspace = a, .seconds = 600});
  EXPECT_EQ(present(59), 1u);
  EXPECT_EQ(present(60), 2u) << "the look at 60 s finds the only one cooling";
  world.run(661);
  EXPECT_EQ(world.dispatched_at("2"), 120);
  EXPECT_EQ(present(661), 1u) << "it has been made up for";
}

TEST_F(Rule12Autoscaling, AWorkerThatThePolicyKeepsIsMadeUpFor) {
  pool().autoscaling = AutoscalingConfig{1, 6, 1, 30_s, {}, 300_s};
  world.main().dispatch.kind = DispatchPolicyKind::reserved;
  world.main().dispatch.reserved = {0, 0, 1};
  world.submit(60, "high", {.workspace = a, .level = HIGH, .seconds = 70});
  world.submit(95, "low", {.workspace = a, .level = LOW, .seconds = 70});
  world.run();
  EXPECT_EQ(world.dispatched_at("high"), 90);
  EXPECT_EQ(world.dispatched_at("low"), 95);
}

TEST_F(Rule12Autoscaling, AnIdleWorkerThatSomebodyMayHaveIsNotMadeUpFor) {
  pool().autoscaling = AutoscalingConfig{1, 6, 1, 30_s, {}, 300_s};
  world.main().dispatch.kind = DispatchPolicyKind::reserved;
  world.main().dispatch.reserved = {0, 0, 1};
  world.at(0, Pause{kMain});
  world.submit(10, "high", {.workspace = a, .level = HIGH});
  EXPECT_EQ(present(30), 2u) << "kept from HIGH";
  world.submit(40, "low", {.workspace = a, .level = LOW});
  EXPECT_EQ(present(60), 2u) << "two wait, LOW may have either";
}

TEST_F(Rule12Autoscaling, WhatIsSetOverridesTheAutoscalerWhichGoesOnUnderneath) {
  pool().count = 2;
  pool().autoscaling->min = 2;
  set(541, 0);
  for (int i = 0; i < 5; ++i)
    world.submit(550 + i, std::to_string(i), {.workspace = a, .seconds = 60});
  end_set(2341);
  EXPECT_EQ(present(541), 0u);
  EXPECT_EQ(present(2340), 0u);
  world.run(5000);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(world.dispatched_at(std::to_string(i)), 2341);
}

TEST_F(Rule12Autoscaling, NobodyIsMadeUpForWhileANumberIsSet) {
  pool().count = 2;
  pool().autoscaling->min = 2;
  set(5, 6);
  lose(10, 4);
  restore(100, 4);
  EXPECT_EQ(present(5), 6u);
  EXPECT_EQ(present(95), 2u);
  EXPECT_EQ(present(100), 6u);
}

TEST_F(Rule12Autoscaling, ANumberThatIsSetDoesNotCountTheLost) {
  pool().count = 5;
  pool().autoscaling->min = 5;
  lose(10, 3);
  set(40, 8);
  restore(50, 3);
  EXPECT_EQ(present(30), 5u) << "made up for";
  EXPECT_EQ(present(40), 8u);
  EXPECT_EQ(present(50), 8u) << "the target lacks none";
}

}  // namespace
}  // namespace sluice::test
