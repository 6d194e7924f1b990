// The mock agrees with the model: what a load of it measures lies inside what is predicted, for
// scenarios of the library, at several time scales.
#include <gtest/gtest.h>

#include <string>

#include "load/load_run.hpp"
#include "load/prediction/predict.hpp"
#include "reports/figures/figure_text.hpp"
#include "tests/unit/load/served_mock.hpp"
#include "tests/unit/scenarios/loading.hpp"

namespace sluice::test {
namespace {

struct Case {
  const char* scenario;
  const char* duration;  ///< of its own longer one
  double time_scale;
};

void PrintTo(const Case& each, std::ostream* out) { *out << each.scenario; }

class AgreementAloneSlowTest : public ::testing::TestWithParam<Case> {};

std::string differences(const Prediction& prediction, const Names& names) {
  std::string text;
  for (const PredictedFigure& figure : prediction.figures)
    if (figure.agreement == PredictedFigure::Agreement::differs)
      text += std::string(info(figure.metric).name) + labels_text(figure.subject, names) + " is " +
              std::to_string(figure.measured->value) + ", predicted " +
              std::to_string(figure.predicted->low) + " to " +
              std::to_string(figure.predicted->high) + "\n";
  return text;
}

TEST_P(AgreementAloneSlowTest, ALoadOfTheMockIsAsPredicted) {
  const Case& each = GetParam();
  LoaderOptions sets;
  sets.sets = {{"duration", each.duration}, {"load.drain", "0s"}};
  const LoadedScenario loaded =
      load_scenario(test::source_file(std::string("scenarios/") + each.scenario + ".yaml"), sets);
  ASSERT_TRUE(loaded.scenario) << test::messages(loaded);
  ServedMock mock(*loaded.scenario, each.time_scale);
  LoadRunOptions options = load_options(*loaded.scenario, mock.url(), each.time_scale);
  options.before_start = [&mock] { mock.begin_anew(); };
  const LoadOutcome outcome = run_load(*loaded.scenario, options);
  EXPECT_EQ(outcome.report.load->validity, LoadFacts::Validity::valid)
      << outcome.report.load->why_invalid;

  PredictionOptions prediction_options;
  prediction_options.replications = 200;
  prediction_options.resolution = resolution_of(*outcome.report.load);
  const Prediction prediction = predict(*loaded.scenario, outcome.report, prediction_options);
  EXPECT_EQ(prediction.agreement, PredictedFigure::Agreement::agrees)
      << differences(prediction, outcome.report.names);
  EXPECT_GT(prediction.figures.size(), 3u);
}

INSTANTIATE_TEST_SUITE_P(
    Library, AgreementAloneSlowTest,
    ::testing::Values(Case{"high_starves_low", "1h", 600}, Case{"closed_loop", "20m", 200},
                      Case{"credential_bottleneck", "30m", 300}, Case{"pool_rotation", "30m", 300},
                      Case{"noisy_workspace", "30m", 300}, Case{"worker_outage", "90m", 900},
                      Case{"head_of_line", "30m", 300}, Case{"login_failure_siblings", "30m", 300},
                      Case{"autoscaling_too_slow", "30m", 400}),
    [](const auto& info) { return std::string(info.param.scenario); });

}  // namespace
}  // namespace sluice::test
