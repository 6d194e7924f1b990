// Pools of workers whose number several hands change: incidents, schedules, the autoscaler,
// failures. Values by hand.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/scenarios/loading.hpp"
#include "tests/unit/sim/small_scenario.hpp"

namespace sluice::test::worker_incidents {
namespace {

Diary play(const std::string& text) { return simulate(loaded(load(text))); }

/// Seconds from acceptance to the first dispatch, by index of the run; of one submitter.
std::vector<double> waits(const Diary& diary) {
  std::vector<double> waits;
  for (const Diary::Entry& accepted : diary.acceptances) {
    const auto first = std::find_if(
        diary.dispatches.begin(), diary.dispatches.end(),
        [&](const Diary::Entry& entry) { return entry.request.index == accepted.request.index; });
    if (first != diary.dispatches.end()) waits.push_back((first->at - accepted.at).seconds());
  }
  return waits;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double longest(const std::vector<double>& values) { return *std::ranges::max_element(values); }

std::size_t dispatched_between(const Diary& diary, double begin, double end) {
  return static_cast<std::size_t>(std::ranges::count_if(
      diary.dispatches,
      [&](const Diary::Entry& entry) { return entry.at >= at(begin) && entry.at < at(end); }));
}

TEST(WorkerIncidents, TheAutoscalerDoesNotCountAWorkerThatIsKeptForOthers) {
  const Diary diary = play(R"(
duration: 2h
resource_groups:
  main: {workers: {count: 1, autoscaling: {min: 1, max: 6, every: 30s}},
         dispatch: {reserved: {LOW: 1}}}
workspaces: {a: {}}
workflows: {w: {time: 1m}}
submitters:
  H: {workspace: a, priority: HIGH, arrivals: {batch: {at: [1m], size: 1}}}
)");
  ASSERT_EQ(diary.dispatches.size(), 1u);
  EXPECT_EQ(diary.dispatches[0].at, at(90));
}

TEST(WorkerIncidents, TheAutoscalerMakesUpForLostWorkers) {
  const Diary diary = play(R"(
duration: 2h
resource_groups: {main: {workers: {count: 0, autoscaling: {min: 0, max: 10, every: 30s}}}}
workspaces: {a: {}}
workflows: {w: {time: 10m}}
submitters:
  A: {workspace: a, arrivals: {batch: {at: [0s], size: 5}}}
  B: {workspace: a, arrivals: {batch: {at: [20m, 25m, 30m, 35m], size: 1}}}
incidents:
  - {at: 1m, for: 1h, lose_workers: {count: 5}}
)");
  EXPECT_EQ(diary.requeues, 5u);
  EXPECT_EQ(dispatched_between(diary, 60, 91), 5u);
  ASSERT_EQ(diary.ends.size(), 9u);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_LE(diary.ends[i].at, at(690));
  EXPECT_LE(diary.ends.back().at, at(35 * 60 + 30 + 600));
}

constexpr const char* kFailing = R"(
duration: 7d
resource_groups:
  main: {workers: {count: 3, autoscaling: {min: 1, max: 20, every: 30s}%s}}
workspaces: {a: {}}
workflows: {w: {time: 3m}}
submitters:
  A: {workspace: a, arrivals: {poisson: 1/min}}
)";

double p95_of_failing(const std::string& failures) {
  std::string text = kFailing;
  std::vector<double> all = waits(play(text.replace(text.find("%s"), 2, failures)));
  std::ranges::sort(all);
  return all[all.size() * 95 / 100];
}

TEST(WorkerIncidents, TheAutoscalerMakesUpForWorkersThatFail) {
  const double without = p95_of_failing("");
  EXPECT_NEAR(without, 23.5, 0.5);
  EXPECT_NEAR(p95_of_failing(", failures: {mtbf: 2h, mttr: 1h}"), without, 2);
}

TEST(WorkerIncidents, TheAutoscalerMakesUpForWorkersThatCoolDown) {
  const Diary diary = play(R"(
duration: 1h
resource_groups:
  main: {workers: {count: 1, cool_down: 10m, autoscaling: {min: 0, max: 10, every: 30s}}}
workspaces: {a: {}}
workflows: {w: {time: 1m}}
submitters:
  A: {workspace: a, arrivals: {batch: {at: [0s, 2m], size: 1}}}
)");
  ASSERT_EQ(diary.dispatches.size(), 2u);
  EXPECT_LE(diary.dispatches[1].at, at(150));
}

TEST(WorkerIncidents, HealthyWorkersStayWhenAPoolWithLostOnesShrinks) {
  const Diary diary = play(R"(
duration: 12h
resource_groups: {main: {workers: {count: 10, schedule: {at: {0h: 10, 2h: 3}}}}}
workspaces: {a: {}}
workflows: {w: {time: 1m}}
submitters:
  A: {workspace: a, arrivals: {constant: {every: 30m}}}
incidents:
  - {at: 1h, for: 3h, lose_workers: {count: 5}}
)");
  EXPECT_EQ(diary.acceptances.size(), diary.dispatches.size());
  EXPECT_EQ(longest(waits(diary)), 0);
}

TEST(WorkerIncidents, AnIncidentDoesNotGiveBackWhatItDidNotTake) {
  const Diary diary = play(R"(
duration: 100s
resource_groups: {main: {workers: 3}}
workspaces: {a: {}}
workflows: {w: {time: 5s}}
submitters:
  A: {workspace: a, arrivals: {batch: {at: [25s], size: 2}}}
incidents:
  - {at: 0s, for: 60s, lose_workers: {count: 3}}
  - {at: 10s, for: 10s, lose_workers: {count: 3}}
)");
  EXPECT_EQ(waits(diary), (std::vector<double>{35, 35}));
}

TEST(WorkerIncidents, AScheduleGoesOnUnderneathANumberThatIsSet) {
  const Diary diary = play(R"(
duration: 100s
resource_groups: {main: {workers: {count: 2, schedule: {at: {0s: 2, 20s: 3}}}}}
workspaces: {a: {}}
workflows: {w: {time: 5s}}
submitters:
  A: {workspace: a, arrivals: {constant: {every: 5s}}}
incidents:
  - {at: 10s, for: 50s, set_workers: {count: 0}}
)");
  EXPECT_EQ(dispatched_between(diary, 10, 60), 0u);
  EXPECT_EQ(dispatched_between(diary, 60, 65), 3u);
}

TEST(WorkerIncidents, ANumberThatIsSetHoldsAnAutoscaledPool) {
  const Diary diary = play(R"(
duration: 1h
resource_groups: {main: {workers: {count: 2, autoscaling: {min: 2, max: 10, every: 30s}}}}
workspaces: {a: {}}
workflows: {w: {time: 1m}}
submitters:
  A: {workspace: a, arrivals: {constant: {every: 2m}}}
incidents:
  - {at: 9m, for: 30m, set_workers: {count: 0}}
)");
  EXPECT_EQ(dispatched_between(diary, 9 * 60, 39 * 60), 0u);
  EXPECT_EQ(dispatched_between(diary, 39 * 60, 39 * 60 + 1), 10u)
      << "the autoscaler has seen the backlog meanwhile";
}

constexpr const char* kBoosted = R"(
duration: 40m
resource_groups:
  main: {workers: {count: 1, start_up: 2m,
                   autoscaling: {min: 1, max: 10, every: 5m, scale_down_delay: 30m}}}
workspaces: {a: {}}
workflows: {w: {time: 50s}}
submitters:
  A: {workspace: a, arrivals: {constant: {every: 10s}}}
)";

TEST(WorkerIncidents, AtTheEndOfABoostTheAutoscalerGoesOnWithWhatItHad) {
  const double without = mean(waits(play(kBoosted)));
  EXPECT_NEAR(without, 44.7, 0.05);
  const std::string boost = "incidents: [{at: 16m, for: 1m, set_workers: {count: 10}}]\n";
  EXPECT_LE(mean(waits(play(kBoosted + boost))), without);
}

TEST(WorkerIncidents, TwoHandsOnOnePoolAreAContradiction) {
  const LoadedScenario result = load(R"(
duration: 1h
resource_groups:
  main: {workers: {count: 9, schedule: {at: {0h: 8, 30m: 1}}, autoscaling: {min: 2, max: 4}}}
workspaces: {a: {}}
workflows: {w: {time: 1m}}
submitters:
  A: {workspace: a, arrivals: {constant: {every: 2m}}}
)");
  EXPECT_FALSE(result.scenario);
  EXPECT_NE(messages(result).find(
                "test.yaml:4:63: error: `schedule` and `autoscaling` both say how many workers"),
            std::string::npos)
      << messages(result);
}

}  // namespace
}  // namespace sluice::test::worker_incidents
