// What was measured beside what the model predicts: a value, part of a report on a live target.
//
// Each figure's predicted interval comes from replications of the scenario in virtual time, so it
// is an interval for one run of it, not for a mean.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/figures/figure.hpp"

namespace sluice {

/// One figure, measured and predicted.
struct PredictedFigure {
  enum class Agreement : std::uint8_t {
    agrees,     ///< inside the interval
    differs,    ///< outside, with all figures compared together in mind
    undecided,  ///< too little was measured or predicted to say
  };
  Metric metric{};
  Subject subject;
  std::optional<Figure> measured;     ///< none: the target showed no such thing
  std::optional<Interval> predicted;  ///< of one run, at the prediction's confidence
  double predicted_median = 0;
  double p = 1;  ///< two-sided, by rank among the replications, before any correction
  Agreement agreement = Agreement::undecided;
};

/// How well one variant of the model explains what was measured.
struct Explanation {
  std::string change;  ///< "as in the scenario", or "when_credential_busy: block_level"
  bool as_is = false;
  double distance = 0;  ///< mean squared distance in standard deviations of the variant; 1 is usual
  double p = 0;         ///< share of the variant's own replications that are as far off or further
  std::uint32_t differing = 0;  ///< figures outside their intervals
};

struct Prediction {
  std::uint32_t replications = 0;
  double confidence = 0.95;              ///< of all figures together
  std::vector<PredictedFigure> figures;  ///< by (metric, subject)
  PredictedFigure::Agreement agreement = PredictedFigure::Agreement::undecided;
  /// Best first; where nothing differs, the scenario as it is before all others.
  std::vector<Explanation> explanations;
};

std::string_view name(PredictedFigure::Agreement agreement);

}  // namespace sluice
