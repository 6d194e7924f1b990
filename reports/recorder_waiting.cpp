// Waiting: queues, candidates, blocked runs, and how their waits are spent.
#include <algorithm>

#include "reports/recorder_impl.hpp"

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

/// What was kept in `split` moves into the extension.
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
    for (std::size_t i = 0; i < kCandidateParts; ++i) extension.parts.parts[i] = {run.split[i]};
  return extension;
}

void Recorder::Impl::drop_extension(RunRecord& run) {
  free_extensions_.push_back(run.extension);
  run.extension = 0;
}

// ---- the queue of a level: oldest first

void Recorder::Impl::join_queue(Time now, RunSlot slot) {
  RunRecord& run = runs_[slot.index()];
  GroupRecord& group = group_of(run);
  LevelRecord& level = group.levels[run.level()];
  run.older = level.newest;
  run.newer = RunSlot::none();
  if (level.newest.valid()) {
    runs_[level.newest.index()].newer = slot;
  } else {
    level.oldest = slot;
    level.age.oldest_is(now, now, config_.starvation_threshold[run.level()]);
  }
  level.newest = slot;
  group.joins.join(slot, [this](RunSlot s) -> JoinPlace& { return runs_[s.index()].place; });
  run.joined = now;
  if (group.waiting++ == 0) group.backlog_since = now;
  if (group.any_lower_busy(run.level())) level.waiting_beside_lower.add(now);
}

void Recorder::Impl::leave_queue(Time now, RunSlot slot, bool is_dispatch) {
  RunRecord& run = runs_[slot.index()];
  GroupRecord& group = group_of(run);
  LevelRecord& level = group.levels[run.level()];
  if (is_dispatch) {
    const std::uint32_t bypassed = group.joins.dispatch(run.place);
    if (run.counted) {
      level.bypass_total += bypassed;
      level.bypass_most = std::max(level.bypass_most, bypassed);
    }
  } else {
    group.joins.abandon(run.place);
  }
  if (run.newer.valid())
    runs_[run.newer.index()].older = run.older;
  else
    level.newest = run.older;
  if (run.older.valid()) {
    runs_[run.older.index()].newer = run.newer;
  } else {
    level.oldest = run.newer;
    const Time oldest = run.newer.valid() ? runs_[run.newer.index()].joined : Time::never();
    level.age.oldest_is(oldest, now, config_.starvation_threshold[run.level()]);
  }
  if (group.any_lower_busy(run.level())) level.waiting_beside_lower.remove(now);
  if (--group.waiting == 0 && now > group.backlog_since)
    ++reached_.by_kind[static_cast<std::size_t>(ReachKind::queue_emptied)];
}

// ---- candidates

void Recorder::Impl::read_clocks(Time now, const RunRecord& run, ClockReading& reading) const {
  const WorkerClocks& clocks = groups_[run.group].clocks;
  clocks.read(now, reading);
  const QueueRecord& queue = queues_[run.queue];
  reading.own = queue.own_clock + queue.running * clocks.normalised(now);
}

void Recorder::Impl::enter_candidates(Time now, RunSlot slot) {
  RunRecord& run = runs_[slot.index()];
  GroupRecord& group = group_of(run);
  const std::size_t k = run.level();
  LevelRecord& level = group.levels[k];
  run.phase = Phase::candidate;
  run.since = now;
  read_clocks(now, run, run.clock);
  if (level.candidates.count() == 0) {
    level.episodes.begin(now);
    level.after_dispatch = false;
    group.log.begin(k, now);
  }
  level.candidates.add(now);
  ++group.candidate_count;
  QueueRecord& queue = queues_[run.queue];
  if (queue.candidates++ == 0) queue.episodes.begin(now);
  group.passed_over.became_candidate(k);
  group.fairness.add_candidate(now, fair_, run.workspace());
  for_slices(slot, [now](Slice& slice) { slice.candidates.add(now); });
}

void Recorder::Impl::leave_candidates(Time now, RunSlot slot, bool is_dispatch) {
  RunRecord& run = runs_[slot.index()];
  GroupRecord& group = group_of(run);
  const std::size_t k = run.level();
  LevelRecord& level = group.levels[k];
  QueueRecord& queue = queues_[run.queue];
  if (run.since == now) group.passed_over.no_longer_fresh(k);
  level.candidates.remove(now);
  --group.candidate_count;
  --queue.candidates;
  if (is_dispatch) dispatch_episodes(now, group, run.queue);
  note_affected(run);
  const Duration threshold = config_.starvation_threshold[k];
  if (level.candidates.count() == 0 && level.episodes.open()) {
    level.episodes.end(now, threshold);
    group.log.end(k, now, threshold);
  }
  if (queue.candidates == 0 && queue.episodes.open()) queue.episodes.end(now, threshold);
  group.fairness.remove_candidate(now, fair_, run.workspace());
  split_segment(now, run, is_dispatch);
  for_slices(slot, [now](Slice& slice) { slice.candidates.remove(now); });
}

/// To be called with the dispatched run no longer among the candidates.
void Recorder::Impl::dispatch_episodes(Time now, GroupRecord& group, std::uint32_t queue_number) {
  const std::size_t k = queue_number % kLevels;
  const Duration threshold = config_.starvation_threshold[k];
  LevelRecord& level = group.levels[k];
  if (level.episodes.open()) {
    const Duration length = level.episodes.dispatch(now, threshold);
    if (length >= threshold) level.last_starved = now;
    if (level.after_dispatch) {
      ++level.gaps;
      level.gap_sum_s += length.seconds();
      level.gap_squares_s2 += length.seconds() * length.seconds();
    }
    level.after_dispatch = true;
    group.log.end(k, now, threshold);
    group.log.begin(k, now);
  }
  group.log.dispatched(now, queue_number, config_.starvation_threshold);
  Episodes& own = queues_[queue_number].episodes;
  if (own.open()) own.dispatch(now, threshold);
}

