// Running: workers and credentials taken and given back, waits and ends recorded.
#include <algorithm>

#include "reports/recorder_impl.hpp"

namespace sluice {

namespace {

constexpr double kSlowdownScale =
    1e6;  // a slowdown of 1 is kept as 1 ms: 0.8 % from the histogram at every value

/// Calls visit(credential, need) for each credential that a running run holds, once each.
template <class Visit>
void for_held(const Run& run, Visit visit) {
  for (std::size_t i = 0; i < run.request.need_count; ++i) {
    const CredentialId credential = run.held[i];
    bool held_already = !credential.valid();
    for (std::size_t j = 0; j < i; ++j) held_already |= run.held[j] == credential;
    if (!held_already) visit(credential, run.request.needs[i]);
  }
}

}  // namespace

void Recorder::Impl::take_worker(Time now, RunRecord& run) {
  GroupRecord& group = group_of(run);
  QueueRecord& queue = queues_[run.queue];
  group.clocks.take(now, run.priority());
  if (group.clocks.busy(run.priority()) == 1) toggle_beside_lower(now, group);
  ++queue.running;
  queue.own_clock -= group.clocks.normalised(now);
  group.fairness.take_worker(now, fair_, run.workspace());
}

void Recorder::Impl::give_back_worker(Time now, RunRecord& run) {
  GroupRecord& group = group_of(run);
  QueueRecord& queue = queues_[run.queue];
  group.clocks.give_back(now, run.priority());
  if (group.clocks.busy(run.priority()) == 0) toggle_beside_lower(now, group);
  --queue.running;
  queue.own_clock += group.clocks.normalised(now);
  group.fairness.give_back(now, fair_, run.workspace());
}

void Recorder::Impl::take_credentials(Time now, const Run& run) {
  for_held(run, [&](CredentialId credential, Need need) {
    credentials_[credential.index()].take(now);
    if (need.is_pool() && pools_.dispatched(need.pool_use(), credential))
      ++reached_.by_kind[static_cast<std::size_t>(ReachKind::pool_skipped_member)];
  });
}

void Recorder::Impl::give_back_credentials(Time now, const Run& run) {
  for_held(run,
           [&](CredentialId credential, Need) { credentials_[credential.index()].give_back(now); });
}

void Recorder::Impl::demand_credentials(const Run& run) {
  for (std::size_t i = 0; i < run.request.need_count; ++i) {
    const Need need = run.request.needs[i];
    if (need.is_pool())
      pools_.demanded(need.pool_use());
    else if (need.credential().index() < credentials_.size())
      credentials_[need.credential().index()].demand();
  }
}

// ---- waits

void Recorder::Impl::record_wait(RunSlot slot) {
  RunRecord& run = runs_[slot.index()];
  const std::size_t k = run.level();
  QueueRecord& queue = queues_[run.queue];
  const Duration threshold = config_.starvation_threshold[k];
  run.recorded = true;
  groups_[run.group].levels[k].wait_batches.add(run.wait.seconds());
  for_slices(slot, [&](Slice& slice) { slice.waits.add(pool_, run.wait, slo_[k], threshold); });
  if (run.wait.ns == 0) {
    ++queue.zero_waits;
    return;
  }
  queue.waits.add(pool_, run.wait, slo_[k], threshold);
  add_parts(run, slot, 1);
}

void Recorder::Impl::forget_wait(RunSlot slot) {
  RunRecord& run = runs_[slot.index()];
  const std::size_t k = run.level();
  QueueRecord& queue = queues_[run.queue];
  const Duration threshold = config_.starvation_threshold[k];
  run.recorded = false;
  for_slices(slot, [&](Slice& slice) { slice.waits.remove(pool_, run.wait, slo_[k], threshold); });
  if (run.wait.ns == 0) {
    --queue.zero_waits;
    return;
  }
  queue.waits.remove(pool_, run.wait, slo_[k], threshold);
  add_parts(run, slot, -1);
}

/// Adds how the wait was spent to (or takes it out of) the sums of its queue and slices.
void Recorder::Impl::add_parts(RunRecord& run, RunSlot slot, double sign) {
  QueueRecord& queue = queues_[run.queue];
  if (run.extension == 0 && slices_.empty()) {
    for (std::size_t i = 0; i < kCandidateParts; ++i)
      queue.parts[i] += sign * static_cast<double>(run.split[i]);
    return;
  }
  const WaitAttribution split = attribution(slot);
  const auto add = [&](auto& parts) {
    for (std::size_t i = 0; i + 1 < kWaitParts; ++i)
      parts[i] += sign * static_cast<double>(split.parts[i].ns);
  };
  add(queue.parts);
  for_slices(slot, [&](Slice& slice) { add(slice.parts); });
}

void Recorder::Impl::record_abandoned(RunRecord& run, RunSlot slot) {
  const std::size_t k = run.level();
  QueueRecord& queue = queues_[run.queue];
  const Duration threshold = config_.starvation_threshold[k];
  if (!queue.abandoned) {
    queue.abandoned = std::make_unique<WaitRecord>();
    if (config_.exact_quantiles) queue.abandoned->keep_exact();
  }
  queue.abandoned->add(pool_, run.wait, slo_[k], threshold);
  for_slices(slot, [&](Slice& slice) { slice.abandoned.add(pool_, run.wait, slo_[k], threshold); });
  add_parts(run, slot, 1);
}

// ---- ends

void Recorder::Impl::record_end(Time now, RunRecord& run, const Run& model, Outcome outcome) {
  GroupRecord& group = groups_[run.group];
  LevelRecord& level = group.levels[run.level()];
  Duration served = now - run.since;
  if (run.requeued) served += extensions_[run.extension].served;
  if (run.workflow < workflows_) {
    ServiceRecord& service = group.services[run.level() * workflows_ + run.workflow];
    ++service.ended;
    service.service_ns += static_cast<double>(served.ns);
  }
  if (!run.counted) return;
  if (run.wait.ns == 0) {
    ++level.slowdown_ones;
  } else {
    const Duration bound = std::max(served, config_.slowdown_bound);
    const double ratio = static_cast<double>((run.wait + served).ns) /
                         static_cast<double>(std::max<std::int64_t>(1, bound.ns));
    const double slowdown = std::max(1.0, ratio);
    level.slowdown.add(pool_, Duration{static_cast<std::int64_t>(slowdown * kSlowdownScale)},
                       Duration::max(), Duration::max());
    level.slowdown_sum += slowdown;
  }
  const bool good = outcome == Outcome::succeeded && !run.requeued && run.wait <= slo_[run.level()];
  if (!good) return;
  ++queues_[run.queue].flow.good;
  for_slices(model.slot, [](Slice& slice) { ++slice.flow.good; });
}

}  // namespace sluice
