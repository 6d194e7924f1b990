// fair_share and share_limit: how many workers two workspaces have that always have runs waiting.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <vector>

#include "base/random/distribution.hpp"
#include "base/time.hpp"
#include "pipeline/pipeline.hpp"
#include "tests/unit/pipeline/pipeline_world.hpp"

namespace sluice {
namespace {

using test::World;

constexpr std::uint32_t kWorkers = 50;

/// Workspaces whose runs take as long as their own workflow says, and that always have runs
/// waiting from a time on.
class Backlogged : private PipelineObserver {
 public:
  explicit Backlogged(const DispatchConfig& dispatch) {
    config_.groups.push_back({.name = "main", .dispatch = dispatch});
    config_.groups[0].workers.count = kWorkers;
    config_.api.rate_limits.clear();
  }

  void add(Distribution time, double from = 0) {
    config_.workspaces.push_back({"workspace", GroupId::at(0)});
    config_.workflows.push_back({.name = "task", .time = std::move(time)});
    from_.push_back(Time::from_seconds(from));
    waiting_.push_back(0);
    has_.push_back(0);
    worker_time_.push_back(0);
  }

  /// Workers that each had on average, from `begin` to `end` in seconds.
  std::vector<double> workers_between(double begin, double end) {
    Pipeline pipeline(config_, 7, events_, *this);
    begin_ = Time::from_seconds(begin);
    const Time last = Time::from_seconds(end);
    Time now;
    do {
      submit_what_lacks(pipeline, now);
      pipeline.dispatch(now);
      idle_ |= now >= begin_ && pipeline.workers(GroupId::at(0)).idle > 0;
      if (events_.empty() || events_.next_time() > last) break;
      charge(now, events_.next_time());
      now = events_.next_time();
      while (!events_.empty() && events_.next_time() == now) pipeline.handle(now, events_.pop());
    } while (true);
    charge(now, last);
    for (double& had : worker_time_) had /= end - begin;
    return worker_time_;
  }
  bool any_idle() const { return idle_; }

 private:
  void submit_what_lacks(Pipeline& pipeline, Time now) {
    for (std::uint32_t w = 0; w < config_.workspaces.size(); ++w) {
      while (now >= from_[w] && waiting_[w] <= kWorkers) {
        RunRequest request;
        request.workspace = WorkspaceId{w};
        request.workflow = WorkflowId{w};
        request.draw_key = stream_key(request.draw_key + submitted_, w);
        request.index = submitted_++;
        pipeline.submit(now, request);
      }
    }
  }
  void charge(Time from, Time to) {
    from = std::max(from, begin_);
    for (std::size_t w = 0; w < has_.size(); ++w)
      if (to > from) worker_time_[w] += has_[w] * (to - from).seconds();
  }

  void arrived(Time, const Run& run, const Answer&) override {
    ++waiting_[run.request.workspace.index()];
  }
  void dispatched(Time, const Run& run) override {
    --waiting_[run.request.workspace.index()];
    ++has_[run.request.workspace.index()];
  }
  void ended(Time, const Run& run, Outcome, EndReason) override {
    --has_[run.request.workspace.index()];
  }

