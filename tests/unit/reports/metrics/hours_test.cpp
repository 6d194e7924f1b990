// Arrivals, waits and σ by hour of the day and of the week.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/report.hpp"
#include "reports/statistics.hpp"
#include "tests/unit/reports/recording.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;

constexpr double kHourS = 3600;

RecorderConfig in_detail() {
  RecorderConfig config;
  config.in_detail = true;
  return config;
}

Names names(const PipelineConfig& pipeline) { return names_of(pipeline, {}); }

/// Waits of `wait` seconds, work of 600 s.
void serve(Recording& r, double at, double wait, const std::string& run, std::size_t workspace) {
  r.accept(at, run, LOW, workspace);
  r.dispatch(at + wait, run);
  r.end(at + wait + 600, run);
}

const HourLine& line_of(const std::vector<HourLine>& lines, const Subject& subject) {
  for (const HourLine& line : lines)
    if (line.subject == subject) return line;
  ADD_FAILURE() << "no such line";
  return lines.front();
}

const Subject kLow = Subject::of(GroupId::at(0), LOW);

TEST(Hours, AWaitBelongsToTheHourOfAcceptance) {
  const PipelineConfig pipeline = small_pipeline(2);
  Recording r(pipeline, in_detail());
  r.workers(0, 1);
  // At 2 o'clock of two days, and at 5 o'clock of the second.
  serve(r, 2 * kHourS + 10, 60, "a", 0);
  serve(r, 26 * kHourS + 10, 60, "b", 0);
  serve(r, 26 * kHourS + 1000, 5000, "c", 1);
  serve(r, 29 * kHourS, 0, "d", 1);
  const Report report =
      combine({}, names(pipeline), std::vector{r.recorder.finish(at_s(48 * kHourS))});
  ASSERT_TRUE(report.hours.recorded);
  const HourLine& low = line_of(report.hours.day, kLow);
  ASSERT_EQ(low.hours.size(), kHoursOfDay);
  EXPECT_EQ(low.hours[2].arrivals_per_h, 1.5);
  EXPECT_EQ(low.hours[2].waits, 3U);
  EXPECT_NEAR(low.hours[2].wait_p50_s, 60, 1);
  EXPECT_NEAR(low.hours[2].wait_p95_s, 5000, 50);
  EXPECT_EQ(low.hours[5].arrivals_per_h, 0.5);
  EXPECT_EQ(low.hours[5].wait_p95_s, 0);
  EXPECT_EQ(low.hours[3].waits, 0U);
  const Subject second = Subject::of(WorkspaceId::at(1), LOW);
  EXPECT_EQ(line_of(report.hours.day, second).hours[2].waits, 1U);
  EXPECT_TRUE(report.hours.week.empty()) << "two days are no week";
}

TEST(Hours, SigmaIsThatOfTheWorstOfThem) {
  const PipelineConfig pipeline = small_pipeline();
  Recording r(pipeline, in_detail());
  r.workers(0, 2);
  for (int i = 0; i < 3; ++i) serve(r, 2 * kHourS + i * 700, 0, "a" + std::to_string(i), 0);
  serve(r, 26 * kHourS, 0, "b", 0);
  const Report report =
      combine({}, names(pipeline), std::vector{r.recorder.finish(at_s(48 * kHourS))});
  const HourFigures& two = line_of(report.hours.day, kLow).hours[2];
  ASSERT_TRUE(two.sigma_peak);
  EXPECT_DOUBLE_EQ(*two.sigma_peak, 3 * 600 / (2 * kHourS));
  EXPECT_DOUBLE_EQ(*two.workers_needed, 3 * 600 / kHourS / 0.8);
  EXPECT_EQ(line_of(report.hours.day, kLow).hours[4].sigma_peak, 0);
}

TEST(Hours, OfTheWeekWhereTheWindowIsLongerThanOne) {
  const PipelineConfig pipeline = small_pipeline();
  Recording r(pipeline, in_detail());
  r.workers(0, 1);
  serve(r, 30 * kHourS, 60, "a", 0);
  serve(r, (168 + 30) * kHourS, 60, "b", 0);
  const Report report =
      combine({}, names(pipeline), std::vector{r.recorder.finish(at_s(240 * kHourS))});
  const HourLine& low = line_of(report.hours.week, kLow);
  ASSERT_EQ(low.hours.size(), kHoursOfWeek);
  EXPECT_EQ(low.hours[30].waits, 2U);
  EXPECT_EQ(low.hours[30].arrivals_per_h, 1);
  EXPECT_EQ(line_of(report.hours.day, kLow).hours[6].waits, 2U);
}

TEST(Hours, WhoStillWaitsCountsWithWhatItHasWaited) {
  const PipelineConfig pipeline = small_pipeline();
  Recording r(pipeline, in_detail());
  r.workers(0, 1);
  r.accept(kHourS, "a", LOW);
  const Report report =
      combine({}, names(pipeline), std::vector{r.recorder.finish(at_s(3 * kHourS))});
  const HourFigures& one = line_of(report.hours.day, kLow).hours[1];
  EXPECT_NEAR(one.wait_p95_s, 7200, 60);
  EXPECT_TRUE(one.lower_bound);
  EXPECT_EQ(one.arrivals_per_h, 1);
}

TEST(Hours, MeansOverReplications) {
  const PipelineConfig pipeline = small_pipeline();
  std::vector<ReplicationResult> results;
  for (const double wait : {60.0, 180.0}) {
    Recording r(pipeline, in_detail());
    r.workers(0, 1);
    serve(r, 10, wait, "a", 0);
    results.push_back(r.recorder.finish(at_s(kHourS)));
  }
  const Report report = combine({}, names(pipeline), results);
  EXPECT_NEAR(line_of(report.hours.day, kLow).hours[0].wait_p95_s, 120, 1);
  EXPECT_EQ(line_of(report.hours.day, kLow).hours[0].waits, 2U);
}

TEST(Hours, AreRecordedOnlyWhereAsked) {
  Recording r(small_pipeline());
  const Report report =
      combine({}, names(small_pipeline()), std::vector{r.recorder.finish(at_s(9))});
  EXPECT_FALSE(report.hours.recorded);
}

}  // namespace
}  // namespace sluice::test
