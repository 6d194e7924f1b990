#include "reports/summary/prediction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text/units.hpp"
#include "reports/figures/figure_text.hpp"

namespace sluice {
namespace {

using Agreement = PredictedFigure::Agreement;

/// A model whose own replications are as far off as the measured figures in one case of twenty
/// explains them.
constexpr double kExplains = 0.05;

std::size_t count(const Prediction& prediction, Agreement agreement) {
  return static_cast<std::size_t>(
      std::count_if(prediction.figures.begin(), prediction.figures.end(),
                    [agreement](const auto& figure) { return figure.agreement == agreement; }));
}

std::string interval_text(const PredictedFigure& figure, Unit unit) {
  if (!figure.predicted) return "–";
  const auto& [low, high] = *figure.predicted;
  const std::string from = compact(low, unit), to = compact(high, unit);
  return from == to ? from : from + " … " + to;
}

/// What differs is worth reading first, what is not decided last.
int importance(const PredictedFigure& figure) {
  switch (figure.agreement) {
    case Agreement::differs:
      return 0;
    case Agreement::agrees:
      return 1;
    case Agreement::undecided:
      return 2;
  }
  return 2;
}

std::string subject_text(const Subject& subject, const Names& names) {
  return subject == Subject::all() ? "all" : describe(subject, names);
}

}  // namespace

std::vector<PredictionRow> prediction_rows(const Report& report, std::size_t most) {
  std::vector<PredictionRow> rows;
  if (!report.prediction) return rows;
  std::vector<const PredictedFigure*> figures;
  for (const PredictedFigure& figure : report.prediction->figures) figures.push_back(&figure);
  std::stable_sort(figures.begin(), figures.end(),
                   [](const auto* a, const auto* b) { return importance(*a) < importance(*b); });
  if (figures.size() > most) figures.resize(most);
  for (const PredictedFigure* figure : figures) {
    const Unit unit = info(figure->metric).unit;
    rows.push_back({std::string(info(figure->metric).name),
                    subject_text(figure->subject, report.names),
                    compact(figure->measured ? &*figure->measured : nullptr, unit),
                    interval_text(*figure, unit), figure->agreement});
  }
  return rows;
}

std::string prediction_summary(const Prediction& prediction) {
  const std::size_t differing = count(prediction, Agreement::differs);
  const std::size_t undecided = count(prediction, Agreement::undecided);
  const std::size_t decided = prediction.figures.size() - undecided;
  std::string text =
      decided == 0 ? "nothing could be decided"
      : differing == 0
          ? fmt::format("all {} figures are as the model gives them", decided)
          : fmt::format("{} of {} figures differ from what the model gives", differing, decided);
  text += fmt::format(
      " ({} replications with the submissions of this load; {} intervals for all figures together)",
      prediction.replications, rough_share(prediction.confidence));
  if (undecided > 0 && decided > 0) text += fmt::format("; {} could not be decided", undecided);
  return text;
}

std::vector<std::string> explanation_cells(const Prediction& prediction,
                                           const Explanation& explanation) {
  const std::size_t decided = prediction.figures.size() - count(prediction, Agreement::undecided);
  return {explanation.change, format_number(explanation.distance), rough_share(explanation.p),
          fmt::format("{} of {}", explanation.differing, decided)};
}

std::string best_explanation(const Prediction& prediction) {
  if (prediction.explanations.empty()) return {};
  const Explanation& best = prediction.explanations.front();
  if (best.p < kExplains)
    return fmt::format(
        "None of the rules explains the figures; nearest is: {}. Something else is different.",
        best.change);
  std::string text = best.as_is ? "The scenario's own rules explain the figures."
                                : fmt::format("Explained best by another rule: {}.", best.change);
  std::string others;
  for (const Explanation& other : prediction.explanations)
    if (&other != &best && other.p >= kExplains)
      others += (others.empty() ? "" : ", ") + other.change;
  if (!others.empty()) text += " Not excluded either: " + others + ".";
  return text;
}

}  // namespace sluice
