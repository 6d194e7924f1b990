// The regression gate over many comparisons: how often two sets of loads on the same pipeline are
// called a regression, and how often a changed rule is.
#include <gtest/gtest.h>

#include <cmath>
#include <iostream>

#include "reports/compare/comparison.hpp"
#include "reports/json/json.hpp"
#include "reports/json/read_report.hpp"
#include "tests/unit/load/prediction/measured.hpp"

namespace sluice::test {
namespace {

using Verdict = ReportComparison::Verdict;

constexpr std::size_t kRepetitions = 8;
constexpr std::size_t kPairs = 11;

/// Loads with the seeds first, first + 1, …, each on a target with draws of its own, as they come
/// back from files.
std::vector<ComparedReport> loads(const Scenario& scenario, std::size_t count, std::uint64_t first,
                                  std::uint64_t draw) {
  std::vector<ComparedReport> reports;
  for (std::size_t i = 0; i < count; ++i) {
    Scenario one = scenario;
    one.seed = first + i;
    const Parsed<ComparedReport> read = read_report(render_json(measured(one, draw)));
    EXPECT_TRUE(read) << read.error.message;
    reports.push_back(*read);
  }
  return reports;
}

Scenario with(WhenCredentialBusy when) {
  Scenario scenario = office();
  scenario.pipeline.groups[0].when_credential_busy = when;
  return scenario;
}

/// How many of `trials` comparisons with `changed` are a regression.
int regressions(const Scenario& changed, bool pairs, int trials) {
  const std::size_t count = pairs ? kPairs : kRepetitions;
  ComparisonOptions options;
  options.pairs = pairs;
  int found = 0;
  for (int trial = 0; trial < trials; ++trial) {
    const auto first = static_cast<std::uint64_t>(trial) * 1000;
    const auto base = loads(office(), count, first, 1);
    const auto others = loads(changed, count, pairs ? first : first + 500, 2);
    EXPECT_EQ(mistake_in(base, others, options), "");
    const ReportComparison comparison = compare(base, others, options);
    EXPECT_NE(comparison.verdict, Verdict::inconclusive)
        << comparison.needed << " are needed for " << comparison.metrics.size() << " metrics";
    found += comparison.verdict == Verdict::regression;
  }
  return found;
}

TEST(ComparisonRatesSlow, AnUnchangedRuleIsSeldomCalledARegression) {
  constexpr int kTrials = 50;
  for (const bool pairs : {false, true}) {
    const int found = regressions(with(WhenCredentialBusy::skip), pairs, kTrials);
    std::cout << "false alarms of compare" << (pairs ? " --pairs" : "") << ": " << found << " of "
              << kTrials << "\n";
    EXPECT_LE(found, kTrials * 0.05 + 3.5 * std::sqrt(kTrials * 0.05 * 0.95));
  }
}

struct ChangedRule {
  WhenCredentialBusy when;
  const char* word;
  double least;  // share of comparisons that must find it
};

TEST(ComparisonRatesSlow, AChangedRuleIsFound) {
  constexpr int kTrials = 15;
  // block_workspace holds up only the half of MEDIUM that needs no credential.
  for (const ChangedRule& rule :
       {ChangedRule{WhenCredentialBusy::block_workspace, "block_workspace", 0.15},
        ChangedRule{WhenCredentialBusy::block_level, "block_level", 0.9},
        ChangedRule{WhenCredentialBusy::hold_worker, "hold_worker", 0.9}})
    for (const bool pairs : {false, true}) {
      const int found = regressions(with(rule.when), pairs, kTrials);
      std::cout << "compare" << (pairs ? " --pairs" : "") << " finds " << rule.word << ": " << found
                << " of " << kTrials << "\n";
      EXPECT_GE(found, rule.least * kTrials) << rule.word;
    }
}

}  // namespace
}  // namespace sluice::test
