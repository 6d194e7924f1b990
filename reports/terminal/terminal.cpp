#include "reports/terminal/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <vector>

#include "reports/figures/figure_text.hpp"
#include "reports/summary/answer.hpp"
#include "reports/summary/expectations.hpp"
#include "reports/summary/phrases.hpp"
#include "reports/summary/rows.hpp"
#include "reports/summary/verdict.hpp"
#include "reports/terminal/episodes.hpp"
#include "reports/terminal/load.hpp"
#include "reports/terminal/one_liners.hpp"
#include "reports/terminal/sections.hpp"
#include "reports/terminal/time_lines.hpp"
#include "reports/terminal/traces.hpp"

namespace sluice {
namespace {

constexpr std::size_t kMostRows = 9;  // the levels of three groups
constexpr std::size_t kMostExpectations = 6;
constexpr std::size_t kMostBriefExpectations = 2;
constexpr std::size_t kStatusColumns = 8;
constexpr std::size_t kMostAnswerLines = 9;
constexpr std::size_t kEndless = SIZE_MAX;

Tone tone_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::passed:
      return Tone::good;
    case Verdict::failed:
      return Tone::bad;
    case Verdict::inconclusive:
      return Tone::caution;
    case Verdict::none:
      return Tone::strong;
    case Verdict::held:
      return Tone::caution;
    case Verdict::broke:
      return Tone::bad;
  }
  return Tone::plain;
}

void verdict_line(const Report& report, TerminalScreen& screen) {
  const std::string summary = verdict_summary(report);
  screen.item({std::string(verdict_word(report)) + "  ",
               invalid_load(report) ? Tone::bad : tone_of(report.verdict)},
              {report.header.scenario + (summary.empty() ? "" : ": " + summary), Tone::strong});
}

void headline(const Report& report, TerminalScreen& screen) {
  verdict_line(report, screen);
  const std::string_view word = verdict_word(report);
  if (!report.header.question.empty())
    screen.paragraph(report.header.question, word.size() + 2, word.size() + 2, Tone::plain, 3);
  screen.blank();
}

Cell status_cell(Status status) {
  switch (status) {
    case Status::passed:
      return {"  ok    ", Tone::good};
    case Status::failed:
      return {"  FAIL  ", Tone::bad};
    case Status::inconclusive:
      return {"  ?     ", Tone::caution};
    case Status::held:
      return {"  held  ", Tone::plain};
    case Status::broke:
      return {"  BROKE ", Tone::bad};
  }
  return {};
}

/// On one line if it fits, otherwise with what was measured on the next.
void show_expectation(const Report& report, const ExpectationResult& result,
                      TerminalScreen& screen) {
  const Expectation& expectation = result.expectation;
  const bool short_of_room = screen.brief() && is_met(result.status);
  std::string because = short_of_room ? "" : because_text(result);
  if (!because.empty()) because = "  (" + because + ")";
  const std::string outcome = outcome_text(report, result) + because;
  const std::size_t used = kStatusColumns + display_columns(printable(expectation.sentence)) + 2;
  if (used + display_columns(printable(outcome)) > screen.width()) {
    screen.item(status_cell(result.status), {expectation.sentence, Tone::strong});
    screen.paragraph(outcome, kStatusColumns, kStatusColumns);
    return;
  }
  screen.line({status_cell(result.status),
               {expectation.sentence, Tone::strong},
               {"  " + outcome_text(report, result)},
               {because, Tone::faint}});
}

void show_unmet_reaches(const Report& report, TerminalScreen& screen) {
  for (const ReachResult& reach : report.reaches)
    if (!is_met(reach.status))
      screen.item(
          status_cell(reach.status),
          {fmt::format("{}: {}", reach.sentence, missed_text(report, reach)), Tone::strong});
}

