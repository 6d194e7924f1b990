// A simulation seen from outside: what the API does not tell is not seen.
#include "load/prediction/outside_view.hpp"

#include <gtest/gtest.h>

#include "sim/simulation.hpp"
#include "tests/unit/load/prediction/measured.hpp"

namespace sluice::test {
namespace {

/// Counts the transitions of both kinds.
struct Counts : PipelineObserver {
  int accepted_runs = 0, dispatches = 0, requeues = 0, rejoins = 0, ends = 0, hidden = 0;
  bool delayed = false;

  void accepted(Time, const Run&) override { ++accepted_runs; }
  void dispatched(Time, const Run&) override { ++dispatches; }
  void requeued(Time, const Run&, RequeueCause, Duration delay) override {
    ++requeues;
    delayed |= delay.ns > 0;
  }
  void rejoined(Time, const Run&) override { ++rejoins; }
  void ended(Time, const Run&, Outcome, EndReason) override { ++ends; }
  void parked(Time, const Run&, const Blocker&) override { ++hidden; }
  void woken(Time, const Run&) override { ++hidden; }
  void holding(Time, const Run&, const Blocker&) override { ++hidden; }
  void login_ended(Time, const Run&, CredentialId, bool) override { ++hidden; }
  void workers_changed(Time, GroupId, const WorkerCounts&) override { ++hidden; }
};

Counts counts_of(const Scenario& scenario, bool from_outside) {
  Counts counts;
  OutsideView outside(counts);
  PipelineObserver& observer = from_outside ? static_cast<PipelineObserver&>(outside) : counts;
  Simulation(scenario, std::uint64_t{1}, observer).run();
  return counts;
}

TEST(OutsideView, ShowsTheLifeOfRunsAndNotWhatHeldThem) {
  const Counts inside = counts_of(office(), false), outside = counts_of(office(), true);
  EXPECT_GT(inside.hidden, 100);
  EXPECT_EQ(outside.hidden, 0);
  EXPECT_EQ(outside.accepted_runs, inside.accepted_runs);
  EXPECT_EQ(outside.dispatches, inside.dispatches);
  EXPECT_EQ(outside.ends, inside.ends);
}

TEST(OutsideView, ARequeuedRunWaitsAgainAfterItsDelay) {
  const Counts inside = counts_of(office(), false), outside = counts_of(office(), true);
  ASSERT_GT(inside.requeues, 5);
  EXPECT_TRUE(inside.delayed);
  EXPECT_EQ(outside.requeues, inside.requeues);
  EXPECT_EQ(outside.rejoins, inside.rejoins);
  EXPECT_TRUE(outside.delayed);
}

TEST(OutsideView, ARunThatLostTheWorkerItWaitedInHadNotStarted) {
  Scenario scenario = office();
  scenario.pipeline.groups[0].when_credential_busy = WhenCredentialBusy::hold_worker;
  scenario.pipeline.groups[0].workers.failures =
      WorkerFailureConfig{Duration{300'000'000'000}, Distribution::constant(1)};
  const Counts inside = counts_of(scenario, false), outside = counts_of(scenario, true);
  EXPECT_LT(outside.requeues, inside.requeues) << "some were lost while they held a worker";
  EXPECT_EQ(outside.rejoins, outside.requeues);
}

}  // namespace
}  // namespace sluice::test
