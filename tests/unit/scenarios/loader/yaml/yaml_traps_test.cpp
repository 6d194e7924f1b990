// What the loader says of texts that YAML takes for something else.
#include <gtest/gtest.h>

#include "tests/unit/scenarios/loading.hpp"

namespace sluice::test {
namespace {

struct Trap {
  const char* text;
  const char* says;
};

TEST(YamlTraps, AreNamedWithWhatToWriteInstead) {
  for (const Trap& trap : {
           Trap{"expect: [wait.p95{workspace=acme} < 30m]", "`{` cannot stand inside of a text"},
           Trap{"expect: [{that: wait.p95{workspace=acme} < 30m}]", "`{` cannot stand inside"},
           Trap{"expect:\n  - that: LOW.wait.p95 < 45m: x", "`: ` inside of a text"},
           Trap{"expect: [{that: LOW.wait.p95 < 45m, because: a: b}]", "`: ` inside of a text"},
           Trap{"question: Does it: hold?", "`: ` inside of a text"},
           Trap{"question: %5 of all", "`%` means something else"},
           Trap{"question: @home", "`@` means something else"},
           Trap{"question: `tick`", "a backtick means something else"},
           Trap{"question: *star", "`*` refers to a value"},
           Trap{"question: &anchor", "`&` names the value after it, and there is none"},
           Trap{"question: !bang", "a text that begins with `!` needs quotes"},
           Trap{"question: - a", "`-` begins an entry of a list"},
           Trap{"question: ? why", "`?` begins a key"},
           Trap{"question: > 5m", "`|` and `>` begin a text of several lines"},
           Trap{"question: \"open", "a quote is never closed"},
           Trap{"question: \"open\n", "a quote is never closed"},
           Trap{"question: 'open''", "a quote is never closed"},
           Trap{"question: 'it's here'", "the text in quotes ends here"},
           Trap{"question: \"a\" and \"b\"", "the text in quotes ends here"},
           Trap{"expect:\n\t- LOW.wait.p95 < 45m", "indented with a tab"},
           Trap{"expect: [LOW.wait.p95 < 45m", "`[` is not closed"},
           Trap{"expect: [{that: LOW.wait.p95 < 45m]", "`]` closes nothing here: `{` is not"},
           Trap{"params: {x: [1, 2}", "`}` closes nothing here: `[` is not closed before it"},
           Trap{"expect:\n- LOW.wait.p95 < 45m\nquestion: x\n y: z", "no key can stand here"},
       }) {
    const LoadedScenario result = load(small_scenario(trap.text));
    ASSERT_EQ(result.errors.size(), 1u) << trap.text << "\n" << messages(result);
    EXPECT_NE(result.errors[0].message.find(trap.says), std::string::npos) << trap.text << "\n"
                                                                           << messages(result);
    EXPECT_GT(result.errors[0].line, 0) << trap.text;
  }
}

TEST(YamlTraps, AreNamedOnTheCommandLineToo) {
  const LoadedScenario result = load_with({{"expect", "[wait.p95{workspace=acme} < 30m]"}});
  ASSERT_EQ(result.errors.size(), 1u);
  EXPECT_EQ(result.errors[0].file, "--set");
  EXPECT_EQ(result.errors[0].column, 17);
  EXPECT_NE(result.errors[0].message.find("put the text into quotes"), std::string::npos);
}

TEST(YamlTraps, AreNoneInQuotesAndBlocks) {
  for (const char* text : {"expect: [\"wait.p95{workspace=acme} < 30m\"]",
                           "expect:\n  - wait.p95{workspace=acme} < 30m", "question: 'it''s here'",
                           "question: \"a \\\" b\"", "question: what {if} so",
                           "question: a # comment", "params: {a: &x 1, b: *x}"})
    EXPECT_TRUE(load(small_scenario(text)).scenario) << text << "\n"
                                                     << messages(load(small_scenario(text)));
}

}  // namespace
}  // namespace sluice::test
