// Rules about one field of a recording, and levels found by them.
#include "scenarios/loader/trace/condition.hpp"

#include <gmock/gmock.h>

#include "scenarios/loader/trace/record_file.hpp"
#include "tests/unit/scenarios/loading.hpp"

namespace sluice {
namespace {

using namespace test;
using ::testing::HasSubstr;

Condition rule(const std::string& text) {
  Sources sources;
  TreeBudget budget;
  Problems problems(sources);
  Reader reader{sources, budget, problems};
  TreeNode node;
  node.kind = TreeNode::Kind::scalar;
  node.text = text;
  Condition condition;
  EXPECT_TRUE(condition_type().read(reader, node, condition)) << text;
  return condition;
}

TEST(ConditionRule, a_range_holds_from_its_first_to_its_last) {
  const Condition range = rule("10..49");
  for (const char* inside : {"10", "49", "10.5", " 20 "})
    EXPECT_TRUE(range.holds(inside)) << inside;
  for (const char* outside : {"9.9", "49.1", "", "x", "-20"})
    EXPECT_FALSE(range.holds(outside)) << outside;
  EXPECT_TRUE(rule("1h..4h").holds("7200"));
  EXPECT_TRUE(rule("1h..4h").holds("02:30:00"));
  EXPECT_FALSE(rule("1h..4h").holds("1-00:00:00"));
  EXPECT_TRUE(rule("a..b").holds("a..b")) << "no numbers: the text itself";
}

TEST(ConditionRule, a_last_digit_is_that_of_the_text) {
  EXPECT_TRUE(rule("last digit 0..4").holds("r-120"));
  EXPECT_TRUE(rule("last digit 0..4").holds("4"));
  EXPECT_FALSE(rule("last digit 0..4").holds("45"));
  EXPECT_FALSE(rule("last digit 7").holds("7x"));
  EXPECT_FALSE(rule("last digit 7").holds(""));
}

TEST(ConditionRule, a_pattern_is_about_the_whole_field) {
  EXPECT_TRUE(rule("like *-urgent").holds("claims-urgent"));
  EXPECT_FALSE(rule("like *-urgent").holds("claims-urgent-2"));
  EXPECT_TRUE(rule("like p[0-2]?").holds("p1x"));
  EXPECT_FALSE(rule("like p[0-2]?").holds("p3x"));
  EXPECT_TRUE(rule("like [!a]*b*").holds("xxbyb"));
  EXPECT_TRUE(rule("like *").holds(""));
  EXPECT_FALSE(rule("like a*a*a*a*a*b").holds(std::string(5000, 'a')));
}

TEST(ConditionRule, what_is_unknown_is_neither_large_nor_small) {
  EXPECT_FALSE(rule("<= 1h").holds("-1", true));
  EXPECT_TRUE(rule("<= 1h").holds("-1", false));
  EXPECT_TRUE(rule("-1").holds("-1", true)) << "named as it stands there";
  EXPECT_FALSE(rule("last digit 1").holds("-1", true));
  EXPECT_TRUE(rule("else").holds("-1", true));
}

TEST(ConditionRule, covering_and_overlapping_are_decided_by_intervals) {
  EXPECT_TRUE(covers(rule(">= 10"), rule("10..49")));
  EXPECT_FALSE(covers(rule("> 10"), rule("10..49")));
  EXPECT_FALSE(overlap(rule("> 49"), rule("10..49")));
  EXPECT_TRUE(overlap(rule(">= 49"), rule("10..49")));
  EXPECT_FALSE(overlap(rule("last digit 0..4"), rule("last digit 5..9")));
  EXPECT_TRUE(overlap(rule("last digit 0..4"), rule("last digit 4")));
  EXPECT_TRUE(overlap(rule("like p*"), rule("p7")));
  EXPECT_FALSE(overlap(rule("else"), rule("p7")));
}

/// The messages about `levels: {…}`.
std::string about_levels(const std::string& levels) {
  return messages(
      load("duration: 1h\n"
           "resource_groups: {main: {workers: 1}}\n"
           "workspaces: {acme: }\n"
           "workflows: {job: {time: 1m}}\n"
           "submitters: {t: {arrivals: {trace: {csv: /no/such.csv, levels: {" +
           levels + "}}}}}\n"));
}

TEST(LevelRules, mistakes_are_located) {
  EXPECT_THAT(about_levels("HIGH: 49..10, LOW: else"),
              HasSubstr("5:71: error: the range `49..10` ends before it begins"));
  EXPECT_THAT(about_levels("HIGH: '>= 50', MEDIUM: 10..50, LOW: else"),
              HasSubstr("error: this overlaps with `>= 50`, which means HIGH"));
  EXPECT_THAT(about_levels("HIGH: [7, last digit 7], MEDIUM: 17"),
              HasSubstr("error: this overlaps with `last digit 7`, which means HIGH"));
  EXPECT_THAT(about_levels("HIGH: last digit 12, LOW: else"),
              HasSubstr("expected `last digit 7` or `last digit 0..4`"));
  EXPECT_THAT(about_levels("HIGH: 'like p[0-2', LOW: else"), HasSubstr("a `[` is not closed"));
  EXPECT_THAT(about_levels("HIGH: else, LOW: else"), HasSubstr("`else` can only mean one level"));
  EXPECT_THAT(about_levels("else: LOW, 10..49: MEDIUM"),
              HasSubstr("this never counts: `else` stands before it and takes all of it"));
  EXPECT_THAT(about_levels("'>= 10': HIGH, 10..49: MEDIUM"),
              HasSubstr("this never counts: `>= 10` stands before it"));
  EXPECT_THAT(about_levels("urgent: HGIH"), HasSubstr("`HGIH` is not a priority level"));
  for (const char* good : {"'<= 1h': HIGH, '<= 4h': MEDIUM, else: LOW", "HIGH: '>= 50', LOW: else",
                           "LOW: else, HIGH: [urgent, 'like p0-*', last digit 9]"})
    EXPECT_THAT(about_levels(good), ::testing::Not(HasSubstr("5:7"))) << good;
}

}  // namespace
}  // namespace sluice