/// The worst `most`.
void show_expectations(const Report& report, std::size_t most, TerminalScreen& screen) {
  const auto results = worst_first(report);
  const std::size_t shown = std::min(results.size(), most);
  const auto met = [](const ExpectationResult* result) { return is_met(result->status); };
  const auto unmet = results.size() - static_cast<std::size_t>(std::ranges::count_if(results, met));
  for (std::size_t i = 0; i < std::min(shown, unmet); ++i)
    show_expectation(report, *results[i], screen);
  if (unmet > shown)
    screen.line({{fmt::format("        … and {} more that do not hold", unmet - shown)}});
  show_unmet_reaches(report, screen);
  for (std::size_t i = unmet; i < shown; ++i) show_expectation(report, *results[i], screen);
  const auto hidden_met = std::ranges::count_if(std::span(results).subspan(shown), met);
  const auto reached = std::ranges::count_if(
      report.reaches, [](const ReachResult& reach) { return is_met(reach.status); });
  const auto more = hidden_met + reached;
  if (more == 0) return;
  const bool once = report.verdict == Verdict::held || report.verdict == Verdict::broke;
  const bool are_all = more == std::ssize(results) + std::ssize(report.reaches);
  screen.line({status_cell(once ? Status::held : Status::passed),
               {fmt::format("{}{}{} {}", are_all && more > 1 ? "all " : "", more,
                            shown > 0 ? " more" : "", more == 1 ? "holds" : "hold")}});
}

void expectations_section(const Report& report, TerminalScreen& screen) {
  if (report.expectations.empty() && report.reaches.empty()) return;
  show_expectations(report, screen.brief() ? kMostBriefExpectations : kMostExpectations, screen);
  screen.blank();
}

void warnings_section(const Report& report, TerminalScreen& screen) {
  const auto lines = warnings(report);
  for (const std::string& line : lines) screen.paragraph(line, 0, 2, Tone::caution);
  if (!lines.empty()) screen.blank();
}

}  // namespace

std::string render_terminal(const Report& report, const TerminalStyle& style) {
  TerminalScreen screen(style);
  std::vector<LevelRow> rows = level_rows(report);
  const std::size_t all_rows = rows.size();
  if (all_rows > kMostRows) rows.resize(kMostRows);

  headline(report, screen);
  load_cautions_section(report, screen);
  const bool is_narrow = screen.width() < kWide;
  screen.paragraph(answer(report), 0, 0, Tone::plain,
                   screen.brief() && !is_narrow ? kMostAnswerLines : kEndless);
  screen.blank();
  expectations_section(report, screen);
  load_section(report, screen);
  prediction_section(report, screen);
  stability_section(report, screen);
  starvation_section(report, rows, screen);
  episodes_section(report, screen);
  attribution_section(report, rows, screen);
  if (all_rows > rows.size()) {
    screen.line({{fmt::format("… and {} more levels of other groups", all_rows - rows.size())}});
    screen.blank();
  }
  if (!screen.brief()) workspaces_section(report, screen);
  time_lines_section(report, rows, screen);
  if (screen.brief()) {
    throughput_line(report, screen);
    workers_line(report, screen);
    credentials_line(report, screen);
  } else {
    throughput_section(report, rows, screen);
    workers_section(report, screen);
    credentials_section(report, true, screen);
  }
  api_section(report, screen);
  traces_section(report, screen);
  warnings_section(report, screen);
  screen.paragraph(screen.brief() ? short_provenance(report) : provenance(report), 0, 2,
                   Tone::faint);
  return screen.text();
}

std::string render_unmet(const Report& report, const TerminalStyle& style) {
  const bool all_well = report.verdict == Verdict::passed || report.verdict == Verdict::none;
  if (all_well && !invalid_load(report)) return {};
  TerminalScreen screen(style);
  verdict_line(report, screen);
  for (const ExpectationResult* result : worst_first(report))
    if (!is_met(result->status)) show_expectation(report, *result, screen);
  show_unmet_reaches(report, screen);
  return screen.text();
}

}  // namespace sluice
