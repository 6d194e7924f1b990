#include "reports/metrics/attribution.hpp"

#include <algorithm>

#include "reports/metrics/at_end.hpp"
#include "reports/metrics/run_records.hpp"

namespace sluice {

Attribution::Attribution(Records& records, const PipelineConfig&)
    : holds_(records.credentials.records, records.credentials.pools) {}

// ---- what holds runs

namespace {

HoldPoint hold_point(const Blocker& blocker) {
  if (blocker.need.value == UINT32_MAX)
    return {blocker.reason == BlockReason::workspace_cap ? HoldPoint::Kind::workspace_cap
                                                         : HoldPoint::Kind::workflow,
            0};
  if (blocker.need.is_pool()) return {HoldPoint::Kind::pool, blocker.need.pool_use()};
  return {HoldPoint::Kind::credential, blocker.need.credential().value};
}

void hold_runs(Time now, HoldPoint point, std::uint32_t runs, CredentialTable& table) {
  SLUICE_CHECK(runs > 0, "somebody is held", now, kNoRun);
  if (point.kind == HoldPoint::Kind::credential)
    table.records[point.index].hold(now, runs);
  else if (point.kind == HoldPoint::Kind::pool)
    table.pools.hold(now, point.index, runs);
}

void let_go(Time now, HoldPoint point, std::uint32_t runs, CredentialTable& table) {
  if (runs == 0) return;
  if (point.kind == HoldPoint::Kind::credential)
    table.records[point.index].let_go(now, runs);
  else if (point.kind == HoldPoint::Kind::pool)
    table.pools.let_go(now, point.index, runs);
}

void held_by_pool(Attribution::RunMore& held, std::uint32_t pool_use, std::uint32_t times,
                  Duration lasted) {
  SLUICE_REQUIRE(lasted.ns >= 0, "a hold ends after it began");
  if (held.pool_use != pool_use) {
    held.pool_use = pool_use;
    held.pool_holds = 0;
    held.pool_held = {};
  }
  held.pool_holds += times;
  held.pool_held += lasted;
}

}  // namespace

void Attribution::held(Time now, const Place& p, const Run& run, const Blocker& blocker) {
  SLUICE_CHECK(p.run.extension != 0, "who is blocked has an extension", now, run.id);
  Records& records = p.records;
  RunMore& held = records.extensions[p.run.extension].attribution;
  const HoldPoint point = hold_point(blocker);
  held.wait_class = run.wait_class;
  const auto [from, others] = holds_.hold(now, held.wait_class, run.request.workflow, point);
  let_go(now, from, others, records.credentials);
  hold_runs(now, point, others + 1, records.credentials);
  held.held_before = holds_.read(now, held.wait_class);
  held.pool_before = holds_.pool_hold(now, held.wait_class);
  if (point.kind == HoldPoint::Kind::pool) held_by_pool(held, point.index, 1, {});
}

/// The others of its class may have moved it between pools meanwhile.
void Attribution::end_hold(Time now, RunMore& held, Records& records) {
  SLUICE_CHECK(held.wait_class != RunMore::kDelayed, "it waits with a class", now, kNoRun);
  holds_.let_go(held.wait_class);
  let_go(now, holds_.point(held.wait_class), 1, records.credentials);
  const PoolHold pool = holds_.pool_hold(now, held.wait_class);
  if (pool.use == PoolHold::kNoPool) return;
  const bool same = pool.spell == held.pool_before.spell;
  const std::uint32_t times = pool.times - (same ? held.pool_before.times : 0);
  const Duration lasted = pool.lasted - (same ? held.pool_before.lasted : Duration{});
  if (times > 0 || lasted.ns > 0) held_by_pool(held, pool.use, times, lasted);
}

void Attribution::left_blocked(Time now, const Place& p) {
  SLUICE_CHECK(p.run.extension != 0, "who is blocked has an extension", now, kNoRun);
  RunMore& held = p.records.extensions[p.run.extension].attribution;
  held.parts += blocked_parts(now, p.records, p.run);
  if (held.wait_class != RunMore::kDelayed) end_hold(now, held, p.records);
}

WaitAttribution Attribution::blocked_parts(Time now, const Records& records,
                                           const RunRecord& run) const {
  const RunMore& held = records.extensions[run.extension].attribution;
  const Duration length = now - run.since;
  if (held.wait_class != RunMore::kDelayed)
    return split_held_wait(length, held.held_before, holds_.read(now, held.wait_class));
  WaitAttribution delay;
  delay[WaitPart::retry_delay] = length;
  return delay;
}

// ---- of one run

WaitAttribution Attribution::of(const Records& records, RunSlot slot) const {
  WaitAttribution result;
  if (slot.index() >= records.runs.size()) return result;
  const RunRecord& run = records.runs[slot.index()];
  if (run.extension != 0) {
    result = records.extensions[run.extension].attribution.parts;
  } else if (run.wait.ns > 0 && (run.phase == Phase::running || run.phase == Phase::none)) {
    result = split_candidate_wait(run.wait, run.priority(), run.attribution.clock);
  }
  result[WaitPart::api] = run.api;
  return result;
}

void Attribution::cut_off(WaitingRun& waiting, Time end, const Records& records) const {
  waiting.parts = of(records, RunSlot{waiting.slot});
  const RunRecord& run = records.runs[waiting.slot];
  if (run.blocked()) waiting.parts += blocked_parts(end, records, run);
  if (run.phase != Phase::candidate) return;
  const GroupRecord& group = records.groups[run.group];
  ClockReading reading;
  read_clocks(group, records.queues[run.queue], reading);
  waiting.parts +=
      split_candidate_wait(end - run.since, run.priority(), reading - run.attribution.clock,
                           group.clocks.stood_still(run.since));
}

void Attribution::add_whole_parts(const Place& p, double sign) {
  SLUICE_CHECK(sign == 1 || sign == -1, "added or taken out", p.group.instant, kNoRun);
  const WaitAttribution split = of(p.records, p.slot);
  const auto add = [&](auto& parts) {
    for (std::size_t i = 0; i + 1 < kWaitParts; ++i)
      parts[i] += sign * static_cast<double>(split.parts[i].ns);
  };
  add(p.queue.attribution.parts);
  p.records.slices.of_run(p.slot, [&](Slice& slice) { add(slice.parts); });
}

// ---- time

void Attribution::window_began(Time now, Records& records) {
  SLUICE_CHECK(records.started, "the window has begun", now, kNoRun);
  for (QueueRecord& queue : records.queues) queue.attribution.parts = {};
  for (GroupRecord& group : records.groups) group.clocks.restart(now);
  holds_.restart(now);
  for (RunExtension& extension : records.extensions) {
    extension.attribution.pool_holds = 0;
    extension.attribution.pool_held = {};
  }
}

Time Attribution::due(const Records& records) const {
  Time due = Time::never();
  for (const GroupRecord& group : records.groups) due = std::min(due, group.clocks.rebase_due());
  return due;
}

void Attribution::reached(Time now, Records& records) {
  SLUICE_CHECK(now == due(records), "when it is due", now, kNoRun);
  for (GroupRecord& group : records.groups) {
    if (group.clocks.rebase_due() != now) continue;
    group.clocks.advance(now, group.candidate_count > 0);
    group.clocks.rebase(now);
  }
}

// ---- figures

void Attribution::add(QueueSums& sums, std::size_t queue, const AtEnd& at) const {
  const auto& parts = at.records.queues[queue].attribution.parts;
  for (std::size_t i = 0; i < kWaitParts; ++i) sums.parts[i] += parts[i];
  for (const WaitingRun& run : at.waiting_in(queue))
    for (std::size_t i = 0; i + 1 < kWaitParts; ++i)
      sums.parts[i] += static_cast<double>(run.parts.parts[i].ns);
}

namespace {

/// Mean time before acceptance: runs that are still being submitted count with what they have had.
void write_api_part(FigureSink& sink, const AtEnd& at, const Subject& subject,
                    const QueueSums& sums, bool all_parts) {
  const std::uint64_t open = sums.submitting.count();
  const std::uint64_t n = sums.waits.count() + open;
  const double ns = sums.parts[static_cast<std::size_t>(WaitPart::api)] +
                    static_cast<double>(sums.submitting.until(at.end));
  if (n == 0 || (!all_parts && ns == 0)) return;
  Figure figure;
  figure.value = ns * 1e-9 / static_cast<double>(n);
  figure.samples = n;
  figure.censored = sums.waits.censored() + open;
  figure.lower_bound = censoring_matters(open, n);
  sink.put(Metric::attribution_api, subject, figure);
}

}  // namespace

void Attribution::write(FigureSink& sink, const AtEnd& at, const Subject& subject,
                        const QueueSums& sums) const {
  // Where there are many subjects, parts that no run had are left out.
  const bool all_parts = sums.of == QueueSums::Of::wide || sums.of == QueueSums::Of::slice;
  write_api_part(sink, at, subject, sums, all_parts);
  if (sums.waits.count() == 0) return;
  const auto n = static_cast<double>(sums.waits.count());
  double sum = 0;
  for (const double part : sums.parts) sum += part;
  for (std::size_t i = 0; i < static_cast<std::size_t>(WaitPart::api); ++i) {
    // Sums of differences of clocks, and waits taken out again, leave a remainder of rounding.
    constexpr double kRounding = 1e-9;
    const double part = sums.parts[i] > kRounding * sum ? sums.parts[i] : 0;
    if (!all_parts && part == 0) continue;
    const auto metric =
        static_cast<Metric>(static_cast<std::size_t>(Metric::attribution_workers_high) + i);
    sink.put(metric, subject, sums.waits.figure(part * 1e-9 / n, false));
  }
}

}  // namespace sluice
