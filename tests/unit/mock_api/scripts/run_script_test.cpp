// Scripts as texts and as JSON, and what they make of one attempt.
#include "mock_api/scripts/run_script.hpp"

#include <gmock/gmock.h>

#include "mock_api/scripts/scripted_attempt.hpp"

namespace sluice {
namespace {

using namespace ::testing;
using namespace literals;
using Ends = RunScript::Outcome;

RunScript script(std::string_view text) {
  std::string problem;
  const auto read = read_script(text, problem);
  EXPECT_TRUE(read) << text << ": " << problem;
  return read.value_or(RunScript{});
}

std::string problem_with(std::string_view text) {
  std::string problem;
  EXPECT_FALSE(read_script(text, problem)) << text;
  return problem;
}

TEST(AScript, says_the_same_as_json_and_in_its_short_form) {
  const RunScript json = script(
      R"({"outcome":"fail","step":3,"category":"XPATH_INCORRECT","takes":"5s","retries":2})");
  const RunScript text = script("fail; step=3 ;category=XPATH_INCORRECT; takes=5s; retries=2");
  for (const RunScript* each : {&json, &text}) {
    EXPECT_EQ(each->outcome, Ends::fail);
    EXPECT_EQ(each->step, 3u);
    EXPECT_EQ(each->category, "XPATH_INCORRECT");
    EXPECT_EQ(each->takes, 5_s);
    EXPECT_EQ(each->retries, 2u);
  }
  EXPECT_EQ(describe(text), "2 attempts fail at step 3, then fails at step 3, takes 5s");
  EXPECT_EQ(script("timeout").outcome, Ends::timeout);
  EXPECT_EQ(script("takes=2s").outcome, Ends::success);
  EXPECT_TRUE(script("success; asks=input_required").asks->input_required);
}

TEST(AScript, is_refused_with_the_reason) {
  EXPECT_THAT(problem_with(""), HasSubstr("empty"));
  EXPECT_THAT(problem_with("explode"), HasSubstr("outcome must be one of success, fail"));
  EXPECT_THAT(problem_with("fail; stpe=3"), HasSubstr("a script has no key `stpe`"));
  EXPECT_THAT(problem_with("fail; step=0"), HasSubstr("step must be a whole number from 1"));
  EXPECT_THAT(problem_with("fail; step=1; step=2"), HasSubstr("step is given twice"));
  EXPECT_THAT(problem_with("takes=366d"), HasSubstr("at most 365d"));
  EXPECT_THAT(problem_with("fail; 3"), HasSubstr("`3` must be KEY=VALUE"));
  EXPECT_THAT(problem_with("success; message=no"), HasSubstr("message is of an error"));
  EXPECT_THAT(problem_with("success; step=2"), HasSubstr("step says where a run fails"));
  EXPECT_THAT(problem_with(R"({"outcome":"fail","output":{}})"), HasSubstr("output is what"));
  EXPECT_THAT(problem_with(R"({"asks":{"kind":"phone"}})"), HasSubstr("user_interaction"));
  EXPECT_THAT(problem_with(R"({"outcome":"fail","step":1,"asks":{"step":2}})"),
              HasSubstr("asks.step must come before"));
  EXPECT_THAT(problem_with(R"({"asks":{"schema":{"type":"unheard of"}}})"),
              HasSubstr("asks.schema"));
  EXPECT_THAT(problem_with("{"), Not(IsEmpty()));
  EXPECT_THAT(problem_with("[]"), Not(IsEmpty()));
}

TEST(AScriptedAttempt, fails_after_its_share_of_the_work) {
  const AttemptPlan plan = scripted_attempt(script("fail; step=3"), 0, 20_s, 4);
  EXPECT_EQ(plan.length, 15_s);
  EXPECT_EQ(plan.outcome, sluice::Outcome::failed);
  EXPECT_EQ(plan.reason, EndReason::failure);
  EXPECT_EQ(scripted_attempt(script("fail; step=9"), 0, 20_s, 4).length, 20_s);
  EXPECT_EQ(scripted_attempt(script("fail; step=1; takes=7s"), 0, 20_s, 4).length, 7_s);
}

TEST(AScriptedAttempt, is_retried_so_often) {
  const RunScript twice = script("success; retries=2; takes=3s");
  for (std::uint32_t retries : {0u, 1u}) {
    EXPECT_EQ(scripted_attempt(twice, retries, 20_s, 4).reason, EndReason::failure);
    EXPECT_TRUE(is_scripted_retry(twice, retries));
  }
  EXPECT_EQ(scripted_attempt(twice, 2, 20_s, 4).reason, EndReason::completed);
  EXPECT_FALSE(is_scripted_retry(twice, 2));
}

TEST(AScriptedAttempt, asks_in_the_middle_and_goes_on_with_the_rest) {
  RunScript asking = script(R"({"asks":{"step":1},"takes":"8s"})");
  asking.asks->timeout = 60_s;
  const AttemptPlan plan = scripted_attempt(asking, 0, 20_s, 4);
  EXPECT_EQ(plan.length, 62_s);
  EXPECT_EQ(plan.interaction, 60_s);
  EXPECT_EQ(plan.reason, EndReason::interaction_timeout);
  const AttemptPlan rest = scripted_rest(asking, 2_s, 4);
  EXPECT_EQ(rest.length, 6_s);
  EXPECT_EQ(rest.reason, EndReason::completed);
  EXPECT_EQ(rest.interaction, Duration{});
}

/// Whatever is asked for: no time is negative, and work before and after a question is the whole.
TEST(AScriptedAttempt, adds_up) {
  for (const char* text : {"success", "fail; step=3", "timeout", "fail"})
    for (std::uint32_t steps = 3; steps < 8; ++steps)
      for (std::uint32_t at = 1; at <= 3; ++at)
        for (const Duration work : {Duration{}, Duration{1}, 10_s, 86'400'000_s}) {
          RunScript with = script(text);
          const AttemptPlan whole = scripted_attempt(with, 0, work, steps);
          with.asks = RunScript::Question{false, at, "", "", 1_s};
          const AttemptPlan before = scripted_attempt(with, 0, work, steps);
          const Duration worked = before.length - before.interaction;
          const AttemptPlan rest = scripted_rest(with, worked, steps);
          EXPECT_GE(rest.length.ns, 0) << text;
          EXPECT_NEAR(static_cast<double>((worked + rest.length).ns),
                      static_cast<double>(whole.length.ns), steps)
              << text << " of " << steps << " asks at " << at;
          EXPECT_EQ(rest.reason, whole.reason);
        }
}

}  // namespace
}  // namespace sluice
