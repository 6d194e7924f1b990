#include "mock_api/served_pipeline/open_runs.hpp"

#include <algorithm>

namespace sluice {
namespace {

bool is_open(const Run& run) {
  return run.state != RunState::free && run.state != RunState::submitting;
}

OpenRuns only(const Run& run, Time now) {
  if (run.state == RunState::running) return {.running = 1};
  const Duration waited = now - run.accepted - run.ran;
  return run.state == RunState::queued ? OpenRuns{.eligible = 1, .oldest = waited}
                                       : OpenRuns{.blocked = 1, .oldest = waited};
}

}  // namespace

OpenRuns& OpenRuns::operator+=(const OpenRuns& more) {
  eligible += more.eligible;
  blocked += more.blocked;
  running += more.running;
  oldest = std::max(oldest, more.oldest);
  return *this;
}

std::vector<OpenRunsByLevel> open_runs(const Pipeline& pipeline, std::size_t workspaces, Time now) {
  std::vector<OpenRunsByLevel> open(workspaces);
  for (std::size_t i = 0; i < pipeline.slot_count(); ++i) {
    const Run& run = pipeline.run(RunSlot::at(i));
    if (is_open(run)) open[run.request.workspace.index()][index(run.level())] += only(run, now);
  }
  return open;
}

}  // namespace sluice
