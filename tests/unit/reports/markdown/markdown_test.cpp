
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "reports/markdown/escape.hpp"
#include "reports/markdown/markdown.hpp"
#include "tests/unit/reports/golden.hpp"
#include "tests/unit/reports/sample_report.hpp"

namespace sluice {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(RenderMarkdown, TheCommentOfAScenarioThatStarvesLow) {
  test::expect_golden("tests/unit/reports/golden/monday.md",
                      render_markdown(test::monday_report()));
}

TEST(RenderMarkdown, NothingHappened) {
  test::expect_golden("tests/unit/reports/golden/empty.md", render_markdown(test::empty_report()));
}

TEST(RenderMarkdown, FitsAComment) {
  for (std::uint64_t seed = 0; seed < 25; ++seed)
    EXPECT_LT(render_markdown(test::hostile_report(seed)).size(), kMarkdownMost) << "seed " << seed;
}

TEST(RenderMarkdown, LeavesSectionsOutRatherThanGrow) {
  Report report = test::monday_report();
  for (int i = 0; i < 100; ++i)
    test::expect_failure(report, std::string(5'000, '`'), std::string(5'000, '*'), Metric::wait_p95,
                         Subject::of(PriorityLevel::LOW), i);
  const std::string text = render_markdown(report);
  EXPECT_LT(text.size(), kMarkdownMost);
  EXPECT_THAT(text, HasSubstr("were left out"));
}

TEST(RenderMarkdown, EveryTableRowHasItsColumns) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    std::istringstream lines(render_markdown(test::hostile_report(seed)));
    std::size_t columns = 0;
    for (std::string line; std::getline(lines, line);) {
      std::size_t bars = 0;
      for (std::size_t i = 0; i < line.size(); ++i)
        bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
      const bool is_row = line.starts_with("|");
      if (is_row && columns > 0) {
        EXPECT_EQ(bars, columns) << line;
      }
      columns = is_row ? bars : 0;
    }
  }
}

TEST(RenderMarkdown, FoldedPartsAreClosed) {
  const std::string text = render_markdown(test::hostile_report(2));
  const auto count = [&](const std::string& tag) {
    std::size_t found = 0;
    for (std::size_t at = text.find("\n" + tag); at != std::string::npos;
         at = text.find("\n" + tag, at + 1))
      ++found;
    return found;
  };
  EXPECT_GT(count("<details>"), 3u);
  EXPECT_EQ(count("<details>"), count("</details>"));
}

TEST(MarkdownText, IsTextAndNothingElse) {
  EXPECT_EQ(markdown_text("plain words, 1.5 and (this)."), "plain words, 1.5 and (this).");
  EXPECT_EQ(markdown_text("*a* _b_ `c` [d](e) <f> | ~g~"),
            "\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\<f\\> \\| \\~g\\~");
  EXPECT_EQ(markdown_text("@team #12"), "\\@\u200Bteam \\#\u200B12");
  EXPECT_EQ(markdown_text("https://x www.y"), "https\\://x www\\.y");
  EXPECT_EQ(markdown_text("1. x"), "1\\. x");
  EXPECT_EQ(markdown_text("- x"), "\\- x");
  EXPECT_EQ(markdown_text("two\nlines"), "two\uFFFDlines");
}

TEST(MarkdownCode, HoldsBackticksAndBars) {
  EXPECT_EQ(markdown_code("acme"), "`acme`");
  EXPECT_EQ(markdown_code("a`b"), "``a`b``");
  EXPECT_EQ(markdown_code("`a`"), "`` `a` ``");
  EXPECT_EQ(markdown_code("a|b"), "`a\\|b`");
  EXPECT_EQ(markdown_code(""), "` `");
  EXPECT_LE(markdown_code(std::string(5'000, 'x')).size(), 203u);
}

}  // namespace
}  // namespace sluice
