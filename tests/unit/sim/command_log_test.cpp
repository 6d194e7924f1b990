// A log of commands as incidents: what began and what ended it become one.
#include "sim/command_log.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include "base/random/random.hpp"
#include "pipeline/event_queue.hpp"
#include "pipeline/observer_list.hpp"
#include "pipeline/pipeline.hpp"
#include "scenarios/loader/loader.hpp"
#include "sim/incidents.hpp"

namespace sluice::test {
namespace {

using namespace literals;

constexpr const char* kScenario = R"(
duration: 1h
resource_groups: {main: {workers: 5}, other: {workers: 2}}
workspaces: {acme: {group: main}}
credentials: {portal: {allow_multiple_sessions: true, max_concurrency: 3}, "yes": {}}
workflows: {claims: {time: 10s}}
submitters: {}
)";

Scenario scenario(const std::string& more = "incidents: []\n") {
  LoadedScenario loaded = load_scenario_text(kScenario + more, "test.yaml");
  EXPECT_TRUE(loaded.scenario) << (loaded.errors.empty() ? "" : loaded.errors.front().message)
                               << "\n"
                               << more;
  return *loaded.scenario;
}

LoggedCommand after(double second, const Command& command) {
  return {Time::from_seconds(second), command};
}

std::string yaml(const std::vector<LoggedCommand>& log) {
  const PipelineConfig config = scenario().pipeline;
  return incidents_yaml(log, config, config);
}

constexpr GroupId kMain{0}, kOther{1};
constexpr CredentialId kPortal{0}, kYes{1};
constexpr WorkflowId kClaims{0};

TEST(CommandLog, APauseAndItsResumeAreOneIncident) {
  EXPECT_EQ(yaml({after(1, Pause{kPortal}), after(2, Pause{kMain}), after(3.5, Resume{kPortal}),
                  after(4, Pause{kClaims})}),
            "incidents:\n"
            "  - {at: 1s, for: 2s500ms, pause_credential: portal}\n"
            "  - {at: 2s, pause_group: main}\n"
            "  - {at: 4s, pause_workflow: claims}\n");
}

TEST(CommandLog, NamesAreQuotedWhereTheyMustBe) {
  EXPECT_EQ(yaml({after(1, Pause{kYes}), after(2, RestartWorkers{kOther})}),
            "incidents:\n"
            "  - {at: 1s, pause_credential: \"yes\"}\n"
            "  - {at: 2s, restart_workers: {group: other}}\n");
}

TEST(CommandLog, ANumberOfWorkersGoesOnUnderTheOneThatTakesItsPlace) {
  EXPECT_EQ(yaml({after(1, SetWorkers{kMain, 8}), after(2, SetWorkers{kMain, 3}),
                  after(2, SetWorkers{kOther, 1}), after(9, EndSetWorkers{kMain})}),
            "incidents:\n"
            "  - {at: 1s, for: 8s, set_workers: {group: main, count: 8}}\n"
            "  - {at: 2s, for: 7s, set_workers: {group: main, count: 3}}\n"
            "  - {at: 2s, set_workers: {group: other, count: 1}}\n");
}

TEST(CommandLog, WorkersThatWereLostFirstComeBackFirst) {
  EXPECT_EQ(yaml({after(1, LoseWorkers{kMain, 3}), after(2, LoseWorkers{kMain, 2}),
                  after(5, RestoreWorkers{kMain, 1}), after(7, RestoreWorkers{kMain, 3}),
                  after(8, RestoreWorkers{kMain, 0})}),
            "incidents:\n"
            "  - {at: 1s, for: 4s, lose_workers: {group: main, count: 1}}\n"
            "  - {at: 1s, for: 6s, lose_workers: {group: main, count: 2}}\n"
            "  - {at: 2s, for: 5s, lose_workers: {group: main, count: 1}}\n"
            "  - {at: 2s, lose_workers: {group: main, count: 1}}\n");
}

TEST(CommandLog, AFactorHoldsUntilAnotherTakesItsPlace) {
  EXPECT_EQ(
      yaml({after(1, SetFailureFactor{kClaims, 3}), after(2, SetFailureFactor{kClaims, 0.5}),
            after(2, SetApiErrorRate{0.25}), after(3, SetFailureFactor{kClaims, 1}),
            after(4, OverrideCredential{kPortal, {2, 90_s, {}}}),
            after(6, OverrideCredential{kPortal, {}})}),
      "incidents:\n"
      "  - {at: 1s, for: 1s, failure_rate: {workflow: claims, factor: 3}}\n"
      "  - {at: 2s, for: 1s, failure_rate: {workflow: claims, factor: 0.5}}\n"
      "  - {at: 2s, api_error_rate: 0.25}\n"
      "  - {at: 4s, for: 2s, credential_limit: {credential: portal, max_concurrency: 2}}\n"
      "  - {at: 4s, for: 2s, credential_expiry: {credential: portal, expiry_time_from_last_use: "
      "1m30s}}\n");
}

TEST(CommandLog, WhatHasNoFormIsAComment) {
  EXPECT_EQ(
      yaml({after(1, Resume{kMain}), after(2, Pause{kMain}), after(2, Resume{kMain}),
            after(3, OverrideCredential{kPortal, {UINT32_MAX, {}, {}}})}),
      "incidents: []\n"
      "  # at 1s, not replayed: {\"resume_group\":\"main\"}\n"
      "  # at 2s, not replayed: {\"pause_group\":\"main\"}\n"
      "  # at 2s, not replayed: {\"resume_group\":\"main\"}\n"
      "  # at 3s, not replayed: "
      "{\"override_credential\":{\"credential\":\"portal\",\"max_concurrency\":\"unlimited\"}}\n");
}

/// A workflow that came while the scenario was served is not in the scenario.
TEST(CommandLog, WhatTheScenarioDoesNotHaveIsAComment) {
  const PipelineConfig before = scenario().pipeline;
  PipelineConfig now = before;
  now.workflows.push_back(now.workflows[0]);
  const std::vector<LoggedCommand> log{after(1, Pause{kClaims}), after(1, Pause{WorkflowId{1}})};
  EXPECT_EQ(incidents_yaml(log, before, now),
            "incidents:\n"
            "  - {at: 1s, pause_workflow: claims}\n"
            "  # at 1s, not replayed: {\"pause_workflow\":\"claims\"}\n");
}

// ---- any log: read back, its incidents leave the pipeline as its commands did

Command random_command(Stream& draw) {
  const GroupId group = draw.below(2) == 0 ? kMain : kOther;
  const CredentialId credential = draw.below(2) == 0 ? kPortal : kYes;
  const auto count = static_cast<std::uint32_t>(draw.below(6));
  switch (draw.below(10)) {
    case 0:
      return Pause{credential};
    case 1:
      return Resume{credential};
    case 2:
      return Pause{group};
    case 3:
      return Resume{group};
    case 4:
    case 5:
      return SetWorkers{group, count};
    case 6:
      return EndSetWorkers{group};
    case 7:
      return LoseWorkers{group, count};
    case 8:
      return RestoreWorkers{group, count};
    default:
      return OverrideCredential{credential, {1 + count, {}, {}}};
  }
}

/// What there is to see after each second.
class Looks {
 public:
  void look(const Pipeline& pipeline) {
    for (const GroupId group : {kMain, kOther}) {
      const WorkerCounts workers = pipeline.workers(group);
      text_ += fmt::format("{}/{}/{} ", workers.idle, workers.starting, workers.down);
    }
    for (const CredentialId credential : {kPortal, kYes}) {
      const CredentialStatus status = pipeline.credential(credential);
      text_ += fmt::format("{}{} ", status.limit, status.paused ? " paused" : "");
    }
    text_ += '\n';
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

constexpr int kSeconds = 40;

std::string commanded(const Scenario& scenario, std::vector<LoggedCommand>& log, Stream& draw) {
  EventQueue events;
  ObserverList nobody;
  Pipeline pipeline(scenario.pipeline, 1, events, nobody);
  Looks looks;
  for (int second = 1; second <= kSeconds; ++second) {
    Command command = random_command(draw);
    if (auto* const loss = std::get_if<LoseWorkers>(&command))
      loss->count = std::min(loss->count, pipeline.workers(loss->group).present());
    // Lost workers may not leave for good: others might come back then.
    const auto is_short = [&](GroupId group) { return pipeline.workers(group).down > 0; };
    const auto* const set = std::get_if<SetWorkers>(&command);
    const auto* const unset = std::get_if<EndSetWorkers>(&command);
    if ((set != nullptr && is_short(set->group)) || (unset != nullptr && is_short(unset->group)))
      command = RestartWorkers{kOther};
    log.push_back({Time::from_seconds(second), command});
    pipeline.apply(log.back().at, command);
    pipeline.dispatch(log.back().at);
    looks.look(pipeline);
  }
  return looks.text();
}

std::string replayed(const Scenario& scenario) {
  EventQueue events;
  ObserverList nobody;
  Pipeline pipeline(scenario.pipeline, 1, events, nobody);
  Incidents incidents(scenario, pipeline, events);
  incidents.start(Time::never());
  Looks looks;
  for (int second = 1; second <= kSeconds; ++second) {
    const Time now = Time::from_seconds(second);
    while (!events.empty() && events.next_time() <= now) incidents.handle(now, events.pop().event);
    pipeline.dispatch(now);
    looks.look(pipeline);
  }
  return looks.text();
}

TEST(CommandLog, AnyLogLeavesThePipelineAsItsIncidentsDo) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Stream draw(seed);
    std::vector<LoggedCommand> log;
    const Scenario served = scenario();
    const std::string seen = commanded(served, log, draw);
    const std::string text = incidents_yaml(log, served.pipeline, served.pipeline);
    ASSERT_EQ(replayed(scenario(text)), seen) << "seed " << seed << "\n" << text;
  }
}

}  // namespace
}  // namespace sluice::test
