// Contradictions between the parts of a scenario, found before it runs.
#include <algorithm>

#include "scenarios/loader/sections/builder.hpp"

namespace sluice {
namespace {

double highest_rate(const RateCurve& curve) {
  double highest = 0;
  for (const RateCurve::Point& point : curve.points) highest = std::max(highest, point.per_second);
  return highest;
}

/// A step at the very start comes before all runs.
std::uint32_t workers_at_start(const WorkerPoolConfig& workers) {
  const bool by_schedule = !workers.schedule.empty() && workers.schedule.front().at == Time::zero();
  return by_schedule ? workers.schedule.front().count : workers.count;
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
           const std::uint32_t entry = workflows_.entry[use.second.workflow.index()];
           if (document_.workflows[entry].second.unread.has("time")) return false;
           return scenario_.pipeline.workflows[use.second.workflow.index()].time.always_zero();
         });
}

/// For good, if nothing is lost: what an autoscaler is given to begin with it takes back.
std::uint32_t ScenarioBuilder::most_workers(std::size_t group) const {
  const WorkerPoolConfig& workers = scenario_.pipeline.groups[group].workers;
  std::uint32_t most = workers.autoscaling ? workers.autoscaling->max : workers_at_start(workers);
  if (!workers.autoscaling)
    for (const CapacityStep& step : workers.schedule) most = std::max(most, step.count);
  for (const Incident& incident : scenario_.incidents) {
    const SetWorkers* set = std::get_if<SetWorkers>(&incident.change);
    if (set == nullptr || set->group.index() != group) continue;
    const bool from_the_start_for_good = incident.at == Time::zero() && !incident.length;
    most = from_the_start_for_good ? set->count : std::max(most, set->count);
  }
  return most;
}

void ScenarioBuilder::check_groups() {
  const LevelsByGroup submitted = submitted_levels();
  for (std::size_t i = 0; i < scenario_.pipeline.groups.size(); ++i) {
    const ResourceGroupConfig& group = scenario_.pipeline.groups[i];
    if (document_.groups[groups_.entry[i]].second.unread.any()) continue;  // reported already
    if (!workers_may_come(i))
      error(document_.groups[i].second.mark,
            "the group `" + group.name + "` never has a worker: nothing would ever run");
    else if (group.dispatch.kind == DispatchPolicyKind::reserved)
      check_reserved(i, submitted);
    const auto& scaling = group.workers.autoscaling;
    if (scaling && (group.workers.count < scaling->min || group.workers.count > scaling->max))
      warning(document_.groups[i].second.mark,
              "the count " + std::to_string(group.workers.count) +
                  " is not from min to max of the autoscaling (" + std::to_string(scaling->min) +
                  " to " + std::to_string(scaling->max) + "): it holds until the autoscaler acts");
  }
}

void ScenarioBuilder::check_reserved(std::size_t group, const LevelsByGroup& submitted) {
  const ResourceGroupConfig& config = scenario_.pipeline.groups[group];
  const Mark& mark = document_.groups[group].second.mark;
  std::uint64_t reserved = 0;
  for (const std::uint32_t count : config.dispatch.reserved) reserved += count;
  const std::uint32_t most = most_workers(group);
  for (const PriorityLevel level : kAllLevels)
    if (submitted[group][index(level)] && config.dispatch.reserved[index(level)] == 0 &&
        reserved >= most) {
      const std::string limit = config.workers.autoscaling ? "the autoscaling has a max of "
                                                           : "there are never more than ";
      error(mark, std::to_string(reserved) + " workers are reserved for other levels, and " +
                      limit + std::to_string(most) + ": no " + std::string(name(level)) +
                      " run would ever run");
      return;
    }
  const std::uint32_t at_start = workers_at_start(config.workers);
  if (reserved > at_start)
    warning(mark, std::to_string(reserved) + " workers are reserved, and there are " +
                      std::to_string(at_start) + " at the start");
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
    if (batch != nullptr && !batch->at.empty() && scenario_.duration > Duration::zero() &&
        batch->at[0] >= Time::zero() + scenario_.duration)
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
  if (document_.submitters.empty()) return;  // it is served: clients may use all of them
  warn(workspaces_, document_.workspaces, "is used by no submitter");
  warn(credentials_, document_.credentials, "is used by no submitter");
  warn(workflows_, document_.workflows, "is used by no submitter");
}

}  // namespace sluice
