#include "reports/metrics/run_records.hpp"

#include <optional>

#include "base/check.hpp"

namespace sluice {

Records::Records(const RecorderConfig& recorder, const PipelineConfig& pipeline)
    : config(recorder),
      workflows(pipeline.workflows.size()),
      queues(pipeline.workspaces.size() * kLevels),
      groups(pipeline.groups.size()) {
  for (std::size_t k = 0; k < kLevels; ++k) slo[k] = config.slo[k].value_or(Duration::max());
  for (const WorkspaceConfig& workspace : pipeline.workspaces)
    workspace_groups.push_back(workspace.group);
  kept_room.left = config.most_kept_values;
  for (const QuantileWatch& watch : config.quantiles)
    if (const auto watched = watched_bucket(watch))
      refined_.push_back({watched->kind, watch.subject, watched->bucket});
}

std::optional<WatchedBucket> watched_bucket(const QuantileWatch& watch) {
  const bool is_slowdown = watch.metric == Metric::slowdown_p99;
  const Duration limit =
      is_slowdown ? Slowdown::as_kept(watch.limit) : Duration::from_seconds(watch.limit);
  if (limit.ns <= 0) return std::nullopt;
  const Metric kind = watch.metric <= Metric::wait_p999 ? Metric::wait_p50 : watch.metric;
  return WatchedBucket{kind, LogHistogram::bucket_of(limit)};
}

void Records::grow(RunSlot slot) {
  SLUICE_REQUIRE(slot.valid(), "a run has a slot");
  runs.resize(slot.index() + 1);
  slices.grow(runs.size());
}

RunExtension& Records::extend(RunRecord& run) {
  if (run.extension != 0) return extensions[run.extension];
  if (free_extensions.empty()) {
    run.extension = static_cast<std::uint32_t>(extensions.size());
    extensions.emplace_back();
  } else {
    run.extension = free_extensions.back();
    free_extensions.pop_back();
    extensions[run.extension] = {};
  }
  SLUICE_CHECK(run.extension != 0, "number 0 means none", run.since, kNoRun);
  RunExtension& extension = extensions[run.extension];
  if (run.phase == Phase::running && run.wait.ns > 0)
    extension.attribution.parts =
        split_candidate_wait(run.wait, run.priority(), run.attribution.clock);
  return extension;
}

void Records::drop_extension(RunRecord& run) {
  SLUICE_CHECK(run.extension != 0, "there is one to drop", run.since, kNoRun);
  free_extensions.push_back(run.extension);
  run.extension = 0;
}

void Records::refine(WaitSummary& summary, Metric kind, const Subject& subject) const {
  for (const Refined& refined : refined_)
    if (refined.kind == kind && refined.subject == subject) summary.refine(refined.bucket);
}

void Records::restart(Time now) {
  SLUICE_CHECK(!started, "the window begins once", now, kNoRun);
  started = true;
  from = now;
  kept_room.lacked = false;
  reached = {};
  for (QueueRecord& queue : queues) queue.flow = {};
  for (GroupRecord& group : groups)
    for (LevelRecord& level : group.levels) {
      level.candidates.restart(now);
      level.blocked.restart(now);
      level.dispatched = 0;
      level.ran = false;
    }
}

double Records::present_ns(const Subject& subject, Time now) const {
  if (subject.group.valid())
    return static_cast<double>(groups[subject.group.index()].clocks.present_integral().until(now));
  double sum = 0;
  for (const GroupRecord& group : groups)
    sum += static_cast<double>(group.clocks.present_integral().until(now));
  return sum;
}

}  // namespace sluice