void Recorder::Impl::note_affected(RunRecord& run) {
  GroupRecord& group = group_of(run);
  LevelRecord& level = group.levels[run.level()];
  const Duration threshold = config_.starvation_threshold[run.level()];
  const bool starving =
      level.episodes.open() && group.instant - level.episodes.since() >= threshold;
  if (starving) level.last_starved = group.instant;
  if (run.affected || level.last_starved <= run.since) return;
  run.affected = true;
  ++level.affected_runs;
  QueueRecord& queue = queues_[run.queue];
  level.affected_workspaces += !queue.affected;
  queue.affected = true;
}

void Recorder::Impl::split_segment(Time now, RunRecord& run, bool is_dispatch) {
  const Duration length = now - run.since;
  WaitAttribution split;
  if (length.ns > 0) {
    run.wait += length;
    const Duration in_window = now - std::max(run.since, from_);
    queues_[run.queue].candidate_ns += static_cast<double>(in_window.ns);
    group_of(run).levels[run.level()].candidate_ns += in_window.ns;
    ClockReading reading;
    read_clocks(now, run, reading);
    split = split_candidate_wait(length, run.priority(), run.clock, reading);
  }
  if (is_dispatch && run.extension == 0) {
    for (std::size_t i = 0; i < kCandidateParts; ++i) run.split[i] = split.parts[i].ns;
    return;
  }
  RunExtension& sum = extension(run);
  for (std::size_t i = 0; i < kCandidateParts; ++i) sum.parts.parts[i] += split.parts[i];
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

void Recorder::Impl::enter_blocked(Time now, RunSlot slot, Phase phase, const Blocker* blocker) {
  RunRecord& run = runs_[slot.index()];
  GroupRecord& group = group_of(run);
  run.phase = phase;
  run.since = now;
  group.levels[run.level()].blocked.add(now);
  set_blocker(now, run, blocker);
  for_slices(slot, [now](Slice& slice) { slice.blocked.add(now); });
}

void Recorder::Impl::set_blocker(Time now, RunRecord& run, const Blocker* blocker) {
  RunExtension& held = extension(run);
  held.credential = CredentialId::none();
  if (blocker == nullptr) {
    held.held_by = WaitPart::retry_delay;
    return;
  }
  constexpr std::array<WaitPart, 4> parts{WaitPart::credential_limit, WaitPart::login,
                                          WaitPart::pause, WaitPart::workspace_cap};
  held.held_by = parts[static_cast<std::size_t>(blocker->reason)];
  if (blocker->need.value == UINT32_MAX || blocker->need.is_pool()) return;
  held.credential = blocker->need.credential();
  CredentialRecord& record = credential_records_[held.credential.index()];
  record.hold(now);
  held.login_before = record.login_until(now);
  held.pause_before = record.pause_until(now);
}

void Recorder::Impl::leave_blocked(Time now, RunSlot slot) {
  RunRecord& run = runs_[slot.index()];
  GroupRecord& group = group_of(run);
  group.levels[run.level()].blocked.remove(now);
  for_slices(slot, [now](Slice& slice) { slice.blocked.remove(now); });
  run.wait += now - run.since;
  queues_[run.queue].blocked_ns += static_cast<double>((now - std::max(run.since, from_)).ns);
  RunExtension& held = extensions_[run.extension];
  add_blocked_parts(now, run, held.parts);
  if (held.credential.valid()) credential_records_[held.credential.index()].let_go(now);
}

void Recorder::Impl::add_blocked_parts(Time now, const RunRecord& run,
                                       WaitAttribution& parts) const {
  const RunExtension& held = extensions_[run.extension];
  const Duration length = now - run.since;
  if (!held.credential.valid()) {
    parts[held.held_by] += length;
    return;
  }
  const CredentialRecord& record = credential_records_[held.credential.index()];
  const Duration login = record.login_until(now) - held.login_before;
  const Duration pause = record.pause_until(now) - held.pause_before;
  parts[WaitPart::login] += login;
  parts[WaitPart::pause] += pause;
  parts[WaitPart::credential_limit] += length - login - pause;
}

WaitAttribution Recorder::Impl::attribution(RunSlot slot) const {
  WaitAttribution result;
  if (slot.index() >= runs_.size()) return result;
  const RunRecord& run = runs_[slot.index()];
  if (run.extension != 0) {
    result = extensions_[run.extension].parts;
  } else if (run.wait.ns > 0 && (run.phase == Phase::running || run.phase == Phase::none)) {
    for (std::size_t i = 0; i < kCandidateParts; ++i) result.parts[i] = {run.split[i]};
  }
  result[WaitPart::api] = run.api;
  return result;
}

WaitAttribution Recorder::Impl::attribution_until(RunSlot slot, Time now) const {
  WaitAttribution result = attribution(slot);
  const RunRecord& run = runs_[slot.index()];
  if (run.blocked()) add_blocked_parts(now, run, result);
  if (run.phase != Phase::candidate) return result;
  ClockReading reading;
  read_clocks(now, run, reading);
  const WaitAttribution open =
      split_candidate_wait(now - run.since, run.priority(), run.clock, reading);
  for (std::size_t i = 0; i < kCandidateParts; ++i) result.parts[i] += open.parts[i];
  return result;
}

}  // namespace sluice
