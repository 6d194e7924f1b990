// Rule 12: start-up, cool-down, schedules, lost workers, deploys, autoscaling.
#include <gtest/gtest.h>

#include "tests/unit/pipeline/pipeline_world.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;

struct Rule12Workers : ::testing::Test {
  WorkerPoolConfig& pool() { return world.main().workers; }
  World world;
  WorkspaceId a = world.workspace();
};

TEST_F(Rule12Workers, AWorkerThatIsAddedStartsUpFirst) {
  pool().start_up = Distribution::constant(3);
  world.submit_each(0, {"1", "2"}, {.workspace = a, .seconds = 100});
  world.at(10, SetWorkers{{0}, 2});
  world.run(12);
  EXPECT_EQ(world.workers().starting, 1u);
  world.run();
  EXPECT_EQ(world.dispatched_at("2"), 13);
}

TEST_F(Rule12Workers, AWorkerCoolsDownBetweenRuns) {
  pool().cool_down = Distribution::constant(2);
  world.submit_each(0, {"1", "2"}, {.workspace = a});
  world.run();
  EXPECT_EQ(world.dispatched_at("2"), 3);
}

TEST_F(Rule12Workers, APoolFollowsItsSchedule) {
  pool().count = 0;
  pool().schedule = {{Time::from_seconds(5), 2}, {Time::from_seconds(8), 0}};
  world.submit_each(0, {"1", "2", "3", "4"}, {.workspace = a, .seconds = 4});
  world.run();
  EXPECT_EQ(world.dispatched_at("1"), 5);
  EXPECT_EQ(world.dispatched_at("2"), 5);
  EXPECT_EQ(world.dispatched_at("3"), -1) << "both workers leave after their runs";
  EXPECT_EQ(world.workers().present(), 0u);
}

TEST_F(Rule12Workers, ARunOnALostWorkerIsRequeuedWithoutCountingAsARetry) {
  world.submit(0, "1", {.workspace = a, .seconds = 5});
  world.at(2, LoseWorkers{{0}, 1});
  world.at(10, RestoreWorkers{{0}, 1});
  world.run(5);
  EXPECT_EQ(world.workers().down, 1u);
  world.run();
  EXPECT_EQ(world.story("1"),
            "accepted 0, dispatched 0, requeued 2, rejoined 2, dispatched 10, succeeded 15");
}

TEST_F(Rule12Workers, ADeployRestartsEveryWorker) {
  pool().count = 2;
  pool().start_up = Distribution::constant(3);
  world.submit(0, "1", {.workspace = a, .seconds = 5});
  world.at(2, RestartWorkers{{0}});
  world.run(2);
  EXPECT_EQ(world.workers().starting, 2u);
  world.run();
  EXPECT_EQ(world.dispatched_at("1"), 5);
}

TEST_F(Rule12Workers, AutoscalingFollowsALastingBacklogWithinItsBounds) {
  AutoscalingConfig scaling;
  scaling.min = 1;
  scaling.max = 3;
  scaling.target_backlog = 1;
  scaling.every = Duration::from_seconds(1);
  scaling.scale_up_delay = Duration::from_seconds(2);
  scaling.scale_down_delay = Duration::from_seconds(5);
  pool().autoscaling = scaling;
  for (int i = 0; i < 8; ++i) world.submit(0, std::to_string(i), {.workspace = a, .seconds = 10});
  world.run(1);
  EXPECT_EQ(world.workers().present(), 1u);
  world.run(9);
  EXPECT_EQ(world.workers().present(), 3u);
  world.run(200);
  EXPECT_EQ(world.workers().present(), 1u);
}

TEST_F(Rule12Workers, WorkersFailByThemselvesAndComeBack) {
  pool().count = 5;
  pool().failures = WorkerFailureConfig{Duration::from_seconds(50), Distribution::constant(5)};
  for (int i = 0; i < 20; ++i) world.submit(0, std::to_string(i), {.workspace = a, .seconds = 20});
  world.run(500);
  int requeues = 0;
  for (int i = 0; i < 20; ++i) {
    const std::string story = world.story(std::to_string(i));
    EXPECT_NE(story.find("succeeded"), std::string::npos) << story;
    requeues += story.find("requeued") != std::string::npos;
  }
  EXPECT_GT(requeues, 0);
}

}  // namespace
}  // namespace sluice::test
