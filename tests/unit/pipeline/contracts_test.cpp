// What callers owe to a pipeline, and what it owes to itself: kept in release builds too.
#include <gtest/gtest.h>

#include "base/check.hpp"
#include "pipeline/event_queue.hpp"
#include "pipeline/observer_list.hpp"
#include "pipeline/pipeline.hpp"

namespace sluice::test {
namespace {

PipelineConfig one_of_each() {
  PipelineConfig config;
  config.groups.resize(1);
  config.workspaces.resize(1);
  config.workspaces[0].group = GroupId{0};
  config.workflows.resize(1);
  config.workflows[0].time = Distribution::constant(10);
  return config;
}

class PipelineContractsDeathTest : public ::testing::Test {
 protected:
  static RunRequest request() {
    RunRequest request;
    request.workspace = WorkspaceId{0};
    request.workflow = WorkflowId{0};
    return request;
  }

  PipelineConfig with = one_of_each();
  EventQueue events;
  ObserverList nobody;
  Pipeline pipeline{with, 1, events, nobody};
};

TEST_F(PipelineContractsDeathTest, ARequestFitsItsConfiguration) {
  RunRequest of_nobody = request();
  of_nobody.workspace = WorkspaceId{1};
  EXPECT_DEATH(pipeline.submit(Time::zero(), of_nobody), "a workspace and a workflow of the conf");
  RunRequest needy = request();
  needy.need_count = 1;
  EXPECT_DEATH(pipeline.submit(Time::zero(), needy), "one need for each alias");
  RunRequest planned = request();
  planned.fixed_outcome = FixedOutcome::planned;
  EXPECT_DEATH(pipeline.submit(Time::zero(), planned), "there is a planner");
}

TEST_F(PipelineContractsDeathTest, ACommandNamesWhatThereIs) {
  EXPECT_DEATH(pipeline.apply(Time::zero(), Pause{GroupId{1}}), "there is such a group");
  EXPECT_DEATH(pipeline.apply(Time::zero(), Pause{WorkflowId{1}}), "there is such a workflow");
  EXPECT_DEATH(pipeline.apply(Time::zero(), Resume{CredentialId{0}}), "there is such a credential");
  EXPECT_DEATH(pipeline.apply(Time::zero(), SetApiErrorRate{1.5}), "a rate of errors is from 0");
  EXPECT_DEATH(pipeline.apply(Time::zero(), SetFailureFactor{{0}, -1}), "is at least 0");
}

TEST_F(PipelineContractsDeathTest, AnEventOfItsDriverIsNotItsOwn) {
  ScheduledEvent foreign;
  foreign.event.kind = kPipelineEventKinds;
  EXPECT_DEATH(pipeline.handle(Time::zero(), foreign), "one of the pipeline's own");
}

/// The end of an attempt that has not begun: what is said names time, run and seed.
TEST_F(PipelineContractsDeathTest, ABrokenInvariantIsToldWithTimeRunAndSeed) {
  const ScopedCheckSeed seed(42, 3);
  pipeline.submit(Time::zero(), request());
  const Answer second = pipeline.submit(Time::zero(), request());
  const ScheduledEvent forged{Time::from_seconds(1.5),
                              EventClass::completion,
                              {0, second.slot.value, pipeline.run(second.slot).generation}};
  EXPECT_DEATH(pipeline.handle(forged.time, forged),
               "simulated time 1\\.500000000 s, run 1, seed 42, replication 3");
}

}  // namespace
}  // namespace sluice::test
