// Measured beside predicted on the terminal.
#include <fmt/format.h>

#include <algorithm>

#include "reports/summary/prediction.hpp"
#include "reports/terminal/sections.hpp"

namespace sluice {
namespace {

using Agreement = PredictedFigure::Agreement;

constexpr std::size_t kMostFiguresOnScreen = 14;
constexpr std::size_t kMostExplanations = 4;

Cell agreement_cell(Agreement agreement) {
  switch (agreement) {
    case Agreement::agrees:
      return {"agrees", Tone::good};
    case Agreement::differs:
      return {"DIFFERS", Tone::bad};
    case Agreement::undecided:
      return {"?", Tone::caution};
  }
  return {};
}

void figures_table(const Report& report, TerminalScreen& screen) {
  TextTable table{{Align::left, Align::left, Align::right, Align::right, Align::left}, {}, 8, 1};
  table.rows.push_back(faint_row({"", "", "measured", "predicted", ""}));
  for (const PredictionRow& row : prediction_rows(report, kMostFiguresOnScreen))
    table.rows.push_back({{"  " + row.metric},
                          {row.subject},
                          {row.measured},
                          {row.predicted},
                          agreement_cell(row.agreement)});
  screen.table(table);
  const std::size_t all = report.prediction->figures.size();
  if (all > kMostFiguresOnScreen)
    screen.line(
        {{fmt::format("  … and {} more figures", all - kMostFiguresOnScreen), Tone::faint}});
}

/// The best ones, and the scenario's own rules wherever they rank.
void explanations_table(const Prediction& prediction, TerminalScreen& screen) {
  TextTable table{{Align::left, Align::right, Align::right, Align::right}, {}, 8};
  table.rows.push_back(faint_row({"  explained by", "distance", "p", "differ"}));
  for (std::size_t i = 0; i < prediction.explanations.size(); ++i) {
    const Explanation& explanation = prediction.explanations[i];
    if (i >= kMostExplanations && !explanation.as_is) continue;
    Row row;
    for (const std::string& cell : explanation_cells(prediction, explanation))
      row.push_back({(row.empty() ? "  " : "") + cell});
    table.rows.push_back(std::move(row));
  }
  screen.table(table);
  screen.paragraph(best_explanation(prediction), 2, 2);
}

}  // namespace

void prediction_section(const Report& report, TerminalScreen& screen) {
  if (!report.prediction) return;
  screen.heading("PREDICTION", "measured beside what the model gives for this load");
  screen.paragraph(prediction_summary(*report.prediction), 2, 2);
  if (!report.prediction->figures.empty()) figures_table(report, screen);
  if (!report.prediction->explanations.empty()) explanations_table(*report.prediction, screen);
  screen.blank();
}

}  // namespace sluice
