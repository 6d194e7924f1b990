// Running: workers and credentials taken and given back, waits and ends recorded.
#include <algorithm>

#include "reports/metrics/recorder_impl.hpp"

namespace sluice {

namespace {

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

void Recorder::Impl::take_credentials(Time now, const Run& run) {
  if (run.slot.index() >= held_.size()) [[unlikely]]
    held_.resize(runs_.size());
  held_[run.slot.index()] = run.held;
  for_held(run, [&](CredentialId credential, Need need) {
    credentials_[credential.index()].take(now);
    if (need.is_pool()) credit_member(runs_[run.slot.index()], need.pool_use(), credential);
    if (need.is_pool() && pools_.dispatched(need.pool_use(), credential))
      ++reached_.by_kind[static_cast<std::size_t>(ReachKind::pool_skipped_member)];
  });
}

/// What a pool held a run for counts for the member that served it in the end.
void Recorder::Impl::credit_member(RunRecord& run, std::uint32_t pool_use, CredentialId member) {
  if (run.extension == 0) return;
  RunExtension& held = extensions_[run.extension];
  if (held.pool_use != pool_use) return;
  credential_records_[member.index()].served(held.pool_holds, held.pool_held);
  held.pool_use = PoolHold::kNoPool;
  held.pool_holds = 0;
  held.pool_held = {};
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

void Recorder::Impl::record_longer_wait(const Place& p) {
  const Duration wait = p.run.wait;
  p.level.wait_batches.add(wait.seconds());
  for_slices(p.slot, [&](Slice& slice) { slice.waits.add(pool_, wait, slo_[p.k], p.threshold); });
  if (wait.ns == 0) {
    ++p.queue.zero_waits;
    return;
  }
  p.queue.waits.add_but_bucket(wait, slo_[p.k], p.threshold);
  defer_bucket(p.run.queue, wait, false);
  add_parts(p, 1);
}

/// Which of a thousand histograms comes next is anybody's guess: the counters, and before them what
/// says where they are, are fetched many at a time.
void Recorder::Impl::defer_bucket(std::uint32_t queue, Duration wait, bool down) {
  const auto bucket = static_cast<std::uint32_t>(LogHistogram::bucket_of(wait));
  deferred_[deferred_count_++] = {queue, bucket << 1 | down};
  if (deferred_count_ == deferred_.size()) bump_deferred();
}

void Recorder::Impl::bump_deferred() {
  constexpr std::size_t kAhead = 8;
  for (std::size_t i = 0; i < deferred_count_; ++i) {
    if (i + 2 * kAhead < deferred_count_) {
      const Deferred& ahead = deferred_[i + 2 * kAhead];
      queues_[ahead.queue].waits.histogram.prefetch(ahead.bucket >> 1);
    }
    if (i + kAhead < deferred_count_) {
      const Deferred& ahead = deferred_[i + kAhead];
      queues_[ahead.queue].waits.histogram.prefetch_counter(pool_, ahead.bucket >> 1);
    }
    const Deferred& d = deferred_[i];
    queues_[d.queue].waits.histogram.bump(pool_, d.bucket >> 1, d.bucket & 1);
  }
  deferred_count_ = 0;
}

void Recorder::Impl::forget_wait(const Place& p) {
  const Duration wait = p.run.wait;
  p.run.recorded = false;
  for_slices(p.slot,
             [&](Slice& slice) { slice.waits.remove(pool_, wait, slo_[p.k], p.threshold); });
  if (wait.ns == 0) {
    --p.queue.zero_waits;
    return;
  }
  p.queue.waits.remove_but_bucket(wait, slo_[p.k], p.threshold);
  defer_bucket(p.run.queue, wait, true);
  add_parts(p, -1);
}

/// Adds how the wait was spent to (or takes it out of) the sums of its queue and slices.
void Recorder::Impl::add_parts(const Place& p, double sign) {
  if (p.run.extension == 0 && slices_.empty()) {
    // Unrounded, which is as good for sums.
    const auto add_part = [&](WaitPart part, double ns) {
      p.queue.parts[static_cast<std::size_t>(part)] += sign * ns;
    };
    const ClockReading& spent = p.run.clock;
    for (std::size_t k = 0; k < kLevels; ++k)
      add_part(static_cast<WaitPart>(k), spent.busy[k] - (k == p.k ? spent.own : 0));
    add_part(WaitPart::own_workspace, spent.own);
    add_part(WaitPart::worker_start_up, spent.start_up);
    add_part(WaitPart::held_by_policy, static_cast<double>(spent.policy));
    return;
  }
  const WaitAttribution split = attribution(p.slot);
  const auto add = [&](auto& parts) {
    for (std::size_t i = 0; i + 1 < kWaitParts; ++i)
      parts[i] += sign * static_cast<double>(split.parts[i].ns);
  };
  add(p.queue.parts);
  for_slices(p.slot, [&](Slice& slice) { add(slice.parts); });
}

void Recorder::Impl::record_abandoned(const Place& p) {
  if (!p.queue.abandoned) {
    p.queue.abandoned = std::make_unique<WaitRecord>();
    if (p.queue.waits.kept) p.queue.abandoned->kept = p.queue.waits.kept->another();
  }
  p.queue.abandoned->add(pool_, p.run.wait, slo_[p.k], p.threshold);
  for_slices(p.slot,
             [&](Slice& slice) { slice.abandoned.add(pool_, p.run.wait, slo_[p.k], p.threshold); });
  add_parts(p, 1);
}

// ---- ends

void Recorder::Impl::record_end(Time now, const Place& p, const Run& ended, Outcome outcome) {
  RunRecord& run = p.run;
  Duration served = now - run.since;
  if (run.requeued) served += extensions_[run.extension].served;
  if (run.workflow < workflows_) {
    ServiceRecord& service = p.group.services[p.k * workflows_ + run.workflow];
    ++service.ended;
    service.attempts += ended.attempt;
    service.service_ns += static_cast<double>(served.ns);
    if (run.extension != 0)
      service.service_ns += static_cast<double>(extensions_[run.extension].holding.ns);
  }
  if (run.counted) record_slowdown(p, served);
  const bool good = outcome == Outcome::succeeded && !run.requeued && run.wait <= slo_[p.k];
  if (!good) return;
  ++p.queue.flow.good;
  for_slices(p.slot, [](Slice& slice) { ++slice.flow.good; });
}

void Recorder::Impl::record_slowdown(const Place& p, Duration served) {
  const RunRecord& run = p.run;
  if (run.wait.ns == 0) {
    ++p.level.slowdown_ones;
  } else {
    const Duration bound = std::max(served, config_.slowdown_bound);
    const double ratio = static_cast<double>((run.wait + served).ns) /
                         static_cast<double>(std::max<std::int64_t>(1, bound.ns));
    const double slowdown = std::max(1.0, ratio);
    p.level.slowdown.add(pool_, slowdown_as_kept(slowdown), Duration::max(), Duration::max());
    p.level.slowdown_sum += slowdown;
  }
}

}  // namespace sluice
