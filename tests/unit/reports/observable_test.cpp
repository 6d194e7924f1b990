// What can be known from outside: the list, the page that gives the reasons, and what is left of a
// replication.
#include "reports/observable.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "reports/expectations/expectation.hpp"
#include "reports/expectations/reach.hpp"
#include "reports/figures/metric.hpp"
#include "reports/judge.hpp"
#include "tests/unit/reports/golden.hpp"
#include "tests/unit/reports/sample_report.hpp"

namespace sluice {
namespace {

using ::testing::HasSubstr;

constexpr const char* kReportPage = "docs/report.md";

/// A row per paragraph: what is known, what is not.
std::string known_table() {
  std::map<std::string, std::array<std::string, 2>> rows;
  std::vector<std::string> order;
  for (const MetricInfo& metric : all_metrics()) {
    const std::string id(metric.id);
    if (rows.count(id) == 0) order.push_back(id);
    std::string& cell = rows[id][observable_from_outside(metric.metric) ? 0 : 1];
    cell += (cell.empty() ? "`" : ", `") + std::string(metric.name) + "`";
  }
  std::string text = "| Id | Known | Not known |\n|---|---|---|\n";
  for (const std::string& id : order)
    text += "| " + id + " | " + rows[id][0] + " | " + rows[id][1] + " |\n";
  return text;
}

TEST(Observable, TheReportPageListsWhatIsKnownFromOutside) {
  const std::string begin = "<!-- observable: begin -->\n";
  const std::string page = test::read_source_file(kReportPage);
  const std::size_t from = page.find(begin);
  const std::size_t until = page.find("<!-- observable: end -->");
  ASSERT_NE(from, std::string::npos);
  ASSERT_NE(until, std::string::npos);
  test::expect_golden(kReportPage,
                      page.substr(0, from + begin.size()) + known_table() + page.substr(until));
}

ReplicationResult everything() {
  Report full = test::full_report();
  ReplicationResult result;
  result.figures = std::move(full.figures);
  result.windows = std::move(full.windows);
  result.time_lines = test::monday_report().time_lines;
  result.reached.by_kind.fill(3);
  result.inversions.resize(1);
  result.pools.resize(2);
  return result;
}

TEST(Observable, KeepsTheFiguresThatAClientSees) {
  ReplicationResult result = everything();
  const Subject low = Subject::of(PriorityLevel::LOW);
  ASSERT_NE(result.figures.find(Metric::stability_sigma, low), nullptr);
  result = observable_from_outside(std::move(result));
  for (const Metric kept : {Metric::wait_p99, Metric::starvation_longest, Metric::service_mean,
                            Metric::queue_length_mean, Metric::slo_attainment})
    EXPECT_NE(result.figures.find(kept, low), nullptr) << info(kept).name;
  for (const FigureEntry& entry : result.figures.entries())
    EXPECT_TRUE(observable_from_outside(entry.key.metric)) << info(entry.key.metric).name;
}

TEST(Observable, KnowsNothingOfCredentialsAndPools) {
  ReplicationResult result = everything();
  ASSERT_NE(result.figures.find(Metric::service_mean, Subject::of(CredentialId::at(0))), nullptr);
  result = observable_from_outside(std::move(result));
  for (const FigureEntry& entry : result.figures.entries())
    EXPECT_EQ(entry.key.subject.labels() & (label::credential | label::pool), 0);
  EXPECT_TRUE(result.windows.empty()) << "the only one is about a credential";
}

TEST(Observable, KeepsTheTimeLinesOfWaitingAndRunningRuns) {
  const ReplicationResult result = observable_from_outside(everything());
  std::array<int, kLines> lines{};
  for (const TimeLine& line : result.time_lines.lines) ++lines[static_cast<std::size_t>(line.line)];
  EXPECT_EQ(lines, (std::array<int, kLines>{3, 0, 1, 0, 3}));
}

TEST(Observable, ForgetsWhatItCannotHaveReached) {
  const ReplicationResult result = observable_from_outside(everything());
  EXPECT_EQ(result.reached.of({ReachKind::rate_limited}), 3u);
  EXPECT_EQ(result.reached.of({ReachKind::worker_lost}), 0u);
  EXPECT_TRUE(result.inversions.empty());
  EXPECT_TRUE(result.pools.empty());
}

TEST(Observable, WhatCannotBeKnownIsInconclusiveNotFailed) {
  Report report = test::live_report();
  const auto utilised = parse_expectation("utilisation < 90%", report.names);
  ASSERT_TRUE(utilised);
  const ExpectationResult result = evaluate(*utilised, report);
  EXPECT_EQ(result.status, Status::inconclusive);
  EXPECT_THAT(result.reason, HasSubstr("cannot be known from outside"));
  EXPECT_EQ(evaluate(*parse_reach("a worker was lost"), report).status, Status::inconclusive);
  EXPECT_EQ(evaluate(*parse_reach("a run was requeued"), report).status, Status::failed);
  report.load.reset();
  EXPECT_EQ(evaluate(*parse_reach("a worker was lost"), report).status, Status::failed)
      << "a simulation knows";
}

}  // namespace
}  // namespace sluice
