#include "scenarios/loader/sections/contradictions.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

#include "base/random/portable_math.hpp"

namespace sluice {
namespace {

/// A step at the very start comes before all runs.
std::uint32_t workers_at_start(const WorkerPoolConfig& workers) {
  const bool by_schedule = !workers.schedule.empty() && workers.schedule.front().at == Time::zero();
  return by_schedule ? workers.schedule.front().count : workers.count;
}

/// For good, if nothing is lost: what an autoscaler is given to begin with it takes back.
std::uint32_t most_workers(const Scenario& scenario, std::size_t group) {
  const WorkerPoolConfig& workers = scenario.pipeline.groups[group].workers;
  std::uint32_t most = workers.autoscaling ? workers.autoscaling->max : workers_at_start(workers);
  if (!workers.autoscaling)
    for (const CapacityStep& step : workers.schedule) most = std::max(most, step.count);
  for (const Incident& incident : scenario.incidents) {
    const SetWorkers* set = std::get_if<SetWorkers>(&incident.change);
    if (set == nullptr || set->group.index() != group) continue;
    const bool from_the_start_for_good = incident.at == Time::zero() && !incident.length;
    most = from_the_start_for_good ? set->count : std::max(most, set->count);
  }
  return most;
}

/// That reserved workers leave some for each level that is submitted, where `most` may come.
void check_reserved(const ResourceGroupConfig& group, std::uint32_t most,
                    const std::array<bool, kLevels>& submitted, const Mark& mark,
                    Problems& problems) {
  std::uint64_t reserved = 0;
  for (const std::uint32_t count : group.dispatch.reserved) reserved += count;
  for (const PriorityLevel level : kAllLevels)
    if (submitted[index(level)] && group.dispatch.reserved[index(level)] == 0 && reserved >= most) {
      const std::string limit = group.workers.autoscaling ? "the autoscaling has a max of "
                                                          : "there are never more than ";
      problems.error(mark, std::to_string(reserved) +
                               " workers are reserved for other levels, and " + limit +
                               std::to_string(most) + ": no " + std::string(name(level)) +
                               " run would ever run");
      return;
    }
  const std::uint32_t at_start = workers_at_start(group.workers);
  if (reserved > at_start)
    problems.warning(mark, std::to_string(reserved) + " workers are reserved, and there are " +
                               std::to_string(at_start) + " at the start");
}

void check_groups(const Scenario& scenario, const Document& document, const NameTable& groups,
                  Problems& problems) {
  const LevelsByGroup submitted = submitted_levels(scenario);
  for (std::size_t i = 0; i < scenario.pipeline.groups.size(); ++i) {
    const ResourceGroupConfig& group = scenario.pipeline.groups[i];
    const GroupText& text = document.groups[groups.entry(i)].second;
    if (text.unread.any()) continue;  // reported already
    const std::uint32_t most = most_workers(scenario, i);
    if (most == 0)
      problems.error(text.mark,
                     "the group `" + group.name + "` never has a worker: nothing would ever run");
    else if (group.dispatch.kind == DispatchPolicyKind::reserved)
      check_reserved(group, most, submitted[i], text.mark, problems);
  }
}

void check_times(const Scenario& scenario, const Document& document, Problems& problems) {
  if (scenario.duration == Duration::zero()) return;  // reported already
  const Time end = Time::zero() + scenario.duration;
  if (!scenario.warm_up.automatic && scenario.warm_up.length >= scenario.duration)
    problems.error(document.warm_up_mark,
                   "the warm-up is as long as the scenario: nothing would be left to report");
  for (const IncidentText& incident : document.incidents)
    if (incident.at >= end)
      problems.warning(incident.mark, "this incident begins after the end of the scenario");
  for (const auto& [name, submitter] : document.submitters) {
    if (submitter.config.from >= end)
      problems.warning(submitter.mark, "this submitter begins after the end of the scenario");
    const double grown = std::abs(portable::log(1 + submitter.config.growth.share)) *
                         (scenario.duration.seconds() / submitter.config.growth.per.seconds());
    if (submitter.config.growth.share != 0 && grown > portable::log(1e6))
      problems.error(submitter.mark,
                     "the growth makes more than a million times as many, or as few, "
                     "over the duration of the scenario");
    const BatchArrivals* batch = std::get_if<BatchArrivals>(&submitter.arrivals.kind);
    if (batch != nullptr && !batch->calendar && !batch->at.empty() && batch->at[0] >= end)
      problems.warning(submitter.mark, "its first batch comes after the end of the scenario");
  }
}

/// Some of the runs of the submitters that this entry made.
bool takes_no_time(const Scenario& scenario, const Name& submitter,
                   const std::vector<DeclaredWorkflow>& workflows) {
  const auto& all = scenario.submitters;
  const auto of_it = [&](const SubmitterConfig& config) {
    return config.name == submitter.text || config.name == submitter.text + "-1";
  };
  const auto found = std::find_if(all.begin(), all.end(), of_it);
  return found != all.end() &&
         std::any_of(found->workflows.begin(), found->workflows.end(), [&](const auto& use) {
           const std::size_t workflow = use.second.workflow.index();
           return !workflows[workflow].unread.has("time") &&
                  scenario.pipeline.workflows[workflow].time.always_zero();
         });
}

void check_closed_loops(const Scenario& scenario, const Document& document,
                        const std::vector<DeclaredWorkflow>& workflows, Problems& problems) {
  for (const auto& [name, submitter] : document.submitters) {
    const ClosedLoop* loop = std::get_if<ClosedLoop>(&submitter.arrivals.kind);
    if (loop != nullptr && loop->think_time.always_zero() &&
        takes_no_time(scenario, name, workflows))
      problems.error(submitter.mark,
                     "clients without think time whose runs take no time would submit for ever at "
                     "one instant");
  }
}

}  // namespace

void find_contradictions(const Scenario& scenario, const Document& document,
                         const DeclaredNames& names, const std::vector<DeclaredWorkflow>& workflows,
                         Problems& problems) {
  check_groups(scenario, document, names.groups, problems);
  check_times(scenario, document, problems);
  check_closed_loops(scenario, document, workflows, problems);
}

void warn_unused(const Document& document, const DeclaredNames& names, Problems& problems) {
  const auto warn = [&](const NameTable& things, const auto& entries, const char* message) {
    const std::vector<bool>& used = things.used_entries();
    for (std::size_t i = 0; i < entries.size() && i < used.size(); ++i)
      if (!used[i])
        problems.warning(entries[i].first.mark,
                         "the " + things.kind() + " `" + entries[i].first.text + "` " + message);
  };
  warn(names.groups, document.groups, "has no workspace");
  if (document.submitters.empty()) return;  // it is served: clients may use all of them
  warn(names.workspaces, document.workspaces, "is used by no submitter");
  warn(names.credentials, document.credentials, "is used by no submitter");
  warn(names.workflows, document.workflows, "is used by no submitter");
}

}  // namespace sluice
