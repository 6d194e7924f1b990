#include <algorithm>
#include <cmath>

#include "tests/model/reference/reference_pipeline.hpp"

namespace sluice::reference {

WorkerCounts ReferencePipeline::counts(std::uint32_t g) const {
  const ReferenceGroup& group = groups_[g];
  WorkerCounts counts;
  counts.idle = group.idle;
  counts.down = static_cast<std::uint32_t>(group.lost.size());
  counts.starting = static_cast<std::uint32_t>(group.starting.size());
  counts.cooling = static_cast<std::uint32_t>(group.cooling.size());
  for (const std::size_t r : runs_with_worker(g)) {
    ++(runs_[r].state == RunState::holding ? counts.holding : counts.running);
  }
  return counts;
}

std::uint32_t ReferencePipeline::present(std::uint32_t g) const { return counts(g).present(); }

// ---- how many there ought to be

/// There is an autoscaler, and no number is set.
bool ReferencePipeline::makes_up(std::uint32_t g) const {
  return config().groups[g].workers.autoscaling && groups_[g].numbers_set.empty();
}

std::uint32_t ReferencePipeline::that_count(std::uint32_t g) const {
  const WorkerCounts now = counts(g);
  if (!config().groups[g].workers.autoscaling) return now.present() + now.down;
  if (!makes_up(g)) return now.present();
  return now.idle + now.starting + now.running + now.holding;
}

std::uint32_t ReferencePipeline::wanted(std::uint32_t g) const {
  const ReferenceGroup& group = groups_[g];
  if (!group.numbers_set.empty()) return group.numbers_set.back().count;
  return makes_up(g) ? group.planned + group.kept : group.planned;
}

bool ReferencePipeline::lacks_one(std::uint32_t g) const {
  if (makes_up(g) && present(g) >= config().groups[g].workers.autoscaling->max) return false;
  return that_count(g) < wanted(g);
}

void ReferencePipeline::set_number(std::uint32_t g, const SetNumber& number) {
  std::vector<SetNumber>& numbers = groups_[g].numbers_set;
  std::erase_if(numbers, [&](const SetNumber& other) { return other.by == number.by; });
  numbers.push_back(number);
  meet(g);
}

void ReferencePipeline::end_number(std::uint32_t g, CauseId by) {
  stir(g);
  std::vector<SetNumber>& numbers = groups_[g].numbers_set;
  const bool was_the_last = !numbers.empty() && numbers.back().by == by;
  std::erase_if(numbers, [&](const SetNumber& other) { return other.by == by; });
  if (was_the_last) meet(g);
}

void ReferencePipeline::plan(std::uint32_t g, std::uint32_t count) {
  stir(g);
  groups_[g].planned = count;
  if (groups_[g].numbers_set.empty()) meet(g);
}

void ReferencePipeline::look(std::uint32_t g) {
  ReferenceGroup& group = groups_[g];
  const AutoscalingConfig& rule = *config().groups[g].workers.autoscaling;
  const auto waiting = std::count_if(runs_.begin(), runs_.end(), [&](const ReferenceRun& run) {
    return run.group == g && run.state == RunState::queued;
  });
  const double wish = static_cast<double>(runs_with_worker(g).size()) +
                      std::ceil(static_cast<double>(waiting) / rule.target_backlog);
  const auto count =
      static_cast<std::uint32_t>(std::min<double>(rule.max, std::max<double>(rule.min, wish)));
  const auto lasts = [&](bool wants, std::optional<Time>& since, Duration delay) {
    if (!wants) since.reset();
    if (wants && !since) since = now_;
    return wants && now_ - *since >= delay;
  };
  const bool up = lasts(count > group.planned, group.wants_more_since, rule.scale_up_delay);
  const bool down = lasts(count < group.planned, group.wants_fewer_since, rule.scale_down_delay);
  group.kept = kept_from_all_who_wait(g);
  if (up || down) {
    group.wants_more_since.reset();
    group.wants_fewer_since.reset();
  }
  plan(g, up || down ? count : group.planned);
}

/// With so many idle workers: it runs fewer than its reserved number, or more are idle than the
/// other levels lack of theirs.
bool ReferencePipeline::may_take(std::uint32_t g, std::size_t level, std::uint32_t idle) const {
  const auto& reserved = policy(g).reserved;
  std::array<std::uint32_t, kLevels> runs{};
  for (const std::size_t r : runs_with_worker(g)) ++runs[runs_[r].level];
  std::uint32_t others_lack = 0;
  for (std::size_t other = 0; other < kLevels; ++other) {
    if (other != level && reserved[other] > runs[other])
      others_lack += reserved[other] - runs[other];
  }
  return idle > 0 && (runs[level] < reserved[level] || idle > others_lack);
}

/// As many idle ones as could be there without anybody who waits being let to one.
std::uint32_t ReferencePipeline::kept_from_all_who_wait(std::uint32_t g) const {
  if (policy(g).kind != DispatchPolicyKind::reserved) return 0;
  std::vector<std::size_t> waiting_levels;
  for (const ReferenceRun& run : runs_) {
    if (run.group == g && is_candidate(run) && level_allowed(g, run.level))
      waiting_levels.push_back(run.level);
  }
  if (waiting_levels.empty()) return 0;
  std::uint32_t kept = groups_[g].idle;
  const auto has_it = [&](std::size_t level) { return may_take(g, level, kept); };
  while (std::any_of(waiting_levels.begin(), waiting_levels.end(), has_it)) --kept;
  return kept;
}

void ReferencePipeline::meet(std::uint32_t g) {
  stir(g);
  while (lacks_one(g)) start_worker(g);
  surplus_leaves(g);
}

/// The lost come first where they count; who has a run leaves when it is free.
void ReferencePipeline::surplus_leaves(std::uint32_t g) {
  ReferenceGroup& group = groups_[g];
  if (!config().groups[g].workers.autoscaling) {
    while (too_many(g) && !group.lost.empty()) group.lost.pop_back();
  }
  while (too_many(g) && group.idle > 0) --group.idle;
  while (too_many(g) && !group.starting.empty()) group.starting.pop_back();
  while (too_many(g) && !group.cooling.empty()) group.cooling.pop_back();
  draw_failure_anew(g);
}

// ---- one worker

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
  const bool leaves = too_many(g);
  std::vector<std::optional<std::size_t>>& numbered = groups_[g].numbered;
  const auto place = std::find(numbered.begin(), numbered.end(), r);
  place->reset();
  groups_[g].free_numbers.push_back(static_cast<std::uint32_t>(place - numbered.begin()));
  switch (fate) {
    case WorkerFate::lost:
      return now_lost(g);
    case WorkerFate::freed:
      leaves ? draw_failure_anew(g) : free_worker(g);
      return;
    case WorkerFate::restarts:
      leaves ? draw_failure_anew(g) : start_worker(g);
      return;
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
    if (gone == 0) return;
    stir(g);
    if (that_count(g) < wanted(g)) ++groups_[g].idle;
    draw_failure_anew(g);
  });
}

