// Episodes one by one against a count that keeps every stay and looks at all of them: random
// scenarios.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "pipeline/observer_list.hpp"
#include "reports/make_recorder.hpp"
#include "scenarios/loader/loader.hpp"
#include "sim/scenario_report.hpp"
#include "sim/simulation.hpp"
#include "tests/model/swarm/scenario_draw.hpp"

namespace sluice::swarm {
namespace {

/// A level of a group, or (with a workspace) of a workspace.
using Whose = std::tuple<GroupId, PriorityLevel, WorkspaceId>;

/// Who was a candidate, from when until when, and who was dispatched when.
class Stays final : public PipelineObserver {
 public:
  Stays(const PipelineConfig& pipeline, const RecorderConfig& config)
      : config_(config), dispatches_(pipeline.groups.size()) {}

  void accepted(Time now, const Run& run) override { come(now, run); }
  void woken(Time now, const Run& run) override { come(now, run); }
  void rejoined(Time now, const Run& run) override { come(now, run); }
  void parked(Time now, const Run& run, const Blocker&) override { go(now, run); }
  void holding(Time now, const Run& run, const Blocker&) override { go(now, run); }
  void ended(Time now, const Run& run, Outcome, EndReason) override { go(now, run); }
  void dispatched(Time now, const Run& run) override {
    leave(now, run);
    auto& dispatches = dispatches_[run.group.index()];
    for (const Whose& whose : all_of(run)) {
      Queue& queue = queues_[whose];
      if (queue.since != Time::never()) end(queue, now, run.group, false);
      if (queue.candidates == 0) continue;
      queue.since = now;
      queue.first = dispatches.size() + 1;
    }
    dispatches.push_back({now, run.request.workspace, run.request.level});
  }

  /// All that are long enough, in words.
  std::multiset<std::string> episodes(Time until) {
    std::multiset<std::string> all;
    for (auto& [whose, queue] : queues_) {
      const auto& [group, level, workspace] = whose;
      if (queue.since != Time::never()) end(queue, until, group, true);
      for (const Episode& episode : queue.ended)
        if (episode.length().ns > 0 &&
            episode.length() >= config_.starvation_threshold[index(level)])
          all.insert(text(whose, counted(queue, episode)));
    }
    return all;
  }

  static std::string text(const Whose& whose, const Episode& e) {
    const auto& [group, level, workspace] = whose;
    std::array<std::uint64_t, kLevels> by_level{};
    for (const Episode::Dispatched& part : e.dispatched)
      by_level[index(part.level)] += part.dispatches;
    std::string text = std::to_string(group.value) + "/" + std::to_string(index(level)) + "/" +
                       std::to_string(workspace.value) + " " + std::to_string(e.from.ns) + "-" +
                       std::to_string(e.until.ns) + (e.censored ? "!" : "") + " runs " +
                       std::to_string(e.runs) + " of " + std::to_string(e.workspaces) +
                       " meanwhile";
    for (const std::uint64_t dispatches : by_level) text += " " + std::to_string(dispatches);
    const bool told = !workspace.valid() && !e.dispatched.empty();
    if (told) text += ", most " + std::to_string(e.dispatched[0].dispatches);
    return text;
  }

 private:
  struct Stay {
    std::uint64_t run = 0;
    WorkspaceId workspace;
    Time from;
    Time until = Time::never();
  };
  struct Dispatch {
    Time at;
    WorkspaceId workspace;
    PriorityLevel level{};
  };
  struct Queue {
    std::vector<Episode> ended;
    Time since = Time::never();
    std::size_t first = 0;  ///< dispatch of its episode
    std::size_t candidates = 0;
    std::vector<Stay> stays;
  };

