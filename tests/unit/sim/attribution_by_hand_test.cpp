// What held the runs of small scenarios: worked out by hand, to the nanosecond, as the run log, the
// report and the story of a run tell it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "experiments/replications.hpp"
#include "reports/runs/run_listener.hpp"
#include "reports/runs/run_story.hpp"
#include "reports/summary/answer.hpp"
#include "scenarios/loader/loader.hpp"
#include "sim/scenario_report.hpp"
#include "tests/unit/sim/checked.hpp"

namespace sluice::test {
namespace {

using namespace literals;
using ::testing::HasSubstr;
using ::testing::Not;

using Parts = std::map<std::string, double>;  // seconds by part, without those that are zero

Scenario scenario_of(const std::string& text) {
  const LoadedScenario result = load_scenario_text(text, "by_hand.yaml");
  for (const Diagnostic& error : result.errors) ADD_FAILURE() << error.message;
  return result.scenario.value();
}

/// The parts of each run at its dispatch.
class PartsOfRuns final : public RunListener {
 public:
  PartsOfRuns(const Scenario& scenario, const Recorder& recorder,
              std::map<std::string, Parts>& parts)
      : scenario_(scenario), recorder_(recorder), parts_(parts) {}
  void dispatched(Time, const Run& run) override {
    Parts& parts = parts_[scenario_.submitters[run.request.submitter.index()].name + "#" +
                          std::to_string(run.request.index)];
    parts.clear();
    const WaitAttribution wait = recorder_.attribution(run.slot);
    for (std::size_t i = 0; i < kWaitParts; ++i)
      if (wait.parts[i].ns != 0)
        parts[std::string(name(static_cast<WaitPart>(i)))] = wait.parts[i].seconds();
  }
  void finish(Time) override {}