// ---- losses

/// Idle ones, starting ones in order of start, cooling ones, runs: one of all present, each equally
/// likely.
void ReferencePipeline::lose_worker(std::uint32_t g, const LostWorker& as) {
  ReferenceGroup& group = groups_[g];
  if (present(g) == 0) return;
  stir(g);
  group.being_lost = as;
  std::uint64_t chosen = group.failures.below(present(g));
  if (chosen < group.idle) {
    --group.idle;
    return now_lost(g);
  }
  chosen -= group.idle;
  if (chosen < group.starting.size()) {
    group.starting.erase(group.starting.begin() + static_cast<std::ptrdiff_t>(chosen));
    return now_lost(g);
  }
  chosen -= group.starting.size();
  if (chosen < group.cooling.size()) {
    group.cooling.erase(group.cooling.begin() + static_cast<std::ptrdiff_t>(chosen));
    return now_lost(g);
  }
  chosen -= group.cooling.size();
  requeue(runs_with_worker(g)[chosen], RequeueCause::worker_lost, Duration::zero(),
          WorkerFate::lost);
}

void ReferencePipeline::now_lost(std::uint32_t g) {
  groups_[g].lost.push_back(groups_[g].being_lost);
  surplus_leaves(g);
}

void ReferencePipeline::restore_workers(std::uint32_t g, std::uint32_t count,
                                        const LostWorker& lost_as) {
  std::vector<LostWorker>& lost = groups_[g].lost;
  stir(g);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto first = std::find(lost.begin(), lost.end(), lost_as);
    if (first == lost.end()) break;
    lost.erase(first);
    if (lacks_one(g)) ++groups_[g].idle;
  }
  draw_failure_anew(g);
}

/// The time to the first failure among those present; drawn whenever there are more or fewer.
void ReferencePipeline::draw_failure_anew(std::uint32_t g) {
  ReferenceGroup& group = groups_[g];
  const auto& failures = config().groups[g].workers.failures;
  if (!failures || group.failure_drawn_for.value_or(0) == present(g)) return;
  group.failure_drawn_for = present(g);
  const std::uint64_t token = ++group.failure_token;
  if (present(g) == 0) return;
  const double mean = failures->mtbf.seconds() / present(g);
  schedule(now_ + Duration::from_seconds(group.failures.exponential() * mean), EventClass::timer,
           [=, this] { failure(g, token); });
}

void ReferencePipeline::failure(std::uint32_t g, std::uint64_t token) {
  ReferenceGroup& group = groups_[g];
  if (token != group.failure_token) return;
  group.failure_drawn_for = UINT32_MAX;  // for nobody: it is drawn whatever happens now
  const LostWorker as{std::nullopt, ++tokens_};
  const Duration repair = config().groups[g].workers.failures->repair.duration(group.failures);
  schedule(now_ + repair, EventClass::timer, [=, this] { restore_workers(g, 1, as); });
  lose_worker(g, as);
}

void ReferencePipeline::restart_workers(std::uint32_t g) {
  ReferenceGroup& group = groups_[g];
  stir(g);
  const WorkerCounts before = counts(g);
  group.idle = 0;
  group.starting.clear();
  group.cooling.clear();
  for (std::uint32_t i = 0; i < before.idle + before.starting; ++i) start_worker(g);
  for (std::uint32_t i = 0; i < before.cooling; ++i) {
    if (that_count(g) < wanted(g)) start_worker(g);
  }
  draw_failure_anew(g);
  for (const std::size_t r : runs_with_worker(g)) {
    requeue(r, RequeueCause::worker_lost, Duration::zero(), WorkerFate::restarts);
  }
}

}  // namespace sluice::reference
