// Further time lines, and quantiles of waits on a grid.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "reports/report.hpp"
#include "reports/statistics.hpp"
#include "reports/tightest_lines.hpp"
#include "tests/unit/reports/recording.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;
using ::testing::DoubleNear;
using ::testing::ElementsAre;

const Subject kLowOfMain = Subject::of(GroupId::at(0), LOW);

RecorderConfig ten_buckets() {
  RecorderConfig config;
  config.in_detail = true;
  config.until = at_s(100);
  config.time_line_bucket = 20_s;
  return config;
}

/// Two runs: one waits from 5 to 25, the other from 30 to 70; both work 10 s.
ReplicationResult two_runs(const PipelineConfig& pipeline, double longer = 0) {
  Recording r(pipeline, ten_buckets());
  r.workers(0, 1);
  r.accept(5, "a", LOW, 0, {0});
  r.dispatch(25, "a");
  r.accept(30, "b", LOW, 1, {0});
  r.end(35, "a");
  r.dispatch(70 + longer, "b");
  r.end(80 + longer, "b");
  return r.recorder.finish(at_s(100));
}

const std::vector<double>& values(const Report& report, Line line, const Subject& subject) {
  static const std::vector<double> none;
  const TimeLine* found = report.time_lines.find(line, subject);
  return found == nullptr ? none : found->values;
}

TEST(Series, SayWhatAPictureOfTheWindowNeeds) {
  const PipelineConfig pipeline = small_pipeline(2, 1);
  const Report report = combine({}, names_of(pipeline, {}), std::vector{two_runs(pipeline)});
  EXPECT_THAT(values(report, Line::accepted, kLowOfMain), ElementsAre(3, 3, 0, 0, 0));
  EXPECT_THAT(values(report, Line::offered, kLowOfMain), ElementsAre(0.5, 0.5, 0, 0, 0));
  EXPECT_THAT(values(report, Line::running, kLowOfMain), ElementsAre(0, 0.5, 0, 0.5, 0));
  EXPECT_THAT(values(report, Line::since_dispatch, kLowOfMain), ElementsAre(15, 10, 30, 0, 0));
  EXPECT_THAT(
      values(report, Line::oldest_age, kLowOfMain),
      ElementsAre(DoubleNear(15 * 15 / 2.0 / 20, 1e-9), DoubleNear((17.5 * 5 + 5 * 10) / 20, 1e-9),
                  DoubleNear(20, 1e-9), DoubleNear(35 * 10 / 20.0, 1e-9), 0));
  EXPECT_THAT(values(report, Line::in_use, Subject::of(CredentialId::at(0))),
              ElementsAre(0, 0.5, 0, 0.5, 0));
  EXPECT_THAT(values(report, Line::received, Subject::of(WorkspaceId::at(1))),
              ElementsAre(0, 0, 0, 0.5, 0));
  const auto& p95 = values(report, Line::wait_p95, kLowOfMain);
  ASSERT_EQ(p95.size(), 5U);
  EXPECT_NEAR(p95[0], 20, 0.2);
  EXPECT_NEAR(p95[1], 40, 0.4);
  EXPECT_TRUE(std::isnan(p95[2])) << "nobody was accepted";
  ASSERT_EQ(report.wait_grids.size(), 1U);
  EXPECT_EQ(report.wait_grids[0].values.size(), kWaitGrid.size());
  EXPECT_NEAR(report.wait_grids[0].values.front(), 20, 0.2);
  EXPECT_NEAR(report.wait_grids[0].values.back(), 40, 0.4);
}

TEST(Series, HaveTheRangeOfTheReplications) {
  const PipelineConfig pipeline = small_pipeline(2, 1);
  const Report report =
      combine({}, names_of(pipeline, {}), std::vector{two_runs(pipeline), two_runs(pipeline, 20)});
  const TimeLine* running = report.time_lines.find(Line::running, kLowOfMain);
  ASSERT_NE(running, nullptr);
  EXPECT_THAT(running->values, ElementsAre(0, 0.5, 0, 0.25, 0.25));
  EXPECT_THAT(running->lowest, ElementsAre(0, 0.5, 0, 0, 0));
  EXPECT_THAT(running->highest, ElementsAre(0, 0.5, 0, 0.5, 0.5));
}

TEST(Series, OfManyCredentialsTheTightestAreTold) {
  TimeLines lines;
  Names names;
  for (std::size_t i = 0; i < 30; ++i) {
    names.credential_limits.push_back(10);
    lines.lines.push_back(
        {Line::in_use, Subject::of(CredentialId::at(i)), {static_cast<double>(i), 1}});
  }
  complete_lines(lines, names, {});
  ASSERT_EQ(lines.lines.size(), kMostUseLines + 1);
  EXPECT_EQ(lines.lines[0].subject, Subject::of(CredentialId::at(10)));
  EXPECT_EQ(lines.lines.back().subject, Subject::all());
  EXPECT_THAT(lines.lines.back().values, ElementsAre(45, 10));
}

}  // namespace
}  // namespace sluice::test
