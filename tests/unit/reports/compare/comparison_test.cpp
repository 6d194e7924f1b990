// Comparisons of sets of reports made by hand: verdicts, directions, tolerance, mistakes in the
// sets; and reports read back from their JSON.
#include "reports/compare/comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "reports/json/comparison.hpp"
#include "reports/json/json.hpp"
#include "reports/json/read_report.hpp"
#include "reports/terminal/comparison.hpp"
#include "tests/unit/base/effort.hpp"
#include "tests/unit/reports/sample_report.hpp"

namespace sluice {
namespace {

using ::testing::HasSubstr;
using Compared = ReportComparison::Verdict;
using Reports = std::vector<ComparedReport>;

using enum PriorityLevel;

ComparedReport report(std::uint64_t seed, std::map<ComparedFigureKey, double> figures) {
  ComparedReport made;
  made.scenario = "nightly";
  made.hash = "0123456789abcdef";
  made.seed = seed;
  made.engine = "live";
  made.until_s = 3600;
  made.figures = std::move(figures);
  return made;
}

/// `count` reports whose LOW p95 wait is around `mean`, a little different in each.
Reports waits(std::size_t count, double mean, std::uint64_t first_seed = 1) {
  Reports reports;
  for (std::size_t i = 0; i < count; ++i) {
    const double off = 0.01 * mean * (static_cast<double>(i) - static_cast<double>(count) / 2);
    reports.push_back(report(first_seed + i, {{{Metric::wait_p95, LOW}, mean + off}}));
  }
  return reports;
}

const ComparedMetric& only_metric(const ReportComparison& comparison) {
  EXPECT_EQ(comparison.metrics.size(), 1u);
  return comparison.metrics.at(0);
}

TEST(Compare, AClearlyLongerWaitIsARegression) {
  const ReportComparison comparison = compare(waits(6, 100), waits(6, 150));
  EXPECT_EQ(comparison.verdict, Compared::regression);
  EXPECT_EQ(only_metric(comparison).change, Change::worse);
  EXPECT_NEAR(only_metric(comparison).relative, 0.5, 0.01);
}

TEST(Compare, AShorterOneIsNot) {
  const ReportComparison comparison = compare(waits(6, 150), waits(6, 100));
  EXPECT_EQ(comparison.verdict, Compared::no_regression);
  EXPECT_EQ(only_metric(comparison).change, Change::better);
}

TEST(Compare, OfThroughputLessIsWorse) {
  Reports base = waits(6, 100), changed = waits(6, 100);
  for (Reports* reports : {&base, &changed})
    for (ComparedReport& one : *reports) {
      const double wait = one.figures.begin()->second;
      one.figures = {{{Metric::throughput_rate, std::nullopt}, reports == &base ? wait : wait / 2}};
    }
  EXPECT_EQ(compare(base, changed).verdict, Compared::regression);
  EXPECT_EQ(compare(changed, base).verdict, Compared::no_regression);
}

TEST(Compare, WithinTheToleranceNothingCounts) {
  ComparisonOptions options;
  const Reports base = waits(6, 100), changed = waits(6, 108);
  EXPECT_EQ(compare(base, changed, options).verdict, Compared::regression);
  options.tolerance = 0.1;
  EXPECT_EQ(compare(base, changed, options).verdict, Compared::no_regression);
}

TEST(Compare, ATrifleIsNoneHoweverLargeItsShare) {
  EXPECT_EQ(compare(waits(6, 0.001), waits(6, 0.004)).verdict, Compared::no_regression);
}

TEST(Compare, TooFewRepetitionsAreInconclusiveAndItSaysHowManyAreNeeded) {
  const ReportComparison comparison = compare(waits(3, 100), waits(3, 500));
  EXPECT_EQ(comparison.verdict, Compared::inconclusive);
  EXPECT_EQ(comparison.needed, 4u) << "2 of 70 deals are below 5 %, 2 of 20 are not";
  EXPECT_THAT(render_comparison(comparison, {}), HasSubstr("4 of each are needed"));
  EXPECT_EQ(compare(waits(4, 100), waits(4, 500)).verdict, Compared::regression);
}

TEST(Compare, PairsSeeADifferenceThatIsSmallAgainstTheirSpread) {
  Reports base, changed;
  for (std::uint64_t i = 0; i < 8; ++i) {
    const double wait = 100 * static_cast<double>(i + 1);
    base.push_back(report(i, {{{Metric::wait_p95, LOW}, wait}}));
    changed.push_back(report(i, {{{Metric::wait_p95, LOW}, wait * 1.1}}));
  }
  EXPECT_EQ(compare(base, changed).verdict, Compared::no_regression);
  ComparisonOptions options;
  options.pairs = true;
  EXPECT_EQ(compare(base, changed, options).verdict, Compared::regression);
}

TEST(Compare, MetricsThatNeverVaryAreNotTested) {
  Reports base = waits(6, 100), changed = waits(6, 100);
  for (Reports* reports : {&base, &changed})
    for (ComparedReport& one : *reports) one.figures[{Metric::failed_rate, std::nullopt}] = 0;
  const ReportComparison comparison = compare(base, changed);
  EXPECT_EQ(comparison.metrics.size(), 1u);
  EXPECT_EQ(comparison.equal, 1u);
}

TEST(Compare, WithoutAnyMetricNothingIsDecided) {
  Reports base = waits(6, 100), changed = waits(6, 100);
  for (ComparedReport& one : changed) one.figures.clear();
  EXPECT_EQ(compare(base, changed).verdict, Compared::inconclusive);
}

TEST(Compare, FewerMetricsNeedFewerRepetitions) {
  Reports base = waits(4, 100), changed = waits(4, 500);
  for (Reports* reports : {&base, &changed})
    for (ComparedReport& one : *reports) {
      const double wait = one.figures.begin()->second;
      one.figures[{Metric::wait_p99, LOW}] = wait;
      one.figures[{Metric::wait_mean, LOW}] = wait;
    }
  ComparisonOptions options;
  EXPECT_EQ(compare(base, changed, options).verdict, Compared::inconclusive);
  options.only = {Metric::wait_p95};
  EXPECT_EQ(compare(base, changed, options).verdict, Compared::regression);
}

/// The figure beside those of waits(), also of others.
void also_of(Reports& reports, const ComparedFigureKey& other, double factor) {
  for (ComparedReport& one : reports)
    one.figures[other] = factor * one.figures.at({Metric::wait_p95, LOW});
}

TEST(Compare, ASubmitterIsComparedUnlessItIsAlone) {
  Reports base = waits(6, 100), changed = waits(6, 150);
  for (Reports* reports : {&base, &changed}) {
    also_of(*reports, {Metric::wait_p95, {}, "research"}, 1);
    also_of(*reports, {Metric::wait_p95, {}, "claims"}, 2);
    also_of(*reports, {Metric::wait_p95, {}, {}, "alone at its level"}, 1);
    also_of(*reports, {Metric::wait_p95, {}, {}, "alone in claims"}, 2);
    also_of(*reports, {Metric::wait_p95, {}, {}, "nightly"}, 3);
  }
  const ReportComparison comparison = compare(base, changed);
  std::vector<std::string> who;
  for (const ComparedMetric& metric : comparison.metrics) who.push_back(subject_text(metric.key));
  EXPECT_THAT(who,
              ::testing::UnorderedElementsAre("LOW", "claims", "research", "submitter nightly"));
  EXPECT_THAT(comparison_json(comparison), HasSubstr("\"submitter\": \"nightly\""));
}

TEST(Compare, WhoIsOnlyOnOneSideIsNotCompared) {
  Reports base = waits(6, 100), changed = waits(6, 150);
  also_of(base, {Metric::starvation_total, {}, "old"}, 1);
  also_of(changed, {Metric::starvation_total, {}, "new"}, 1);
  EXPECT_EQ(compare(base, changed).metrics.size(), 1u);
}

TEST(Compare, AZeroThatAReportLeavesOutIsAZero) {
  Reports base = waits(6, 100), changed = waits(6, 150);
  also_of(base, {Metric::starvation_total, {}, "claims"}, 1);
  also_of(changed, {Metric::starvation_total, {}, "claims"}, 1);
  base[2].figures.erase({Metric::starvation_total, {}, "claims"});
  EXPECT_EQ(compare(base, changed).metrics.size(), 2u);
}

TEST(Compare, WhereRepetitionsAreTooFewTheyAreComparedByLevelAlone) {
  Reports base = waits(5, 100), changed = waits(5, 500);
  for (int i = 0; i < 9; ++i)
    for (Reports* reports : {&base, &changed}) {
      also_of(*reports, {Metric::wait_p95, {}, "workspace-" + std::to_string(i)}, i + 2);
      also_of(*reports, {Metric::wait_p95, {}, {}, "submitter-" + std::to_string(i)}, i + 20);
    }
  ComparisonOptions options;
  const ReportComparison few = compare(base, changed, options);
  EXPECT_EQ(few.verdict, Compared::regression);
  EXPECT_EQ(only_metric(few).key.level, LOW);
  EXPECT_EQ(few.needed_by_submitter, 6u) << "19 tests: 2 of 924 deals, not of 252";
  EXPECT_EQ(few.needed_by_workspace, 6u) << "10 tests";
  EXPECT_THAT(render_comparison(few, {}), HasSubstr("6 of each would be needed"));
  options.all_subjects = true;
  EXPECT_EQ(compare(base, changed, options).verdict, Compared::inconclusive);
}

TEST(Compare, MistakesInTheSetsAreNamed) {
  const Reports good = waits(4, 100), other_seeds = waits(4, 100, 11);
  ComparisonOptions options;
  EXPECT_EQ(mistake_in(good, other_seeds, options), "");
  EXPECT_EQ(mistake_in(good, {}, options), "--new has no reports");
  const auto with = [&](auto change) {
    Reports changed = good;
    change(changed);
    return mistake_in(good, changed, options);
  };
  EXPECT_THAT(with([](Reports& r) { r[1].scenario = "x"; }), HasSubstr("different scenarios"));
  EXPECT_THAT(with([](Reports& r) { r[1].hash = "x"; }), HasSubstr("different versions"));
  EXPECT_THAT(with([](Reports& r) { r[1].until_s = 1; }), HasSubstr("different lengths"));
  EXPECT_THAT(with([](Reports& r) { r[1].complete = false; }), HasSubstr("ended early"));
  EXPECT_THAT(with([](Reports& r) { r[1].engine = "virtual_time"; }), HasSubstr("engines"));
  EXPECT_THAT(with([](Reports& r) {
                for (ComparedReport& one : r) one.scenario = "x";
              }),
              HasSubstr("--new about 'x'"));
  EXPECT_THAT(with([](Reports& r) {
                for (ComparedReport& one : r) one.engine = "virtual_time";
              }),
              HasSubstr("simulated"));
  options.pairs = true;
  EXPECT_EQ(mistake_in(good, good, options), "") << "a live target may be loaded alike twice";
  EXPECT_EQ(mistake_in(good, other_seeds, options), "--pairs: the seeds of pair 1 are 1 and 11");
  EXPECT_EQ(mistake_in(good, waits(3, 1), options), "--pairs: --base has 4 reports, --new 3");
}

TEST(Compare, OneSimulationTwiceIsNoRepetition) {
  Reports same = waits(4, 100), good = waits(4, 100);
  for (Reports* reports : {&same, &good})
    for (ComparedReport& one : *reports) one.engine = "virtual_time";
  same[2].seed = same[0].seed;
  EXPECT_EQ(mistake_in(good, same, {}), "--new has the simulation with seed 1 twice");
}

TEST(RenderComparison, NoLineIsWiderThanTheTerminal) {
  for (const int width : {40, 70, 100}) {
    std::istringstream lines(
        render_comparison(compare(waits(6, 100), waits(6, 1e6)), {false, width, true}));
    for (std::string line; std::getline(lines, line);)
      EXPECT_LE(display_columns(line), static_cast<std::size_t>(width)) << line;
  }
}

TEST(RenderComparison, JsonHoldsWhatWasTested) {
  const auto json = nlohmann::json::parse(comparison_json(compare(waits(6, 100), waits(6, 150))));
  EXPECT_EQ(json["format"], "sluice.comparison");
  EXPECT_EQ(json["verdict"], "regression");
  EXPECT_EQ(json["metrics"][0]["metric"], "wait.p95");
  EXPECT_EQ(json["metrics"][0]["level"], "LOW");
  EXPECT_EQ(json["metrics"][0]["change"], "worse");
  EXPECT_EQ(json["metrics"][0]["better"], "lower");
}

TEST(ReadReport, FiguresComeBackAsTheyWere) {
  const Report written = test::full_report();
  const Parsed<ComparedReport> read = read_report(render_json(written));
  ASSERT_TRUE(read) << read.error.message;
  EXPECT_EQ(read->scenario, written.header.scenario);
  EXPECT_EQ(read->hash, written.header.hash);
  EXPECT_EQ(read->seed, written.header.seed);
  EXPECT_EQ(read->engine, "virtual_time");
  EXPECT_EQ(read->until_s, written.header.until.seconds());
  std::size_t of_all_and_levels = 0;
  for (const FigureEntry& entry : written.figures.entries()) {
    const Labels labels = entry.key.subject.labels();
    if ((labels & ~label::level) != 0) continue;
    ++of_all_and_levels;
    const auto found = read->figures.find({entry.key.metric, entry.key.subject.level});
    ASSERT_NE(found, read->figures.end()) << info(entry.key.metric).name;
    EXPECT_EQ(found->second, entry.figure.value);
  }
  EXPECT_EQ(read->figures.size(), of_all_and_levels);
}

TEST(ReadReport, WorkspacesAndSubmittersComeBackWhereThereAreFew) {
  Report written = test::full_report();
  ASSERT_GE(written.names.workspaces.size(), 2u);
  FigureTable figures;
  for (const FigureEntry& entry : written.figures.entries())
    figures.add(entry.key.metric, entry.key.subject, entry.figure);
  Figure other;
  other.value = 77;
  figures.add(Metric::wait_mean, Subject::of(WorkspaceId::at(1)), other);
  figures.seal();
  written.figures = std::move(figures);
  const Parsed<ComparedReport> read = read_report(render_json(written));
  ASSERT_TRUE(read) << read.error.message;
  EXPECT_EQ(read->figures.at({Metric::wait_mean, {}, written.names.workspaces[1]}), 77);
  EXPECT_EQ(read->figures.count({Metric::wait_mean, {}, {}, written.names.submitters[0]}), 0u)
      << "one alone says what all say";
}

TEST(ReadReport, ReplicationsAreRepetitions) {
  const Report written = test::full_report();
  const auto read = read_repetitions(render_json(written));
  ASSERT_TRUE(read) << read.error.message;
  ASSERT_EQ(read->size(), 2u);
  const ComparedReport &first = (*read)[0], &second = (*read)[1];
  EXPECT_TRUE(first.is_replication);
  EXPECT_EQ(first.seed, 7u);
  EXPECT_EQ(second.seed, UINT64_MAX) << "no digit is lost";
  const std::string &workspace = written.names.workspaces[0], &by = written.names.submitters[0];
  EXPECT_EQ(first.figures.at({Metric::wait_p95, LOW}), 61.5);
  EXPECT_EQ(second.figures.count({Metric::wait_p95, LOW}), 0u) << "nothing was measured in it";
  EXPECT_EQ(second.figures.at({Metric::wait_mean, {}, workspace}), 14);
  EXPECT_EQ(second.figures.at({Metric::wait_mean, {}, {}, by}), 0.1);
  EXPECT_EQ(first.figures.count({Metric::wait_p95, std::nullopt}), 0u)
      << "the mean of both is the value of none";
  EXPECT_EQ(first.figures.count({Metric::attribution_pause, LOW}), 1u);
}

TEST(ReadReport, AReportWithoutThemIsOneRepetition) {
  Report written = test::full_report();
  written.replication_values = {};
  const auto read = read_repetitions(render_json(written));
  ASSERT_TRUE(read) << read.error.message;
  ASSERT_EQ(read->size(), 1u);
  EXPECT_FALSE(read->front().is_replication);
  EXPECT_EQ(read->front().seed, written.header.seed);
}

TEST(ReadReport, ReplicationsThatCannotBeAreRefused) {
  auto json = nlohmann::json::parse(render_json(test::full_report()));
  const auto message = [](const nlohmann::json& changed) {
    const auto read = read_repetitions(changed.dump());
    return read ? std::string() : read.error.message;
  };
  EXPECT_EQ(message(json), "");
  auto less = json;
  less["replications"]["lines"][0]["values"].erase(0);
  EXPECT_THAT(message(less), HasSubstr("a value for each"));
  auto strange = json;
  strange["replications"]["seeds"][0] = "12";
  EXPECT_THAT(message(strange), HasSubstr("a seed"));
  auto lacking = json;
  lacking["replications"].erase("seeds");
  EXPECT_THAT(message(lacking), HasSubstr("lacks members"));
}

TEST(ReadReport, WhatIsNoReportIsSaid) {
  EXPECT_EQ(read_report("{").error.message, "is not JSON");
  EXPECT_EQ(read_report("[]").error.message, "is not a report of sluice");
  EXPECT_EQ(read_report("{}").error.message, "is not a report of sluice");
  EXPECT_THAT(read_report(R"({"format": "sluice.report", "version": 3})").error.message,
              HasSubstr("version 3"));
  EXPECT_THAT(read_report(R"({"format": "sluice.report", "version": 2})").error.message,
              HasSubstr("lacks members"));
  EXPECT_THAT(
      read_report(R"({"format": "sluice.report", "version": 2, "scenario": 7})").error.message,
      HasSubstr("lacks members"));
}

TEST(ReadReport, AnyBytesAreReadOrRefused) {
  std::string text = render_json(test::monday_report());
  const std::size_t step = test::kSanitized ? 970 : 97;
  for (std::size_t i = 0; i < text.size(); i += step) {
    std::string broken = text;
    broken[i] = static_cast<char>(broken[i] ^ 0x15);
    (void)read_report(broken);
    (void)read_report(std::string_view(text).substr(0, i));
    (void)read_repetitions(broken);
  }
}

}  // namespace
}  // namespace sluice
