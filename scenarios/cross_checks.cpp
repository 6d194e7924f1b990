// Contradictions between the parts of a scenario, found before it runs.
#include <algorithm>

#include "scenarios/builder.hpp"

namespace sluice {
namespace {

double highest_rate(const RateCurve& curve) {
  double highest = 0;
  for (const RateCurve::Point& point : curve.points) highest = std::max(highest, point.per_second);
  return highest;
}

}  // namespace

bool ScenarioBuilder::takes_no_time(const Name& submitter) const {
  const auto& all = scenario_.submitters;
  const auto of_it = [&](const SubmitterConfig& config) {
    return config.name == submitter.text || config.name == submitter.text + "-1";
  };
  const auto found = std::find_if(all.begin(), all.end(), of_it);
  return found != all.end() &&
         std::any_of(found->workflows.begin(), found->workflows.end(), [&](const auto& use) {
           return scenario_.pipeline.workflows[use.second.workflow.index()].time.always_zero();
         });
}

bool ScenarioBuilder::workers_may_come(std::size_t group) const {
  const WorkerPoolConfig& workers = scenario_.pipeline.groups[group].workers;
  const auto some = [](const CapacityStep& step) { return step.count > 0; };
  if (workers.count > 0 || std::any_of(workers.schedule.begin(), workers.schedule.end(), some))
    return true;
  if (workers.autoscaling) return true;
  return std::any_of(scenario_.incidents.begin(), scenario_.incidents.end(),
                     [&](const Incident& incident) {
                       const SetWorkers* set = std::get_if<SetWorkers>(&incident.change);
                       return set != nullptr && set->group.index() == group && set->count > 0;
                     });
}

void ScenarioBuilder::check_groups() {
  for (std::size_t i = 0; i < scenario_.pipeline.groups.size(); ++i) {
    const ResourceGroupConfig& group = scenario_.pipeline.groups[i];
    const Mark& mark = document_.groups[i].second.mark;
    if (!workers_may_come(i))
      error(mark, "the group `" + group.name + "` never has a worker: nothing would ever run");
    if (group.dispatch.kind != DispatchPolicyKind::reserved) continue;
    std::uint64_t reserved = 0;
    for (const std::uint32_t count : group.dispatch.reserved) reserved += count;
    if (reserved > group.workers.count)
      warning(mark, std::to_string(reserved) + " workers are reserved, and there are " +
                        std::to_string(group.workers.count) + " at the start");
  }
}

void ScenarioBuilder::check_times() {
  const Time end = Time::zero() + scenario_.duration;
  if (scenario_.duration == Duration::zero()) return;  // reported already
  if (!scenario_.warm_up.automatic && scenario_.warm_up.length >= scenario_.duration)
    error(document_.warm_up_mark,
          "the warm-up is as long as the scenario: nothing would be left to report");
  for (const IncidentText& incident : document_.incidents)
    if (incident.at >= end)
      warning(incident.mark, "this incident begins after the end of the scenario");
  for (const auto& [name, submitter] : document_.submitters)
    if (submitter.config.from >= end)
      warning(submitter.mark, "this submitter begins after the end of the scenario");
}

void ScenarioBuilder::check_submitters() {
  for (const auto& [name, submitter] : document_.submitters) {
    const PoissonArrivals* poisson = std::get_if<PoissonArrivals>(&submitter.arrivals);
    const BurstArrivals* bursts = std::get_if<BurstArrivals>(&submitter.arrivals);
    const bool never =
        (poisson != nullptr && highest_rate(poisson->rate) <= 0) ||
        (bursts != nullptr && bursts->on_per_second <= 0 && bursts->off_per_second <= 0);
    if (never) warning(submitter.mark, "this submitter never submits: its rate is 0");
    const BatchArrivals* batch = std::get_if<BatchArrivals>(&submitter.arrivals);
    if (batch != nullptr && !batch->at.empty() && batch->at[0] >= Time::zero() + scenario_.duration)
      warning(submitter.mark, "its first batch comes after the end of the scenario");
    const ClosedLoop* loop = std::get_if<ClosedLoop>(&submitter.arrivals);
    if (loop != nullptr && loop->think_time.always_zero() && takes_no_time(name))
      error(submitter.mark,
            "clients without think time whose runs take no time would submit for ever at one "
            "instant");
  }
}

void ScenarioBuilder::warn_unused() {
  const auto warn = [&](const Things& things, const auto& entries, const char* message) {
    for (std::size_t i = 0; i < entries.size() && i < things.used.size(); ++i)
      if (!things.used[i])
        warning(entries[i].first.mark,
                "the " + things.kind + " `" + entries[i].first.text + "` " + message);
  };
  warn(groups_, document_.groups, "has no workspace");
  warn(workspaces_, document_.workspaces, "is used by no submitter");
  warn(credentials_, document_.credentials, "is used by no submitter");
  warn(workflows_, document_.workflows, "is used by no submitter");
}

}  // namespace sluice
