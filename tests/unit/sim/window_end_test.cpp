// The edges of a window: what has not come to its end counts with what it has had, and what nothing
// happened in is measured.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "experiments/replications.hpp"
#include "reports/json/json.hpp"
#include "reports/markdown/markdown.hpp"
#include "reports/runs/run_log.hpp"
#include "reports/summary/answer.hpp"
#include "reports/summary/verdict.hpp"
#include "reports/terminal/terminal.hpp"
#include "sim/scenario_report.hpp"
#include "tests/unit/scenarios/loading.hpp"
#include "tests/unit/sim/checked.hpp"

namespace sluice::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using Json = nlohmann::json;

const Subject kOfLow = Subject::of(PriorityLevel::LOW);

struct Outcomes {
  Report report;
  std::vector<Json> records;  ///< of the run log, without its header

  double value(Metric metric, const Subject& subject = {}) const {
    return value_or_zero(report.figures.find(metric, subject));
  }
  std::size_t with_outcome(std::string_view outcome) const {
    return static_cast<std::size_t>(
        std::count_if(records.begin(), records.end(),
                      [&](const Json& record) { return record["outcome"] == outcome; }));
  }
};

Outcomes outcomes_of(const Scenario& scenario) {
  std::ostringstream out;
  ExperimentOptions options;
  options.threads = 1;
  options.listeners = [&](std::uint32_t number, const Recorder& recorder) {
    Listeners listeners;
    listeners.push_back(
        make_run_log(out, scenario.pipeline, submitter_names(scenario), number, recorder));
    return listeners;
  };
  Outcomes outcomes{run_checked(scenario, options), {}};
  std::istringstream in(out.str());
  for (std::string line; std::getline(in, line);) outcomes.records.push_back(Json::parse(line));
  return outcomes;
}

Outcomes outcomes_of(std::string_view yaml) { return outcomes_of(loaded(load(yaml))); }

std::vector<Status> statuses(const Report& report) {
  std::vector<Status> all;
  for (const ExpectationResult& result : report.expectations) all.push_back(result.status);
  return all;
}

// ---- runs that are still being submitted

// 1000 runs at once against 100 a minute; who is refused comes again after 60 s. In 299 s 500 are
// accepted, at 0, 60 … 240 s; the other 500 have been trying for 299 s.
constexpr std::string_view kPatient = R"(
duration: 299s
api: {rate_limits: {60s: 100}}
resource_groups: {main: {workers: 100}}
workspaces: {a: {}}
workflows: {w: {time: 10s}}
submitters:
  A: {workspace: a, arrivals: {batch: {at: [0s], size: 1000}},
      retry: {max_attempts: 1000, backoff: {base: 60s, factor: 1}}}
expect:
  - "attribution.api{level=LOW} < 3m"
  - "submitting.count == 500"
  - "submitting.count{submitter=A, workspace=a} == 500"
)";

TEST(WindowEnd, RunsThatTheApiStillRefusesCount) {
  const Outcomes patient = outcomes_of(kPatient);
  EXPECT_EQ(patient.value(Metric::submitted_count), 1000);
  EXPECT_EQ(patient.value(Metric::accepted_count), 500);
  EXPECT_EQ(patient.value(Metric::gave_up_count), 0);
  EXPECT_EQ(patient.value(Metric::submitting_count), 500);
  EXPECT_EQ(patient.value(Metric::submitting_refused_count), 500);
  EXPECT_EQ(patient.value(Metric::submitting_count, Subject::of(SubmitterId::at(0))), 500);
  EXPECT_EQ(patient.with_outcome("submitting"), 500u);
  EXPECT_EQ(patient.records.size(), 1000u);

  const Figure& api = *patient.report.figures.find(Metric::attribution_api, kOfLow);
  EXPECT_DOUBLE_EQ(api.value, (100 * (0 + 60 + 120 + 180 + 240) + 500 * 299) / 1000.0);
  EXPECT_EQ(api.samples, 1000u);
  EXPECT_TRUE(api.lower_bound);
  EXPECT_THAT(statuses(patient.report),
              ::testing::ElementsAre(Status::failed, Status::passed, Status::passed));
  EXPECT_EQ(answer(patient.report),
            "No accepted run starves: σ is 0.167 at most. No accepted run waited. 500 runs are "
            "still being submitted: the API refused them (429).");
}

