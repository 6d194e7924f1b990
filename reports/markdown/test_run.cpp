#include "reports/markdown/test_run.hpp"

#include <fmt/format.h>

#include "reports/markdown/escape.hpp"
#include "reports/markdown/markdown.hpp"

namespace sluice {
namespace {

std::string_view outcome_sign(TestOutcome outcome) {
  switch (outcome) {
    case TestOutcome::passed:
      return "✅";
    case TestOutcome::nothing_expected:
      return "ℹ️";
    case TestOutcome::held:
    case TestOutcome::broke:
      return "1️⃣";
    case TestOutcome::inconclusive:
    case TestOutcome::not_run:
    case TestOutcome::skipped:
      return "⚠️";
    case TestOutcome::failed:
    case TestOutcome::regression:
      return "❌";
    case TestOutcome::bad_scenario:
    case TestOutcome::internal_error:
      break;
  }
  return "⛔";
}

std::string_view run_sign(const TestRun& run) {
  const ExitCode code = exit_code_of(run);
  if (code == ExitCode::ok) return run.complete ? "✅" : "⚠️";
  return code == ExitCode::inconclusive ? "⚠️" : "❌";
}

std::string row_of(const TestedFile& tested) {
  return fmt::format("| {} {} | {} | {} |\n", outcome_sign(tested.outcome),
                     outcome_word(tested.outcome), markdown_code(tested.file),
                     markdown_text(tested.summary));
}

std::string item_of(const TestCase& asked) {
  const bool baseline = asked.kind == TestCase::Kind::baseline;
  const std::string because = asked.because.empty() ? "" : " (" + asked.because + ")";
  const std::string place = place_text(asked);
  return fmt::format("- {} {}{}: {}{}\n", asked.status == Status::failed ? "❌" : "⚠️",
                     markdown_code(asked.sentence), baseline ? " against the baseline" : "",
                     markdown_text(asked.outcome + because),
                     place.empty() ? "" : ", " + markdown_code(place));
}

/// Empty: there is nothing to say but its line.
std::string unmet_section(const TestedFile& tested) {
  std::string items;
  for (const TestProblem& problem : tested.problems) {
    if (problem.warning) continue;
    const std::string place =
        problem.line > 0 ? fmt::format("{}:{}", problem.file, problem.line) : problem.file;
    items += fmt::format("- ⛔ {}: {}\n", markdown_code(place), markdown_text(problem.message));
  }
  for (const TestCase* asked : unmet_cases(tested)) items += item_of(*asked);
  return items.empty() ? items
                       : fmt::format("\n#### {} {}\n\n{}", outcome_word(tested.outcome),
                                     markdown_code(tested.file), items);
}

std::string update_text(const TestRun& run) {
  if (!run.update) return {};
  std::string text = fmt::format("\nBaselines written: {}.\n", run.update->written);
  if (!run.update->not_written.empty()) text += '\n';
  for (const auto& [file, reason] : run.update->not_written)
    text += fmt::format("- not written: {}, {}\n", markdown_code(file), markdown_text(reason));
  return text;
}

}  // namespace

std::string render_test_run_markdown(const TestRun& run) {
  const std::string left_out = "\n_Some files were left out for the length of this._\n";
  std::string text = fmt::format(
      "### {} sluice test: {}{}\n\n| Verdict | File | |\n|---|---|---|\n", run_sign(run),
      markdown_text(summary_text(run)), run.complete ? "" : "; stopped before the end");
  bool all_fit = true;
  const auto add = [&](const std::string& more, std::size_t most = kMarkdownMost) {
    const bool fits = text.size() + more.size() + left_out.size() < most;
    if (fits) text += more;
    all_fit = all_fit && fits;
  };
  for (const TestedFile& tested : run.files)
    if (tested.outcome != TestOutcome::skipped) add(row_of(tested), kMarkdownMost / 2);
  for (const TestedFile& tested : run.files) add(unmet_section(tested));
  add(update_text(run));
  return text + (all_fit ? "" : left_out);
}

}  // namespace sluice
