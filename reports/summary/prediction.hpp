// Measured beside predicted, and what would explain a difference, as cells of a table: the same for
// every renderer for people.
#pragma once

#include <string>
#include <vector>

#include "reports/report.hpp"

namespace sluice {

/// One figure: `starvation.longest`, LOW, 4m10s, 12s … 1m30s, differs.
struct PredictionRow {
  std::string metric, subject, measured, predicted;
  PredictedFigure::Agreement agreement = PredictedFigure::Agreement::undecided;
};

/// Those that differ first, then the rest; each in the order of the prediction. At most `most` of
/// them, undecided ones last; at least all that differ up to `most`.
std::vector<PredictionRow> prediction_rows(const Report& report, std::size_t most);

/// "3 of 34 figures differ from what the model gives (400 replications with the submissions of this
/// load; 95 % intervals for all figures together)".
std::string prediction_summary(const Prediction& prediction);

/// "as in the scenario", "1.1", "43 %", "0 of 34": change, distance, p, figures that differ.
std::vector<std::string> explanation_cells(const Prediction& prediction,
                                           const Explanation& explanation);

/// "when_credential_busy: block_level explains the figures best and well", in a sentence; empty
/// without explanations.
std::string best_explanation(const Prediction& prediction);

}  // namespace sluice