TEST(WindowEnd, EveryFormOfTheReportTellsOfThem) {
  const Report report = outcomes_of(kPatient).report;
  EXPECT_THAT(render_terminal(report, {}), HasSubstr("500 still being submitted"));
  EXPECT_THAT(render_terminal(report, {}), HasSubstr("mean LOW ≥3m30s"));
  EXPECT_EQ(verdict_summary(report), "1 of 3 expectations failed; 500 still being submitted");
  EXPECT_THAT(render_markdown(report), HasSubstr("500 runs are still being submitted"));
  const Json json = Json::parse(render_json(report, {.build_and_wall_time = false}));
  EXPECT_EQ(json["total"]["submitting"]["count"]["value"], 500);
  EXPECT_EQ(json["total"]["attribution"]["api"]["lower_bound"], true);
}

// Five runs, an API that only fails, and clients that come again after 40 s.
constexpr std::string_view kFailing = R"(
duration: 60s
api: {rate_limits: {}, error_rate: 100%}
resource_groups: {main: {workers: 1}}
workspaces: {a: {}}
workflows: {w: {time: 30s}}
submitters:
  A: {workspace: a, arrivals: {batch: {at: [10s], size: 5}},
      retry: {max_attempts: 100, backoff: {base: 40s}}}
expect: ["accepted.count == 0", "LOW.submitting.count == 5", "attribution.api < 1h"]
)";

TEST(WindowEnd, RunsOfWhichNoneIsAcceptedAreToldOf) {
  const Outcomes failing = outcomes_of(kFailing);
  EXPECT_EQ(answer(failing.report),
            "No run was accepted in the window. 5 runs are still being submitted: the API refused "
            "them (server errors).");
  ASSERT_EQ(failing.records.size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(failing.records[i]["run"], "A#" + std::to_string(i));
    EXPECT_EQ(failing.records[i]["outcome"], "submitting");
    EXPECT_EQ(failing.records[i]["reason"], "server_error");
    EXPECT_EQ(failing.records[i]["submitted"], 10);
  }
  const Figure& api = *failing.report.figures.find(Metric::attribution_api);
  EXPECT_DOUBLE_EQ(api.value, 50);
  EXPECT_TRUE(api.lower_bound);
  EXPECT_THAT(statuses(failing.report),
              ::testing::ElementsAre(Status::passed, Status::passed, Status::inconclusive));
  EXPECT_THAT(failing.report.expectations[2].reason,
              HasSubstr("runs were still being submitted at the end"));
}

TEST(WindowEnd, ARunWhoseAnswerIsUnderWayIsStillBeingSubmitted) {
  const Outcomes slow = outcomes_of(R"(
duration: 12s
api: {rate_limits: {}, latency: 5s}
resource_groups: {main: {workers: 9}}
workspaces: {a: {}}
workflows: {w: {time: 1s}}
submitters: {A: {workspace: a, arrivals: {batch: {at: [0s, 10s], size: 2}}}}
)");
  EXPECT_EQ(slow.value(Metric::submitting_count), 2);
  EXPECT_EQ(slow.value(Metric::submitting_refused_count), 0);
  EXPECT_EQ(slow.with_outcome("submitting"), 2u);
  EXPECT_EQ(slow.records.back()["reason"], "not_answered");
  EXPECT_DOUBLE_EQ(slow.value(Metric::attribution_api), (5 + 5 + 2 + 2) / 4.0);
  EXPECT_THAT(answer(slow.report), StartsWith("Nobody starves"));
}

TEST(WindowEnd, ARunThatWasRefusedBeforeTheWindowCountsAsWell) {
  Scenario scenario = loaded(load(kPatient));
  scenario.warm_up.length = Duration::from_seconds(200);
  scenario.expectations.clear();
  const Outcomes late = outcomes_of(scenario);
  EXPECT_EQ(late.value(Metric::submitted_count), 0);
  EXPECT_EQ(late.value(Metric::accepted_count), 100);
  EXPECT_EQ(late.value(Metric::submitting_count), 500);
}

