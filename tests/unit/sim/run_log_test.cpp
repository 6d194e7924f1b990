// The run log and the story of one run.
#include "reports/runs/run_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/calendar/calendar.hpp"
#include "base/calendar/time_zone.hpp"
#include "experiments/replications.hpp"
#include "reports/runs/run_story.hpp"
#include "reports/runs/run_words.hpp"
#include "sim/scenario_report.hpp"
#include "tests/unit/sim/checked.hpp"
#include "tests/unit/sim/small_scenario.hpp"

namespace sluice::test {
namespace {

using namespace literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Json = nlohmann::json;

std::vector<Json> records_of(const Scenario& scenario) {
  std::ostringstream out;
  write_run_log_header(out, {scenario.name, scenario.hash, scenario.seed,
                             scenario.replications.value_or(1), scenario.duration});
  ExperimentOptions options;
  options.threads = 1;
  options.listeners = [&](std::uint32_t number, const Recorder& recorder) {
    Listeners listeners;
    listeners.push_back(
        make_run_log(out, scenario.pipeline, submitter_names(scenario), number, recorder));
    return listeners;
  };
  run_checked(scenario, options);
  std::vector<Json> records;
  std::istringstream in(out.str());
  for (std::string line; std::getline(in, line);) records.push_back(Json::parse(line));
  return records;
}

Story story_of(const Scenario& scenario, const std::string& run) {
  Story story;
  ExperimentOptions options;
  options.threads = 1;
  options.listeners = [&](std::uint32_t number, const Recorder& recorder) {
    Listeners listeners;
    if (number == 0)
      listeners.push_back(make_run_story(*parse_run_name(run, submitter_names(scenario)),
                                         scenario.pipeline, recorder, story));
    return listeners;
  };
  run_checked(scenario, options);
  return story;
}

std::vector<std::string> lines_of(const Story& story) {
  std::vector<std::string> lines;
  std::istringstream in(render_story(story, 1000));
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// One worker, runs of 10 s: LOW runs at 1 s, a batch of HIGH ones at 5 s.
Scenario starving_scenario() {
  Scenario scenario = small_scenario(1, Distribution::constant(10), 100_s);
  add_submitter(scenario, "low", BatchArrivals{{at(1)}, {}, Distribution::constant(2), {}});
  add_submitter(scenario, "high", BatchArrivals{{at(5)}, {}, Distribution::constant(3), {}})
      .priority = {{1, PriorityLevel::HIGH}};
  return scenario;
}

TEST(RunLogTest, HasOneRecordPerRunWithItsStampsAndAttribution) {
  const auto records = records_of(starving_scenario());
  ASSERT_EQ(records.size(), 6u);
  EXPECT_EQ(records[0]["sluice_run_log"], 1);
  EXPECT_EQ(records[0]["scenario"], "small");

  const Json& last = records[5];
  EXPECT_EQ(last["run"], "low#1");
  EXPECT_EQ(last["level"], "LOW");
  EXPECT_EQ(last["outcome"], "succeeded");
  EXPECT_EQ(last["accepted"], 1);
  EXPECT_EQ(last["attempts"], Json::parse(R"([{"dispatched": 41}])"));
  EXPECT_EQ(last["ended"], 51);
  EXPECT_EQ(last["wait"], 40);
  double parts = 0;
  for (const auto& [part, seconds] : last["attribution"].items()) parts += seconds.get<double>();
  EXPECT_DOUBLE_EQ(parts, 40);
  EXPECT_EQ(last["attribution"]["workers_high"], 30);
}

TEST(RunLogTest, RunsThatDoNotEndAreRecordedAtTheEnd) {
  Scenario scenario = starving_scenario();
  scenario.duration = 25_s;
  const auto records = records_of(scenario);
  std::map<std::string, std::string> outcomes;
  for (std::size_t i = 1; i < records.size(); ++i)
    outcomes[records[i]["run"]] = records[i]["outcome"];
  EXPECT_EQ(outcomes["low#0"], "succeeded");
  EXPECT_EQ(outcomes["high#0"], "succeeded");
  EXPECT_EQ(outcomes["high#1"], "running");
  EXPECT_EQ(outcomes["low#1"], "waiting");
}

TEST(RunLogTest, FailuresRetriesAndRefusalsAreTold) {
  Scenario scenario = small_scenario(5, Distribution::constant(4), 100_s);
  scenario.pipeline.api.rate_limits = {{1000_s, 1}};
  scenario.pipeline.workflows[0].failures = {{"captcha", 1.0, true, Distribution::constant(0.5)}};
  scenario.pipeline.workflows[0].max_retries = 1;
  add_submitter(scenario, "s", BatchArrivals{{at(1)}, {}, Distribution::constant(2), {}});
  const auto records = records_of(scenario);
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[1]["outcome"], "gave_up");
  EXPECT_EQ(records[1]["submit_attempts"], 1);
  EXPECT_EQ(records[2]["reason"], "failure");
  EXPECT_EQ(records[2]["failure"], "captcha");
  EXPECT_EQ(
      records[2]["attempts"],
      Json::parse(
          R"([{"dispatched":1,"requeued":3,"because":"retriable_failure"},{"dispatched":3}])"));
}

TEST(RunStoryTest, SaysWhoWasDispatchedAheadAndWhatTheWaitConsistedOf) {
  const Story story = story_of(starving_scenario(), "low#1");
  EXPECT_TRUE(story.found);
  EXPECT_EQ(story.submitted, 2u);
  EXPECT_THAT(
      lines_of(story),
      ElementsAre(
          HasSubstr("00:00:01  submitted: LOW run of workspace acme, workflow claims"),
          HasSubstr("accepted; waiting in its group before it: HIGH 0, MEDIUM 0, LOW 1"),
          HasSubstr(
              "passed over: 3 HIGH runs were dispatched between 00:00:11 and 00:00:31 (acme 3)"),
          HasSubstr("passed over: 1 LOW run was dispatched at 00:00:01 (acme 1)"),
          AllOf(StartsWith("00:00:41  dispatched, attempt 1; waited 40s: 30s"), HasSubstr("HIGH")),
          HasSubstr("ended: succeeded")));
}

TEST(RunStoryTest, TellsDatesWhereTheScenarioHasThem) {
  Story story;
  story.lines = {{Time::from_seconds(3723.25), "submitted"}, {Time::from_seconds(90'000), "ended"}};
  EXPECT_EQ(render_story(story, 80, Calendar(0, TimeZone::utc())),
            "Thu 1970-01-01 01:02:03.250  submitted\n"
            "Fri 1970-01-02 01:00:00      ended\n");
  EXPECT_EQ(render_story(story, 80), "01:02:03.250  submitted\n1d 01:00:00   ended\n");
}

TEST(RunStoryTest, NoLineIsWiderThanTheTerminal) {
  std::istringstream in(render_story(story_of(starving_scenario(), "low#1"), 60));
  for (std::string line; std::getline(in, line);) EXPECT_LE(line.size(), 60u) << line;
}

TEST(RunStoryTest, SaysWhatItWasParkedOn) {
  Scenario scenario = small_scenario(5, Distribution::constant(10), 100_s);
  CredentialConfig credential;
  credential.name = "portal";
  scenario.pipeline.credentials = {credential};
  scenario.pipeline.workflows[0].aliases = {"USER"};
  add_submitter(scenario, "s", BatchArrivals{{at(1)}, {}, Distribution::constant(2), {}})
      .workflows[0]
      .second.credentials = {{CredentialChoice::Kind::fixed, {CredentialId::at(0)}}};
  const Story story = story_of(scenario, "s#1");
  EXPECT_THAT(lines_of(story),
              Contains(HasSubstr("its turn, but parked: credential portal is at its limit")));
  EXPECT_THAT(lines_of(story), Contains(HasSubstr("woken after 10s")));
  EXPECT_THAT(lines_of(story), Contains(HasSubstr("holds portal")));
}

TEST(RunNameTest, MistakesNameTheNearestSubmitter) {
  const Scenario scenario = starving_scenario();
  const auto name = parse_run_name("high#12", submitter_names(scenario));
  ASSERT_TRUE(name);
  EXPECT_EQ(name->submitter, SubmitterId::at(1));
  EXPECT_EQ(name->index, 12u);
  EXPECT_EQ(to_string(*name, submitter_names(scenario)), "high#12");
  EXPECT_THAT(parse_run_name("hig#1", submitter_names(scenario)).error.message,
              HasSubstr("did you mean 'high'?"));
  EXPECT_FALSE(parse_run_name("high", submitter_names(scenario)));
  EXPECT_FALSE(parse_run_name("high#", submitter_names(scenario)));
  EXPECT_FALSE(parse_run_name("high#1x", submitter_names(scenario)));
  EXPECT_FALSE(parse_run_name("high#99999999999999999999999", submitter_names(scenario)));
}

TEST(ClockTextTest, ReadsLikeAClock) {
  EXPECT_EQ(clock_text(at(0)), "00:00:00");
  EXPECT_EQ(clock_text(at(3723.5)), "01:02:03.500");
  EXPECT_EQ(clock_text(at(86400 * 3 + 1)), "3d 00:00:01");
}

}  // namespace
}  // namespace sluice::test
