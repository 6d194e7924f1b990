#include "reports/terminal/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text/units.hpp"
#include "reports/compare/comparison_words.hpp"
#include "reports/figures/figure_text.hpp"

namespace sluice {
namespace {

using ComparisonVerdict = ReportComparison::Verdict;

Cell verdict_cell(ComparisonVerdict verdict) {
  const Tone tone = verdict == ComparisonVerdict::no_regression ? Tone::good
                    : verdict == ComparisonVerdict::regression  ? Tone::bad
                                                                : Tone::caution;
  return {std::string(comparison_word(verdict)), tone};
}

Cell change_cell(const ComparedMetric& metric) {
  const Tone tone = metric.change == Change::worse    ? Tone::bad
                    : metric.change == Change::better ? Tone::good
                                                      : Tone::faint;
  return {std::string(change_word(metric)), tone};
}

std::string p_text(double p) { return p < 0.0001 ? "<0.0001" : fmt::format("{:.4f}", p); }

Row metric_row(const ComparedMetric& metric) {
  const Unit unit = info(metric.key.metric).unit;
  return {{"  " + std::string(info(metric.key.metric).name)},
          {subject_text(metric.key)},
          {compact(metric.base, unit)},
          {compact(metric.changed, unit)},
          {signed_share(metric.relative)},
          {p_text(metric.p)},
          {p_text(metric.adjusted_p)},
          change_cell(metric)};
}

}  // namespace

std::string render_comparison(const ReportComparison& comparison, const TerminalStyle& style) {
  TerminalScreen screen(style);
  screen.item({std::string(verdict_cell(comparison.verdict).text) + "  ",
               verdict_cell(comparison.verdict).tone},
              {comparison.scenario + ": " + comparison_headline(comparison), Tone::strong});
  if (const std::string sides = sides_text(comparison); !sides.empty())
    screen.paragraph(sides, 0, 0, comparison.simulated ? Tone::faint : Tone::caution);
  screen.blank();
  if (!comparison.metrics.empty()) {
    TextTable table{{Align::left, Align::left}, {}, 8};
    Row headings;
    for (const char* heading : {"", "", "base", "new", "difference", "p", "corrected", ""})
      headings.push_back({heading, Tone::faint});
    table.rows.push_back(std::move(headings));
    table.columns = {Align::left,  Align::left,  Align::right, Align::right,
                     Align::right, Align::right, Align::right, Align::left};
    for (const ComparedMetric& metric : comparison.metrics)
      table.rows.push_back(metric_row(metric));
    screen.table(table);
    screen.blank();
  }
  if (!comparison.cause.empty()) {
    screen.paragraph(comparison.cause + ".", 0, 2);
    screen.blank();
  }
  screen.paragraph(comparison_basis(comparison), 0, 2, Tone::faint);
  return screen.text();
}

}  // namespace sluice
