// What is recorded on demand is, figure by figure, what is recorded when everything is: random
// scenarios, and random metrics that are wanted of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/random/random.hpp"
#include "pipeline/observer_list.hpp"
#include "reports/make_recorder.hpp"
#include "reports/metrics/plans/plans.hpp"
#include "scenarios/loader/loader.hpp"
#include "sim/scenario_report.hpp"
#include "sim/simulation.hpp"
#include "tests/model/swarm/scenario_draw.hpp"

namespace sluice::swarm {
namespace {

bool says(Plan plan, Metric metric) {
  switch (plan) {
    case Plan::counts:
      return CountsPlan::said_by(metric) > 0;
    case Plan::waits:
      return WaitsPlan::said_by(metric) > 0;
    case Plan::everything:
    case Plan::detailed:
      break;
  }
  return true;
}

/// Names of the metrics in which they differ.
std::string difference(Plan plan, const ReplicationResult& some, const ReplicationResult& all) {
  std::string text;
  std::size_t said = 0;
  for (const FigureEntry& entry : all.figures.entries()) {
    if (!says(plan, entry.key.metric)) continue;
    ++said;
    const Figure* figure = some.figures.find(entry.key.metric, entry.key.subject);
    if (figure == nullptr || *figure != entry.figure)
      text += std::string(info(entry.key.metric).name) + "\n";
  }
  if (said != some.figures.size()) text += "other figures\n";
  return text;
}

/// Up to three metrics, most of them cheap ones.
std::vector<Metric> draw_metrics(std::uint64_t seed) {
  std::vector<Metric> metrics;
  for (std::uint64_t i = 0; i < seed % 4; ++i) {
    const auto drawn = static_cast<std::size_t>(mix64(seed * 4 + i) % kMetrics);
    metrics.push_back(static_cast<Metric>(seed % 3 == 0 ? drawn : drawn % 21));
  }
  return metrics;
}

std::optional<Scenario> draw(std::uint64_t seed) {
  const LoadedScenario loaded =
      load_scenario_text(yaml_text(draw_scenario(seed).tree), "drawn.yaml");
  return loaded.scenario;
}

TEST(RecordingPlans, SayWhatTheOneOfEverythingSays) {
  std::array<int, 4> tried{};
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    const std::optional<Scenario> scenario = draw(seed);
    if (!scenario) continue;
    RecorderConfig config =
        recorder_config(*scenario, Time::zero() + Duration{scenario->duration.ns / 4});
    if (seed % 2 == 0) config.slices.clear(), config.windows.clear();
    const auto all = make_recorder(config, scenario->pipeline);
    config.in_detail = seed % 7 == 0;
    if (!config.in_detail) config.only = draw_metrics(seed);
    const Plan plan = plan_for(config);
    ++tried[static_cast<std::size_t>(plan)];
    const auto some = make_recorder(config, scenario->pipeline);
    ObserverList both{all.get(), some.get()};
    const Time end = Simulation(*scenario, scenario->seed, both).run();
    const Time until = std::max(end, config.from);
    EXPECT_EQ(difference(plan, some->finish(until), all->finish(until)), "") << "seed " << seed;
  }
  for (const int times : tried) EXPECT_GE(times, 5);
}

}  // namespace
}  // namespace sluice::swarm
