#include "reports/terminal/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/figures/figure_text.hpp"
#include "reports/observable.hpp"
#include "reports/summary/answer.hpp"
#include "reports/summary/phrases.hpp"
#include "reports/summary/rows.hpp"
#include "reports/summary/verdict.hpp"
#include "reports/terminal/load.hpp"
#include "reports/terminal/sections.hpp"
#include "reports/terminal/traces.hpp"

namespace sluice {
namespace {

constexpr std::size_t kMostRows = 9;  // the levels of three groups
constexpr std::size_t kMostExpectations = 6;
constexpr std::size_t kStatusColumns = 8;

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
  }
  return Tone::plain;
}

void headline(const Report& report, TerminalScreen& screen) {
  const std::string_view word = verdict_word(report);
  const std::string summary = verdict_summary(report);
  screen.line({{std::string(word), invalid_load(report) ? Tone::bad : tone_of(report.verdict)},
               {"  "},
               {report.header.scenario, Tone::strong},
               {summary.empty() ? "" : ": " + summary}});
  if (!report.header.question.empty())
    screen.paragraph(report.header.question, word.size() + 2, word.size() + 2, Tone::plain, 3);
  screen.blank();
}

/// Failed ones first, then undecided ones, each kind in the scenario's order.
std::vector<const ExpectationResult*> unmet(const Report& report) {
  std::vector<const ExpectationResult*> results;
  for (const Status status : {Status::failed, Status::inconclusive})
    for (const ExpectationResult& result : report.expectations)
      if (result.status == status) results.push_back(&result);
  return results;
}

Cell status_cell(Status status) {
  switch (status) {
    case Status::passed:
      return {"  ok    ", Tone::good};
    case Status::failed:
      return {"  FAIL  ", Tone::bad};
    case Status::inconclusive:
      return {"  ?     ", Tone::caution};
  }
  return {};
}

std::string outcome_text(const Report& report, const ExpectationResult& result) {
  if (result.status == Status::failed && result.figure)
    return "measured " + measured_text(*result.figure, info(result.expectation.metric).unit) +
           (in_wall_time(report, result.expectation.metric) ? " of wall time" : "");
  return result.reason;
}

/// On one line if it fits, otherwise with what was measured on the next.
void show_expectation(const Report& report, const ExpectationResult& result,
                      TerminalScreen& screen) {
  const Expectation& expectation = result.expectation;
  const std::string because = expectation.because.empty() ? "" : "  (" + expectation.because + ")";
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

void show_reaches(const Report& report, Status status, TerminalScreen& screen) {
  for (const ReachResult& reach : report.reaches)
    if (reach.status == status)
      screen.item(
          status_cell(status),
          {fmt::format("{}: {}", reach.sentence, missed_text(report, reach)), Tone::strong});
}

std::size_t held(const Report& report) {
  const auto passed = [](const auto& result) { return result.status == Status::passed; };
  return static_cast<std::size_t>(
      std::count_if(report.expectations.begin(), report.expectations.end(), passed) +
      std::count_if(report.reaches.begin(), report.reaches.end(), passed));
}

void expectations_section(const Report& report, TerminalScreen& screen) {
  const std::size_t all = report.expectations.size() + report.reaches.size();
  if (all == 0) return;
  const auto results = unmet(report);
  const std::size_t shown = std::min(results.size(), kMostExpectations);
  for (std::size_t i = 0; i < shown; ++i) show_expectation(report, *results[i], screen);
  if (shown < results.size())
    screen.line({{fmt::format("        … and {} more that do not hold", results.size() - shown)}});
  show_reaches(report, Status::failed, screen);
  show_reaches(report, Status::inconclusive, screen);
  if (const std::size_t count = held(report))
    screen.line(
        {status_cell(Status::passed),
         {count == all ? fmt::format("all {} hold", all)
                       : fmt::format("{} {}", count, count == 1 ? "other holds" : "others hold")}});
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
  screen.paragraph(answer(report), 0, 0);
  screen.blank();
  expectations_section(report, screen);
  load_section(report, screen);
  prediction_section(report, screen);
  stability_section(report, screen);
  starvation_section(report, rows, screen);
  attribution_section(report, rows, screen);
  if (all_rows > rows.size()) {
    screen.line({{fmt::format("… and {} more levels of other groups", all_rows - rows.size())}});
    screen.blank();
  }
  workspaces_section(report, screen);
  time_lines_section(report, rows, screen);
  throughput_section(report, rows, screen);
  workers_section(report, screen);
  credentials_section(report, false, screen);
  api_section(report, screen);
  traces_section(report, screen);
  warnings_section(report, screen);
  screen.paragraph(provenance(report), 0, 2, Tone::faint);
  return screen.text();
}

}  // namespace sluice
