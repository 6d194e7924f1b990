// The peak of σ over sliding windows, worked out by hand: windows of a minute, slices of 5 s.
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "reports/statistics.hpp"
#include "reports/summary/stability_words.hpp"
#include "tests/unit/reports/recording.hpp"

namespace sluice::test {
namespace {

const Subject kHighOfGroup = Subject::of(GroupId::at(0), PriorityLevel::HIGH);
const Subject kLowOfGroup = Subject::of(GroupId::at(0), PriorityLevel::LOW);

RecorderConfig minute_windows(double from_s = 0) {
  RecorderConfig config;
  config.stability_window = 60_s;
  config.from = at_s(from_s);
  return config;
}

/// `count` runs at once, all served until `until`.
void batch(Recording& r, double from, double until, int count, PriorityLevel level,
           std::vector<std::uint32_t> needs = {}) {
  const auto name = [&](int i) { return std::to_string(from) + "-" + std::to_string(i); };
  for (int i = 0; i < count; ++i) {
    sluice::Run& run = r.accept(from, name(i), level, 0, needs);
    if (!needs.empty()) run.held[0] = CredentialId::at(needs[0]);
    r.dispatch(from, name(i));
  }
  for (int i = 0; i < count; ++i) r.end(until, name(i));
}

Report report_of(const std::vector<ReplicationResult>& results,
                 const PipelineConfig& pipeline = small_pipeline()) {
  ReportHeader header;
  header.stability_window = 60_s;
  return combine(header, names_of(pipeline), results);
}

const StabilityLine& line_of(const Report& report, PriorityLevel level) {
  for (const StabilityLine& line : report.stability.at(0).levels)
    if (line.subject.level == level) return line;
  throw std::runtime_error("no such level");
}

double value(const Report& report, Metric metric, const Subject& subject) {
  const Figure* figure = report.figures.find(metric, subject);
  return figure == nullptr ? NAN : figure->value;
}

/// A run of 30 s at the start, five at 60 s: two workers.
ReplicationResult a_batch(int count) {
  Recording r(small_pipeline(), minute_windows());
  r.workers(0, 2);
  batch(r, 0, 30, 1, PriorityLevel::HIGH);
  batch(r, 60, 90, count, PriorityLevel::HIGH);
  return r.recorder.finish(at_s(240));
}

TEST(StabilityPeak, OfABatchIsTheWindowThatBeginsWithIt) {
  const Report report = report_of({a_batch(5)});
  const StabilityLine& line = line_of(report, PriorityLevel::HIGH);
  EXPECT_DOUBLE_EQ(line.sigma, 6 * 30 / 240.0 / 2);
  EXPECT_DOUBLE_EQ(line.peak_sigma, 5 * 30 / 60.0 / 2);
  EXPECT_EQ(line.peak_from, at_s(60)) << "of equal windows the latest";
  EXPECT_EQ(line.peak_until, at_s(120));
  EXPECT_DOUBLE_EQ(line.workers_needed_at_peak, 5 * 30 / 60.0 / 0.8);
  EXPECT_DOUBLE_EQ(line.servers_at_peak, 2);
  EXPECT_DOUBLE_EQ(value(report, Metric::workers_needed_mean, kHighOfGroup), 180 / 240.0 / 0.8);
  // Windows from 5, 10, … 60 s hold all five: the moments from 32.5 to 92.5 s.
  EXPECT_DOUBLE_EQ(line.time_at_or_above_one.seconds(), 60);
  ASSERT_EQ(line.overloaded.size(), 1U);
  EXPECT_EQ(line.overloaded[0].from, at_s(32.5));
  EXPECT_EQ(line.overloaded[0].until, at_s(92.5));
  EXPECT_EQ(line.overloaded[0].sigma, 1.25);
}

TEST(StabilityPeak, OfReplicationsIsTheMeanOfTheirPeaksWithItsInterval) {
  const Report report = report_of({a_batch(5), a_batch(3)});
  const StabilityLine& line = line_of(report, PriorityLevel::HIGH);
  EXPECT_DOUBLE_EQ(line.peak_sigma, (1.25 + 0.75) / 2);
  ASSERT_TRUE(line.peak_interval);
  EXPECT_LT(line.peak_interval->low, 0.75);
  EXPECT_GT(line.peak_interval->high, 1.25);
  EXPECT_EQ(line.peak_from, at_s(5)) << "the first of the mean's highest windows";
  EXPECT_DOUBLE_EQ(line.time_at_or_above_one.seconds(), 30);
}

TEST(StabilityPeak, OfACurveAddsTheLevelsAbove) {
  Recording r(small_pipeline(), minute_windows());
  r.workers(0, 2);
  // HIGH: one run of 6 s a minute, from 120 to 240 s one each 15 s; LOW: one of 4 s each 20 s.
  for (int t = 0; t < 360; t += 5) {
    const bool busy = t >= 120 && t < 240;
    if (t % (busy ? 15 : 60) == 0) batch(r, t, t + 2, 1, PriorityLevel::HIGH);
    if (t % 20 == 0) batch(r, t + 3, t + 4, 1, PriorityLevel::LOW);
  }
  const Report report = report_of({r.recorder.finish(at_s(360))});
  EXPECT_DOUBLE_EQ(line_of(report, PriorityLevel::HIGH).peak_sigma, 4 * 2 / 60.0 / 2);
  const StabilityLine& low = line_of(report, PriorityLevel::LOW);
  EXPECT_DOUBLE_EQ(low.peak_sigma, (4 * 2 + 3 * 1) / 60.0 / 2);
  EXPECT_GE(low.peak_from, at_s(110));
  EXPECT_LE(low.peak_until, at_s(260));
  EXPECT_EQ(low.time_at_or_above_one, Duration{});
  EXPECT_TRUE(low.overloaded.empty());
}

TEST(StabilityPeak, CapacityIsWhatIsThereInTheWindow) {
  Recording r(small_pipeline(), minute_windows());
  r.workers(0, 4);
  for (int t = 0; t < 120; t += 10) {
    if (t == 60) r.workers(60, 1);
    batch(r, t, t + 9, 2, PriorityLevel::LOW);
  }
  const Report report = report_of({r.recorder.finish(at_s(120))});
  const StabilityLine& line = line_of(report, PriorityLevel::LOW);
  EXPECT_DOUBLE_EQ(line.sigma, 24 * 9 / 120.0 / 2.5);
  EXPECT_DOUBLE_EQ(line.peak_sigma, 12 * 9 / 60.0 / 1);
  EXPECT_EQ(line.peak_from, at_s(60));
  EXPECT_DOUBLE_EQ(line.servers_at_peak, 1);
}

TEST(StabilityPeak, WindowsWithoutCapacityAreLeftOut) {
  Recording r(small_pipeline(), minute_windows());
  r.workers(0, 2);
  batch(r, 0, 30, 1, PriorityLevel::LOW);
  r.workers(60, 0);
  for (int i = 0; i < 3; ++i) r.accept(90, "night-" + std::to_string(i), PriorityLevel::LOW);
  const ReplicationResult result = r.recorder.finish(at_s(180));
  // From 45 to 105 s there was half a worker on average, and three runs of 30 s came.
  const Report report = report_of({result});
  EXPECT_DOUBLE_EQ(line_of(report, PriorityLevel::LOW).peak_sigma, 90 / 60.0 / 0.5);
  ASSERT_EQ(result.sigma.size(), 1U);
  EXPECT_EQ(result.sigma[0].windows.back(), SigmaOverTime::kNoCapacity);
}

TEST(StabilityPeak, AnAutoscaledGroupHasWhatItMayHave) {
  PipelineConfig pipeline = small_pipeline();
  AutoscalingConfig autoscaling;
  autoscaling.min = 1;
  autoscaling.max = 4;
  pipeline.groups[0].workers.autoscaling = autoscaling;
  Recording r(pipeline, minute_windows());
  r.workers(0, 1);
  batch(r, 60, 90, 4, PriorityLevel::LOW);
  const Report report = report_of({r.recorder.finish(at_s(180))}, pipeline);
  const StabilityLine& line = line_of(report, PriorityLevel::LOW);
  EXPECT_DOUBLE_EQ(line.sigma, 120 / 180.0);
  EXPECT_DOUBLE_EQ(line.peak_sigma, 120 / 60.0 / 4);
}

TEST(StabilityPeak, WhatHasNotEndedCountsWithWhatItHasHad) {
  Recording r(small_pipeline(), minute_windows());
  r.workers(0, 1);
  batch(r, 10, 20, 1, PriorityLevel::LOW);
  r.accept(30, "hangs", PriorityLevel::LOW);
  r.dispatch(30, "hangs");
  r.accept(40, "waits", PriorityLevel::LOW);
  const Report report = report_of({r.recorder.finish(at_s(190))});
  const StabilityLine& line = line_of(report, PriorityLevel::LOW);
  // The mean of all that ran is 85 s: who waits counts with that, who hangs with 160 s.
  EXPECT_DOUBLE_EQ(line.peak_sigma, (10 + 160 + 85) / 60.0);
  EXPECT_TRUE(line.peak_lower_bound);
}

TEST(StabilityPeak, WhatCameInTheWarmUpIsNoDemand) {
  Recording r(small_pipeline(), minute_windows(100));
  r.workers(0, 1);
  batch(r, 90, 120, 8, PriorityLevel::LOW);
  batch(r, 130, 140, 1, PriorityLevel::LOW);
  const Report report = report_of({r.recorder.finish(at_s(240))});
  EXPECT_DOUBLE_EQ(line_of(report, PriorityLevel::LOW).peak_sigma, 10 / 60.0);
}

TEST(StabilityPeak, AScenarioShorterThanTheWindowIsOneWindow) {
  Recording r(small_pipeline(), minute_windows());
  r.workers(0, 1);
  batch(r, 10, 20, 1, PriorityLevel::LOW);
  const Report report = report_of({r.recorder.finish(at_s(40))});
  const StabilityLine& line = line_of(report, PriorityLevel::LOW);
  EXPECT_DOUBLE_EQ(line.peak_sigma, line.sigma);
  EXPECT_EQ(line.peak_from, at_s(0));
  EXPECT_EQ(line.peak_until, at_s(40));
  EXPECT_FALSE(has_peak(report, line)) << "it has nothing to add to the mean";
}

TEST(StabilityPeak, OfACredentialCountsWhoNeedsItByName) {
  Recording r(small_pipeline(1, 3), minute_windows());
  r.workers(0, 9);
  for (const double t : {60, 70, 80}) batch(r, t, t + 9, 1, PriorityLevel::LOW, {0});
  const Report report = report_of({r.recorder.finish(at_s(240))}, small_pipeline(1, 3));
  const Subject credential = Subject::of(CredentialId::at(0));
  EXPECT_DOUBLE_EQ(value(report, Metric::stability_sigma, credential), 27 / 240.0);
  EXPECT_NEAR(value(report, Metric::stability_peak_sigma, credential), 27 / 60.0, 1e-6);
  ASSERT_FALSE(report.tight_resources.empty());
  EXPECT_EQ(report.tight_resources[0].subject, credential);
  EXPECT_EQ(report.tight_resources[0].peak_from, at_s(60));
  EXPECT_EQ(report.tight_resources[0].peak_until, at_s(120));
}

TEST(StabilityPeak, OfAPoolIsThatOfItsRunsAndOfAMemberThatOfWhatStartsOnIt) {
  Recording r(small_pipeline(1, 2), minute_windows());
  r.workers(0, 9);
  const std::vector<CredentialId> members{CredentialId::at(0), CredentialId::at(1)};
  r.recorder.pool_defined(0, 0, members.data(), members.size());
  for (const double t : {60, 70, 80, 90}) {
    const std::string name = std::to_string(t);
    sluice::Run& run = r.accept(t, name, PriorityLevel::LOW, 0, {Need::kPoolBit | 0});
    run.held[0] = members[static_cast<std::size_t>(t / 10) % 2];
    r.dispatch(t, name);
    r.end(t + 9, name);
  }
  const Report report = report_of({r.recorder.finish(at_s(240))}, small_pipeline(1, 2));
  EXPECT_NEAR(value(report, Metric::stability_peak_sigma, Subject::of(PoolId::at(0))),
              4 * 9 / 60.0 / 2, 1e-6);
  EXPECT_NEAR(value(report, Metric::stability_peak_sigma, Subject::of(members[0])), 2 * 9 / 60.0,
              1e-6);
  ASSERT_EQ(report.tight_resources.size(), 1U) << "the pool stands for its members";
  EXPECT_TRUE(report.tight_resources[0].subject.pool.valid());
}

TEST(StabilityWords, SayWhenAndWhatIsNeededForStabilityAlone) {
  const Report report = report_of({a_batch(5)});
  const StabilityLine& line = line_of(report, PriorityLevel::HIGH);
  EXPECT_EQ(peak_when_text(report, line), "1.25 from 1m to 2m");
  EXPECT_EQ(overloaded_text(report, line), "1 or more for 1m in all (32.5s to 1m33s)");
  EXPECT_EQ(peak_sentence(report, line),
            "At its peak, 1m to 2m, σ is 1.25 at HIGH (0.375 on average); it is 1 or more for 1m "
            "in all. For stability alone 4 workers would be needed then, of 2.");
  EXPECT_EQ(highest_peak(report), &line);
}

}  // namespace
}  // namespace sluice::test
