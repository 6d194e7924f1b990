// Scenarios side by side: equals stay equal, what got worse is named with its cause, the other way
// round it is better, and the bytes are the same on any number of threads.
#include "experiments/compare_scenarios.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "base/failure.hpp"
#include "experiments/compared_values.hpp"
#include "experiments/store/point_files.hpp"
#include "experiments/store/point_store.hpp"
#include "reports/json/comparison.hpp"
#include "reports/json/comparison_schema.hpp"
#include "reports/markdown/comparison.hpp"
#include "reports/terminal/comparison.hpp"
#include "tests/unit/experiments/scenario_in_folder.hpp"
#include "tests/unit/reports/valijson_schema.hpp"

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

TEST_F(CompareScenariosTest, ASubmitterThatSharesItsWorkspaceIsTold) {
  std::string text = kSmallQueue;
  const std::string research = "  research: {workspace: research";
  text.insert(text.find(research),
              "  nightly: {workspace: research, workflow: plain, priority: LOW, "
              "arrivals: {poisson: 0.3/min}}\n");
  const std::string file = write("shared.yaml", text);
  const Variants four(file, {}), three(file, {{{"workers", "3"}}, {}});
  SideBySideOptions options;
  options.looks = Looks::at(18);
  const ReportComparison comparison = compare_scenarios({four, "4"}, {three, "3"}, options);
  const ComparedMetric* nightly = metric_of(comparison, {Metric::wait_mean, {}, {}, "nightly"});
  ASSERT_NE(nightly, nullptr);
  EXPECT_EQ(nightly->change, Change::worse);
  EXPECT_EQ(metric_of(comparison, {Metric::wait_mean, {}, {}, "support"}), nullptr)
      << "alone in its workspace";
  EXPECT_THAT(render_comparison(comparison, {}), HasSubstr("submitter nightly"));
  EXPECT_THAT(render_comparison_markdown(comparison), HasSubstr("submitter nightly"));
}

TEST_F(CompareScenariosTest, WhatTheLastLookLeavesOpenIsSaidToCountAsNoChange) {
  const ReportComparison comparison = compare_workers("4", "5", 2, 5);
  ASSERT_GT(comparison.unsettled(), 0u);
  for (const std::string& text :
       {render_comparison(comparison, {}), render_comparison_markdown(comparison)}) {
    EXPECT_THAT(text, HasSubstr("not settled after 5 replications"));
  }
}

TEST_F(CompareScenariosTest, SidesWithSeedsOfTheirOwnAreSaidToDrawTheirOwn) {
  const Variants base(small_queue(), {}), changed(small_queue(), {{}, {{"seed", "6"}}});
  SideBySideOptions options;
  options.looks = Looks::at(5);
  const ReportComparison comparison = compare_scenarios({base, "a"}, {changed, "b"}, options);
  EXPECT_FALSE(comparison.metrics.empty());
  EXPECT_THAT(render_comparison(comparison, {}), HasSubstr("on draws of their own"));
}

TEST_F(CompareScenariosTest, GoesOnFromStoresToTheSameBytes) {
  const Variants four(small_queue(), {}), three(small_queue(), {{{"workers", "3"}}, {}});
  const auto stored = [&](std::uint32_t most, std::uint64_t* simulated) {
    PointStore of_base(store() + "/base",
                       store_identity(four, compared_figures(*four.base().scenario), "test"),
                       std::string(kPointsFile));
    PointStore of_new(store() + "/new",
                      store_identity(three, compared_figures(*three.base().scenario), "test"),
                      std::string(kPointsFile));
    const TrialStore base{&of_base, store() + "/base", {}}, changed{&of_new, store() + "/new", {}};
    *simulated = of_base.size() + of_new.size();
    SideBySideOptions options;
    options.looks = Looks::up_to(most);
    std::string json =
        comparison_json(compare_scenarios({four, "4", &base}, {three, "3", &changed}, options));
    *simulated = of_base.size() + of_new.size() - *simulated;
    return json;
  };
  SideBySideOptions options;
  options.looks = Looks::up_to(27);
  const std::string whole = comparison_json(compare_scenarios({four, "4"}, {three, "3"}, options));
  std::uint64_t at_first = 0, then = 0, again = 0;
  EXPECT_NE(stored(8, &at_first), whole);
  EXPECT_EQ(at_first, 16u);
  EXPECT_EQ(stored(27, &then), whole);
  EXPECT_GT(then, 0u);
  EXPECT_EQ(stored(27, &again), whole);
  EXPECT_EQ(again, 0u) << "all was there";
  EXPECT_THROW(PointStore(store() + "/new",
                          store_identity(four, compared_figures(*four.base().scenario), "test"),
                          std::string(kPointsFile)),
               UserError)
      << "of another scenario";
}

TEST_F(CompareScenariosTest, ItsJsonIsAsItsSchemaSays) {
  const ValijsonSchema schema(nlohmann::json::parse(comparison_schema()));
  const auto json = nlohmann::json::parse(comparison_json(compare_workers("4", "3")));
  EXPECT_EQ(schema.violations(json), "");
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
