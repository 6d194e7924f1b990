#include "mock_api/served_pipeline/run_metrics.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "mock_api/runs/run_status.hpp"

namespace sluice {
namespace {

constexpr std::array<RunStatus, 3> kStatusOfOutcome{RunStatus::success, RunStatus::failed,
                                                    RunStatus::stopped};

}  // namespace

void RunMetrics::dispatched(Time now, const Run& run) {
  if (run.attempt != 1) return;
  Level& level = groups_[run.group.index()][index(run.level())];
  const double wait_s = (now - run.accepted).seconds();
  const auto bucket = std::lower_bound(kBuckets.begin(), kBuckets.end(), wait_s);
  ++level.waits[static_cast<std::size_t>(bucket - kBuckets.begin())];
  level.wait_sum_s += wait_s;
}

void RunMetrics::ended(Time, const Run& run, Outcome outcome, EndReason) {
  ++groups_[run.group.index()][index(run.level())].ended[static_cast<std::size_t>(outcome)];
}

ServiceFigure RunMetrics::waits_of(const Level& level) const {
  ServiceFigure figure;
  figure.name = "sluice_wait_seconds";
  figure.help = "Scenario time from a run's acceptance to its first start.";
  figure.kind = ServiceFigure::Kind::histogram;
  figure.value = level.wait_sum_s;
  for (std::size_t i = 0; i < kBuckets.size(); ++i) {
    figure.count += level.waits[i];
    figure.buckets.push_back({kBuckets[i], figure.count});
  }
  figure.count += level.waits.back();
  return figure;
}

void RunMetrics::add_to(std::vector<ServiceFigure>& figures) const {
  for (std::size_t g = 0; g < groups_.size(); ++g)
    for (const PriorityLevel k : kAllLevels) {
      const Level& level = groups_[g][index(k)];
      const std::vector<std::pair<std::string, std::string>> labels{
          {"group", config_.groups[g].name}, {"level", std::string(name(k))}};
      figures.push_back(waits_of(level));
      figures.back().labels = labels;
      for (std::size_t outcome = 0; outcome < kStatusOfOutcome.size(); ++outcome) {
        ServiceFigure& ended = figures.emplace_back();
        ended.name = "sluice_runs_ended_total";
        ended.help = "Runs that are over, by their last status.";
        ended.kind = ServiceFigure::Kind::counter;
        ended.labels = labels;
        ended.labels.emplace_back("status", name(kStatusOfOutcome[outcome]));
        ended.value = static_cast<double>(level.ended[outcome]);
      }
    }
}

}  // namespace sluice
