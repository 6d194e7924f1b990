// What /metrics tells of the service: runs, workers, waits, outcomes, events.
#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "mock_api/api_impl.hpp"

namespace sluice {
namespace {

using Labels = std::vector<std::pair<std::string, std::string>>;

/// The runs of one group and level that are not over.
struct OpenRuns {
  std::uint32_t eligible = 0, blocked = 0, running = 0;
  Duration oldest{};  ///< wait so far of the one that has waited longest

  void add(const Run& run, Time now) {
    if (run.state == RunState::running) {
      ++running;
      return;
    }
    ++(run.state == RunState::queued ? eligible : blocked);
    oldest = std::max(oldest, now - run.accepted - run.ran);
  }
};

using OpenByLevel = std::vector<std::array<OpenRuns, kLevels>>;

OpenByLevel open_runs(const Pipeline& pipeline, std::size_t groups, Time now) {
  OpenByLevel open(groups);
  for (std::size_t i = 0; i < pipeline.slot_count(); ++i) {
    const Run& run = pipeline.run(RunSlot::at(i));
    if (run.state != RunState::free && run.state != RunState::submitting)
      open[run.group.index()][index(run.level())].add(run, now);
  }
  return open;
}

void add_gauge(std::vector<ServiceFigure>& figures, std::string name, std::string help,
               Labels labels, double value) {
  figures.push_back({std::move(name), std::move(help), std::move(labels), value});
}

void add_runs(std::vector<ServiceFigure>& figures, const Labels& labels, const OpenRuns& runs) {
  constexpr const char* kNow = "Runs, by what they do now.";
  add_gauge(figures, "sluice_runs_eligible", kNow, labels, runs.eligible);
  add_gauge(figures, "sluice_runs_blocked", kNow, labels, runs.blocked);
  add_gauge(figures, "sluice_runs_running", kNow, labels, runs.running);
  add_gauge(figures, "sluice_oldest_wait_seconds",
            "Scenario time that the run which waits longest has waited; 0: none waits.", labels,
            runs.oldest.seconds());
}

void add_dropped(std::vector<ServiceFigure>& figures, const LostEvents& lost) {
  for (const auto& [reason, count] : {std::pair<const char*, std::uint64_t>{"number", lost.number},
                                      {"age", lost.age},
                                      {"memory", lost.memory}})
    figures.push_back({"sluice_events_dropped_total",
                       "Events given up because a client's buffer was full or they were too old.",
                       {{"reason", reason}},
                       static_cast<double>(count),
                       ServiceFigure::Kind::counter});
}

}  // namespace

std::vector<ServiceFigure> Api::Impl::figures(Time now) const {
  const PipelineConfig& config = scenario_.pipeline;
  const Pipeline& pipeline = pipeline_.pipeline();
  const OpenByLevel open = open_runs(pipeline, config.groups.size(), now - pipeline_.origin());
  std::vector<ServiceFigure> figures;
  for (std::size_t g = 0; g < config.groups.size(); ++g) {
    const std::string& group = config.groups[g].name;
    for (const PriorityLevel level : kAllLevels)
      add_runs(figures, {{"group", group}, {"level", std::string(name(level))}},
               open[g][index(level)]);
    const WorkerCounts workers = pipeline.workers(GroupId::at(g));
    add_gauge(figures, "sluice_workers_present", "Workers, now.", {{"group", group}},
              workers.present());
    add_gauge(figures, "sluice_workers_idle", "Workers, now.", {{"group", group}}, workers.idle);
  }
  pipeline_.metrics().add_to(figures);
  add_dropped(figures, streams_.lost());
  add_gauge(figures, "sluice_event_frames_kept", "Events that wait for their client's stream.", {},
            static_cast<double>(streams_.kept_frames()));
  add_gauge(figures, "sluice_runs_known", "Runs that the API knows, those that are over included.",
            {}, static_cast<double>(runs_.size()));
  return figures;
}

}  // namespace sluice
