// What may be varied: lists, ranges, steps, values that are YAML; and what is none of these.
#include "experiments/settings/choice.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "experiments/settings/grid.hpp"

namespace sluice::test {
namespace {

using ChoiceTexts = std::vector<std::string>;

ChoiceTexts choice_values(const std::string& text) {
  const Parsed<Choice> choice = parse_choice(text);
  EXPECT_TRUE(choice) << text << ": " << choice.error.message;
  return choice ? choice->values : ChoiceTexts();
}

std::string choice_mistake(const std::string& text) {
  const Parsed<Choice> choice = parse_choice(text);
  return choice ? "" : std::to_string(choice.error.offset) + ": " + choice.error.message;
}

TEST(ChoiceTest, ListsAndRanges) {
  EXPECT_EQ(choice_values("workers=8,10, 12"), (ChoiceTexts{"8", "10", "12"}));
  EXPECT_EQ(choice_values("workers=26..34:2"), (ChoiceTexts{"26", "28", "30", "32", "34"}));
  EXPECT_EQ(choice_values("workers=3..5"), (ChoiceTexts{"3", "4", "5"}));
  EXPECT_EQ(choice_values("workers=26..33:2").back(), "32");
  EXPECT_EQ(choice_values("n=10..160:*2"), (ChoiceTexts{"10", "20", "40", "80", "160"}));
  EXPECT_EQ(choice_values("factor=0.1..0.5:0.1"), (ChoiceTexts{"0.1", "0.2", "0.3", "0.4", "0.5"}));
  EXPECT_EQ(choice_values("think=30s..2m:30s"), (ChoiceTexts{"30s", "1m", "1m30s", "2m"}));
  EXPECT_EQ(choice_values("share=5%..15%:5%"), (ChoiceTexts{"5%", "10%", "15%"}));
  EXPECT_EQ(choice_values("n=1,5..7,20"), (ChoiceTexts{"1", "5", "6", "7", "20"}));
  EXPECT_EQ(choice_values("workers=7"), (ChoiceTexts{"7"}));
}

TEST(ChoiceTest, CommasInsideBracketsAndQuotesDoNotPart) {
  EXPECT_EQ(choice_values("policy=fifo,{weighted: {HIGH: 1, LOW: 1}},strict_priority"),
            (ChoiceTexts{"fifo", "{weighted: {HIGH: 1, LOW: 1}}", "strict_priority"}));
  EXPECT_EQ(choice_values("at=[1h, 2h],\"a, b\",'c, d'"),
            (ChoiceTexts{"[1h, 2h]", "\"a, b\"", "'c, d'"}));
  EXPECT_EQ(choice_values("file=../a..b"), (ChoiceTexts{"../a..b"}))
      << "dots between what are no numbers";
}

TEST(ChoiceTest, MistakesAreLocated) {
  EXPECT_EQ(choice_mistake("workers"), "0: has no '=' between the name and its values");
  EXPECT_EQ(choice_mistake("=3"), "0: has no '=' between the name and its values");
  EXPECT_EQ(choice_mistake("workers=1,,2"), "10: a value is missing");
  EXPECT_EQ(choice_mistake("workers=5..3"), "8: the range ends below its beginning");
  EXPECT_EQ(choice_mistake("workers=1,2,1"), "12: the value 1 is there twice");
  EXPECT_NE(choice_mistake("workers=1..9:0").find("a step is more than 0"), std::string::npos);
  EXPECT_NE(choice_mistake("workers=1..9:*1").find("a factor is a number above 1"),
            std::string::npos);
  EXPECT_NE(choice_mistake("workers=0..9:*2").find("begins above 0"), std::string::npos);
  EXPECT_NE(choice_mistake("think=30s..2m").find("give a step"), std::string::npos);
  EXPECT_NE(choice_mistake("think=30s..5:30s").find("of one kind"), std::string::npos);
  EXPECT_NE(choice_mistake("n=1..1e9").find("more than 10000 values"), std::string::npos);
}

TEST(ChoiceTest, SizesPutValuesInOrder) {
  EXPECT_EQ(size_of("26"), 26);
  EXPECT_EQ(size_of("-2"), -2);
  EXPECT_EQ(size_of("90s"), 90);
  EXPECT_EQ(size_of("5%"), 0.05);
  EXPECT_EQ(size_of("fifo"), std::nullopt);
}

TEST(GridTest, AllCombinationsTheLastFastest) {
  const std::vector<Choice> choices{{"a", {"1", "2"}}, {"b", {"x", "y", "z"}}};
  ASSERT_EQ(size_of_grid(choices), 6u);
  ChoiceTexts keys;
  for (const Setting& setting : grid_of(choices)) keys.push_back(setting.key());
  EXPECT_EQ(keys, (ChoiceTexts{"a=1,b=x", "a=1,b=y", "a=1,b=z", "a=2,b=x", "a=2,b=y", "a=2,b=z"}));
  EXPECT_EQ(grid_of({}).size(), 1u) << "the scenario as it is";
}

TEST(GridTest, TooManyAreCountedAsSuch) {
  Choice many{"a", {}};
  for (int i = 0; i < 1000; ++i) many.values.push_back(std::to_string(i));
  const std::vector<Choice> choices{many, many, many, many, many, many, many};
  EXPECT_EQ(size_of_grid(choices), kMostSettings + 1);
}

TEST(SettingTest, TheKeyIsTheSameInAnyOrder) {
  const Setting one{"", {{"workers", "26"}, {"accounts", "8"}}};
  const Setting other{"", {{"accounts", "8"}, {"workers", "26"}}};
  EXPECT_EQ(one.key(), other.key());
  EXPECT_EQ(one.text(), "workers 26, accounts 8");
  EXPECT_EQ((Setting{"more", {{"workers", "40"}}}).text(), "more");
}

}  // namespace
}  // namespace sluice::test
