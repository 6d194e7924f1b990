// Which replications are held against each other: those with one seed, if that is enough of them.
#include "reports/compare/compare_repetitions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "reports/compare/comparison_words.hpp"
#include "reports/json/comparison.hpp"
#include "reports/json/comparison_schema.hpp"
#include "tests/unit/reports/golden.hpp"
#include "tests/unit/reports/valijson_schema.hpp"

namespace sluice {
namespace {

using ::testing::HasSubstr;
using Repeated = std::vector<ComparedReport>;

/// Replications with the seeds first, first + 1, …: of very different days, each `factor` of what
/// its seed alone would give.
Repeated days(std::size_t count, double factor, std::uint64_t first = 1) {
  Repeated replications;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    ComparedReport& one = replications.emplace_back();
    one.scenario = "nightly";
    one.seed = seed;
    one.is_replication = true;
    one.engine = "virtual_time";
    const double wait = 100 * static_cast<double>(1 + seed * 7 % 10);
    one.figures = {{{Metric::wait_p95, PriorityLevel::LOW}, wait * factor}};
  }
  return replications;
}

/// As many figures as a scenario with workspaces has, all of them like that one.
Repeated with_many(Repeated replications, std::size_t count) {
  for (ComparedReport& one : replications)
    for (std::size_t i = 0; i < count; ++i)
      one.figures[{Metric::wait_p95, {}, "workspace-" + std::to_string(i)}] =
          one.figures.at({Metric::wait_p95, PriorityLevel::LOW}) * static_cast<double>(i + 2);
  return replications;
}

TEST(CompareRepetitions, SeedsThatAgreeArePairsWhateverTheirOrder) {
  const Repeated base = days(8, 1);
  Repeated changed = days(8, 1.1);
  std::ranges::reverse(changed);
  const ReportComparison comparison = compare_repetitions(base, changed, {});
  EXPECT_TRUE(comparison.options.pairs);
  EXPECT_EQ(comparison.verdict, ReportComparison::Verdict::regression);
  ASSERT_TRUE(comparison.metrics.at(0).interval);
  EXPECT_GT(comparison.metrics[0].interval->low, 0);
  EXPECT_THAT(comparison_basis(comparison), HasSubstr("8 pairs of replications with one seed"));
}

TEST(CompareRepetitions, OtherSeedsAreNoPairs) {
  const ReportComparison comparison = compare_repetitions(days(8, 1), days(8, 1.1, 100), {});
  EXPECT_FALSE(comparison.options.pairs);
  EXPECT_FALSE(comparison.shared_seeds);
  EXPECT_EQ(comparison.verdict, ReportComparison::Verdict::no_regression);
  EXPECT_THAT(comparison_basis(comparison), HasSubstr("8 replications in each set"));
}

TEST(CompareRepetitions, SomeSeedsThatAgreeAreNotEnough) {
  EXPECT_FALSE(compare_repetitions(days(8, 1), days(8, 1.1, 4), {}).options.pairs);
}

TEST(CompareRepetitions, ReportsAreNoPairsUnlessItIsSaid) {
  Repeated base = days(8, 1), changed = days(8, 1.1);
  base[3].is_replication = false;
  EXPECT_FALSE(compare_repetitions(base, changed, {}).options.pairs);
  ComparisonOptions options;
  options.pairs = true;
  EXPECT_TRUE(compare_repetitions(base, changed, options).options.pairs);
}

TEST(CompareRepetitions, WhatHasNoPartnerIsLeftOutAndSaid) {
  const ReportComparison comparison = compare_repetitions(days(8, 1), days(20, 1.1), {});
  EXPECT_EQ(comparison.base, 8u);
  EXPECT_EQ(comparison.changed, 8u);
  EXPECT_THAT(comparison_basis(comparison), HasSubstr("12 more replications are on one side only"));
}

TEST(CompareRepetitions, PairsThatCouldSupportNothingAreComparedWithoutPairs) {
  const ReportComparison comparison = compare_repetitions(days(5, 1), days(5, 20), {});
  EXPECT_FALSE(comparison.options.pairs);
  EXPECT_EQ(comparison.verdict, ReportComparison::Verdict::regression);
  EXPECT_THAT(comparison_basis(comparison),
              HasSubstr("The 5 pairs with one seed are too few (6 are needed)"));
}

TEST(CompareRepetitions, PairsByLevelComeBeforeWorkspacesWithoutPairs) {
  const ReportComparison comparison =
      compare_repetitions(with_many(days(8, 1), 9), with_many(days(8, 1.1), 9), {});
  EXPECT_TRUE(comparison.options.pairs);
  EXPECT_EQ(comparison.metrics.size(), 1u);
  EXPECT_EQ(comparison.verdict, ReportComparison::Verdict::regression);
  EXPECT_THAT(comparison_basis(comparison), HasSubstr("by workspace: 9 pairs would be needed"));
}

TEST(CompareRepetitions, ItsJsonIsAsItsSchemaSays) {
  const test::ValijsonSchema schema(nlohmann::json::parse(comparison_schema()));
  for (const ReportComparison& comparison :
       {compare_repetitions(days(8, 1), days(20, 1.1), {}),
        compare_repetitions(days(5, 1), days(5, 20), {}),
        compare_repetitions(with_many(days(8, 1), 9), with_many(days(8, 1.1), 9), {})}) {
    auto json = nlohmann::json::parse(comparison_json(comparison));
    EXPECT_EQ(schema.violations(json), "");
    json["metrics"][0]["change"] = "perhaps";
    EXPECT_NE(schema.violations(json), "");
  }
  test::expect_golden("reports/schema/compare.schema.json", comparison_schema());
}

}  // namespace
}  // namespace sluice
