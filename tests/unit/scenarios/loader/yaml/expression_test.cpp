#include "scenarios/loader/yaml/expression.hpp"

#include <gmock/gmock.h>

#include <optional>
#include <string>

#include "tests/unit/scenarios/loading.hpp"

namespace sluice {
namespace {

using namespace test;
using ::testing::HasSubstr;

std::optional<std::string> param(const std::string& name) {
  if (name == "workers") return "40";
  if (name == "peak") return "5/min";
  if (name == "length") return "1h30m";
  if (name == "share") return "30%";
  if (name == "site") return "example.com";
  if (name == "a-b") return "7";
  return std::nullopt;
}

std::string value_of(const std::string& text) {
  const Parsed<std::string> result = evaluate(text, param);
  return result ? *result : "error: " + result.error.message;
}

TEST(Expression, calculates_with_numbers) {
  EXPECT_EQ(value_of("workers * 1.1"), "44");
  EXPECT_EQ(value_of("workers*1.1"), "44");
  EXPECT_EQ(value_of("2 + 3 * 4 - 10 / 4"), "11.5");
  EXPECT_EQ(value_of("(2 + 3) * -4"), "-20");
  EXPECT_EQ(value_of("ceil(workers * 1.1)"), "44");
  EXPECT_EQ(value_of("round(workers / 16)"), "3");
  EXPECT_EQ(value_of("floor(workers / 16) + ceil(0.1)"), "3");
  EXPECT_EQ(value_of("max(3; min(workers, 9), 2)"), "9");
  EXPECT_EQ(value_of("a-b - 1"), "6");
  EXPECT_EQ(value_of("workers * share"), "12");
  EXPECT_EQ(value_of("0.1 + 0.2"), "0.3");
}

TEST(Expression, calculates_with_times_and_rates) {
  EXPECT_EQ(value_of("2 * peak"), "10/min");
  EXPECT_EQ(value_of("peak / 4 + peak"), "6.25/min");
  EXPECT_EQ(value_of("length * 2"), "3h");
  EXPECT_EQ(value_of("length + 30m"), "2h");
  EXPECT_EQ(value_of("peak * 1h"), "300");
  EXPECT_EQ(value_of("length / 10m"), "9");
  EXPECT_EQ(value_of("max(length, 2h)"), "2h");
}

TEST(Expression, says_what_is_wrong) {
  EXPECT_EQ(value_of("workers *"), "error: expected a number or the name of a param");
  EXPECT_EQ(value_of("workers workers"), "error: expected `+`, `-`, `*`, `/` or the end here");
  EXPECT_EQ(value_of("1 / 0"), "error: divided by 0");
  EXPECT_THAT(value_of("peak + length"), HasSubstr("added to their like"));
  EXPECT_THAT(value_of("peak * peak"), HasSubstr("cannot be multiplied"));
  EXPECT_THAT(value_of("1 / length"), HasSubstr("can be divided"));
  EXPECT_THAT(value_of("round(length)"), HasSubstr("takes a number"));
  EXPECT_THAT(value_of("sqrt(4)"), HasSubstr("no function"));
  EXPECT_THAT(value_of("site * 2"), HasSubstr("the param `site` is `example.com`"));
  EXPECT_THAT(value_of("(1"), HasSubstr("expected `)`"));
  EXPECT_THAT(value_of(std::string(1000, '(') + "1"), HasSubstr("nested too deeply"));
  EXPECT_EQ(value_of("nobody + 1"), "error: ") << "the callback has reported it";
}

std::string with_params(const std::string& more) {
  return small_scenario("params: {workers: 40, peak: 5/min}\n" + more);
}

TEST(ParamsArithmetic, one_number_drives_several) {
  LoaderOptions options;
  options.params = {{"workers", "20"}};
  options.sets = {{"resource_groups.main.workers", "\"${workers * 1.1}\""}};
  const Scenario scenario = loaded(load(
      "params: {workers: 40, peak: 5/min, more: \"${workers + 1}\"}\nduration: 1h\n"
      "resource_groups: {main: {workers: ${workers * 1.5}}, other: {workers: ${max(more, 3)}}}\n"
      "workspaces: {acme: {group: main}, late: {group: other}}\n"
      "workflows: {claims: {time: \"${workers * 1s}\"}}\n"
      "submitters:\n  web: {workspace: [acme, late], arrivals: {poisson: ${2 * peak}}}\n",
      options));
  EXPECT_EQ(scenario.pipeline.groups[0].workers.count, 22u);
  EXPECT_EQ(scenario.pipeline.groups[1].workers.count, 21u);
  EXPECT_EQ(scenario.pipeline.workflows[0].time.mean(), 20);
  EXPECT_DOUBLE_EQ(
      std::get<PoissonArrivals>(scenario.submitters[0].arrivals).rate.points[0].per_second,
      10.0 / 60);
}

TEST(ParamsArithmetic, a_count_that_is_no_whole_number_is_told_how_to_become_one) {
  const LoadedScenario result = load(
      "params: {workers: 45}\nduration: 1h\nresource_groups: {main: {workers: {count: ${workers * "
      "1.1}}}}\nworkspaces: {acme: }\nworkflows: {claims: {time: 10s}}\n"
      "submitters: {web: {arrivals: {poisson: 5/min}}}\n");
  EXPECT_THAT(messages(result), HasSubstr("test.yaml:3:43: error: "));
  EXPECT_THAT(errors_of(result), HasSubstr("`${round(…)}`, `${ceil(…)}`"));
  EXPECT_THAT(errors_of(result), HasSubstr("this is `49.5` (param workers, test.yaml:1)"));
}

TEST(ParamsArithmetic, mistakes_name_the_expression) {
  EXPECT_THAT(messages(load(with_params("seed: ${workers * }\n"))),
              HasSubstr("test.yaml:7:7: error: `${workers *}`: expected a number"));
  EXPECT_THAT(errors_of(load(with_params("seed: ${wrkers * 2}\n"))),
              HasSubstr("no param is called `wrkers`; did you mean `workers`?"));
  EXPECT_THAT(errors_of(load(with_params("seed: ${workers-1}\n"))),
              HasSubstr("a minus has spaces around it"));
}

TEST(ParamsArithmetic, the_mark_of_params_cannot_be_written_by_its_number) {
  for (const char* text : {"question: \"\\u07BFworkers$\"\n", "question: \"\\u07bfworkers$\"\n",
                           "question: \"\\U000007BFworkers$\"\n"})
    EXPECT_THAT(messages(load(with_params(text))),
                HasSubstr("test.yaml:7:12: error: U+07BF cannot stand in a scenario"))
        << text;
  EXPECT_EQ(loaded(load(with_params("question: \"\\\\u07BF\"\n"))).question, "\\u07BF");
}

}  // namespace
}  // namespace sluice