  static std::array<Whose, 2> all_of(const Run& run) {
    return {Whose{run.group, run.request.level, {}},
            Whose{run.group, run.request.level, run.request.workspace}};
  }
  void come(Time now, const Run& run) {
    candidates_.insert(run.id);
    for (const Whose& whose : all_of(run)) {
      Queue& queue = queues_[whose];
      if (queue.candidates++ == 0) {
        queue.since = now;
        queue.first = dispatches_[run.group.index()].size();
      }
      queue.stays.push_back({run.id, run.request.workspace, now});
    }
  }
  /// False: it was none.
  bool leave(Time now, const Run& run) {
    if (candidates_.erase(run.id) == 0) return false;
    for (const Whose& whose : all_of(run)) {
      Queue& queue = queues_[whose];
      --queue.candidates;
      const auto own = std::find_if(queue.stays.rbegin(), queue.stays.rend(),
                                    [&](const Stay& stay) { return stay.run == run.id; });
      own->until = now;
    }
    return true;
  }
  void go(Time now, const Run& run) {
    if (!leave(now, run)) return;
    for (const Whose& whose : all_of(run))
      if (Queue& queue = queues_[whose]; queue.candidates == 0) end(queue, now, run.group, false);
  }
  void end(Queue& queue, Time now, GroupId group, bool censored) {
    Episode episode;
    episode.from = std::max(queue.since, config_.from);
    episode.until = now;
    episode.censored = censored;
    const auto& dispatches = dispatches_[group.index()];
    std::map<std::pair<PriorityLevel, WorkspaceId>, std::uint64_t> counts;
    for (std::size_t i = queue.first; i < dispatches.size(); ++i)
      if (dispatches[i].at >= config_.from)
        ++counts[{dispatches[i].level, dispatches[i].workspace}];
    for (const auto& [who, count] : counts)
      episode.dispatched.push_back({who.first, who.second, count});
    std::stable_sort(episode.dispatched.begin(), episode.dispatched.end(),
                     [](const auto& a, const auto& b) { return a.dispatches > b.dispatches; });
    queue.ended.push_back(std::move(episode));
    queue.since = Time::never();
  }
  static Episode counted(const Queue& queue, Episode episode) {
    std::set<std::uint64_t> runs;
    std::set<WorkspaceId> workspaces;
    for (const Stay& stay : queue.stays) {
      if (std::max(stay.from, episode.from) >= std::min(stay.until, episode.until)) continue;
      runs.insert(stay.run);
      workspaces.insert(stay.workspace);
    }
    episode.runs = runs.size();
    episode.workspaces = workspaces.size();
    return episode;
  }

  const RecorderConfig& config_;
  std::vector<std::vector<Dispatch>> dispatches_;  ///< by group
  std::map<Whose, Queue> queues_;
  std::set<std::uint64_t> candidates_;
};

std::multiset<std::string> texts(const StarvedTimes& starved) {
  std::multiset<std::string> all;
  for (const EpisodeList* list : {&starved.levels, &starved.workspaces})
    for (const Episode& e : list->episodes)
      all.insert(Stays::text({e.group, e.level, e.workspace}, e));
  return all;
}

std::string difference(const std::multiset<std::string>& told,
                       const std::multiset<std::string>& expected) {
  std::string text;
  for (const std::string& one : told)
    if (told.count(one) != expected.count(one)) text += "told " + one + "\n";
  for (const std::string& one : expected)
    if (told.count(one) != expected.count(one)) text += "expected " + one + "\n";
  return text;
}

TEST(Episodes, AreThoseThatACountOfEveryStayFinds) {
  std::size_t found = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const std::optional<Scenario> scenario =
        load_scenario_text(yaml_text(draw_scenario(seed).tree), "drawn.yaml").scenario;
    if (!scenario) continue;
    RecorderConfig config =
        recorder_config(*scenario, Time::zero() + Duration{scenario->duration.ns / 5});
    for (Duration& threshold : config.starvation_threshold)
      threshold = Duration{scenario->duration.ns / 200};
    config.in_detail = true;
    const auto recorder = make_recorder(config, scenario->pipeline);
    Stays stays(scenario->pipeline, config);
    ObserverList both{recorder.get(), &stays};
    const Time end = std::max(Simulation(*scenario, scenario->seed, both).run(), config.from);
    const auto expected = stays.episodes(end);
    EXPECT_EQ(difference(texts(recorder->finish(end).starved), expected), "") << "seed " << seed;
    found += expected.size();
  }
  EXPECT_GT(found, 1000U);
}

}  // namespace
}  // namespace sluice::swarm
