#include "mock_api/served_pipeline/pipeline_figures.hpp"

#include <string>
#include <utility>

#include "mock_api/served_pipeline/open_runs.hpp"

namespace sluice {
namespace {

using FigureLabels = std::vector<std::pair<std::string, std::string>>;

/// Of workspaces, those of each group together.
std::vector<OpenRunsByLevel> by_group(const PipelineConfig& config,
                                      const std::vector<OpenRunsByLevel>& open) {
  std::vector<OpenRunsByLevel> groups(config.groups.size());
  for (std::size_t w = 0; w < open.size(); ++w)
    for (const PriorityLevel level : kAllLevels)
      groups[config.workspaces[w].group.index()][index(level)] += open[w][index(level)];
  return groups;
}

void add_runs(std::vector<ServiceFigure>& figures, const FigureLabels& labels,
              const OpenRuns& runs) {
  constexpr const char* kNow = "Runs, by what they do now.";
  figures.push_back({"sluice_runs_eligible", kNow, labels, static_cast<double>(runs.eligible)});
  figures.push_back({"sluice_runs_blocked", kNow, labels, static_cast<double>(runs.blocked)});
  figures.push_back({"sluice_runs_running", kNow, labels, static_cast<double>(runs.running)});
  figures.push_back({"sluice_oldest_wait_seconds",
                     "Scenario time that the run which waits longest has waited; 0: none waits.",
                     labels, runs.oldest.seconds()});
}

}  // namespace

void add_pipeline_figures(const ServedPipeline& pipeline, Time now,
                          std::vector<ServiceFigure>& figures) {
  const PipelineConfig& config = pipeline.scenario().pipeline;
  const auto open = by_group(
      config, open_runs(pipeline.pipeline(), config.workspaces.size(), now - pipeline.origin()));
  for (std::size_t g = 0; g < config.groups.size(); ++g) {
    const std::string& group = config.groups[g].name;
    for (const PriorityLevel level : kAllLevels)
      add_runs(figures, {{"group", group}, {"level", std::string(name(level))}},
               open[g][index(level)]);
    const WorkerCounts workers = pipeline.pipeline().workers(GroupId::at(g));
    const FigureLabels labels{{"group", group}};
    figures.push_back({"sluice_workers_present", "Workers, now.", labels,
                       static_cast<double>(workers.present())});
    figures.push_back(
        {"sluice_workers_idle", "Workers, now.", labels, static_cast<double>(workers.idle)});
  }
  pipeline.metrics().add_to(figures);
}

}  // namespace sluice
