// Measured beside predicted, in every form of the report.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/json/prediction.hpp"
#include "reports/markdown/prediction.hpp"
#include "reports/summary/prediction.hpp"
#include "reports/terminal/sections.hpp"
#include "reports/terminal/terminal.hpp"
#include "tests/unit/reports/golden.hpp"
#include "tests/unit/reports/prediction_report.hpp"
#include "tests/unit/reports/sample_report.hpp"

namespace sluice {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Agreement = PredictedFigure::Agreement;

Report predicted_report(Prediction prediction) {
  Report report = test::monday_report();
  report.prediction = std::move(prediction);
  return report;
}

std::string on_terminal(const Report& report, int width = 100) {
  TerminalScreen screen(TerminalStyle{false, width, true});
  prediction_section(report, screen);
  return screen.text();
}

TEST(RenderPrediction, OnTheTerminal) {
  const Report report = predicted_report(test::monday_prediction());
  test::expect_golden("tests/unit/reports/golden/prediction.txt", on_terminal(report));
  EXPECT_THAT(render_terminal(report, {}), HasSubstr("PREDICTION"));
}

TEST(RenderPrediction, InMarkdown) {
  test::expect_golden("tests/unit/reports/golden/prediction.md",
                      markdown_prediction(predicted_report(test::monday_prediction())));
}

TEST(RenderPrediction, WithoutOneThereIsNothing) {
  EXPECT_EQ(on_terminal(test::monday_report()), "");
  EXPECT_EQ(markdown_prediction(test::monday_report()), "");
}

TEST(RenderPrediction, WhereAllAgreesTheTableIsFolded) {
  const std::string text = markdown_prediction(predicted_report(test::agreeing_prediction()));
  EXPECT_THAT(text, HasSubstr("all 3 figures are as the model gives them"));
  EXPECT_THAT(text, HasSubstr("<details>"));
  EXPECT_THAT(text, Not(HasSubstr("Explained by")));
}

TEST(RenderPrediction, WhatDiffersComesFirstAndWhatIsUndecidedLast) {
  const Report report = predicted_report(test::monday_prediction());
  const auto rows = prediction_rows(report, 100);
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_EQ(rows.front().agreement, Agreement::differs);
  EXPECT_EQ(rows.back().agreement, Agreement::undecided);
  EXPECT_EQ(rows.back().predicted, "–");
  EXPECT_EQ(prediction_rows(report, 1).size(), 1u);
}

TEST(RenderPrediction, SaysWhenNoRuleExplainsIt) {
  Prediction prediction = test::monday_prediction();
  for (Explanation& explanation : prediction.explanations) explanation.p = 0.0125;
  EXPECT_THAT(best_explanation(prediction), HasSubstr("None of the rules explains"));
}

TEST(RenderPrediction, IsNeverWiderThanTheTerminal) {
  Report report = predicted_report(test::monday_prediction());
  report.prediction->explanations[0].change = std::string(300, 'x');
  for (const int width : {40, 60, 100}) {
    std::istringstream lines(on_terminal(report, width));
    for (std::string line; std::getline(lines, line);)
      EXPECT_LE(display_columns(line), static_cast<std::size_t>(width)) << line;
  }
}

TEST(RenderPrediction, InJsonEveryFigureHasItsPlace) {
  const auto json = prediction_json(predicted_report(test::monday_prediction()));
  EXPECT_EQ(json["agreement"], "differs");
  ASSERT_EQ(json["figures"].size(), 5u);
  const auto& figure = json["figures"][4];
  EXPECT_EQ(figure["metric"], "starvation.longest");
  EXPECT_EQ(figure["labels"]["level"], "LOW");
  EXPECT_EQ(figure["predicted"], nlohmann::ordered_json::parse("[1200, 5400]"));
  EXPECT_EQ(figure["measured"]["value"], 7800);
  EXPECT_FALSE(json["figures"][3].contains("predicted")) << "undecided";
  EXPECT_EQ(json["explanations"][0]["change"], "when_credential_busy: block_level");
  EXPECT_EQ(json["explanations"].back()["as_is"], true);
}

}  // namespace
}  // namespace sluice
