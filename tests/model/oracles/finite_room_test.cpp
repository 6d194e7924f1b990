// Runs that the queue loses: arrivals that find no room (M/M/c/K) and submitters who do not wait
// for ever (Erlang-A).
//
// A scenario has no limit of runs in the system, so for that the real submitters and the real
// pipeline are driven here by a target that refuses.
#include <gtest/gtest.h>

#include <memory>

#include "base/random/random.hpp"
#include "pipeline/observer_list.hpp"
#include "pipeline/pipeline.hpp"
#include "reports/runs/run_listener.hpp"
#include "sim/event_kinds.hpp"
#include "sim/submitters/submitter.hpp"
#include "tests/model/invariants/invariants_observer.hpp"
#include "tests/model/oracles/oracle.hpp"

namespace sluice::test {
namespace {

constexpr std::uint32_t kRoomForAll = UINT32_MAX;

/// One replication of a scenario with room for so many runs in the system.
class LossyReplication final : private SubmissionTarget, private PipelineObserver {
 public:
  LossyReplication(const Scenario& scenario, std::uint32_t room, std::uint64_t seed)
      : room_(room),
        from_(Time::zero() + scenario.warm_up.length),
        end_(Time::zero() + scenario.duration),
        invariants_(scenario.pipeline, {.scan_every = 499}),
        observers_{this, &invariants_},
        pipeline_(scenario.pipeline, seed, events_, observers_),
        submitters_(scenario, SimulationSeeds{seed, seed}, *this, events_) {}

  void run() {
    submitters_.start(end_);
    while (events_.next_time() <= end_) {
      const Time now = events_.next_time();
      while (events_.next_time() == now) handle(now, events_.pop());
      pipeline_.dispatch(now);
    }
    EXPECT_EQ(invariants_.violations(), "");
  }

  double share_refused() const { return refused_ / submitted_; }
  double mean_wait() const { return waited_s_ / dispatched_; }

 private:
  void handle(Time now, const ScheduledEvent& scheduled) {
    const Event& event = scheduled.event;
    if (event.kind < kPipelineEventKinds) return pipeline_.handle(now, scheduled);
    submitters_.handle(now, event);
  }

  Need pool_need(WorkspaceId workspace, WorkflowId workflow, std::size_t alias,
                 std::span<const CredentialId> members) override {
    return pipeline_.pool_need(workspace, workflow, alias, members);
  }
  std::optional<Answer> submit(Time now, const RunRequest& request) override {
    if (now >= from_) ++submitted_;
    if (present_ < room_) return pipeline_.submit(now, request);
    if (now >= from_) ++refused_;
    Answer refusal;
    refusal.status = Answer::Status::server_error;
    refusal.answered_at = now;
    return refusal;
  }
  void give_up(Time, const RunRequest&) override {}

  void accepted(Time, const Run&) override { ++present_; }
  void dispatched(Time now, const Run& run) override {
    if (run.accepted < from_) return;
    ++dispatched_;
    waited_s_ += (now - run.accepted).seconds();
  }
  void ended(Time, const Run&, Outcome, EndReason) override { --present_; }

  std::uint32_t room_;
  Time from_, end_;
  std::uint32_t present_ = 0;
  double submitted_ = 0, refused_ = 0, dispatched_ = 0, waited_s_ = 0;

  EventQueue events_;
  invariants::InvariantsObserver invariants_;
  ObserverList observers_;
  Pipeline pipeline_;
  Submitters submitters_;
};

/// What each replication gave.
struct LostAndWaited {
  std::vector<double> refused, waits_s;
};

LostAndWaited simulate_with(std::uint32_t room, const Scenario& scenario) {
  LostAndWaited all;
  for (std::uint32_t i = 0; i < *scenario.replications; ++i) {
    LossyReplication one(scenario, room, replication_seed(scenario.seed, i));
    one.run();
    all.refused.push_back(one.share_refused());
    all.waits_s.push_back(one.mean_wait());
  }
  return all;
}

struct CancelledOfAll {
  double submitted = 0, cancelled = 0;
};

/// Of the runs that are submitted from `from` on.
class ShareCancelled final : public RunListener {
 public:
  ShareCancelled(CancelledOfAll& shares, Time from) : shares_(shares), from_(from) {}
  void accepted(Time now, const Run&) override { shares_.submitted += now >= from_; }
  void ended(Time, const Run& run, Outcome, EndReason reason) override {
    shares_.cancelled += reason == EndReason::cancelled && run.accepted >= from_;
  }

 private:
  CancelledOfAll& shares_;
  Time from_;
};

TEST(FiniteRoomSlowTest, MMcKOfFiveWorkersAndRoomForFifteen) {
  const LostAndWaited found =
      simulate_with(15, poisson_scenario(4.5, 5, Distribution::exponential(1), {200, 20'000}));
  EXPECT_TRUE(covers(found.refused, 0.03494904904, 0.05));
  EXPECT_TRUE(covers(found.waits_s, 0.6286672354, 0.03));
  // Room for one more or one less would be noticed.
  for (const std::uint32_t other : {14u, 16u}) {
    EXPECT_FALSE(covers(found.refused, finite_room(5, 4.5, 1, other).refused, 0.05)) << other;
    EXPECT_FALSE(covers(found.waits_s, finite_room(5, 4.5, 1, other).wait, 0.03)) << other;
  }
}

/// Without a limit nothing is refused, and the wait is Erlang's: what refuses is the room alone.
TEST(FiniteRoomSlowTest, WithRoomForAllItIsMM5) {
  const LostAndWaited found = simulate_with(
      kRoomForAll, poisson_scenario(4.5, 5, Distribution::exponential(1), {1'000, 40'000}));
  EXPECT_EQ(found.refused, std::vector<double>(found.refused.size()));
  EXPECT_TRUE(covers(found.waits_s, mmc_wait(5, 4.5, 1), 0.06));
}

/// Erlang-A: as many arrivals as ten workers can serve, of whom each waits 2 s on average.
TEST(FiniteRoomSlowTest, ImpatientSubmitters) {
  Scenario scenario = poisson_scenario(10, 10, Distribution::exponential(1), {100, 10'000});
  scenario.submitters.front().patience = Distribution::exponential(2);
  std::vector<CancelledOfAll> found;
  run_oracle(scenario, listen<ShareCancelled>(found, *scenario.replications,
                                              Time::zero() + scenario.warm_up.length));
  std::vector<double> cancelled;
  for (const CancelledOfAll& shares : found)
    cancelled.push_back(shares.cancelled / shares.submitted);
  EXPECT_TRUE(covers(cancelled, 0.1039132123, 0.03));
  EXPECT_NEAR(share_abandoning(10, 10, 1, 2), 0.1039132123, 1e-9);
  EXPECT_FALSE(covers(cancelled, share_abandoning(10, 10, 1, 2.5), 0.03));
}

}  // namespace
}  // namespace sluice::test
