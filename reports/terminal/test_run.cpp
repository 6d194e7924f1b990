#include "reports/terminal/test_run.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sluice {
namespace {

constexpr std::size_t kCaseColumns = 8;
constexpr std::size_t kMostLines = 20;  // of one text, whatever somebody wrote

Tone outcome_tone(TestOutcome outcome) {
  switch (outcome) {
    case TestOutcome::passed:
      return Tone::good;
    case TestOutcome::nothing_expected:
      return Tone::strong;
    case TestOutcome::held:
    case TestOutcome::inconclusive:
    case TestOutcome::not_run:
      return Tone::caution;
    case TestOutcome::broke:
    case TestOutcome::failed:
    case TestOutcome::regression:
    case TestOutcome::bad_scenario:
    case TestOutcome::internal_error:
      return Tone::bad;
    case TestOutcome::skipped:
      break;
  }
  return Tone::faint;
}

Cell case_mark(const TestCase& asked) {
  switch (asked.status) {
    case Status::failed:
      return asked.kind == TestCase::Kind::baseline ? Cell{"  WORSE ", Tone::bad}
                                                    : Cell{"  FAIL  ", Tone::bad};
    case Status::broke:
      return {"  BROKE ", Tone::bad};
    case Status::inconclusive:
    case Status::held:
    case Status::passed:
      break;
  }
  return {"  ?     ", Tone::caution};
}

void unmet_case(const TestCase& asked, TerminalScreen& screen) {
  screen.item(case_mark(asked), {asked.sentence, Tone::strong});
  const std::string because = asked.because.empty() ? "" : "  (" + asked.because + ")";
  screen.paragraph(asked.outcome + because, kCaseColumns, kCaseColumns, Tone::plain, kMostLines);
  if (const std::string place = place_text(asked); !place.empty())
    screen.paragraph(place, kCaseColumns, kCaseColumns, Tone::faint);
}

/// The message in full; the source line below it as it is, for the place is marked under it.
void problem_lines(const TestProblem& problem, TerminalScreen& screen) {
  std::string_view text = problem.text;
  for (bool is_message = true; !text.empty(); is_message = false) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string line(text.substr(0, end));
    if (is_message)
      screen.paragraph(line, 2, 4, Tone::plain, kMostLines);
    else
      screen.line({{"  " + line}});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

bool is_in_full(const TestedFile& tested) {
  return exit_code_of(tested.outcome) != ExitCode::ok && tested.outcome != TestOutcome::not_run;
}

void tested_in_full(const TestedFile& tested, TerminalScreen& screen) {
  const Tone tone = outcome_tone(tested.outcome);
  const std::string summary = tested.summary.empty() ? "" : ": " + tested.summary;
  screen.item({std::string(outcome_word(tested.outcome)) + "  ", tone},
              {tested.file + summary, Tone::strong});
  for (const TestProblem& problem : tested.problems)
    if (!problem.warning) problem_lines(problem, screen);
  for (const TestCase* asked : unmet_cases(tested)) unmet_case(*asked, screen);
  screen.blank();
}

void in_full(const TestRun& run, TerminalScreen& screen) {
  for (const TestedFile& tested : run.files)
    if (is_in_full(tested)) tested_in_full(tested, screen);
}

/// The verdict's word, the file, and how it came out.
void lines_of_files(const TestRun& run, TerminalScreen& screen) {
  TextTable table{{Align::left, Align::left, Align::left}, {}};
  table.yielding = 2;
  for (const TestedFile& tested : run.files)
    table.rows.push_back(
        {{std::string(outcome_word(tested.outcome)), outcome_tone(tested.outcome)},
         {tested.file, tested.outcome == TestOutcome::skipped ? Tone::faint : Tone::plain},
         {tested.summary, Tone::faint}});
  screen.table(table);
  screen.blank();
}

void update_lines(const TestRun& run, TerminalScreen& screen) {
  if (!run.update) return;
  screen.line({{fmt::format("{} baseline{} written", run.update->written,
                            run.update->written == 1 ? "" : "s")}});
  for (const auto& [file, reason] : run.update->not_written)
    screen.paragraph("not written: " + file + ", " + reason, 0, 2, Tone::caution);
  screen.blank();
}

void summary_line(const TestRun& run, TerminalScreen& screen) {
  const bool good = run.complete && exit_code_of(run) == ExitCode::ok;
  screen.paragraph(summary_text(run) + (run.complete ? "" : "; stopped before the end"), 0, 2,
                   good ? Tone::good : Tone::bad);
}

}  // namespace

std::string render_test_run(const TestRun& run, const TerminalStyle& style) {
  TerminalScreen screen(style);
  if (!run.files.empty()) lines_of_files(run, screen);
  in_full(run, screen);
  update_lines(run, screen);
  summary_line(run, screen);
  return screen.text();
}

std::string render_unmet_tests(const TestRun& run, const TerminalStyle& style) {
  const bool all_written = !run.update || run.update->not_written.empty();
  if (run.complete && exit_code_of(run) == ExitCode::ok && all_written) return {};
  TerminalScreen screen(style);
  in_full(run, screen);
  if (!all_written) update_lines(run, screen);
  summary_line(run, screen);
  return screen.text();
}

}  // namespace sluice
