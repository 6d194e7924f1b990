#include "reports/metrics/run_records.hpp"

#include <algorithm>

namespace sluice {

void GroupRecord::settle(Time now) {
  const Duration lasted = now - instant;
  instant = now;
  clocks.advance(now, candidate_count > 0);
  if (passed_over.any(candidate_count)) passed_over.count(candidates());
  passed_over.next_instant();
  if (grew)
    for (LevelRecord& level : levels) {
      level.most_candidates = std::max(level.most_candidates, level.candidates.count());
      level.most_blocked = std::max(level.most_blocked, level.blocked.count());
    }
  grew = false;
  // Without branches: nobody can guess them.
  const std::uint32_t idle = clocks.idle();
  const std::size_t no_candidate = candidate_count == 0;
  idle_beside[no_candidate + (no_candidate & (waiting == 0))] += idle * lasted.ns;
  loss += Duration{static_cast<std::int64_t>((candidate_count > 0) & (idle > 0)) * lasted.ns};
}

namespace {

void restart_level(LevelRecord& level, Time now, CounterPool& pool) {
  level.candidates.restart(now);
  level.blocked.restart(now);
  level.waiting_beside_lower.restart(now);
  level.episodes.restart(now);
  level.age.restart(now);
  level.most_candidates = level.candidates.count();
  level.most_blocked = level.blocked.count();
  level.last_starved = {-1};
  level.affected_runs = level.affected_workspaces = 0;
  level.after_dispatch = false;
  level.gaps = 0;
  level.gap_sum_s = level.gap_squares_s2 = 0;
  level.candidate_ns = 0;
  level.bypass_total = level.dispatched = level.slowdown_ones = 0;
  level.bypass_most = 0;
  level.slowdown.restart(pool);
  level.slowdown_sum = 0;
  level.wait_batches = {};
}

}  // namespace

void GroupRecord::restart(Time now, CounterPool& pool) {
  advance(now);
  clocks.restart(now);
  for (LevelRecord& level : levels) restart_level(level, now, pool);
  holding.restart(now);
  log.restart(now);
  passed_over.restart();
  fairness.start(now);
  idle_beside = {};
  loss = {};
  present_at_window = 0;
  last_accepted = emptied = {-1};
  std::fill(services.begin(), services.end(), ServiceRecord{});
}

}  // namespace sluice
