#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "tests/model/reference/log_lines.hpp"
#include "tests/model/reference/reference_pipeline.hpp"

namespace sluice::reference {

void ReferencePipeline::dispatch_everything() {
  do_wake_ups();
  for (std::uint32_t g = 0; g < groups_.size(); ++g) {
    if (std::exchange(groups_[g].stirred, false)) dispatch_group(g);
  }
}

void ReferencePipeline::dispatch_group(std::uint32_t g) {
  while (groups_[g].idle > 0 && groups_[g].pauses == 0) {
    if (policy(g).kind == DispatchPolicyKind::ageing) {
      promote_due(g);
      while (!passed_on_.empty()) {
        const PassedOn first = passed_on_.front();
        passed_on_.erase(passed_on_.begin());
        wake_one(first);
      }
    }
    const std::optional<std::size_t> next = choose(g);
    if (!next) return look_again_when_somebody_climbs(g);
    const Obstacle obstacle = this->obstacle(runs_[*next], nullptr);
    if (obstacle.none()) {
      start(*next);
    } else if (when_busy(g) == WhenCredentialBusy::hold_worker && obstacle.is_credentials()) {
      hold(*next, obstacle);
    } else {
      park(*next, obstacle);
    }
  }
}

// ---- queues and rings

/// Queued, and its queue is not held up by a parked run before it.
bool ReferencePipeline::is_candidate(const ReferenceRun& run) const {
  return run.state == RunState::queued &&
         !queue_blocked(run.group, run.request.workspace.value, run.level);
}

bool ReferencePipeline::queue_blocked(std::uint32_t g, std::uint32_t workspace,
                                      std::size_t level) const {
  if (!blocks_queues(g)) return false;
  return std::any_of(runs_.begin(), runs_.end(), [&](const ReferenceRun& run) {
    return run.state == RunState::parked && run.group == g &&
           run.request.workspace.value == workspace && run.level == level;
  });
}

bool ReferencePipeline::level_allowed(std::uint32_t g, std::size_t level) const {
  if (when_busy(g) != WhenCredentialBusy::block_level) return true;
  return std::none_of(runs_.begin(), runs_.end(), [&](const ReferenceRun& run) {
    return run.state == RunState::parked && run.group == g && run.level < level;
  });
}

bool ReferencePipeline::is_first_of_its_queue(const ReferenceRun& run) const {
  return std::none_of(runs_.begin(), runs_.end(), [&](const ReferenceRun& other) {
    return other.state == RunState::queued && other.group == run.group &&
           other.request.workspace == run.request.workspace && other.level == run.level &&
           other.sequence < run.sequence;
  });
}

/// Where queues can be blocked, a woken run that is not the first of its queue may have to wait for
/// that one, and so uses up nothing. (Only runs that climb get before others or behind them.)
void ReferencePipeline::pass_on_wakes_of_the_overtaken(std::uint32_t g) {
  if (!blocks_queues(g)) return;
  for (ReferenceRun& run : runs_) {
    if (run.group != g || run.state != RunState::queued) continue;
    if (run.woken_by.kind == Thing::Kind::none || is_first_of_its_queue(run)) continue;
    passed_on_.push_back({g, run.woken_turn, run.woken_by});
    run.woken_by = {};
  }
}

/// Workers are idle and nobody is named, but somebody may be when he has climbed.
void ReferencePipeline::look_again_when_somebody_climbs(std::uint32_t g) {
  if (policy(g).kind != DispatchPolicyKind::ageing) return;
  Time next = Time::never();
  for (const ReferenceRun& run : runs_) {
    if (run.group == g && run.state == RunState::queued && run.level > 0)
      next = std::min(next, run.promotion_due);
  }
  if (next != Time::never()) schedule(next, EventClass::timer, [=, this] { stir(g); });
}

/// Workspaces without a candidate leave their ring; those that got one join at the tail.
void ReferencePipeline::settle_rings(std::uint32_t g) {
  const bool one_ring = policy(g).kind == DispatchPolicyKind::fair_first;
  for (std::size_t level = 0; level < (one_ring ? 1 : kLevels); ++level) {
    const auto has_candidate = [&](std::uint32_t workspace) {
      return std::any_of(runs_.begin(), runs_.end(), [&](const ReferenceRun& run) {
        return run.group == g && run.request.workspace.value == workspace &&
               (one_ring || run.level == level) && is_candidate(run);
      });
    };
    std::vector<std::uint32_t>& ring = groups_[g].rings[level];
    std::erase_if(ring, [&](std::uint32_t workspace) { return !has_candidate(workspace); });
    for (std::uint32_t w = 0; w < config().workspaces.size(); ++w) {
      if (std::count(ring.begin(), ring.end(), w) > 0 || !has_candidate(w)) continue;
      start_no_lower_than_others(g, level, w);
      ring.push_back(w);
    }
  }
}

/// After a dispatch, once the run is no longer a candidate.
void ReferencePipeline::turn_over(const ReferenceRun& run) {
  const DispatchConfig& policy = this->policy(run.group);
  const bool one_ring = policy.kind == DispatchPolicyKind::fair_first;
  const std::uint32_t workspace = run.request.workspace.value;
  groups_[run.group].last_start[run.level] = groups_[run.group].worker_time[run.level][workspace];
  settle_rings(run.group);
  std::vector<std::uint32_t>& ring = groups_[run.group].rings[one_ring ? 0 : run.level];
  if (std::erase(ring, workspace) > 0) ring.push_back(workspace);
  if (policy.kind == DispatchPolicyKind::weighted) --groups_[run.group].credit[run.level];
}

/// Accepted or rejoined: a candidate at its own level, behind all others.
void ReferencePipeline::enter_queue(std::size_t r) {
  ReferenceRun& run = runs_[r];
  run.state = RunState::queued;
  run.sequence = sequences_++;
  run.level = index(run.request.level);
  run.promotion_due = now_ + policy(run.group).promote_after;
  stir(run.group);
  settle_rings(run.group);
}

// ---- the policies

std::optional<std::size_t> ReferencePipeline::choose(std::uint32_t g) {
  switch (policy(g).kind) {
    case DispatchPolicyKind::fifo:
      return first_candidate(g, std::nullopt, std::nullopt);
    case DispatchPolicyKind::fair_first:
      return choose_fair(g);
    case DispatchPolicyKind::weighted:
      return choose_weighted(g);
    case DispatchPolicyKind::reserved:
      return choose_reserved(g);
    case DispatchPolicyKind::fair_share:
      return choose_fair_share(g);
    case DispatchPolicyKind::share_limit:
      return choose_share_limit(g);
    case DispatchPolicyKind::ageing:  // somebody may have climbed: promote_due
    case DispatchPolicyKind::strict_priority:
    case DispatchPolicyKind::workspace_cap:
      return choose_strict(g);
  }
  throw std::logic_error("this policy has no reference");
}

std::optional<std::size_t> ReferencePipeline::choose_strict(std::uint32_t g) {
  for (std::size_t level = 0; level < kLevels; ++level) {
    if (const auto head = head_of_ring(g, level)) return head;
  }
  return std::nullopt;
}

/// The smallest sequence among the candidates of a workspace and level, or of all.
std::optional<std::size_t> ReferencePipeline::first_candidate(
    std::uint32_t g, std::optional<std::uint32_t> workspace,
    std::optional<std::size_t> level) const {
  std::optional<std::size_t> first;
  for (std::size_t r = 0; r < runs_.size(); ++r) {
    const ReferenceRun& run = runs_[r];
    if (run.group != g || !is_candidate(run) || !level_allowed(g, run.level)) continue;
    if (workspace && run.request.workspace.value != *workspace) continue;
    if (level && run.level != *level) continue;
    if (!first || run.sequence < runs_[*first].sequence) first = r;
  }
  return first;
}

std::optional<std::size_t> ReferencePipeline::head_of_ring(std::uint32_t g, std::size_t level) {
  const std::vector<std::uint32_t>& ring = groups_[g].rings[level];
  if (ring.empty()) return std::nullopt;
  return first_candidate(g, ring.front(), level);
}

std::optional<std::size_t> ReferencePipeline::choose_fair(std::uint32_t g) {
  for (const std::uint32_t workspace : groups_[g].rings[0]) {
    for (std::size_t level = 0; level < kLevels; ++level) {
      if (const auto first = first_candidate(g, workspace, level)) return first;
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> ReferencePipeline::choose_weighted(std::uint32_t g) {
  bool anybody = false;
  for (int round = 0; round < 2; ++round) {
    for (std::size_t level = 0; level < kLevels; ++level) {
      const auto head = head_of_ring(g, level);
      anybody |= head.has_value();
      if (head && groups_[g].credit[level] >= 1) return head;
    }
    if (!anybody) return std::nullopt;
    groups_[g].credit = policy(g).weights;
  }
  return std::nullopt;
}

std::optional<std::size_t> ReferencePipeline::choose_reserved(std::uint32_t g) {
  std::array<std::uint32_t, kLevels> busy{};
  for (const ReferenceRun& run : runs_) {
    if (run.group == g && run.has_worker()) ++busy[run.level];
  }
  const auto& reserved = policy(g).reserved;
  for (std::size_t level = 0; level < kLevels; ++level) {
    std::uint32_t kept_for_others = 0;
    for (std::size_t other = 0; other < kLevels; ++other) {
      if (other != level && reserved[other] > busy[other]) {
        kept_for_others += reserved[other] - busy[other];
      }
    }
    if (groups_[g].idle <= kept_for_others && busy[level] >= reserved[level]) continue;
    if (const auto head = head_of_ring(g, level)) return head;
  }
  return std::nullopt;
}

// ---- fair_share, share_limit

/// Whoever has had a worker until now has had it until `now`.
void ReferencePipeline::charge_worker_time(Time now) {
  for (const ReferenceRun& run : runs_) {
    if (!run.has_worker()) continue;
    auto& level = groups_[run.group].worker_time[index(run.request.level)];
    level[run.request.workspace.index()].had += (now - now_).ns;
  }
}

std::uint32_t ReferencePipeline::at_work(std::uint32_t g, std::uint32_t workspace,
                                         std::size_t level) const {
  return static_cast<std::uint32_t>(
      std::count_if(runs_.begin(), runs_.end(), [&](const ReferenceRun& run) {
        return run.has_worker() && run.group == g && run.request.workspace.value == workspace &&
               index(run.request.level) == level;
      }));
}

/// By weight; of equals whoever has fewer workers by weight, of equals again the first in turn.
std::uint32_t ReferencePipeline::has_had_least(std::uint32_t g, std::size_t level) const {
  const std::vector<std::uint32_t>& ring = groups_[g].rings[level];
  const auto by_weight = [&](std::uint32_t w, std::uint32_t other) {
    const std::int64_t other_weight = groups_[g].worker_time[level][other].weight;
    return std::make_pair(groups_[g].worker_time[level][w].had * other_weight,
                          at_work(g, w, level) * other_weight);
  };
  std::uint32_t least = ring.front();
  for (const std::uint32_t w : ring) {
    if (by_weight(w, least) < by_weight(least, w)) least = w;
  }
  return least;
}

/// No credit for the time in which nothing waited.
void ReferencePipeline::start_no_lower_than_others(std::uint32_t g, std::size_t level,
                                                   std::uint32_t workspace) {
  if (policy(g).kind != DispatchPolicyKind::fair_share) return;
  ReferenceGroup& group = groups_[g];
  const WorkerTime others = group.rings[level].empty()
                                ? group.last_start[level]
                                : group.worker_time[level][has_had_least(g, level)];
  WorkerTime& own = group.worker_time[level][workspace];
  if (own.had * others.weight < others.had * own.weight)
    own.had = (others.had * own.weight + others.weight - 1) / others.weight;
}

std::optional<std::size_t> ReferencePipeline::choose_fair_share(std::uint32_t g) {
  for (std::size_t level = 0; level < kLevels; ++level) {
    if (groups_[g].rings[level].empty() || !level_allowed(g, level)) continue;
    return first_candidate(g, has_had_least(g, level), level);
  }
  return std::nullopt;
}

/// The first in turn that would not have more than its share then; if there is none, the first.
std::optional<std::size_t> ReferencePipeline::choose_share_limit(std::uint32_t g) {
  for (std::size_t level = 0; level < kLevels; ++level) {
    if (!head_of_ring(g, level)) continue;
    for (const std::uint32_t w : groups_[g].rings[level]) {
      const std::uint64_t would_have = at_work(g, w) + 1;
      if (would_have * 1'000'000 <= std::uint64_t{present(g)} * policy(g).share_millionths)
        return first_candidate(g, w, level);
    }
    return head_of_ring(g, level);
  }
  return std::nullopt;
}

void ReferencePipeline::promote_due(std::uint32_t g) {
  while (true) {
    ReferenceRun* first = nullptr;
    for (ReferenceRun& run : runs_) {
      if (run.group != g || run.state != RunState::queued) continue;
      if (run.level == 0 || run.promotion_due > now_) continue;
      const auto place = [](const ReferenceRun& r) {
        return std::make_pair(r.promotion_due, r.sequence);
      };
      if (first == nullptr || place(run) < place(*first)) first = &run;
    }
    if (first == nullptr) return;
    const std::uint32_t workspace = first->request.workspace.value;
    if (!queue_blocked(g, workspace, first->level - 1)) --first->level;
    first->promotion_due = first->promotion_due + policy(g).promote_after;
    settle_rings(g);
    pass_on_wakes_of_the_overtaken(g);
  }
}

}  // namespace sluice::reference
