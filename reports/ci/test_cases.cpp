#include "reports/ci/test_cases.hpp"

#include <fmt/format.h>

#include <cstddef>

#include "reports/figures/figure_text.hpp"
#include "reports/figures/names.hpp"
#include "reports/summary/expectations.hpp"
#include "reports/summary/phrases.hpp"
#include "reports/summary/verdict.hpp"

namespace sluice {
namespace {

std::string figure_name(const Expectation& e, const Names& names) {
  std::string text = std::string(info(e.metric).name) + labels_text(e.subject, names);
  if (e.over) text += " over " + format_exact(*e.over);
  return text;
}

TestCase case_of(const Report& report, const ExpectationResult& result) {
  const Expectation& e = result.expectation;
  TestCase asked;
  asked.sentence = e.sentence;
  asked.status = result.status;
  asked.outcome = outcome_text(report, result);
  asked.because = because_text(result);
  asked.implied = result.implied;
  asked.file = e.file;
  asked.line = e.line;
  asked.figure_name = figure_name(e, report.names);
  asked.unit = info(e.metric).unit;
  asked.comparison = e.comparison;
  asked.limit = e.limit;
  asked.figure = result.figure;
  asked.margin = margin(result);
  asked.margin_unit = e.in_replications ? Unit::share : asked.unit;
  asked.margin_of = e.in_replications.value_or(e.limit);
  asked.wanted_share = e.in_replications;
  asked.in_replications = result.in_replications;
  return asked;
}

TestCase case_of(const Report& report, const ReachResult& result) {
  TestCase asked;
  asked.kind = TestCase::Kind::reach;
  asked.sentence = result.sentence;
  asked.status = result.status;
  asked.count = result.count;
  asked.outcome = result.count > 0 ? fmt::format("happened {} {}",
                                                 compact_count(static_cast<double>(result.count)),
                                                 result.count == 1 ? "time" : "times")
                                   : std::string(missed_text(report, result));
  return asked;
}

TestOutcome outcome_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::passed:
      return TestOutcome::passed;
    case Verdict::failed:
      return TestOutcome::failed;
    case Verdict::inconclusive:
      return TestOutcome::inconclusive;
    case Verdict::none:
      return TestOutcome::nothing_expected;
    case Verdict::held:
      return TestOutcome::held;
    case Verdict::broke:
      return TestOutcome::broke;
  }
  return TestOutcome::internal_error;
}

/// "LOW.wait.p95 < 45m by 4m": of a file in which nothing is missed, how near it came to that.
std::string nearest_text(const TestedFile& tested) {
  const TestCase* nearest = nearest_to_its_limit(tested);
  if (nearest == nullptr || !unmet_cases(tested).empty()) return {};
  return fmt::format("{} by {}", nearest->sentence,
                     compact(*nearest->margin, nearest->margin_unit));
}

}  // namespace

void add_report(const Report& report, const std::vector<SentencePlace>& reaches,
                TestedFile& tested) {
  const ReportHeader& header = report.header;
  tested.scenario = header.scenario;
  tested.hash = header.hash;
  tested.seed = header.seed;
  tested.replications = header.replications;
  tested.confidence = header.confidence;
  tested.complete = header.complete;
  for (const ExpectationResult& result : report.expectations)
    tested.cases.push_back(case_of(report, result));
  for (std::size_t i = 0; i < report.reaches.size(); ++i) {
    tested.cases.push_back(case_of(report, report.reaches[i]));
    if (i >= reaches.size()) continue;
    tested.cases.back().file = reaches[i].file;
    tested.cases.back().line = reaches[i].line;
  }
  tested.outcome = outcome_of(report.verdict);
  // Where there is little room, the end of it is not seen.
  tested.summary = nearest_text(tested);
  if (const std::string verdict = verdict_summary(report); !verdict.empty())
    tested.summary += (tested.summary.empty() ? "" : "; ") + verdict;
  if (header.complete) return;
  if (tested.outcome == TestOutcome::nothing_expected) tested.outcome = TestOutcome::inconclusive;
  tested.summary += tested.summary.empty() ? "ended early" : "; ended early";
}

}  // namespace sluice
