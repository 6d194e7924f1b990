#include "reports/recorder_tables.hpp"

#include <algorithm>

namespace sluice {

void GroupRecord::settle(Time now) {
  const Duration lasted = now - instant;
  instant = now;
  passed_over.settle(candidates());
  std::uint32_t waiting_candidates = 0;
  std::uint32_t waiting_blocked = 0;
  for (LevelRecord& level : levels) {
    waiting_candidates += level.candidates.count();
    waiting_blocked += level.blocked.count();
    level.most_candidates = std::max(level.most_candidates, level.candidates.count());
    level.most_blocked = std::max(level.most_blocked, level.blocked.count());
  }
  const std::uint32_t idle = clocks.idle();
  if (idle == 0) return;
  const Int128 area = static_cast<Int128>(idle) * lasted.ns;
  if (waiting_candidates > 0) {
    idle_backlogged += area;
    loss += lasted;
  } else if (waiting_blocked > 0) {
    idle_blocked += area;
  } else {
    idle_empty += area;
  }
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
  level.bypass_total = level.first_dispatches = level.dispatched = 0;
  level.bypass_most = 0;
  level.slowdown.restart(pool);
  level.slowdown_sum = 0;
  level.wait_batches = {};
  level.ended_runs = 0;
  level.service_s = 0;
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
  idle_backlogged = idle_blocked = idle_empty = 0;
  loss = {};
  present_at_window = 0;
  last_accepted = emptied = {-1};
  std::fill(accepted_by_workflow.begin(), accepted_by_workflow.end(), 0);
}

}  // namespace sluice
