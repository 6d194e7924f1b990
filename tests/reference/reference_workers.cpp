#include <algorithm>

#include "tests/reference/reference_pipeline.hpp"

namespace sluice::reference {

WorkerCounts ReferencePipeline::counts(std::uint32_t g) const {
  const ReferenceGroup& group = groups_[g];
  WorkerCounts counts;
  counts.idle = group.idle;
  counts.down = group.down;
  counts.starting = static_cast<std::uint32_t>(group.starting.size());
  counts.cooling = static_cast<std::uint32_t>(group.cooling.size());
  for (const std::size_t r : runs_with_worker(g)) {
    ++(runs_[r].state == RunState::holding ? counts.holding : counts.running);
  }
  return counts;
}

/// Those that are expected back count.
std::uint32_t ReferencePipeline::workers_in_all(std::uint32_t g) const {
  return counts(g).present() + groups_[g].down;
}

void ReferencePipeline::set_workers(std::uint32_t g, std::uint32_t count) {
  ReferenceGroup& group = groups_[g];
  group.target = count;
  stir(g);
  while (workers_in_all(g) < group.target) start_worker(g);
  while (workers_in_all(g) > group.target && group.idle > 0) --group.idle;
  while (workers_in_all(g) > group.target && !group.starting.empty()) group.starting.pop_back();
  while (workers_in_all(g) > group.target && !group.cooling.empty()) group.cooling.pop_back();
}

void ReferencePipeline::start_worker(std::uint32_t g) {
  ReferenceGroup& group = groups_[g];
  const Duration time = config().groups[g].workers.start_up.duration(group.start_up);
  if (time == Duration::zero()) {
    ++group.idle;
    return;
  }
  group.starting.push_back({++tokens_});
  schedule(now_ + time, EventClass::timer, [=, this, token = tokens_] {
    const auto gone = std::erase_if(groups_[g].starting,
                                    [=](const PendingWorker& w) { return w.token == token; });
    groups_[g].idle += static_cast<std::uint32_t>(gone);
    if (gone > 0) stir(g);
  });
}

/// The number freed last, or a new one.
void ReferencePipeline::take_worker(std::size_t r) {
  ReferenceGroup& group = groups_[runs_[r].group];
  --group.idle;
  if (group.free_numbers.empty()) {
    group.numbered.push_back(r);
    return;
  }
  group.numbered[group.free_numbers.back()] = r;
  group.free_numbers.pop_back();
}

/// In order of their workers' numbers.
std::vector<std::size_t> ReferencePipeline::runs_with_worker(std::uint32_t g) const {
  std::vector<std::size_t> runs;
  for (const std::optional<std::size_t>& run : groups_[g].numbered) {
    if (run) runs.push_back(*run);
  }
  return runs;
}

void ReferencePipeline::release_worker(std::size_t r, WorkerFate fate) {
  const std::uint32_t g = runs_[r].group;
  stir(g);
  const bool too_many = workers_in_all(g) > groups_[g].target;
  std::vector<std::optional<std::size_t>>& numbered = groups_[g].numbered;
  const auto place = std::find(numbered.begin(), numbered.end(), r);
  place->reset();
  groups_[g].free_numbers.push_back(static_cast<std::uint32_t>(place - numbered.begin()));
  switch (fate) {
    case WorkerFate::lost:
      ++groups_[g].down;
      return;
    case WorkerFate::freed:
      return too_many ? void() : free_worker(g);
    case WorkerFate::restarts:
      return too_many ? void() : start_worker(g);
  }
}

void ReferencePipeline::free_worker(std::uint32_t g) {
  ReferenceGroup& group = groups_[g];
  const Duration time = config().groups[g].workers.cool_down.duration(group.cool_down);
  if (time == Duration::zero()) {
    ++group.idle;
    return;
  }
  group.cooling.push_back({++tokens_});
  schedule(now_ + time, EventClass::timer, [=, this, token = tokens_] {
    const auto gone =
        std::erase_if(groups_[g].cooling, [=](const PendingWorker& w) { return w.token == token; });
    groups_[g].idle += static_cast<std::uint32_t>(gone);
    if (gone > 0) stir(g);
  });
}

/// Idle ones, starting ones in order of start, cooling ones, runs: one of all present, each equally
/// likely.
void ReferencePipeline::lose_worker(std::uint32_t g) {
  ReferenceGroup& group = groups_[g];
  const std::uint32_t present = counts(g).present();
  if (present == 0) return;
  stir(g);
  std::uint64_t chosen = group.failures.below(present);
  if (chosen < group.idle) {
    ++group.down;
    --group.idle;
    return;
  }
  chosen -= group.idle;
  if (chosen < group.starting.size()) {
    ++group.down;
    group.starting.erase(group.starting.begin() + static_cast<std::ptrdiff_t>(chosen));
    return;
  }
  chosen -= group.starting.size();
  if (chosen < group.cooling.size()) {
    ++group.down;
    group.cooling.erase(group.cooling.begin() + static_cast<std::ptrdiff_t>(chosen));
    return;
  }
  chosen -= group.cooling.size();
  requeue(runs_with_worker(g)[chosen], RequeueCause::worker_lost, Duration::zero(),
          WorkerFate::lost);
}

void ReferencePipeline::restore_workers(std::uint32_t g, std::uint32_t count) {
  ReferenceGroup& group = groups_[g];
  stir(g);
  for (std::uint32_t i = 0; i < count && group.down > 0; ++i) {
    const bool leaves = workers_in_all(g) > group.target;
    --group.down;
    if (!leaves) start_worker(g);
  }
}

void ReferencePipeline::restart_workers(std::uint32_t g) {
  ReferenceGroup& group = groups_[g];
  stir(g);
  const std::uint32_t free = group.idle + counts(g).starting + counts(g).cooling;
  group.idle = 0;
  group.starting.clear();
  group.cooling.clear();
  for (std::uint32_t i = 0; i < free; ++i) start_worker(g);
  for (const std::size_t r : runs_with_worker(g)) {
    requeue(r, RequeueCause::worker_lost, Duration::zero(), WorkerFate::restarts);
  }
}

}  // namespace sluice::reference
