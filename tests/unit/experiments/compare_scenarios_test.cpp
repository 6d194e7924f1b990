// Scenarios side by side: equals stay equal, what got worse is named with its cause, the other way
// round it is better, and the bytes are the same on any number of threads.
#include "experiments/compare_scenarios.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "base/failure.hpp"
#include "reports/json/comparison.hpp"
#include "reports/markdown/comparison.hpp"
#include "reports/terminal/comparison.hpp"
#include "tests/unit/experiments/scenario_in_folder.hpp"

namespace sluice::test {
namespace {

using ::testing::HasSubstr;

const ComparedMetric* metric_of(const ReportComparison& comparison, const ComparedFigureKey& key) {
  for (const ComparedMetric& metric : comparison.metrics)
    if (metric.key == key) return &metric;
  return nullptr;
}

class CompareScenariosTest : public ScenarioInFolder {
 protected:
  ReportComparison compare_workers(const std::string& base, const std::string& changed,
                                   unsigned threads = 2, std::uint32_t most = 27) const {
    const Variants of_base(small_queue(), {{{"workers", base}}, {}});
    const Variants of_changed(small_queue(), {{{"workers", changed}}, {}});
    SideBySideOptions options;
    options.looks = Looks::up_to(most);
    options.trials.threads = threads;
    return compare_scenarios({of_base, base + " workers"}, {of_changed, changed + " workers"},
                             options);
  }
};

TEST_F(CompareScenariosTest, EqualsAreSettledAtTheFirstLook) {
  const ReportComparison comparison = compare_workers("4", "4");
  EXPECT_EQ(comparison.verdict, ReportComparison::Verdict::no_regression);
  EXPECT_TRUE(comparison.metrics.empty());
  EXPECT_GT(comparison.equal, 10u);
  EXPECT_EQ(comparison.base, 5u);
}

TEST_F(CompareScenariosTest, AWorkerLessIsWorseAndTheOtherWayRoundBetter) {
  const ComparedFigureKey low_wait{Metric::wait_mean, PriorityLevel::LOW};
  const ComparedFigureKey research_wait{Metric::wait_mean, {}, "research"};
  const ReportComparison worse = compare_workers("4", "3");
  EXPECT_EQ(worse.verdict, ReportComparison::Verdict::regression);
  const ReportComparison better = compare_workers("3", "4");
  EXPECT_EQ(better.verdict, ReportComparison::Verdict::no_regression);
  for (const ComparedFigureKey& key : {low_wait, research_wait}) {
    const ComparedMetric *down = metric_of(worse, key), *up = metric_of(better, key);
    ASSERT_TRUE(down != nullptr && up != nullptr);
    EXPECT_EQ(down->change, Change::worse);
    EXPECT_EQ(up->change, Change::better);
    EXPECT_EQ(down->p, up->p) << "both by the same rule";
    ASSERT_TRUE(down->interval && up->interval);
    EXPECT_DOUBLE_EQ(down->interval->low, -up->interval->high);
    EXPECT_GT(down->interval->low, 0);
  }
  EXPECT_THAT(worse.cause, HasSubstr("wait longer: on average"));
  EXPECT_THAT(worse.cause, HasSubstr("with workers busy with its own workspace"));
  EXPECT_THAT(better.cause, HasSubstr("wait shorter: on average"));
}

TEST_F(CompareScenariosTest, TheSameBytesOnAnyNumberOfThreads) {
  const ReportComparison one = compare_workers("4", "3", 1), three = compare_workers("4", "3", 3);
  EXPECT_EQ(comparison_json(one), comparison_json(three));
  EXPECT_EQ(render_comparison(one, {}), render_comparison(three, {}));
}

TEST_F(CompareScenariosTest, WhereNothingIsDrawnOneOfEachTells) {
  const auto queue_of = [](const char* workers) {
    return std::string("scenario: constant\nduration: 1h\napi: {rate_limits: {}}\n") +
           "resource_groups: {main: {workers: " + workers + "}}\nworkspaces: {a: {}}\n" +
           "workflows: {plain: {time: 1m}}\nsubmitters:\n" +
           "  a: {workspace: a, workflow: plain, priority: LOW, arrivals: {constant: {rate: "
           "2/min}}}\n";
  };
  const Variants two(write("two.yaml", queue_of("2")), {});
  const Variants one(write("one.yaml", queue_of("1")), {});
  const ReportComparison comparison = compare_scenarios({two, "two"}, {one, "one"}, {});
  EXPECT_EQ(comparison.verdict, ReportComparison::Verdict::regression);
  EXPECT_EQ(comparison.base, 1u);
  const ComparedMetric* wait = metric_of(comparison, {Metric::wait_mean, PriorityLevel::LOW});
  ASSERT_NE(wait, nullptr);
  EXPECT_EQ(wait->base, 0);
  // They come every 30 s up to the end, and each takes a minute of the one worker: the first 60
  // wait 0 s, 30 s, … 29.5 min, the others until the end, 29.5 min, … 0 s.
  EXPECT_DOUBLE_EQ(wait->changed, 885);
  EXPECT_THAT(render_comparison(comparison, {}), HasSubstr("Nothing is drawn"));
}

TEST_F(CompareScenariosTest, SidesThatLastDifferentlyLongAreRefused) {
  const Variants day(small_queue(), {});
  const Variants hour(small_queue(), {{}, {{"duration", "60m"}}});
  EXPECT_THROW(compare_scenarios({day, "day"}, {hour, "hour"}, {}), UserError);
}

TEST_F(CompareScenariosTest, ToldToStopItSaysSo) {
  const Variants small(small_queue(), {});
  const std::atomic<bool> stop = true;
  SideBySideOptions options;
  options.trials.stop = &stop;
  const ReportComparison comparison = compare_scenarios({small, "a"}, {small, "b"}, options);
  EXPECT_EQ(comparison.verdict, ReportComparison::Verdict::inconclusive);
  EXPECT_THAT(render_comparison(comparison, {}), HasSubstr("ended early"));
}

TEST_F(CompareScenariosTest, NamesCannotBecomeMarkup) {
  ReportComparison comparison = compare_workers("4", "3");
  comparison.simulated->base = "<b>|x";
  EXPECT_THAT(render_comparison_markdown(comparison), ::testing::Not(HasSubstr("<b>")));
}

}  // namespace
}  // namespace sluice::test
