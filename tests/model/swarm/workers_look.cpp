#include "tests/model/swarm/workers_look.hpp"

#include <algorithm>

namespace sluice::swarm {
namespace {

/// By its schedule, or else its count.
std::uint32_t planned_workers(const WorkerPoolConfig& pool, Time now) {
  std::uint32_t count = pool.count;
  if (pool.schedule_period == Duration::zero()) {
    for (const CapacityStep& step : pool.schedule)
      if (step.at <= now) count = step.count;
    return count;
  }
  for (Time from = Time::zero(); from <= now; from = from + pool.schedule_period)
    for (const CapacityStep& step : pool.schedule)
      if (from + (step.at - Time::zero()) <= now) count = step.count;
  return count;
}

}  // namespace

WorkersLook::WorkersLook(const Scenario& scenario, const Pipeline& pipeline,
                         const IncidentsNow& incidents, Faults& faults)
    : scenario_(scenario),
      pipeline_(pipeline),
      incidents_(incidents),
      faults_(faults),
      took_(scenario.incidents.size(), 0) {}

void WorkersLook::before_incident(std::size_t incident) {
  if (const auto* lost = std::get_if<LoseWorkers>(&scenario_.incidents[incident].change))
    down_before_ = pipeline_.workers(lost->group).down;
}

void WorkersLook::after_incident(Time now, std::size_t incident, bool begins) {
  const auto* lost = std::get_if<LoseWorkers>(&scenario_.incidents[incident].change);
  if (lost == nullptr) return;
  const std::uint32_t down = pipeline_.workers(lost->group).down;
  if (begins) {
    took_[incident] = down - down_before_;
    if (took_[incident] > lost->count)
      faults_.add(now, "an incident takes more workers than it says", std::to_string(lost->count));
    return;
  }
  // Of what it took some may have left for good, which is no return.
  if (down_before_ - down > took_[incident])
    faults_.add(now, "an incident gives back workers that it did not take",
                fmt::format("took {}, gave {}", took_[incident], down_before_ - down));
  took_[incident] = 0;
}

void WorkersLook::look(Time now) {
  for (std::size_t group = 0; group < scenario_.pipeline.groups.size(); ++group)
    look_at_group(now, GroupId::at(group));
}

void WorkersLook::look_at_group(Time now, GroupId group) {
  const WorkerPoolConfig& pool = scenario_.pipeline.groups[group.index()].workers;
  if (pool.schedule.size() > 0 && pool.autoscaling) return;
  const std::optional<std::uint32_t> set = incidents_.set_workers(group);
  if (pool.autoscaling && !set) return;
  const std::uint32_t target = set ? *set : planned_workers(pool, now);
  const WorkerCounts workers = pipeline_.workers(group);
  const std::uint32_t all = workers.present() + workers.down;
  const auto text = [&] {
    return fmt::format("group {}: {} of {} present, {} lost", group.value, workers.present(),
                       target, workers.down);
  };
  const std::uint32_t can_leave = workers.idle + workers.starting + workers.cooling;
  // With autoscaling or repairs the lost ones are in no such account.
  const bool counts_lost = !pool.autoscaling && !pool.failures;
  if (counts_lost && all < target) faults_.add(now, "fewer workers than the target", text());
  if (counts_lost && all > target && workers.down > 0)
    faults_.add(now, "lost workers stay when others must leave", text());
  if (workers.present() > target && can_leave > 0)
    faults_.add(now, "more workers than the target", text());
}

}  // namespace sluice::swarm
