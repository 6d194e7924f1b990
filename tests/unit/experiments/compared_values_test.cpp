// What a report holds of each replication, and two such reports held against each other.
#include "experiments/compared_values.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "experiments/replications.hpp"
#include "experiments/settings/variants.hpp"
#include "reports/compare/compare_repetitions.hpp"
#include "reports/json/json.hpp"
#include "reports/json/read_report.hpp"
#include "sim/simulation.hpp"
#include "tests/unit/experiments/scenario_in_folder.hpp"

namespace sluice::test {
namespace {

using ComparedSet = std::vector<ComparedReport>;

class ComparedValuesTest : public ScenarioInFolder {
 protected:
  Report simulated(const std::string& workers, std::uint32_t replications, std::uint64_t seed = 5,
                   bool in_detail = true) const {
    const Variants variants(small_queue(), {{{"workers", workers}},
                                            {{"replications", std::to_string(replications)},
                                             {"seed", std::to_string(seed)}}});
    ExperimentOptions options;
    options.threads = 2;
    options.in_detail = in_detail;
    return run_experiment(*variants.base().scenario, options);
  }
  ComparedSet from_file(const Report& report) const {
    auto read = read_repetitions(render_json(report));
    EXPECT_TRUE(read) << read.error.message;
    return *read;
  }
};

TEST_F(ComparedValuesTest, AreThoseWhoseMeanTheReportTells) {
  const Report report = simulated("4", 6);
  const ReplicationValues& values = report.replication_values;
  ASSERT_EQ(values.seeds.size(), 6u);
  for (std::uint32_t i = 0; i < 6; ++i) EXPECT_EQ(values.seeds[i], replication_seed(5, i));
  std::size_t found = 0;
  for (const ReplicationLine& line : values.lines) {
    ASSERT_EQ(line.values.size(), 6u);
    const Figure* figure = report.figures.find(line.metric, line.subject);
    if (figure == nullptr) continue;  // zeros
    ++found;
    const double sum = std::accumulate(line.values.begin(), line.values.end(), 0.0);
    EXPECT_NEAR(sum / 6, figure->value, 1e-9 * (1 + figure->value)) << info(line.metric).name;
  }
  EXPECT_GT(found, 20u);
  const auto is_of = [&](const Subject& subject) {
    return std::ranges::any_of(
        values.lines, [&](const ReplicationLine& line) { return line.subject == subject; });
  };
  EXPECT_TRUE(is_of(Subject::of(WorkspaceId::at(1))));
  EXPECT_TRUE(is_of(Subject::of(SubmitterId::at(1))));
  EXPECT_FALSE(is_of(Subject::of(PriorityLevel::MEDIUM))) << "nobody is at that level";
}

TEST_F(ComparedValuesTest, AreLeftOutWhereNobodyWouldReadThem) {
  EXPECT_TRUE(simulated("4", 1).replication_values.seeds.empty());
  EXPECT_TRUE(simulated("4", 2, 5, false).replication_values.seeds.empty());
}

// Once they counted as one repetition each: INCONCLUSIVE with p = 1.
TEST_F(ComparedValuesTest, TwoReportsOfTenReplicationsDecide) {
  const ComparedSet four = from_file(simulated("4", 10)), three = from_file(simulated("3", 10));
  ASSERT_EQ(four.size(), 10u);
  EXPECT_EQ(mistake_in(four, three, {}), "");
  const ReportComparison worse = compare_repetitions(four, three, {});
  EXPECT_EQ(worse.verdict, ReportComparison::Verdict::regression);
  EXPECT_TRUE(worse.options.pairs) << "the same seeds";
  EXPECT_THAT(worse.cause, ::testing::HasSubstr("wait longer: on average"));
  const ReportComparison better = compare_repetitions(three, four, {});
  EXPECT_EQ(better.verdict, ReportComparison::Verdict::no_regression);
  EXPECT_EQ(better.metrics.front().change, Change::better);
}

TEST_F(ComparedValuesTest, ReportsOfASideCombine) {
  ComparedSet four = from_file(simulated("4", 5, 1)), three = from_file(simulated("3", 5, 1));
  for (const ComparedReport& one : from_file(simulated("4", 5, 2))) four.push_back(one);
  for (const ComparedReport& one : from_file(simulated("3", 6, 2))) three.push_back(one);
  EXPECT_EQ(mistake_in(four, three, {}), "");
  const ReportComparison comparison = compare_repetitions(four, three, {});
  ASSERT_TRUE(comparison.shared_seeds);
  EXPECT_EQ(comparison.shared_seeds->pairs, 10u);
  EXPECT_EQ(comparison.shared_seeds->left_out, 1u);
  four.push_back(four.front());
  EXPECT_THAT(mistake_in(four, three, {}), ::testing::HasSubstr("twice"));
}

}  // namespace
}  // namespace sluice::test
