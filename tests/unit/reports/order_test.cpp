// Who came before whom: inversions, bypass, fairness, and what workers did.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "reports/metrics/bypass.hpp"
#include "reports/metrics/fairness.hpp"
#include "reports/statistics.hpp"
#include "tests/unit/reports/recording.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;

TEST(Inversions, AHigherCandidateThatGoesOnWaitingIsOne) {
  Recording r(small_pipeline());
  r.accept(0, "low", LOW);
  r.accept(1, "high-1", HIGH);
  r.accept(1, "high-2", HIGH);
  r.dispatch(2, "low");
  r.dispatch(3, "high-1");
  r.dispatch(4, "high-2");
  const auto result = r.recorder.finish(at_s(10));
  EXPECT_EQ(r.value(result, Metric::inversions_pairs, Subject::of(LOW)), 2);
  EXPECT_EQ(r.value(result, Metric::inversions_dispatches, Subject::of(LOW)), 1);
  EXPECT_EQ(r.value(result, Metric::inversions_pairs, Subject::of(HIGH)), 0);
}

TEST(Inversions, DispatchesOfOneInstantAreNone) {
  Recording r(small_pipeline());
  r.accept(0, "low", LOW);
  r.accept(1, "high", HIGH);
  r.dispatch(2, "low");
  r.dispatch(2, "high");
  r.accept(5, "low-2", LOW);
  r.accept(6, "high-2", HIGH);
  r.dispatch(6, "low-2");  // a HIGH run of this very instant was not passed over yet
  r.dispatch(7, "high-2");
  EXPECT_EQ(r.value(r.recorder.finish(at_s(10)), Metric::inversions_pairs), 0);
}

TEST(Inversions, ABlockedRunIsNotPassedOver) {
  Recording r(small_pipeline(1, 1));
  r.accept(0, "high", HIGH, 0, {0});
  r.park(0, "high", BlockReason::credential_limit, 0);
  r.accept(1, "low", LOW);
  r.dispatch(2, "low");
  EXPECT_EQ(r.value(r.recorder.finish(at_s(10)), Metric::inversions_pairs), 0);
}

TEST(Bypass, CountsLaterRunsDispatchedBefore) {
  Recording r(small_pipeline());
  r.accept(0, "a", LOW);
  r.accept(1, "b", HIGH);
  r.serve(2, 3, "never-waits", HIGH);
  r.accept(4, "c", HIGH);
  r.dispatch(5, "b");  // passed by the one that never waited
  r.dispatch(6, "c");
  r.dispatch(7, "a");  // passed by all three
  const auto result = r.recorder.finish(at_s(10));
  EXPECT_EQ(r.value(result, Metric::bypass_max, Subject::of(LOW)), 3);
  EXPECT_EQ(r.value(result, Metric::bypass_max, Subject::of(HIGH)), 1);
  EXPECT_DOUBLE_EQ(r.value(result, Metric::bypass_mean, Subject::of(HIGH)), 1.0 / 3);
}

TEST(Bypass, ARunThatLeavesOtherwiseWasNotDispatchedBefore) {
  Recording r(small_pipeline());
  r.accept(0, "a", LOW);
  r.accept(1, "stopped", LOW);
  r.accept(2, "b", LOW);
  r.end(3, "stopped", Outcome::stopped);
  r.dispatch(4, "b");
  r.dispatch(5, "a");
  const auto result = r.recorder.finish(at_s(10));
  EXPECT_EQ(r.value(result, Metric::bypass_max), 1);
  EXPECT_EQ(r.value(result, Metric::wait_censored), 1) << "its wait never ended with a dispatch";
}

