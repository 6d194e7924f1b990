// Waiting: queues, candidates, blocked runs, and how their waits are spent.
#include <algorithm>

#include "reports/metrics/recorder_impl.hpp"

namespace sluice {

void Recorder::Impl::grow(RunSlot slot) {
  runs_.resize(slot.index() + 1);
  if (!slices_.empty()) slice_masks_.resize(runs_.size() * mask_words_);
}

void Recorder::Impl::match_slices(RunSlot slot, const Run& run) {
  const GroupId group = workspace_groups_[run.request.workspace.index()];
  std::uint64_t* mask = &slice_masks_[slot.index() * mask_words_];
  std::fill_n(mask, mask_words_, 0);
  for (std::size_t i = 0; i < slices_.size(); ++i) {
    if (!slices_[i].matches(group, run.request)) continue;
    mask[i / 64] |= std::uint64_t{1} << (i % 64);
    ++slices_[i].flow.accepted;
    slices_[i].parts[static_cast<std::size_t>(WaitPart::api)] +=
        static_cast<double>(runs_[slot.index()].api.ns);
  }
}

// ---- extensions

/// What was kept in `clock` moves into the extension.
RunExtension& Recorder::Impl::extension(RunRecord& run) {
  if (run.extension != 0) return extensions_[run.extension];
  if (free_extensions_.empty()) {
    run.extension = static_cast<std::uint32_t>(extensions_.size());
    extensions_.emplace_back();
  } else {
    run.extension = free_extensions_.back();
    free_extensions_.pop_back();
    extensions_[run.extension] = {};
  }
  RunExtension& extension = extensions_[run.extension];
  if (run.phase == Phase::running && run.wait.ns > 0)
    extension.parts = split_candidate_wait(run.wait, run.priority(), run.clock);
  return extension;
}

void Recorder::Impl::drop_extension(RunRecord& run) {
  free_extensions_.push_back(run.extension);
  run.extension = 0;
}

// ---- the queue of a level: oldest first

void Recorder::Impl::join_queue(Time now, const Place& p) {
  p.run.older = p.level.newest;
  p.run.newer = RunSlot::none();
  if (p.level.newest.valid()) {
    runs_[p.level.newest.index()].newer = p.slot;
  } else {
    p.level.oldest = p.slot;
    p.level.age.oldest_is(now, now, p.threshold);
  }
  p.level.newest = p.slot;
  p.group.joins.join(p.slot, [this](RunSlot s) -> JoinPlace& { return runs_[s.index()].place; });
  p.run.joined = now;
  p.group.grew = true;
  if (p.group.waiting++ == 0) p.group.backlog_since = now;
  if (p.group.any_lower_busy(p.k)) p.level.waiting_beside_lower.add(now);
}

void Recorder::Impl::leave_queue(Time now, const Place& p, bool is_dispatch) {
  if (is_dispatch) {
    const std::uint32_t bypassed = p.group.joins.dispatch(p.run.place);
    if (p.run.counted) {
      p.level.bypass_total += bypassed;
      p.level.bypass_most = std::max(p.level.bypass_most, bypassed);
    }
  } else {
    p.group.joins.abandon(p.run.place);
  }
  if (p.run.newer.valid())
    runs_[p.run.newer.index()].older = p.run.older;
  else
    p.level.newest = p.run.older;
  if (p.run.older.valid()) {
    runs_[p.run.older.index()].newer = p.run.newer;
  } else {
    p.level.oldest = p.run.newer;
    const Time oldest = p.run.newer.valid() ? runs_[p.run.newer.index()].joined : Time::never();
    p.level.age.oldest_is(oldest, now, p.threshold);
  }
  if (p.group.any_lower_busy(p.k)) p.level.waiting_beside_lower.remove(now);
  if (--p.group.waiting == 0 && now > p.group.backlog_since)
    ++reached_.by_kind[static_cast<std::size_t>(ReachKind::queue_emptied)];
}

// ---- candidates

void Recorder::Impl::read_clocks(const RunRecord& run, ClockReading& reading) const {
  const WorkerClocks& clocks = groups_[run.group].clocks;
  clocks.read(reading);
  const QueueRecord& queue = queues_[run.queue];
  reading.own = queue.own_clock + queue.running * clocks.normalised();
}

void Recorder::Impl::enter_candidates(Time now, const Place& p) {
  p.run.phase = Phase::candidate;
  p.run.since = now;
  read_clocks(p.run, p.run.clock);
  if (p.level.candidates.count() == 0) {
    p.level.episodes.begin(now);
    p.level.after_dispatch = false;
    p.group.log.begin(p.k, now);
  }
  p.level.candidates.add(now);
  ++p.group.candidate_count;
  p.group.grew = true;
  if (p.queue.candidates++ == 0) p.queue.episodes.begin(now);
  p.group.passed_over.became_candidate(p.k);
  p.group.fairness.add_candidate(now, fair_, p.run.workspace());
  for_slices(p.slot, [now](Slice& slice) { slice.candidates.add(now); });
}

void Recorder::Impl::leave_candidates(Time now, const Place& p, bool is_dispatch) {
  if (p.run.since == now) p.group.passed_over.no_longer_fresh(p.k);
  p.level.candidates.remove(now);
  --p.group.candidate_count;
  --p.queue.candidates;
  if (is_dispatch) dispatch_episodes(now, p);
  note_affected(p);
  if (p.level.candidates.count() == 0 && p.level.episodes.open()) {
    p.level.episodes.end(now, p.threshold);
    p.group.log.end(p.k, now, p.threshold);
  }
  if (p.queue.candidates == 0 && p.queue.episodes.open()) p.queue.episodes.end(now, p.threshold);
  p.group.fairness.remove_candidate(now, fair_, p.run.workspace());
  split_segment(now, p, is_dispatch);
  for_slices(p.slot, [now](Slice& slice) { slice.candidates.remove(now); });
}

/// To be called with the dispatched run no longer among the candidates.
void Recorder::Impl::dispatch_episodes(Time now, const Place& p) {
  if (p.level.episodes.open()) {
    const Duration length = p.level.episodes.dispatch(now, p.threshold);
    if (length >= p.threshold) p.level.last_starved = now;
    if (p.level.after_dispatch) {
      ++p.level.gaps;
      p.level.gap_sum_s += length.seconds();
      p.level.gap_squares_s2 += length.seconds() * length.seconds();
    }
    p.level.after_dispatch = true;
    p.group.log.begin_again(p.k, now, p.threshold);
  }
  p.group.log.dispatched(now, p.run.queue, p.k, config_.starvation_threshold);
  if (p.queue.episodes.open()) p.queue.episodes.dispatch(now, p.threshold);
}

void Recorder::Impl::note_affected(const Place& p) {
  const Time now = p.group.instant;
  const bool starving = p.level.episodes.open() && now - p.level.episodes.since() >= p.threshold;
  if (starving) p.level.last_starved = now;
  if (p.run.affected || p.level.last_starved <= p.run.since) return;
  p.run.affected = true;
  ++p.level.affected_runs;
  p.level.affected_workspaces += !p.queue.affected;
  p.queue.affected = true;
}

void Recorder::Impl::split_segment(Time now, const Place& p, bool is_dispatch) {
  RunRecord& run = p.run;
  const Duration length = now - run.since;
  if (length.ns > 0) {
    run.wait += length;
    const Duration in_window = now - std::max(run.since, from_);
    p.queue.candidate_ns += static_cast<double>(in_window.ns);
    p.level.candidate_ns += in_window.ns;
  }
  ClockReading reading;
  read_clocks(run, reading);
  run.clock = reading - run.clock;
  const WorkerClocks& clocks = p.group.clocks;
  const bool stood_still = clocks.stood_still_since(run.since);
  if (is_dispatch && run.extension == 0 && !stood_still) return;
  const WaitAttribution split =
      split_candidate_wait(length, run.priority(), run.clock,
                           stood_still ? clocks.stood_still(run.since) : Standstill{});
  extension(run).parts += split;
}

/// S11: a lower level began or ceased to be at work.
void Recorder::Impl::toggle_beside_lower(Time now, GroupRecord& group) {
  for (std::size_t k = 0; k + 1 < kLevels; ++k) {
    LevelRecord& level = group.levels[k];
    const std::uint32_t waiting = level.candidates.count() + level.blocked.count();
    level.waiting_beside_lower.set(now, group.any_lower_busy(k) ? waiting : 0);
  }
}

// ---- blocked

void Recorder::Impl::enter_blocked(Time now, const Place& p, Phase phase) {
  p.run.phase = phase;
  p.run.since = now;
  p.level.blocked.add(now);
  p.group.grew = true;
  RunExtension& held = extension(p.run);
  held.wait_class = RunExtension::kDelayed;
  for_slices(p.slot, [now](Slice& slice) { slice.blocked.add(now); });
}

void Recorder::Impl::hold(Time now, const Run& run, const Blocker& blocker) {
  RunExtension& held = extensions_[runs_[run.slot.index()].extension];
  HoldPoint point;
  if (blocker.need.value == UINT32_MAX) {
    point.kind = blocker.reason == BlockReason::workspace_cap ? HoldPoint::Kind::workspace_cap
                                                              : HoldPoint::Kind::workflow;
  } else if (blocker.need.is_pool()) {
    point = {HoldPoint::Kind::pool, blocker.need.pool_use()};
  } else {
    point = {HoldPoint::Kind::credential, blocker.need.credential().value};
  }
  held.wait_class = run.wait_class;
  const auto [from, others] = holds_.hold(now, held.wait_class, run.request.workflow, point);
  let_go(now, from, others);
  hold_runs(now, point, others + 1);
  held.held_before = holds_.read(now, held.wait_class);
  held.pool_before = holds_.pool_hold(now, held.wait_class);
  if (point.kind == HoldPoint::Kind::pool) held_by_pool(held, point.index, 1, {});
}

void Recorder::Impl::hold_runs(Time now, HoldPoint point, std::uint32_t runs) {
  if (point.kind == HoldPoint::Kind::credential)
    credential_records_[point.index].hold(now, runs);
  else if (point.kind == HoldPoint::Kind::pool)
    pools_.hold(now, point.index, runs);
}

void Recorder::Impl::let_go(Time now, HoldPoint point, std::uint32_t runs) {
  if (runs == 0) return;
  if (point.kind == HoldPoint::Kind::credential)
    credential_records_[point.index].let_go(now, runs);
  else if (point.kind == HoldPoint::Kind::pool)
    pools_.let_go(now, point.index, runs);
}

void Recorder::Impl::held_by_pool(RunExtension& held, std::uint32_t pool_use, std::uint32_t times,
                                  Duration lasted) {
  if (held.pool_use != pool_use) {
    held.pool_use = pool_use;
    held.pool_holds = 0;
    held.pool_held = {};
  }
  held.pool_holds += times;
  held.pool_held += lasted;
}

/// The others of its class may have moved it between pools meanwhile.
void Recorder::Impl::end_hold(Time now, RunExtension& held) {
  holds_.let_go(held.wait_class);
  let_go(now, holds_.point(held.wait_class), 1);
  const PoolHold pool = holds_.pool_hold(now, held.wait_class);
  if (pool.use == PoolHold::kNoPool) return;
  const bool same = pool.spell == held.pool_before.spell;
  const std::uint32_t times = pool.times - (same ? held.pool_before.times : 0);
  const Duration lasted = pool.lasted - (same ? held.pool_before.lasted : Duration{});
  if (times > 0 || lasted.ns > 0) held_by_pool(held, pool.use, times, lasted);
}

void Recorder::Impl::leave_blocked(Time now, const Place& p) {
  p.level.blocked.remove(now);
  for_slices(p.slot, [now](Slice& slice) { slice.blocked.remove(now); });
  p.run.wait += now - p.run.since;
  p.queue.blocked_ns += static_cast<double>((now - std::max(p.run.since, from_)).ns);
  RunExtension& held = extensions_[p.run.extension];
  if (p.run.phase == Phase::holding) held.holding += now - p.run.since;
  held.parts += blocked_parts(now, p.run);
  if (held.wait_class != RunExtension::kDelayed) end_hold(now, held);
}

WaitAttribution Recorder::Impl::blocked_parts(Time now, const RunRecord& run) const {
  const RunExtension& held = extensions_[run.extension];
  const Duration length = now - run.since;
  if (held.wait_class != RunExtension::kDelayed)
    return split_held_wait(length, held.held_before, holds_.read(now, held.wait_class));
  WaitAttribution delay;
  delay[WaitPart::retry_delay] = length;
  return delay;
}

WaitAttribution Recorder::Impl::attribution(RunSlot slot) const {
  WaitAttribution result;
  if (slot.index() >= runs_.size()) return result;
  const RunRecord& run = runs_[slot.index()];
  if (run.extension != 0) {
    result = extensions_[run.extension].parts;
  } else if (run.wait.ns > 0 && (run.phase == Phase::running || run.phase == Phase::none)) {
    result = split_candidate_wait(run.wait, run.priority(), run.clock);
  }
  result[WaitPart::api] = run.api;
  return result;
}

WaitAttribution Recorder::Impl::attribution_until(RunSlot slot, Time now) const {
  WaitAttribution result = attribution(slot);
  const RunRecord& run = runs_[slot.index()];
  if (run.blocked()) result += blocked_parts(now, run);
  if (run.phase != Phase::candidate) return result;
  ClockReading reading;
  read_clocks(run, reading);
  result += split_candidate_wait(now - run.since, run.priority(), reading - run.clock,
                                 groups_[run.group].clocks.stood_still(run.since));
  return result;
}

}  // namespace sluice
