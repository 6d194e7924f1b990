// Whether chance has a part in a scenario: said of each thing that can be drawn, and never of a
// scenario whose replications differ.
#include "sim/chance.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "reports/json/json.hpp"
#include "tests/unit/sim/checked.hpp"
#include "tests/unit/sim/small_scenario.hpp"

namespace sluice::test {
namespace {

using namespace literals;

const Distribution kDrawn = Distribution::uniform(1, 2);

/// A run of 7 s every 5 s, on one worker: it waits, and nothing is drawn.
Scenario fixed_scenario() {
  Scenario scenario = small_scenario(1, Distribution::constant(7), 600_s);
  add_submitter(scenario, "s", ConstantArrivals{5_s});
  scenario.pipeline.credentials.push_back({});
  return scenario;
}

struct Change {
  const char* name;
  std::function<void(Scenario&)> make;
};

WorkflowConfig& workflow(Scenario& s) { return s.pipeline.workflows[0]; }
WorkerPoolConfig& workers(Scenario& s) { return s.pipeline.groups[0].workers; }
CredentialConfig& credential(Scenario& s) { return s.pipeline.credentials[0]; }
SubmitterConfig& submitter(Scenario& s) { return s.submitters[0]; }

const std::vector<Change> kDrawnByRuns{
    {"time", [](Scenario& s) { workflow(s).time = kDrawn; }},
    {"poisson", [](Scenario& s) { submitter(s).arrivals = poisson(0.1); }},
    {"jittered",
     [](Scenario& s) {
       submitter(s).arrivals = JitteredArrivals{5_s, 0.5};
     }},
    {"bursts",
     [](Scenario& s) {
       submitter(s).arrivals = BurstArrivals{1, 0, 10_s, 10_s};
     }},
    {"batch size",
     [](Scenario& s) {
       submitter(s).arrivals = BatchArrivals{{at(1)}, {}, kDrawn, {}};
     }},
    {"batch spread",
     [](Scenario& s) {
       submitter(s).arrivals = BatchArrivals{{at(1)}, {}, Distribution::constant(9), 60_s};
     }},
    {"think time",
     [](Scenario& s) {
       submitter(s).arrivals = ClosedLoop{2, kDrawn};
     }},
    {"levels",
     [](Scenario& s) {
       submitter(s).priority = {{1, PriorityLevel::HIGH}, {1, PriorityLevel::LOW}};
     }},
    {"options", [](Scenario& s) { submitter(s).options.debug = 0.5; }},
    {"debug",
     [](Scenario& s) {
       submitter(s).options.debug = 1;
       workflow(s).debug_snapshot = kDrawn;
     }},
    {"patience", [](Scenario& s) { submitter(s).patience = kDrawn; }},
    {"failures",
     [](Scenario& s) {
       workflow(s).failures.push_back({"f", 0.1});
     }},
    {"when it fails",
     [](Scenario& s) {
       workflow(s).failures.push_back({"f", 1, false, kDrawn});
     }},
    {"answer",
     [](Scenario& s) {
       workflow(s).interaction = InteractionConfig{1, kDrawn};
     }},
    {"whether it asks",
     [](Scenario& s) {
       workflow(s).interaction = InteractionConfig{0.5, Distribution::constant(1)};
     }},
};

const std::vector<Change> kDrawnByOthers{
    {"start-up", [](Scenario& s) { workers(s).start_up = kDrawn; }},
    {"cool-down", [](Scenario& s) { workers(s).cool_down = kDrawn; }},
    {"workers that fail",
     [](Scenario& s) {
       workers(s).failures = WorkerFailureConfig{100_s, kDrawn};
     }},
    {"login time",
     [](Scenario& s) {
       credential(s).login = LoginConfig{kDrawn, 0};
     }},
    {"login failures",
     [](Scenario& s) {
       credential(s).login = LoginConfig{Distribution::constant(1), 0.5};
     }},
    {"outages", [](Scenario& s) { credential(s).mean_time_between_outages = 100_s; }},
    {"latency", [](Scenario& s) { s.pipeline.api.latency = kDrawn; }},
    {"errors", [](Scenario& s) { s.pipeline.api.error_rate = 0.5; }},
    {"webhooks",
     [](Scenario& s) {
       s.pipeline.webhooks = WebhookConfig{kDrawn, 0, 1, {}};
     }},
    {"error incident",
     [](Scenario& s) {
       s.incidents.push_back({"i", at(1), 60_s, ApiErrorRate{0.5}});
     }},
    {"growth",
     [](Scenario& s) {
       submitter(s).growth = {0.05, 60_s};
     }},
    {"more arrivals",
     [](Scenario& s) {
       s.incidents.push_back({"i", at(1), 60_s, ArrivalFactor{{SubmitterId::at(0)}, 1.5}});
     }},
};

TEST(ChanceTest, NothingIsDrawnWhereAllIsFixed) {
  const Scenario scenario = fixed_scenario();
  EXPECT_FALSE(draws_anything(scenario));
  EXPECT_FALSE(jitters(scenario));
  Scenario sure = scenario;  // probabilities of 0 and 1 are no chance
  workflow(sure).failures.push_back({"f", 1});
  workflow(sure).interaction = InteractionConfig{0, kDrawn};
  submitter(sure).options.debug = 1;
  EXPECT_FALSE(draws_anything(sure));
}

TEST(ChanceTest, EachThingThatIsDrawnIsSeen) {
  for (const auto* changes : {&kDrawnByRuns, &kDrawnByOthers})
    for (const Change& change : *changes) {
      Scenario scenario = fixed_scenario();
      change.make(scenario);
      EXPECT_TRUE(draws_anything(scenario)) << change.name;
    }
}

TEST(ChanceTest, RecordedTimesAreNotDrawn) {
  Scenario scenario = fixed_scenario();
  workflow(scenario).time = kDrawn;
  auto rows = std::make_shared<std::vector<TraceRow>>(2);
  (*rows)[0].service_time = 3_s;
  submitter(scenario).arrivals = TraceArrivals{"t.csv", rows};
  EXPECT_TRUE(draws_anything(scenario)) << "one row does not say";
  (*rows)[1].service_time = 4_s;
  EXPECT_FALSE(draws_anything(scenario));
}

TEST(ChanceTest, WithoutItReplicationsAreTheSame) {
  Scenario scenario = fixed_scenario();
  scenario.replications = 3;
  const Report report = run_checked(scenario);
  EXPECT_FALSE(report.header.drawn);
  for (const FigureEntry& entry : report.figures.entries())
    EXPECT_FALSE(entry.figure.interval) << info(entry.key.metric).name;
}

/// Of one scenario the verdict on one replication.
Verdict verdict_of(Scenario scenario, double limit_s) {
  Expectation e;
  e.sentence = "wait.max < limit";
  e.metric = Metric::wait_max;
  e.limit = limit_s;
  scenario.expectations = {e};
  return run_checked(scenario).verdict;
}

TEST(ChanceTest, OneReplicationDecidesOnlyWhereNothingIsDrawn) {
  Scenario scenario = fixed_scenario();
  EXPECT_EQ(verdict_of(scenario, 1000), Verdict::passed);
  EXPECT_EQ(verdict_of(scenario, 1), Verdict::failed);
  workflow(scenario).time = kDrawn;
  scenario.replications = 1;
  EXPECT_EQ(verdict_of(scenario, 1000), Verdict::held);
  EXPECT_EQ(verdict_of(scenario, 0.0), Verdict::broke);
  scenario.replications = 3;
  EXPECT_EQ(verdict_of(scenario, 1000), Verdict::passed);
}

}  // namespace
}  // namespace sluice::test
