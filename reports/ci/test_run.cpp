#include "reports/ci/test_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace sluice {

std::string_view name(TestOutcome outcome) {
  switch (outcome) {
    case TestOutcome::passed:
      return "passed";
    case TestOutcome::nothing_expected:
      return "none";
    case TestOutcome::held:
      return "held";
    case TestOutcome::broke:
      return "broke";
    case TestOutcome::inconclusive:
      return "inconclusive";
    case TestOutcome::failed:
      return "failed";
    case TestOutcome::regression:
      return "regression";
    case TestOutcome::bad_scenario:
      return "bad_scenario";
    case TestOutcome::internal_error:
      return "internal_error";
    case TestOutcome::skipped:
      return "skipped";
    case TestOutcome::not_run:
      return "not_run";
  }
  return "";
}

std::string_view outcome_word(TestOutcome outcome) {
  switch (outcome) {
    case TestOutcome::passed:
      return "PASS";
    case TestOutcome::nothing_expected:
      return "NO EXPECTATIONS";
    case TestOutcome::held:
      return "HELD";
    case TestOutcome::broke:
      return "BROKE";
    case TestOutcome::inconclusive:
      return "INCONCLUSIVE";
    case TestOutcome::failed:
      return "FAIL";
    case TestOutcome::regression:
      return "REGRESSION";
    case TestOutcome::bad_scenario:
    case TestOutcome::internal_error:
      return "ERROR";
    case TestOutcome::skipped:
      return "skipped";
    case TestOutcome::not_run:
      return "not run";
  }
  return "";
}

ExitCode exit_code_of(TestOutcome outcome) {
  switch (outcome) {
    case TestOutcome::failed:
      return ExitCode::expectation_failed;
    case TestOutcome::regression:
      return ExitCode::regression;
    case TestOutcome::inconclusive:
    case TestOutcome::held:
    case TestOutcome::broke:
    case TestOutcome::not_run:
      return ExitCode::inconclusive;
    case TestOutcome::bad_scenario:
      return ExitCode::bad_input;
    case TestOutcome::internal_error:
      return ExitCode::internal_error;
    case TestOutcome::passed:
    case TestOutcome::nothing_expected:
    case TestOutcome::skipped:
      break;
  }
  return ExitCode::ok;
}

ExitCode exit_code_of(const TestRun& run) {
  ExitCode code = ExitCode::ok;
  for (const TestedFile& tested : run.files)
    code = first_that_counts(code, exit_code_of(tested.outcome));
  return code;
}

std::size_t count_of(const TestRun& run, TestOutcome outcome) {
  return static_cast<std::size_t>(std::ranges::count(run.files, outcome, &TestedFile::outcome));
}

std::string summary_text(const TestRun& run) {
  constexpr std::array kCounted{
      std::pair(TestOutcome::passed, "passed"),
      std::pair(TestOutcome::internal_error, "ended in an internal error"),
      std::pair(TestOutcome::bad_scenario, "could not be loaded"),
      std::pair(TestOutcome::regression, "got worse"),
      std::pair(TestOutcome::failed, "failed"),
      std::pair(TestOutcome::inconclusive, "inconclusive"),
      std::pair(TestOutcome::broke, "broke"),
      std::pair(TestOutcome::held, "held once"),
      std::pair(TestOutcome::nothing_expected, "without expectations"),
      std::pair(TestOutcome::not_run, "not run")};
  const std::size_t skipped = count_of(run, TestOutcome::skipped);
  const std::size_t tested = run.files.size() - skipped;
  std::string counts;
  for (const auto& [outcome, words] : kCounted)
    if (const std::size_t some = count_of(run, outcome); some > 0)
      counts += fmt::format("{} {} {}", counts.empty() ? ":" : ",", some, words);
  std::string text = fmt::format("{} file{}{}", tested, tested == 1 ? "" : "s", counts);
  if (skipped > 0) text += fmt::format("; {} skipped", skipped);
  if (run.shard) text += fmt::format("; shard {} of {}", run.shard->index, run.shard->count);
  return text;
}

const TestCase* nearest_to_its_limit(const TestedFile& tested) {
  const TestCase* nearest = nullptr;
  double least = INFINITY;
  for (const TestCase& asked : tested.cases) {
    if (asked.kind != TestCase::Kind::expectation || !is_met(asked.status)) continue;
    if (!asked.margin || asked.margin_of == 0 || !std::isfinite(asked.margin_of)) continue;
    const double share = *asked.margin / std::abs(asked.margin_of);
    if (!(share < least)) continue;
    least = share;
    nearest = &asked;
  }
  return nearest;
}

std::vector<const TestCase*> unmet_cases(const TestedFile& tested) {
  std::vector<const TestCase*> unmet;
  for (const bool missed : {true, false})
    for (const TestCase& asked : tested.cases)
      if (!is_met(asked.status) && is_missed(asked.status) == missed) unmet.push_back(&asked);
  return unmet;
}

bool is_in_a_file(std::string_view place) { return !place.empty() && !place.starts_with('-'); }

std::string place_text(const TestCase& asked) {
  return asked.line > 0 && is_in_a_file(asked.file) ? fmt::format("{}:{}", asked.file, asked.line)
                                                    : asked.file;
}

}  // namespace sluice