/// Against the definition by brute force, over random joins, dispatches and departures.
TEST(Bypass, AgreesWithTheDefinitionWhateverTheOrder) {
  std::mt19937_64 random(3);
  JoinOrder order;
  std::vector<JoinPlace> places(20'000);
  struct Joined {
    std::uint32_t slot;
    bool dispatched = false;
  };
  std::vector<Joined> joined;
  std::vector<std::size_t> waiting;  // indexes into joined
  std::uint32_t slots = 0;
  const auto place_of = [&](RunSlot s) -> JoinPlace& { return places[s.index()]; };
  for (int step = 0; step < 30'000; ++step) {
    if (waiting.empty() || (slots < places.size() && random() % 5 < 3)) {
      if (slots == places.size()) break;
      if (random() % 7 == 0) {
        order.pass();
        joined.push_back({UINT32_MAX, true});
      }
      order.join(RunSlot{slots}, place_of);
      waiting.push_back(joined.size());
      joined.push_back({slots++});
      continue;
    }
    // Mostly the newest: the old ones starve, and the bitmap has to be rebuilt.
    const std::size_t from = random() % 4 == 0 ? 0 : waiting.size() * 9 / 10;
    const std::size_t pick = from + random() % (waiting.size() - from);
    const std::size_t who = waiting[pick];
    waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(pick));
    if (random() % 10 == 0) {
      order.abandon(places[joined[who].slot]);
      continue;
    }
    std::uint32_t expected = 0;
    for (std::size_t i = who + 1; i < joined.size(); ++i) expected += joined[i].dispatched;
    ASSERT_EQ(order.dispatch(places[joined[who].slot]), expected) << "step " << step;
    joined[who].dispatched = true;
  }
  EXPECT_GT(joined.size(), 10'000U);
}

TEST(Fairness, WaterLevelSharesWhatSmallDemandsLeave) {
  EXPECT_DOUBLE_EQ(water_level({1, 8, 10}, 12), 5.5);
  EXPECT_DOUBLE_EQ(water_level({5, 5}, 6), 3);
  EXPECT_TRUE(std::isinf(water_level({1, 2}, 4)));
  EXPECT_TRUE(std::isinf(water_level({}, 4)));
}

TEST(Fairness, JainsIndex) {
  EXPECT_DOUBLE_EQ(FairShares::jain({1, 1, 1}), 1);
  EXPECT_DOUBLE_EQ(FairShares::jain({1, 0, 0, 0}), 0.25);
  EXPECT_DOUBLE_EQ(FairShares::jain({2, 1}), 0.9);
}

TEST(Fairness, AWorkspaceKeptOutIsShareStarvedAfterTheThreshold) {
  RecorderConfig config;
  config.starvation_threshold = {50_s, 50_s, 50_s};  // windows of 10 s
  Recording r(small_pipeline(2), config);
  r.workers(0, 2);
  for (const char* run : {"a1", "a2"}) r.accept(0, run, HIGH, 0), r.dispatch(0, run);
  r.accept(0, "a3", HIGH, 0);
  r.accept(0, "b", LOW, 1);
  for (const double now : {50.0, 70.0}) {
    const auto result = r.recorder.finish(at_s(now));
    EXPECT_EQ(r.value(result, Metric::fairness_share_starved), now > 50 ? 1 : 0) << now;
    EXPECT_EQ(
        r.value(result, Metric::fairness_share_starved_longest, Subject::of(WorkspaceId::at(1))),
        now);
    // Entitled to one worker each: x = 2 and 0.
    EXPECT_DOUBLE_EQ(r.value(result, Metric::fairness_jain), 0.5);
  }
}

TEST(Fairness, AlternatingServiceIsFair) {
  RecorderConfig config;
  config.starvation_threshold = {50_s, 50_s, 50_s};
  Recording r(small_pipeline(2), config);
  r.workers(0, 1);
  const auto run = [](int i) { return "run-" + std::to_string(i); };
  for (int i = 0; i < 200; ++i) r.accept(0, run(i), LOW, static_cast<std::size_t>(i % 2));
  for (int i = 0; i < 100; ++i) r.dispatch(i, run(i)), r.end(i + 1, run(i));
  const auto result = r.recorder.finish(at_s(100));
  EXPECT_DOUBLE_EQ(r.value(result, Metric::fairness_jain), 1);
  EXPECT_DOUBLE_EQ(r.value(result, Metric::fairness_jain_dispatches), 1);
  EXPECT_EQ(r.value(result, Metric::fairness_share_starved), 0);
}

TEST(Workers, SharesOfTheirTimeAddUpToOne) {
  Recording r(small_pipeline(1, 1));
  r.workers(0, 4);
  r.accept(10, "a", LOW), r.dispatch(10, "a");  // one of four from 10 to 50
  r.accept(20, "held", LOW, 0, {0});
  r.park(20, "held", BlockReason::credential_limit, 0);  // idle beside a blocked backlog until 30
  r.wake(30, "held");                                    // idle beside a candidate until 32
  r.dispatch(32, "held");
  r.end(50, "a");
  r.end(50, "held");
  r.workers(60, 4, 1, 1);
  const auto result = r.recorder.finish(at_s(100));
  EXPECT_DOUBLE_EQ(r.value(result, Metric::utilisation), (40.0 + 18) / 400);
  EXPECT_DOUBLE_EQ(r.value(result, Metric::idle_blocked), 3 * 10.0 / 400);
  EXPECT_DOUBLE_EQ(r.value(result, Metric::idle_backlogged), 3 * 2.0 / 400);
  EXPECT_DOUBLE_EQ(r.value(result, Metric::workers_starting), 2 * 40.0 / 400);
  EXPECT_EQ(r.value(result, Metric::work_conservation_loss), 2);
  double sum = 0;
  for (const Metric metric :
       {Metric::utilisation, Metric::workers_starting, Metric::workers_holding,
        Metric::idle_backlogged, Metric::idle_blocked, Metric::idle_empty})
    sum += r.value(result, metric);
  EXPECT_DOUBLE_EQ(sum, 1);
}

TEST(Credentials, UseLimitAndHeldRuns) {
  Recording r(small_pipeline(1, 1));
  r.workers(0, 4);
  r.accept(0, "a", LOW, 0, {0}), r.dispatch(0, "a");
  r.accept(5, "b", LOW, 0, {0});
  r.park(5, "b", BlockReason::credential_limit, 0);
  r.end(20, "a");
  r.wake(20, "b");
  r.dispatch(20, "b");
  r.end(50, "b");
  const auto result = r.recorder.finish(at_s(100));
  const Subject credential = Subject::of(CredentialId::at(0));
  EXPECT_EQ(r.value(result, Metric::credential_in_use_mean, credential), 0.5);
  EXPECT_EQ(r.value(result, Metric::credential_at_limit, credential), 0.5);
  EXPECT_EQ(r.value(result, Metric::credential_runs_held, credential), 1);
  EXPECT_DOUBLE_EQ(r.value(result, Metric::credential_held_time, credential), 15);
  EXPECT_EQ(r.value(result, Metric::stability_sigma, credential), 0.5);
}

TEST(Drain, FromTheLastAcceptanceToTheFirstEmptyInstant) {
  Recording r(small_pipeline());
  r.workers(0, 1);
  r.accept(0, "a", LOW), r.dispatch(0, "a");
  r.accept(10, "b", LOW);
  r.end(30, "a"), r.dispatch(30, "b");
  EXPECT_TRUE(std::isnan(r.value(r.recorder.finish(at_s(40)), Metric::drain_time)));
  r.end(70, "b");
  EXPECT_EQ(r.value(r.recorder.finish(at_s(100)), Metric::drain_time), 60);
}

TEST(Slowdown, IsBoundedForShortRuns) {
  Recording r(small_pipeline());
  r.accept(0, "short", LOW);
  r.dispatch(18, "short");
  r.end(20, "short");  // (18 + 2) / max(2, 10) = 2
  r.accept(100, "long", LOW);
  r.dispatch(120, "long");
  r.end(140, "long");               // (20 + 20) / 20 = 2
  r.serve(200, 201, "quick", LOW);  // 1
  const auto result = r.recorder.finish(at_s(300));
  EXPECT_DOUBLE_EQ(r.value(result, Metric::slowdown_mean, Subject::of(LOW)), 5.0 / 3);
  EXPECT_NEAR(r.value(result, Metric::slowdown_p99, Subject::of(LOW)), 2, 2.0 / 128);
}

TEST(Slo, StillWaitingPastTheTargetIsAMiss) {
  RecorderConfig config;
  config.slo[index(LOW)] = 10_s;
  Recording r(small_pipeline(), config);
  r.accept(0, "kept", LOW), r.accept(0, "missed", LOW);
  r.dispatch(10, "kept"), r.dispatch(11, "missed");
  r.accept(20, "waits past it", LOW);
  r.accept(95, "undecided", LOW);
  const auto result = r.recorder.finish(at_s(100));
  const Figure* slo = result.figures.find(Metric::slo_attainment, Subject::of(LOW));
  ASSERT_NE(slo, nullptr);
  EXPECT_DOUBLE_EQ(slo->value, 1.0 / 3);
  EXPECT_EQ(slo->samples, 3U);
}

TEST(CensoredQuantile, IsExactOnlyIfNoCensoredRunCouldMoveIt) {
  Recording r(small_pipeline());
  for (int i = 1; i <= 8; ++i) r.accept(0, "run-" + std::to_string(i), LOW);
  for (int i = 1; i <= 6; ++i) r.dispatch(i, "run-" + std::to_string(i));
  // Waits 1…6 s recorded; two wait since 0.
  const auto at_7 = r.recorder.finish(at_s(7));
  const auto quantile = [](const ReplicationResult& result, Metric metric) {
    return *result.figures.find(metric, Subject::of(LOW));
  };
  EXPECT_FALSE(quantile(at_7, Metric::wait_p50).lower_bound);
  EXPECT_NEAR(quantile(at_7, Metric::wait_p50).value, 4, 4.0 / 128);
  EXPECT_TRUE(quantile(at_7, Metric::wait_p90).lower_bound);
  EXPECT_EQ(quantile(at_7, Metric::wait_p90).value, 7);
  EXPECT_EQ(quantile(at_7, Metric::wait_p90).censored, 2U);
  EXPECT_TRUE(quantile(at_7, Metric::wait_max).lower_bound);
}

// 19 runs waited 1 … 19 s, one has been waiting for 2 s: whatever becomes of it, it moves a
// quantile by one rank at most.
TEST(CensoredQuantile, HasAnUpperBoundWhileRecordedWaitsSuffice) {
  RecorderConfig exact;
  exact.exact_quantiles = true;
  for (const RecorderConfig& config : {exact, RecorderConfig{}}) {
    Recording r(small_pipeline(), config);
    for (int i = 1; i <= 19; ++i) r.accept(0, "run-" + std::to_string(i), LOW);
    for (int i = 1; i <= 19; ++i) r.dispatch(i, "run-" + std::to_string(i));
    r.accept(20, "late", LOW);
    const auto result = r.recorder.finish(at_s(22));
    const Figure p50 = *result.figures.find(Metric::wait_p50, Subject::of(LOW));
    EXPECT_TRUE(p50.lower_bound);
    EXPECT_NEAR(p50.value, 9, 9.0 / 128);
    EXPECT_NEAR(p50.at_most.value_or(0), 10, 10.0 / 128);
    const Figure p99 = *result.figures.find(Metric::wait_p99, Subject::of(LOW));
    EXPECT_TRUE(p99.lower_bound);
    EXPECT_FALSE(p99.at_most) << "the last rank belongs to a run that may wait for ever";
  }
}

TEST(CensoredQuantile, BoundsThatTheHistogramCannotTellApartAreOneValue) {
  Recording r(small_pipeline());
  for (int i = 0; i < 1000; ++i) r.accept(0, "run-" + std::to_string(i), LOW);
  for (int i = 0; i < 1000; ++i) r.dispatch(10 + i * 0.01, "run-" + std::to_string(i));
  r.accept(20, "late", LOW);
  const auto result = r.recorder.finish(at_s(21));
  EXPECT_FALSE(result.figures.find(Metric::wait_p50, Subject::of(LOW))->lower_bound);
}

TEST(CensoredMean, OverReplicationsCountsTheCensoredOfAll) {
  const auto mean_of = [](std::uint64_t censored_of_200) {
    ReplicationResult first, second;
    Figure f;
    f.value = 10;
    f.samples = 100;
    second.figures.add(Metric::wait_mean, Subject::of(LOW), f);
    f.censored = censored_of_200;
    f.lower_bound = true;
    first.figures.add(Metric::wait_mean, Subject::of(LOW), f);
    first.figures.seal(), second.figures.seal();
    const Report report = combine({}, {}, std::vector{std::move(first), std::move(second)});
    return *report.figures.find(Metric::wait_mean, Subject::of(LOW));
  };
  EXPECT_FALSE(mean_of(1).lower_bound);
  EXPECT_TRUE(mean_of(2).lower_bound);
}

TEST(CensoredQuantile, OverReplicationsTheUpperBoundIsThatOfItsInterval) {
  const auto result = [](double value, std::optional<double> at_most) {
    Figure f;
    f.value = value;
    f.samples = 1;
    f.lower_bound = true;
    f.at_most = at_most;
    ReplicationResult replication;
    replication.figures.add(Metric::wait_p95, Subject::of(LOW), f);
    replication.figures.seal();
    return replication;
  };
  const auto p95 = [](const Report& report) {
    return *report.figures.find(Metric::wait_p95, Subject::of(LOW));
  };
  const Figure bounded = p95(combine({}, {}, std::vector{result(10, 12), result(10, 14)}));
  EXPECT_TRUE(bounded.lower_bound);
  EXPECT_NEAR(bounded.at_most.value_or(0), 13 + 12.7062, 1e-3);  // t(0.975, 1) × 1
  EXPECT_FALSE(p95(combine({}, {}, std::vector{result(10, 12), result(10, {})})).at_most);
}

}  // namespace
}  // namespace sluice::test
