// Reports on loads: what the generator did stands in all of their forms, and what cannot be known
// from outside in none.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reports/csv/load.hpp"
#include "reports/json/json.hpp"
#include "reports/json/schema.hpp"
#include "reports/markdown/markdown.hpp"
#include "reports/terminal/terminal.hpp"
#include "tests/unit/reports/golden.hpp"
#include "tests/unit/reports/sample_report.hpp"
#include "tests/unit/reports/valijson_schema.hpp"

namespace sluice {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

bool fits_schema(const json& document) {
  return test::ValijsonSchema(json::parse(report_schema())).violations(document).empty();
}

TEST(LoadReport, OnTheTerminal) {
  test::expect_golden("tests/unit/reports/golden/live.txt",
                      render_terminal(test::live_report(), {}));
}

TEST(LoadReport, OnTheTerminalIfInvalid) {
  test::expect_golden("tests/unit/reports/golden/live_invalid.txt",
                      render_terminal(test::invalid_live_report(), {}));
}

TEST(LoadReport, AsMarkdown) {
  test::expect_golden("tests/unit/reports/golden/live.md", render_markdown(test::live_report()));
  test::expect_golden("tests/unit/reports/golden/live_invalid.md",
                      render_markdown(test::invalid_live_report()));
}

TEST(LoadReport, AsJson) {
  const json all = json::parse(render_json(test::live_report()));
  EXPECT_TRUE(fits_schema(all));
  test::expect_golden("tests/unit/reports/golden/live_load.json", all["load"].dump(1) + "\n");
}

TEST(LoadReport, SaysFirstThatAndWhyItIsInvalid) {
  const Report report = test::invalid_live_report();
  EXPECT_THAT(render_terminal(report, {}),
              StartsWith("INVALID  monday-batch-starves-low: too many requests were sent late\n"));
  EXPECT_THAT(render_markdown(report), StartsWith("### ⛔ INVALID"));
  const json all = json::parse(render_json(report));
  EXPECT_EQ(all["verdict"], "invalid");
  EXPECT_EQ(all["load"]["validity"], "late");
  EXPECT_EQ(all["load"]["ended_early"], "lateness.p99 > 50ms over 30s");
  EXPECT_TRUE(fits_schema(all));
}

TEST(LoadReport, HasNoTableOfWhatCannotBeKnown) {
  const Report report = test::live_report();
  for (const std::string& text : {render_terminal(report, {}), render_markdown(report)}) {
    for (const char* section : {"STABILITY", "WORKERS", "CREDENTIALS", "WHY THEY WAITED", "blocked",
                                "Workers", "Credential", "did not wait", "eligible"})
      EXPECT_THAT(text, Not(HasSubstr(section)));
  }
}

TEST(LoadReport, SaysOfWhatCannotBeSeenThatItIsNotKnown) {
  EXPECT_THAT(render_terminal(test::live_report(), {}),
              HasSubstr("a worker was lost: cannot be seen from outside"));
  Report simulated = test::monday_report();
  EXPECT_THAT(render_terminal(simulated, {}), HasSubstr("a worker was lost: never happened"));
}

TEST(LoadReport, WithoutAnAnswerHasNoTimes) {
  Report report = test::empty_report();
  report.load = LoadFacts{};
  report.load->target = "http://127.0.0.1:1";
  report.load->follow = "events";
  EXPECT_THAT(render_terminal(report, {}),
              AllOf(HasSubstr("answers      none"), Not(HasSubstr("p99.9"))));
  EXPECT_THAT(render_markdown(report), Not(HasSubstr("p99.9")));
  const json all = json::parse(render_json(report));
  EXPECT_TRUE(fits_schema(all));
  EXPECT_EQ(all["load"]["latency"], json::parse(R"({"count": 0})"));
}

TEST(LoadReport, CountsNotesThatAreTooMany) {
  Report report = test::live_report();
  report.load->notes.assign(20, "a note");
  EXPECT_THAT(render_terminal(report, {}), HasSubstr("… and 12 more notes"));
  EXPECT_THAT(render_markdown(report), HasSubstr("… and 12 more notes"));
}

TEST(LoadReport, TextOfTheTargetCannotSteerTheTerminalNorBecomeMarkup) {
  Report report = test::live_report();
  report.load->failures = {{"\x1b[31m<script>*x*", 1}};
  report.load->notes = {"\x1b]0;title\a |cell|"};
  EXPECT_THAT(render_terminal(report, {}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(render_markdown(report), AllOf(Not(HasSubstr("\x1b")), HasSubstr("\\<script\\>")));
}

TEST(LoadReport, AsRows) {
  const CsvTable table = load_table(test::live_report());
  EXPECT_THAT(table.rows, Contains(ElementsAre("requests.sent", "14300")));
  EXPECT_THAT(table.rows, Contains(ElementsAre("statuses.201", "14105")));
  EXPECT_THAT(table.rows, Contains(ElementsAre("latency.p99_s", "0.096")));
  EXPECT_THAT(load_table(test::monday_report()).rows, ::testing::IsEmpty());
}

}  // namespace
}  // namespace sluice
