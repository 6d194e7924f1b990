#include "reports/terminal/terminal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <vector>

#include "reports/summary/answer.hpp"
#include "reports/summary/phrases.hpp"
#include "tests/unit/base/effort.hpp"
#include "tests/unit/reports/golden.hpp"
#include "tests/unit/reports/sample_report.hpp"

namespace sluice {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::size_t widest(const std::string& text) {
  std::size_t widest = 0;
  for (const std::string& line : lines_of(text)) widest = std::max(widest, display_columns(line));
  return widest;
}

TEST(RenderTerminal, TheScreenOfAScenarioThatStarvesLow) {
  test::expect_golden("tests/unit/reports/golden/monday.txt",
                      render_terminal(test::monday_report(), {}));
}

TEST(RenderTerminal, WithReplicationsTheIntervalsStandBelowTheFigures) {
  test::expect_golden("tests/unit/reports/golden/monday_replicated.txt",
                      render_terminal(test::replicated_report(), {}));
}

TEST(RenderTerminal, InBrief) {
  test::expect_golden("tests/unit/reports/golden/monday_brief.txt",
                      render_terminal(test::replicated_report(), {.brief = true}));
}

TEST(RenderTerminal, NothingHappened) {
  test::expect_golden("tests/unit/reports/golden/empty.txt",
                      render_terminal(test::empty_report(), {}));
}

TEST(RenderTerminal, FitsOneScreen) {
  EXPECT_LE(lines_of(render_terminal(test::monday_report(), {.brief = true})).size(), 44u)
      << "with webhooks, and a warning";
  EXPECT_LE(lines_of(render_terminal(test::monday_report(), {})).size(), 76u);
}

TEST(RenderTerminal, BeginsWithTheVerdict) {
  Report report = test::monday_report();
  EXPECT_THAT(render_terminal(report, {}),
              StartsWith("FAIL  monday-batch-starves-low: 2 of 5 expectations failed"));
  report.verdict = Verdict::none;
  report.expectations.clear();
  report.reaches.clear();
  EXPECT_THAT(render_terminal(report, {}),
              StartsWith("NO EXPECTATIONS  monday-batch-starves-low\n"));
}

TEST(RenderTerminal, AnIncompleteReportSaysSo) {
  Report report = test::monday_report();
  report.header.complete = false;
  EXPECT_THAT(render_terminal(report, {}), HasSubstr("Incomplete: ended early"));
}

TEST(RenderTerminal, NoColourUnlessAskedFor) {
  EXPECT_THAT(render_terminal(test::monday_report(), {}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(render_terminal(test::monday_report(), {.colour = true}),
              StartsWith("\x1b[1;31mFAIL  \x1b[0m"));
}

TEST(RenderTerminal, ColourChangesNothingElse) {
  std::string coloured = render_terminal(test::monday_report(), {.colour = true});
  for (std::size_t at; (at = coloured.find('\x1b')) != std::string::npos;)
    coloured.erase(at, coloured.find('m', at) - at + 1);
  const auto plain_lines = lines_of(render_terminal(test::monday_report(), {}));
  auto lines = lines_of(coloured);
  for (std::string& line : lines) line.erase(line.find_last_not_of(' ') + 1);
  EXPECT_EQ(lines, plain_lines);
}

TEST(RenderTerminal, AsciiOnlyWhereThatIsAllThereIs) {
  for (const Report& report : {test::monday_report(), test::hostile_report(1)}) {
    const std::string text = render_terminal(report, {.unicode = false});
    EXPECT_TRUE(std::all_of(text.begin(), text.end(),
                            [](unsigned char c) { return c == '\n' || (c >= 0x20 && c < 0x7F); }));
    EXPECT_LE(widest(text), 100u);
  }
}

TEST(RenderTerminal, NoLineIsWiderThanAskedForWhateverTheReport) {
  for (std::uint64_t seed = 0; seed < test::cases(25u); ++seed) {
    const Report report = test::hostile_report(seed);
    for (const int width : {40, 80, 100, 160})
      EXPECT_LE(widest(render_terminal(report, {.width = width})), static_cast<std::size_t>(width))
          << "seed " << seed;
  }
}

TEST(RenderTerminal, NamesCannotSteerTheTerminal) {
  for (std::uint64_t seed = 0; seed < test::cases(25u); ++seed) {
    const std::string text = render_terminal(test::hostile_report(seed), {});
    for (const char* hostile : {"\x1b", "\r", "\a", "\u202E", "\u200B", "\u2028", "\xff"})
      EXPECT_THAT(text, Not(HasSubstr(hostile))) << "seed " << seed;
  }
}

TEST(RenderTerminal, LargeScenariosShowTheWorstAndCountTheRest) {
  for (std::uint64_t seed = 0; seed < test::cases(25u); ++seed) {
    const std::string any = render_terminal(test::hostile_report(seed), {});
    EXPECT_LE(lines_of(any).size(), 215u)
        << "20 sentences of two lines each, four groups, tables in two parts; seed " << seed;
  }
  const std::string text = render_terminal(test::hostile_report(3), {});
  EXPECT_THAT(text, ::testing::ContainsRegex("WORST WORKSPACES  4 of [0-9]+ levels"));
  EXPECT_THAT(text, ::testing::ContainsRegex("CREDENTIALS  3 of [0-9 ]+ credentials,"));
}

TEST(Answer, NamesTheLevelTheTimeTheCauseAndTheCulprit) {
  EXPECT_EQ(answer(test::monday_report()),
            "LOW starves: σ = 1.12, so its backlog grows as long as this load lasts. Its longest "
            "starvation "
            "lasted at least 2h10m and was not over at the end. 71 % of its waiting time went by "
            "with workers "
            "busy with HIGH runs. Meanwhile 64 % of the dispatches were HIGH runs of acme.");
}

TEST(Answer, NobodyStarves) {
  Report report = test::empty_report();
  report.figures = {};
  const Subject low = Subject::of(PriorityLevel::LOW);
  const auto add = [&](Metric metric, double value) {
    Figure figure;
    figure.value = value;
    figure.samples = 10;
    report.figures.add(metric, low, figure);
  };
  add(Metric::wait_count, 10);
  add(Metric::wait_mean, 2);
  add(Metric::wait_p95, 12);
  add(Metric::wait_max, 40);
  add(Metric::attribution_credential_limit, 1.5);
  add(Metric::attribution_login, 0.5);
  report.figures.seal();
  report.stability = {{GroupId::at(0),
                       {{Subject::of(GroupId::at(0), PriorityLevel::LOW), 1, 1, 10, 0.4, 0.6, 5}},
                       {}}};
  EXPECT_EQ(
      answer(report),
      "Nobody starves: σ is 0.4 at most. LOW waits longest: 95 % of its runs up to 12s, one 40s. "
      "75 % of its waiting time went by with a credential at its limit.");
}

/// One group with one level, a wait of each given quantile.
Report calm_report(double p95, double most) {
  Report report = test::empty_report();
  report.figures = {};
  for (const auto& [metric, value] :
       {std::pair(Metric::wait_count, 10.0), std::pair(Metric::wait_mean, most / 20),
        std::pair(Metric::wait_p95, p95), std::pair(Metric::wait_max, most)}) {
    Figure figure;
    figure.value = value;
    figure.samples = 10;
    report.figures.add(metric, Subject::of(PriorityLevel::LOW), figure);
  }
  report.figures.seal();
  return report;
}

TEST(Answer, NobodyWaitedOrHardlyAnybody) {
  EXPECT_EQ(answer(calm_report(0, 0)), "Nobody starves. No run waited.");
  EXPECT_EQ(
      answer(calm_report(0, 80)),
      "Nobody starves. 95 % of the runs of each level did not wait; one of LOW waited 1m20s.");
}

TEST(Answer, AWorkspaceIsNamedOnlyIfItIsMostOfItsLevel) {
  Report report = test::monday_report();
  DispatchedMeanwhile& meanwhile = report.dispatched_meanwhile.at(0);
  meanwhile.shares.clear();
  for (std::size_t w = 0; w < 5; ++w)
    meanwhile.shares.push_back({PriorityLevel::HIGH, WorkspaceId::at(w), 2, 0.008});
  EXPECT_THAT(answer(report), HasSubstr("Meanwhile 4 % of the dispatches were HIGH runs, of 5 "
                                        "workspaces."));
  EXPECT_EQ(meanwhile_text(report, meanwhile), "HIGH 4 % (5 workspaces)");
}

TEST(RenderTerminal, LevelsOfGroupsWithLongNamesAreToldApart) {
  Report report = test::monday_report();
  report.names.groups = {"browser-agents-production-europe-west-1",
                         "browser-agents-production-europe-west-2"};
  const std::string text = render_terminal(report, {.width = 80});
  EXPECT_THAT(text, HasSubstr("-1 HIGH"));
  EXPECT_THAT(text, HasSubstr("-1 LOW"));
}

TEST(RenderTerminal, ANarrowTerminalShowsTheSameFigures) {
  const std::string text = render_terminal(test::monday_report(), {.width = 80});
  for (const char* heading : {"in queue", "run time", "idle: none waits", "needed for σ ≤ 0.8"})
    EXPECT_THAT(text, HasSubstr(heading));
  EXPECT_THAT(text, Not(HasSubstr("longes...")));
}

TEST(RenderTerminal, LongSentencesAreWrappedNotCut) {
  Report report = test::monday_report();
  ExpectationResult& result = report.expectations.at(0);
  result.status = Status::failed;
  result.expectation.sentence =
      "starvation.longest{level=LOW, workspace=a-workspace-with-a-long-name} < 30m over and over";
  result.expectation.because = std::string(150, 'x') + " " + std::string(60, 'y') + " the end";
  const std::string text = render_terminal(report, {.width = 80});
  EXPECT_THAT(text, HasSubstr("over and over"));
  EXPECT_THAT(text, HasSubstr("the end"));
}

TEST(Answer, NothingWaited) {
  EXPECT_EQ(answer(test::empty_report()),
            "No run was waiting in the window: there is nothing to say about starvation.");
}

}  // namespace
}  // namespace sluice
