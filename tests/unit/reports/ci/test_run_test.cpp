// The value itself, its schema, and its formats for people.
#include "reports/ci/test_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "base/text/display_text.hpp"
#include "reports/ci/test_cases.hpp"
#include "reports/json/test_run.hpp"
#include "reports/markdown/markdown.hpp"
#include "reports/markdown/test_run.hpp"
#include "reports/terminal/test_run.hpp"
#include "tests/unit/reports/golden.hpp"
#include "tests/unit/reports/sample_report.hpp"
#include "tests/unit/reports/sample_test_run.hpp"
#include "tests/unit/reports/valijson_schema.hpp"

namespace sluice {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TestRun run_of(std::initializer_list<TestOutcome> outcomes) {
  TestRun run;
  for (const TestOutcome outcome : outcomes) run.files.emplace_back().outcome = outcome;
  return run;
}

TEST(TestRun, TheFirstExitCodeOfTheOrderCounts) {
  using enum TestOutcome;
  EXPECT_EQ(exit_code_of(run_of({})), ExitCode::ok);
  EXPECT_EQ(exit_code_of(run_of({passed, nothing_expected, skipped})), ExitCode::ok);
  EXPECT_EQ(exit_code_of(run_of({passed, held})), ExitCode::inconclusive);
  EXPECT_EQ(exit_code_of(run_of({inconclusive, failed, broke})), ExitCode::expectation_failed);
  EXPECT_EQ(exit_code_of(run_of({failed, regression, inconclusive})), ExitCode::regression);
  EXPECT_EQ(exit_code_of(run_of({bad_scenario, regression, failed})), ExitCode::bad_input);
  EXPECT_EQ(exit_code_of(run_of({bad_scenario, internal_error})), ExitCode::internal_error);
  EXPECT_EQ(first_that_counts(ExitCode::output_failed, ExitCode::regression),
            ExitCode::output_failed);
  EXPECT_EQ(first_that_counts(ExitCode::output_failed, ExitCode::bad_input), ExitCode::bad_input);
}

TEST(TestRun, TheNearestToItsLimitIsTheOneWithTheSmallestShareLeft) {
  TestedFile tested = test::sample_file("a.yaml", Status::passed, 300);
  TestCase nearer = test::sample_case(Status::passed, 500);
  nearer.sentence = "nearer";
  TestCase missed = test::sample_case(Status::failed, 599);
  tested.cases.push_back(nearer);
  tested.cases.push_back(missed);
  ASSERT_NE(nearest_to_its_limit(tested), nullptr);
  EXPECT_EQ(nearest_to_its_limit(tested)->sentence, "nearer");
  EXPECT_EQ(nearest_to_its_limit(TestedFile{}), nullptr);
}

TEST(TestRun, AReportBecomesACaseForEachSentence) {
  Report report = test::monday_report();
  const std::size_t sentences = report.expectations.size();
  report.reaches = {{"a login failed", 0, Status::failed}};
  TestedFile tested;
  add_report(report, {{"monday.yaml", 12}}, tested);
  ASSERT_EQ(tested.cases.size(), sentences + 1);
  EXPECT_EQ(tested.cases.back().line, 12);
  EXPECT_EQ(tested.cases.back().outcome, "never happened");
  EXPECT_EQ(tested.scenario, report.header.scenario);
  EXPECT_EQ(tested.outcome, TestOutcome::failed);
  report.header.complete = false;
  report.verdict = Verdict::none;
  TestedFile early;
  add_report(report, {}, early);
  EXPECT_EQ(early.outcome, TestOutcome::inconclusive);
  EXPECT_THAT(early.summary, HasSubstr("ended early"));
}

TEST(TestRun, OnATerminal) {
  test::expect_golden("tests/unit/reports/golden/test_run.txt",
                      render_test_run(test::sample_test_run(), {}));
}

TEST(TestRun, WhatIsMetIsSilentWhereOnlyTheRestIsWanted) {
  EXPECT_THAT(render_unmet_tests(run_of({TestOutcome::passed}), {}), IsEmpty());
  const std::string text = render_unmet_tests(test::sample_test_run(), {});
  EXPECT_THAT(text, HasSubstr("LOW.wait.p95 < 10m"));
  EXPECT_THAT(text, Not(HasSubstr("PASS")));
}

TEST(TestRun, NoLineIsWiderThanTheTerminal) {
  for (const int width : {40, 80, 100}) {
    TerminalStyle style;
    style.width = width;
    std::istringstream lines(render_test_run(test::hostile_test_run(), style) +
                             render_test_run(test::sample_test_run(), style));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(display_columns(line), static_cast<std::size_t>(width)) << line;
      EXPECT_EQ(line.find('\x1b'), line.npos);
    }
  }
}

TEST(TestRun, AsMarkdown) {
  test::expect_golden("tests/unit/reports/golden/test_run.md",
                      render_test_run_markdown(test::sample_test_run()));
}

TEST(TestRun, MarkdownFitsAComment) {
  TestRun run = test::hostile_test_run();
  const std::vector<TestedFile> some = run.files;
  for (int i = 0; i < 500; ++i) run.files.insert(run.files.end(), some.begin(), some.end());
  const std::string text = render_test_run_markdown(run);
  EXPECT_LT(text.size(), kMarkdownMost);
  EXPECT_TRUE(text.find("were left out") != text.npos);
  EXPECT_TRUE(text.find("#### FAIL") != text.npos) << "the table leaves room for what is not met";
}

TEST(TestRun, ItsJsonIsAsItsSchemaSays) {
  const test::ValijsonSchema schema(nlohmann::json::parse(test_run_schema()));
  for (const TestRun& run : {test::sample_test_run(), test::hostile_test_run(), TestRun{}})
    EXPECT_EQ(schema.violations(nlohmann::json::parse(render_test_run_json(run))), "");
  auto json = nlohmann::json::parse(render_test_run_json(test::sample_test_run()));
  EXPECT_EQ(json["exit_code"], 1);
  EXPECT_EQ(json["files"][1]["expectations"][0]["figure"], "wait.p95{level=LOW}");
  EXPECT_EQ(json["files"][1]["expectations"][0]["margin"], -300);
  EXPECT_EQ(json["files"][6]["baseline"][0]["baseline"]["value"], 240);
  EXPECT_EQ(json["files"][6]["baseline"][0]["baseline"]["replications"], 5);
  json["files"][0]["outcome"] = "fine";
  EXPECT_NE(schema.violations(json), "");
}

TEST(TestRun, ItsSchemaIsPublished) {
  test::expect_golden("reports/schema/test.schema.json", test_run_schema());
}

}  // namespace
}  // namespace sluice