 private:
  const Scenario& scenario_;
  const Recorder& recorder_;
  std::map<std::string, Parts>& parts_;
};

struct PartsFound {
  Report report;
  std::map<std::string, Parts> parts;
  std::string story;
};

PartsFound parts_of(const std::string& text, const std::string& run = "") {
  const Scenario scenario = scenario_of(text);
  PartsFound parts_found;
  Story story;
  ExperimentOptions options;
  options.threads = 1;
  options.listeners = [&](std::uint32_t, const Recorder& recorder) {
    Listeners listeners;
    listeners.push_back(std::make_unique<PartsOfRuns>(scenario, recorder, parts_found.parts));
    if (!run.empty())
      listeners.push_back(make_run_story(*parse_run_name(run, submitter_names(scenario)),
                                         scenario.pipeline, recorder, story));
    return listeners;
  };
  parts_found.report = run_checked(scenario, options);
  parts_found.story = render_story(story, 1000);
  return parts_found;
}

// Ten workers, nine busy with LOW runs, one idle all the time; C comes at 11 s.
TEST(AttributionByHand, APausedGroupHoldsWhoeverComesWhateverTheWorkersDo) {
  const PartsFound found = parts_of(R"(
scenario: paused-group
duration: 300s
resource_groups: {main: {workers: 10}}
workspaces: {a: {}, z: {}}
workflows:
  plain: {time: 5s}
  long: {time: 200s}
submitters:
  Z: {workspace: z, workflow: long, priority: LOW, arrivals: {batch: {at: [0s], size: 9}}}
  C: {workspace: a, workflow: plain, priority: HIGH, arrivals: {batch: {at: [11s], size: 1}}}
incidents:
  - {at: 10s, for: 100s, pause_group: main}
)",
                                    "C#0");
  EXPECT_EQ(found.parts.at("C#0"), (Parts{{"pause", 99}}));
  EXPECT_THAT(answer(found.report), HasSubstr("a paused group, workflow or credential"));
  EXPECT_THAT(answer(found.report), Not(HasSubstr("busy with")));
  EXPECT_THAT(found.story, HasSubstr("group main is paused: nothing of it is dispatched"));
  EXPECT_THAT(found.story, HasSubstr("00:01:50  group main is paused no longer"));
  EXPECT_THAT(found.story, HasSubstr("waited 1m39s: 1m39s a paused group, workflow or credential"));
}

/// Ten workers; the second run of G waits for the credential that the first holds until 100 s.
std::string blocking(const std::string& rule) {
  return R"(
scenario: blocking
duration: 300s
resource_groups: {main: {workers: 10, when_credential_busy: )" +
         rule + R"(}}
workspaces: {a: {}, z: {}}
credentials:
  gpu: {domain: https://g.example}
workflows:
  wg: {needs: {U: gpu}, time: 100s}
  plain: {time: 5s}
  long: {time: 200s}
submitters:
  Z: {workspace: z, workflow: long, priority: LOW, arrivals: {batch: {at: [0s], size: 8}}}
  G:
    {workspace: a, workflow: wg, priority: HIGH, credentials: {U: gpu},
     arrivals: {batch: {at: [0s], size: 2}}}
  C: {workspace: a, workflow: plain, priority: HIGH, arrivals: {batch: {at: [1s], size: 1}}}
)";
}

// One worker is idle throughout: the nine that are busy hold nobody.
TEST(AttributionByHand, ABlockedWorkspaceIsHeldByTheRule) {
  const PartsFound found = parts_of(blocking("block_workspace"));
  EXPECT_EQ(found.parts.at("C#0"), (Parts{{"held_by_policy", 99}}));
  EXPECT_EQ(found.parts.at("G#1"), (Parts{{"credential_limit", 100}}));
}

TEST(AttributionByHand, ABlockedLevelHoldsAllBelowItByTheRule) {
  const PartsFound found = parts_of(blocking("block_level"));
  EXPECT_EQ(found.parts.at("C#0"), (Parts{{"held_by_policy", 99}}));
  for (int i = 0; i < 8; ++i)
    EXPECT_EQ(found.parts.at("Z#" + std::to_string(i)), (Parts{{"held_by_policy", 100}}));
}

/// Six runs of 10 s; what they need is paused from 15 s for an hour. Two `at_once`.
std::string paused(const std::string& credentials, const std::string& incident) {
  return R"(
scenario: paused
duration: 2h
resource_groups: {main: {workers: 3}}
workspaces: {a: {}}
credentials: {c: {domain: https://x.example)" +
         credentials + R"(}}
workflows: {w: {needs: {U: c}, time: 10s}}
submitters:
  A: {workspace: a, credentials: {U: )" +
         (credentials.empty() ? "c" : "{pool: c}") + R"(}, arrivals: {batch: {at: [0s], size: 6}}}
incidents:
  - {at: 15s, for: 1h, )" +
         incident + "}\n";
}

// The members are at their limits and then paused: from 15 s on it is the pause.
TEST(AttributionByHand, APoolWhoseMembersArePausedIsAPause) {
  const PartsFound found = parts_of(paused(", count: 2", "pause_credential: c"), "A#5");
  for (const char* run : {"A#2", "A#3"})
    EXPECT_EQ(found.parts.at(run), (Parts{{"credential_limit", 10}}));
  for (const char* run : {"A#4", "A#5"})
    EXPECT_EQ(found.parts.at(run), (Parts{{"credential_limit", 15}, {"pause", 3600}}));
  EXPECT_THAT(found.story, HasSubstr("00:00:15  credential c-1 is paused or out of service"));
  EXPECT_THAT(found.story, HasSubstr("01:00:15  credential c-1 is in service again"));
}

// One of the two: it holds half of what the pool holds.
TEST(AttributionByHand, APoolIsSplitByTheStatesOfItsMembers) {
  const PartsFound found = parts_of(paused(", count: 2", "pause_credential: c-2"));
  EXPECT_EQ(found.parts.at("A#4"), (Parts{{"credential_limit", 15 + 2.5}, {"pause", 2.5}}));
  EXPECT_EQ(found.parts.at("A#5"), (Parts{{"credential_limit", 15 + 7.5}, {"pause", 7.5}}));
}

// All four alike, whoever is first in line.
TEST(AttributionByHand, APausedWorkflowIsAPauseForEveryWaiter) {
  const PartsFound found = parts_of(paused("", "pause_workflow: w"), "A#5");
  EXPECT_EQ(found.parts.at("A#1"), (Parts{{"credential_limit", 10}}));
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(found.parts.at("A#" + std::to_string(i + 2)),
              (Parts{{"credential_limit", 15 + 10 * i}, {"pause", 3600}}));
  // A#1 for 10 s, the others until 20 s, and since 3615 s those behind others once more.
  EXPECT_EQ(
      found.report.figures.find(Metric::credential_held_time, Subject::of(CredentialId::at(0)))
          ->value,
      10 + 4 * 20 + (10 + 20 + 30));
  EXPECT_THAT(found.story, HasSubstr("00:00:15  workflow w is paused\n"));
  EXPECT_THAT(found.story, HasSubstr("01:00:15  workflow w is paused no longer"));
}

TEST(AttributionByHand, APausedCredentialIsAPauseForEveryWaiter) {
  const PartsFound found = parts_of(paused("", "pause_credential: c"));
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(found.parts.at("A#" + std::to_string(i + 2)),
              (Parts{{"credential_limit", 15 + 10 * i}, {"pause", 3600}}));
}

// One worker, which a HIGH run has from 5 s to 105 s. Three LOW runs come at 6 s and cannot start
// until 16 s, because of what is paused until then. From 16 s on they lack the worker and nothing
// else; at 105, 115 and 125 s they get it.
void expect_all_lack_a_worker_after(const std::string& pause) {
  const PartsFound found = parts_of(R"(
scenario: resumed
duration: 5m
resource_groups: {main: {workers: 1}}
workspaces: {a: {}, z: {}}
credentials: {c: {domain: https://x.example, allow_multiple_sessions: true}}
workflows: {w: {needs: {U: c}, time: 10s}, long: {time: 100s}}
submitters:
  H: {workspace: z, workflow: long, priority: HIGH, arrivals: {batch: {at: [5s], size: 1}}}
  A: {workspace: a, workflow: w, credentials: {U: c}, arrivals: {batch: {at: [6s], size: 3}}}
incidents:
  - {at: 1s, for: 15s, )" + pause + R"(}
  - {at: 5s, for: 5s, set_workers: {count: 2}}
)");
  EXPECT_EQ(found.parts.at("A#0"), (Parts{{"pause", 10}, {"workers_high", 89}}));
  EXPECT_EQ(found.parts.at("A#1"),
            (Parts{{"pause", 10}, {"workers_high", 89}, {"own_workspace", 10}}));
  EXPECT_EQ(found.parts.at("A#2"),
            (Parts{{"pause", 10}, {"workers_high", 89}, {"own_workspace", 20}}));
}

TEST(AttributionByHand, AfterAPauseOfTheWorkflowAllWaitForTheWorker) {
  expect_all_lack_a_worker_after("pause_workflow: w");
}

TEST(AttributionByHand, AfterAPauseOfAnUnlimitedCredentialNobodyWaitsForItsLimit) {
  expect_all_lack_a_worker_after("pause_credential: c");
}

}  // namespace
}  // namespace sluice::test
