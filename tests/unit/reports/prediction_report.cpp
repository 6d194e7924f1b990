#include "tests/unit/reports/prediction_report.hpp"

namespace sluice::test {
namespace {

using Agreement = PredictedFigure::Agreement;

PredictedFigure predicted(Metric metric, const Subject& subject, double measured, double median,
                          Interval interval, double p, Agreement agreement) {
  PredictedFigure figure{metric, subject};
  figure.measured = Figure{};
  figure.measured->value = measured;
  figure.measured->samples = 100;
  figure.predicted = interval;
  figure.predicted_median = median;
  figure.p = p;
  figure.agreement = agreement;
  return figure;
}

}  // namespace

Prediction agreeing_prediction() {
  const Subject high = Subject::of(PriorityLevel::HIGH), low = Subject::of(PriorityLevel::LOW);
  Prediction prediction;
  prediction.replications = 400;
  prediction.agreement = Agreement::agrees;
  prediction.figures = {
      predicted(Metric::wait_mean, high, 1.42, 1.3, {0.9, 2.1}, 0.41, Agreement::agrees),
      predicted(Metric::wait_mean, low, 2'850, 2'600, {1'900, 3'700}, 0.35, Agreement::agrees),
      predicted(Metric::throughput_rate, Subject::all(), 29.7, 29.8, {29.2, 30.4}, 0.8,
                Agreement::agrees)};
  return prediction;
}

Prediction monday_prediction() {
  const Subject low = Subject::of(PriorityLevel::LOW);
  Prediction prediction = agreeing_prediction();
  prediction.agreement = Agreement::differs;
  PredictedFigure rare{Metric::wait_p99, Subject::of(PriorityLevel::MEDIUM)};
  rare.predicted_median = 600;
  prediction.figures.push_back(rare);
  prediction.figures.push_back(predicted(Metric::starvation_longest, low, 7'800, 3'000,
                                         {1'200, 5'400}, 0.005, Agreement::differs));
  prediction.explanations = {{"when_credential_busy: block_level", false, 0.94, 0.43, 0},
                             {"when_credential_busy: hold_worker", false, 1.6, 0.08, 0},
                             {"dispatch: fifo", false, 40, 0.0125, 2},
                             {"dispatch: weighted", false, 44, 0.0125, 3},
                             {"dispatch: fair_first", false, 50, 0.0125, 4},
                             {"as in the scenario", true, 62, 0.0125, 1}};
  return prediction;
}

}  // namespace sluice::test