/// Limits, errors, latency, retries and closed loops, whatever they are.
Scenario any_submissions() {
  const auto text = [](const char* format, int low, int high) {
    return fmt::format(fmt::runtime(format), *rc::gen::inRange(low, high));
  };
  std::string yaml = text("seed: {}\n", 1, 1'000'000) + "duration: 300s\n";
  yaml += "api: {rate_limits: {" + text("20s: {}", 1, 30) + "}, error_rate: " + text("{}%", 0, 40) +
          ", latency: " + text("{}s", 0, 9) + "}\n";
  yaml += "resource_groups: {main: {workers: " + text("{}", 1, 5) + "}}\n";
  yaml += "workspaces: {a: {}, b: {}}\nworkflows: {w: {time: {exponential: " + text("{}s", 1, 20) +
          "}}}\nsubmitters:\n";
  for (const char* workspace : {"a", "b"}) {
    const std::string arrivals =
        *rc::gen::inRange(0, 3) == 0
            ? "{closed_loop: {clients: 4, think_time: " + text("{}s", 0, 5) + "}}"
            : "{batch: {at: [0s, 100s, 290s], size: " + text("{}", 1, 40) + "}}";
    yaml +=
        fmt::format("  S{0}: {{workspace: {0}, priority: {{HIGH: 30%, LOW: 70%}}, arrivals: {1},",
                    workspace, arrivals);
    yaml += " retry: {max_attempts: " + text("{}", 1, 9) +
            ", backoff: {base: " + text("{}s", 1, 60) + "}}}\n";
  }
  return loaded(load(yaml));
}

RC_GTEST_PROP(WindowEndProperty, WhatWasSubmittedIsAcceptedOrGivenUpOrStillBeingSubmitted, ()) {
  const Outcomes all = outcomes_of(any_submissions());
  RC_ASSERT(all.value(Metric::submitted_count) == all.value(Metric::accepted_count) +
                                                      all.value(Metric::gave_up_count) +
                                                      all.value(Metric::submitting_count));
  RC_ASSERT(static_cast<double>(all.records.size()) == all.value(Metric::submitted_count));
  RC_ASSERT(static_cast<double>(all.with_outcome("submitting")) ==
            all.value(Metric::submitting_count));
  RC_ASSERT(static_cast<double>(all.with_outcome("gave_up")) == all.value(Metric::gave_up_count));
  // The mean time before acceptance, from the log.
  double api_s = 0, count = 0;
  for (const Json& record : all.records) {
    if (record["outcome"] == "gave_up") continue;
    ++count;
    api_s += (record.contains("accepted") ? record["accepted"].get<double>() : 300.0) -
             record["submitted"].get<double>();
  }
  if (count > 0) RC_ASSERT(std::abs(all.value(Metric::attribution_api) - api_s / count) < 1e-6);
}

// ---- runs that still run

TEST(WindowEnd, RunsThatHangCountWithTheTimeThatTheyHaveHad) {
  // Two of a hundred runs never end: five workers are stuck soon.
  const Outcomes hanging = outcomes_of(R"(
duration: 8h
resource_groups: {main: {workers: 5}}
workspaces: {a: {}}
workflows: {w: {time: {mixture: [{weight: 98%, of: 1m}, {weight: 2%, of: 30d}]}}}
submitters: {A: {workspace: a, arrivals: {poisson: 3/min}}}
)");
  const GroupStability& group = hanging.report.stability.at(0);
  const StabilityLine& low = group.levels.at(0);
  EXPECT_GE(low.sigma, 1);
  EXPECT_LE(low.sigma, 519 * 1.5);
  EXPECT_TRUE(low.lower_bound);
  EXPECT_EQ(group.first_to_starve, PriorityLevel::LOW);
  EXPECT_LT(low.headroom, 0);
  EXPECT_GT(low.workers_needed, 5);
  EXPECT_TRUE(hanging.report.figures.find(Metric::stability_headroom, kOfLow)->upper_bound);
  EXPECT_THAT(answer(hanging.report), StartsWith("LOW starves: σ is at least "));
  EXPECT_THAT(render_terminal(hanging.report, {}),
              HasSubstr("≥: at least; runs that have not ended count with the time"));
}

