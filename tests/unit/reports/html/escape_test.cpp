#include "reports/html/escape.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(HtmlText, IsTextAndNothingElse) {
  EXPECT_EQ(html_text("a < b && c > \"d\" or 'e'"),
            "a &lt; b &amp;&amp; c &gt; &quot;d&quot; or &#39;e&#39;");
  EXPECT_EQ(html_text("two\nlines"), "two\uFFFDlines");
  EXPECT_EQ(html_text("\xFF"), "\uFFFD");
  EXPECT_EQ(html_text("σ ≥ 1"), "σ ≥ 1");
}

TEST(HtmlText, BreaksNoNumber) {
  EXPECT_EQ(html_text("12 345 runs, 77 % of 9 245"), "12\u00A0345 runs, 77\u00A0% of 9\u00A0245");
  EXPECT_EQ(html_text("of 5 replications, 2 1234"), "of 5 replications, 2 1234");
  EXPECT_EQ(html_verbatim("77 %"), "77 %");
}

TEST(HtmlName, HasADirectionOfItsOwnAndABoundedLength) {
  EXPECT_EQ(html_name("acme"), "<bdi>acme</bdi>");
  EXPECT_LT(html_name(std::string(500, 'x')).size(), 60u);
}

TEST(HtmlLines, KeepsLines) {
  EXPECT_EQ(html_lines("a: 1\n  b: <2>\n\nc"), "a: 1\n  b: &lt;2&gt;\n\nc\n");
  EXPECT_EQ(html_lines(""), "");
}

TEST(HtmlScriptData, EndsNoScript) {
  const nlohmann::ordered_json json{{"a", "</script><!-- & \u2028 \u2029 σ \xFF"}};
  const std::string text = html_script_data(json);
  EXPECT_EQ(text,
            "{\"a\":\"\\u003c/script\\u003e\\u003c!-- \\u0026 \\u2028 \\u2029 \\u03c3 \\ufffd\"}");
}

}  // namespace
}  // namespace sluice
