#include "reports/markdown/prediction.hpp"

#include <fmt/format.h>

#include "reports/markdown/escape.hpp"
#include "reports/summary/prediction.hpp"

namespace sluice {
namespace {

using Agreement = PredictedFigure::Agreement;

constexpr std::size_t kMostFigures = 60;

std::string sign(Agreement agreement) {
  switch (agreement) {
    case Agreement::agrees:
      return "✅";
    case Agreement::differs:
      return "❌";
    case Agreement::undecided:
      return "⚠️";
  }
  return "";
}

std::string figures_table(const Report& report) {
  std::string text = "| | Figure | Of | Measured | Predicted |\n|---|---|---|--:|--:|\n";
  for (const PredictionRow& row : prediction_rows(report, kMostFigures))
    text +=
        fmt::format("| {} | {} | {} | {} | {} |\n", sign(row.agreement), markdown_code(row.metric),
                    markdown_text(row.subject), row.measured, row.predicted);
  return text + "\n";
}

std::string explanations(const Prediction& prediction) {
  if (prediction.explanations.empty()) return {};
  std::string text = markdown_text(best_explanation(prediction)) + "\n\n";
  text += "| Explained by | Distance | p | Differ |\n|---|--:|--:|--:|\n";
  for (const Explanation& explanation : prediction.explanations) {
    const auto cells = explanation_cells(prediction, explanation);
    text += fmt::format("| {} | {} | {} | {} |\n", markdown_code(cells[0]), cells[1], cells[2],
                        cells[3]);
  }
  return text + "\n";
}

}  // namespace

std::string markdown_prediction(const Report& report) {
  if (!report.prediction) return {};
  const Prediction& prediction = *report.prediction;
  std::string text = fmt::format("**Prediction** {}: {}.\n\n", sign(prediction.agreement),
                                 markdown_text(prediction_summary(prediction)));
  const std::string table = prediction.figures.empty() ? "" : figures_table(report);
  if (prediction.agreement == Agreement::differs)
    text += table;
  else if (!table.empty())
    text += "<details><summary>Measured and predicted</summary>\n\n" + table + "</details>\n\n";
  return text + explanations(prediction);
}

}  // namespace sluice