TEST(WindowEnd, ALongTailMakesTheLoadALowerBound) {
  const Outcomes tail = outcomes_of(R"(
duration: 24h
resource_groups: {main: {workers: 10}}
workspaces: {a: {}}
workflows: {w: {time: {mixture: [{weight: 99%, of: 1m}, {weight: 1%, of: 20h}]}}}
submitters: {A: {workspace: a, arrivals: {poisson: 2/min}}}
expect: ["stability.sigma < 10"]
)");
  const StabilityLine& low = tail.report.stability.at(0).levels.at(0);
  EXPECT_GT(low.sigma, 1.2);
  EXPECT_LT(low.sigma, 2.598 * 1.3);
  EXPECT_TRUE(low.lower_bound);
  EXPECT_THAT(statuses(tail.report), ::testing::ElementsAre(Status::inconclusive));
  EXPECT_THAT(tail.report.expectations[0].reason, HasSubstr("runs were still running at the end"));
}

TEST(WindowEnd, ACredentialThatAHangingRunHoldsIsAtLeastAsLoaded) {
  // Runs of 10 s every 50 s, and from 500 s on one that does not end.
  const Outcomes held = outcomes_of(R"(
duration: 1000s
resource_groups: {main: {workers: 5}}
workspaces: {a: {}}
credentials: {login: {domain: https://a.example}, other: {domain: https://b.example}}
workflows:
  w: {needs: {U: login}, time: 10s}
  stuck: {needs: {U: login}, time: 1d}
  fine: {needs: {U: other}, time: 10s}
submitters:
  A: {workspace: a, workflow: w, until: 490s, arrivals: {constant: {every: 50s}},
      credentials: {U: login}}
  B: {workspace: a, workflow: stuck, arrivals: {batch: {at: [500s], size: 1}},
      credentials: {U: login}}
  C: {workspace: a, workflow: fine, arrivals: {constant: {every: 50s}}, credentials: {U: other}}
)");
  const auto sigma = [&](std::uint32_t credential) {
    return *held.report.figures.find(Metric::stability_sigma,
                                     Subject::of(CredentialId::at(credential)));
  };
  EXPECT_TRUE(sigma(0).lower_bound);
  EXPECT_NEAR(sigma(0).value, (9 * 10 + 500) / 1000.0, 1e-9);
  EXPECT_FALSE(sigma(1).lower_bound);
  EXPECT_THAT(render_terminal(held.report, {}), HasSubstr("login σ ≥0.59"));
}

RC_GTEST_PROP(WindowEndProperty, LoadIsThatOfAllRunsThatHadAWorkerIfItIsMoreThanOfThoseThatEnded,
              ()) {
  const int long_s = *rc::gen::inRange(1, 3000);
  const Outcomes all =
      outcomes_of(fmt::format(R"(
seed: {}
duration: 2000s
resource_groups: {{main: {{workers: {}}}}}
workspaces: {{a: {{}}}}
workflows: {{w: {{time: {{mixture: [{{weight: 90%, of: 9s}}, {{weight: 10%, of: {}s}}]}}}}}}
submitters: {{A: {{workspace: a, arrivals: {{poisson: 12/min}}}}}}
)",
                              *rc::gen::inRange(1, 1'000'000), *rc::gen::inRange(1, 9), long_s));
  double ended = 0, ended_s = 0, open = 0, open_s = 0;
  for (const Json& record : all.records) {
    if (record["attempts"].empty()) continue;
    const double from = record["attempts"][0]["dispatched"];
    if (record.contains("ended")) {
      ++ended;
      ended_s += record["ended"].get<double>() - from;
    } else {
      ++open;
      open_s += 2000 - from;
    }
  }
  RC_PRE(ended >= 30);
  const double mean_s = std::max(ended_s / ended, (ended_s + open_s) / (ended + open));
  const double workers = all.value(Metric::workers_mean);
  const Figure& sigma = *all.report.figures.find(Metric::stability_sigma);
  RC_ASSERT(std::abs(sigma.value * workers * 2000 -
                     static_cast<double>(all.records.size()) * mean_s) < 1e-3);
  RC_ASSERT(sigma.lower_bound == (mean_s > ended_s / ended * 1.01));
}

// ---- nothing happened

TEST(WindowEnd, AWindowAfterTheLastWaitIsToldOfAsASimulation) {
  // Four runs of 20 s at 0 s wait 0, 20, 40, 60 s.
  const Report report = outcomes_of(R"(
duration: 100s
warm_up: 60s
resource_groups: {main: {workers: 1}}
workspaces: {a: {}}
workflows: {w: {time: 20s}}
submitters: {A: {workspace: a, arrivals: {batch: {at: [0s], size: 4}}}}
expect: ["LOW.wait.p95 < 1s", "LOW.wait.count == 0", "stability.sigma < 1", "utilisation == 0.5"]
)")
                            .report;
  EXPECT_THAT(render_terminal(report, {}), Not(HasSubstr("cannot be seen from outside")));
  EXPECT_EQ(answer(report),
            "Nobody starves. No run came in the window, and none waited when it ended.");
  EXPECT_THAT(statuses(report), ::testing::ElementsAre(Status::inconclusive, Status::passed,
                                                       Status::passed, Status::passed));
}

TEST(WindowEnd, WorkersThatAreIdleAllTheTimeAreMeasured) {
  const Report report = outcomes_of(R"(
duration: 100s
resource_groups: {main: {workers: 2}}
workspaces: {a: {}}
workflows: {w: {time: 5s}}
submitters: {A: {workspace: a, arrivals: {batch: {at: [0s], size: 4}}}}
incidents: [{at: 0s, pause_group: main}]
expect: ["utilisation < 1", "throughput.rate == 0", "HIGH.accepted.count == 0",
         "stability.sigma < 1", "HIGH.stability.sigma < 1"]
)")
                            .report;
  EXPECT_EQ(report.expectations[0].figure->value, 0);
  EXPECT_THAT(statuses(report),
              ::testing::ElementsAre(Status::passed, Status::passed, Status::passed,
                                     Status::inconclusive, Status::passed));
  EXPECT_THAT(answer(report), StartsWith("Nobody starves yet. No run was started."));
}

TEST(WindowEnd, WithoutWorkersThereIsNoShareOfTheirTime) {
  const Report report = outcomes_of(R"(
duration: 100s
resource_groups: {main: {workers: 2}}
workspaces: {a: {}}
workflows: {w: {time: 5s}}
submitters: {A: {workspace: a, arrivals: {batch: {at: [1s], size: 4}}}}
incidents: [{at: 0s, lose_workers: {group: main, count: 2}}]
expect: ["utilisation < 1", "workers.mean == 0"]
)")
                            .report;
  EXPECT_THAT(statuses(report), ::testing::ElementsAre(Status::inconclusive, Status::passed));
  EXPECT_THAT(report.expectations[0].reason, HasSubstr("no worker was there"));
  EXPECT_THAT(answer(report), HasSubstr("No run was started: no worker was there."));
}

TEST(WindowEnd, AWindowWithoutLengthMeasuresNothing) {
  Scenario scenario = loaded(load(R"(
duration: 100s
resource_groups: {main: {workers: 2}}
workspaces: {a: {}}
workflows: {w: {time: 5s}}
submitters: {A: {workspace: a, arrivals: {batch: {at: [1s], size: 4}}}}
expect: ["failed.count == 0"]
)"));
  scenario.warm_up.length = scenario.duration;
  const Report report = outcomes_of(scenario).report;
  EXPECT_EQ(answer(report), "The window ends where it begins, at 1m40s: nothing was measured.");
  EXPECT_THAT(statuses(report), ::testing::ElementsAre(Status::inconclusive));
}

TEST(WindowEnd, ReplicationsInWhichNothingHappenedCountAsZeros) {
  // One run in ten fails; with three runs a replication most have no failure, and some no HIGH run.
  Scenario scenario = loaded(load(R"(
duration: 100s
replications: 20
resource_groups: {main: {workers: 9}}
workspaces: {a: {}}
workflows: {w: {time: 5s}}
submitters: {A: {workspace: a, priority: {HIGH: 10%, LOW: 90%},
                 arrivals: {batch: {at: [1s], size: 3}}}}
)"));
  const Outcomes all = outcomes_of(scenario);
  const auto high = static_cast<double>(
      std::count_if(all.records.begin(), all.records.end(),
                    [](const Json& record) { return record["level"] == "HIGH"; }));
  const Figure* count =
      all.report.figures.find(Metric::accepted_count, Subject::of(PriorityLevel::HIGH));
  ASSERT_NE(count, nullptr);
  EXPECT_DOUBLE_EQ(count->value, high / 20);
  EXPECT_EQ(count->replications, 20u);
}

}  // namespace
}  // namespace sluice::test