  PipelineConfig config_;
  EventQueue events_;
  Time begin_;
  std::uint64_t submitted_ = 0;
  std::vector<Time> from_;
  std::vector<std::uint32_t> waiting_;
  std::vector<int> has_;
  std::vector<double> worker_time_;
  bool idle_ = false;
};

DispatchConfig fair_share(const std::vector<WorkspaceWeight>& weights = {}) {
  DispatchConfig dispatch;
  dispatch.kind = DispatchPolicyKind::fair_share;
  dispatch.share_weights = weights;
  return dispatch;
}

DispatchConfig share_limit(std::uint32_t percent) {
  DispatchConfig dispatch;
  dispatch.kind = DispatchPolicyKind::share_limit;
  dispatch.share_millionths = percent * 10'000;
  return dispatch;
}

void expect_shares(Backlogged& pool, double begin, double end, const std::vector<double>& shares) {
  const std::vector<double> workers = pool.workers_between(begin, end);
  ASSERT_EQ(workers.size(), shares.size());
  for (std::size_t w = 0; w < shares.size(); ++w) EXPECT_NEAR(workers[w], shares[w], 0.5);
  EXPECT_FALSE(pool.any_idle());
}

void expect_shares_of_long_and_short_runs(const DispatchConfig& dispatch,
                                          const std::vector<double>& shares) {
  Backlogged constant(dispatch);
  constant.add(Distribution::constant(34));
  constant.add(Distribution::constant(1));
  expect_shares(constant, 0, 3400, shares);
  Backlogged drawn(dispatch);
  drawn.add(Distribution::exponential(34));
  drawn.add(Distribution::exponential(1));
  expect_shares(drawn, 500, 6500, shares);
}

TEST(Shares, TurnsGiveLongRunsNearlyAllWorkers) {
  Backlogged pool(DispatchConfig{});
  pool.add(Distribution::constant(34));
  pool.add(Distribution::constant(1));
  EXPECT_GT(pool.workers_between(340, 680)[0], 45);
}

TEST(FairShare, LongAndShortRunsHaveTheSameWorkers) {
  expect_shares_of_long_and_short_runs(fair_share(), {25, 25});
}

TEST(FairShare, WorkersFollowTheWeights) {
  expect_shares_of_long_and_short_runs(fair_share({{WorkspaceId{0}, 3}}), {37.5, 12.5});
  expect_shares_of_long_and_short_runs(fair_share({{WorkspaceId{1}, 3}}), {12.5, 37.5});
}

TEST(FairShare, OneAloneHasAllWorkers) {
  Backlogged pool(fair_share({{WorkspaceId{0}, 3}}));
  pool.add(Distribution::constant(34), 1e9);
  pool.add(Distribution::constant(1));
  expect_shares(pool, 0, 100, {0, 50});
}

TEST(FairShare, NobodyHasACreditForTheTimeInWhichItWasIdle) {
  Backlogged pool(fair_share());
  pool.add(Distribution::constant(34), 1000);
  pool.add(Distribution::constant(1));
  expect_shares(pool, 1000, 1068, {25, 25});
}

TEST(FairShare, NobodyPaysForWhatItHadAloneInTheLongRun) {
  Backlogged pool(fair_share());
  pool.add(Distribution::constant(34));
  pool.add(Distribution::constant(1), 1000);
  expect_shares(pool, 1020, 2040, {25, 25});
}

TEST(FairShare, ThreeShareByWhatTheyTook) {
  Backlogged pool(fair_share({{WorkspaceId{2}, 3}}));
  pool.add(Distribution::exponential(100));
  pool.add(Distribution::exponential(1));
  pool.add(Distribution::exponential(10));
  expect_shares(pool, 500, 12'500, {10, 10, 30});
}

TEST(ShareLimit, HalfOfTheWorkersForEachOfTwo) {
  expect_shares_of_long_and_short_runs(share_limit(50), {25, 25});
}

TEST(ShareLimit, WhatOneMayNotHaveIsTheOthers) {
  Backlogged pool(share_limit(20));
  pool.add(Distribution::exponential(34));
  pool.add(Distribution::exponential(1), 1e9);
  expect_shares(pool, 0, 100, {50, 0});
}

TEST(ShareLimit, OneAloneHasAllWorkersAndGivesThemBackAsItsRunsEnd) {
  Backlogged pool(share_limit(50));
  pool.add(Distribution::constant(34));
  pool.add(Distribution::constant(1), 10);
  expect_shares(pool, 34, 374, {25, 25});
}

// ---- one worker or two, by hand

struct ByHand : testing::Test {
  World world;
  WorkspaceId other = (world.workspace(), world.workspace());

  void given(std::uint32_t workers, const DispatchConfig& dispatch) {
    world.main().workers.count = workers;
    world.main().dispatch = dispatch;
  }
  static test::Ask run_of(WorkspaceId workspace, double seconds) {
    test::Ask ask;
    ask.workspace = workspace;
    ask.seconds = seconds;
    return ask;
  }
  void submit_at_the_start(double seconds_of_a) {
    world.submit_each(0, {"a1", "a2"}, run_of(WorkspaceId{0}, seconds_of_a));
    world.submit_each(0, {"b1", "b2", "b3", "b4", "b5"}, run_of(other, 1));
  }
};

TEST_F(ByHand, FourRunsOfOneSecondForOneOfFour) {
  given(1, fair_share());
  submit_at_the_start(4);
  world.run();
  EXPECT_EQ(world.dispatch_order(), "a1 b1 b2 b3 b4 a2 b5");
}

TEST_F(ByHand, ARunIsChargedWhileItRuns) {
  given(2, fair_share());
  submit_at_the_start(100);
  world.run(3);
  EXPECT_EQ(world.dispatch_order(), "a1 b1 b2 b3 b4");
}

TEST_F(ByHand, AnInterruptedRunIsChargedForWhatItTook) {
  given(1, fair_share());
  submit_at_the_start(4);
  world.interrupt(2, "a1");
  world.run();
  EXPECT_EQ(world.dispatch_order(), "a1 b1 b2 a2 b3 b4 b5");
}

TEST_F(ByHand, ARunThatLosesItsWorkerIsChargedForWhatItTook) {
  given(1, fair_share());
  submit_at_the_start(4);
  const CauseId cause{1};
  world.at(2, [&](Pipeline& p, Time now) { p.lose_workers(now, GroupId{0}, 1, cause); });
  world.at(10, [&](Pipeline& p, Time now) { p.restore_workers(now, GroupId{0}, 1, cause); });
  world.run();
  EXPECT_EQ(world.dispatch_order(), "a1 b1 b2 a2 b3 b4 b5 a1");
}

TEST_F(ByHand, ARunThatHoldsAWorkerIsChargedForIt) {
  given(2, fair_share());
  world.main().when_credential_busy = WhenCredentialBusy::hold_worker;
  const CredentialId login = world.credential(1);
  const WorkflowId with_login = world.workflow(1);
  test::Ask ask = run_of(WorkspaceId{0}, 4);
  ask.workflow = with_login;
  ask.needs = {login};
  world.submit_each(0, {"a1", "a2", "a3"}, ask);
  world.submit_each(1, {"b1", "b2", "b3", "b4", "b5", "b6", "b7", "b8", "b9", "b10", "b11", "b12"},
                    run_of(other, 1));
  world.run();
  // At 8 a1 has had 4, and a2 4 that it held and 4 that it ran. b began with the 2 that a had had
  // at 1, has had 4 more by then, and has both workers until it has had as much.
  EXPECT_EQ(world.dispatch_order(), "a1 a2 b1 b2 b3 b4 b5 b6 b7 b8 b9 b10 a3 b11 b12");
}

TEST_F(ByHand, WhatOneLevelHasIsNotChargedAtAnother) {
  given(1, fair_share());
  test::Ask high = run_of(WorkspaceId{0}, 10);
  high.level = PriorityLevel::HIGH;
  world.submit(0, "high", high);
  submit_at_the_start(1);
  world.run();
  EXPECT_EQ(world.dispatch_order(), "high a1 b1 a2 b2 b3 b4 b5");
}

TEST_F(ByHand, TheLimitHoldsWhileAnotherWorkspaceWaits) {
  given(4, share_limit(50));
  world.submit_each(0, {"a1", "a2", "a3", "a4"}, run_of(WorkspaceId{0}, 10));
  world.submit_each(0, {"b1"}, run_of(other, 1));
  world.submit_each(0.5, {"b2", "b3"}, run_of(other, 1));
  world.run();
  // Nobody else waited when a3 came; b2 waits for b1's worker, and a4 for b's last run.
  EXPECT_EQ(world.dispatch_order(), "a1 b1 a2 a3 b2 b3 a4");
}

TEST_F(ByHand, TheLimitFollowsThePresentWorkers) {
  given(4, share_limit(50));
  world.submit_each(0, {"a1", "a2", "a3", "a4"}, run_of(WorkspaceId{0}, 100));
  world.submit_each(0, {"b1", "b2", "b3"}, run_of(other, 100));
  world.at(1, [](Pipeline& p, Time now) { p.set_workers(now, GroupId{0}, 6, CauseId{1}); });
  world.run(50);
  EXPECT_EQ(world.dispatch_order(), "a1 b1 a2 b2 a3 b3");
}

}  // namespace
}  // namespace sluice
