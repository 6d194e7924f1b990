#include "reports/html/html.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "tests/unit/reports/golden.hpp"
#include "tests/unit/reports/sample_report.hpp"

namespace sluice {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// All that can be text of a scenario or a run, so named that it would be markup, end the block of
/// data, or turn the direction of what follows.
const std::string kHostile =
    "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&\xE2\x80\xA8\xE2\x80\xAE!";

Report report_of_hostile_names() {
  Report report = test::replicated_report();
  Names& names = report.names;
  for (auto* list :
       {&names.groups, &names.workspaces, &names.workflows, &names.credentials, &names.submitters})
    for (std::string& name : *list) name = kHostile;
  for (PoolName& pool : names.pools) pool.name = kHostile;
  report.header.scenario = kHostile;
  report.header.question = kHostile;
  report.header.hash = kHostile;
  report.header.build_id = kHostile;
  report.header.time_zone_data = kHostile;
  report.incidents = {{kHostile, Time::zero(), std::nullopt}};
  for (ExpectationResult& result : report.expectations) {
    result.expectation.sentence = kHostile;
    result.expectation.because = kHostile;
    result.expectation.file = kHostile;
    result.reason = kHostile;
  }
  for (ReachResult& reach : report.reaches) reach.sentence = kHostile;
  report.traces = {test::recorded_monday()};
  report.traces[0].submitter = kHostile;
  report.traces[0].file = kHostile;
  return report;
}

HtmlOptions hostile_options() { return {kHostile, kHostile + "\n" + kHostile, "draw();"}; }

/// The names of all elements that a browser would make.
std::multiset<std::string> elements(const std::string& page) {
  std::multiset<std::string> names;
  for (std::size_t at = page.find('<'); at != std::string::npos; at = page.find('<', at + 1)) {
    const std::size_t end = page.find_first_of(" >\n", at);
    names.insert(page.substr(at + 1, end - at - 1));
  }
  return names;
}

std::string body_of(const std::string& page) { return page.substr(page.find("<body>")); }

TEST(RenderHtml, ThePageOfAScenarioThatStarvesLow) {
  test::expect_golden(
      "tests/unit/reports/golden/monday.html",
      body_of(render_html(test::monday_report(), {"sluice simulate monday.yaml --html report.html",
                                                  "scenario: monday\n", ""})));
}

TEST(RenderHtml, NothingHappened) {
  test::expect_golden("tests/unit/reports/golden/empty.html",
                      body_of(render_html(test::empty_report(), {})));
}

TEST(RenderHtml, WhatComesFromOutsideIsNeverMarkup) {
  const std::string page = render_html(report_of_hostile_names(), hostile_options());
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(page, Not(HasSubstr("\xE2\x80\xAE"))) << "turns the direction of the text behind it";
  EXPECT_THAT(page, Not(HasSubstr("\xE2\x80\xA8"))) << "ends a line of JavaScript";
  const std::multiset<std::string> names = elements(page);
  EXPECT_EQ(names.count("script"), 2u);
  EXPECT_EQ(names.count("/script"), 2u);
  // Quotes are those of the page: no attribute ends early, and none is added.
  EXPECT_THAT(page, Not(HasSubstr("onerror=alert(2)>\"")));
  EXPECT_THAT(page, HasSubstr("&lt;img src=x"));
}

TEST(RenderHtml, TheBlockOfDataSurvivesHostileNames) {
  const std::string page = render_html(report_of_hostile_names(), hostile_options());
  const std::string begin = "<script type=\"application/json\" id=\"sluice-data\">";
  const std::size_t from = page.find(begin) + begin.size();
  const std::string text = page.substr(from, page.find("</script>", from) - from);
  const auto data = nlohmann::json::parse(text);
  EXPECT_EQ(data["format"], "sluice.page");
  EXPECT_THAT(data["incidents"][0]["name"].get<std::string>(), HasSubstr("</script>"));
}

TEST(RenderHtml, EveryElementIsClosed) {
  const std::string page = render_html(test::hostile_report(3), {"", "", "draw();"});
  const std::multiset<std::string> names = elements(page);
  for (const char* name : {"section", "div", "table", "tr", "td", "th", "p", "h2", "h3", "details",
                           "figure", "bdi", "b", "small", "code", "a", "span", "nav", "main"})
    EXPECT_EQ(names.count(name), names.count(std::string("/") + name)) << name;
}

TEST(RenderHtml, SaysTheSameTwice) {
  const HtmlOptions options{"sluice simulate x.yaml", "scenario: x\n", "draw();"};
  const std::string page = render_html(test::full_report(), options);
  EXPECT_EQ(page, render_html(test::full_report(), options));
  Report later = test::full_report();
  later.header.wall_seconds += 17;
  EXPECT_EQ(page, render_html(later, options));
}

TEST(RenderHtml, WithoutScriptThereAreWordsAndTablesOnly) {
  const std::string page = render_html(test::monday_report(), {});
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("<figure")));
  EXPECT_THAT(page, HasSubstr("<table"));
}

TEST(RenderHtml, NeedsNoNetwork) {
  const std::string page = render_html(test::monday_report(), {"", "", "draw();"});
  for (const char* what : {"http://", "https://", "src=", "url(", "@import"})
    EXPECT_THAT(page, Not(HasSubstr(what)));
}

TEST(RenderHtml, IsNeverLargerThanItsBound) {
  Report report = test::hostile_report(1);
  report.time_lines = {Time::zero(), Duration{1'000'000'000}, {}};
  for (std::size_t group = 0; group < report.names.groups.size(); ++group)
    for (std::size_t line = 0; line < kLines; ++line)
      for (const PriorityLevel level : kAllLevels) {
        TimeLine added{static_cast<Line>(line), Subject::of(GroupId::at(group), level), {}};
        for (int i = 0; i < 2'000; ++i) added.values.push_back(1.0 / (i + 3));
        added.lowest = added.highest = added.values;
        report.time_lines.lines.push_back(std::move(added));
      }
  const std::string text(100'000, '<');
  const std::string script(330'000, 'x');
  EXPECT_LE(render_html(report, {text, text + "\n" + text, script}).size(), kPageMost);
}

TEST(RenderHtml, ALongScenarioIsCutAtALine) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "key: value\n";
  EXPECT_THAT(render_html(test::empty_report(), {"", text, ""}), HasSubstr("It goes on"));
  EXPECT_THAT(render_html(test::empty_report(), {"", "a: 1\n\nb: 2\n", ""}),
              HasSubstr("<pre tabindex=\"0\">a: 1\n\nb: 2\n</pre>"));
}

TEST(RenderHtml, ALoadThatMeansNothingSaysSoFirst) {
  const std::string page = render_html(test::invalid_live_report(), {});
  EXPECT_THAT(page, HasSubstr("✗ INVALID"));
  EXPECT_LT(page.find("class=\"caution\""), page.find("class=\"keys\""));
}

}  // namespace
}  // namespace sluice
