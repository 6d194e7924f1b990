#include "reports/metrics/at_end.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "reports/metrics/run_records.hpp"

namespace sluice {

AtEnd::AtEnd(const Records& all, Time until)
    : records(all),
      end(until),
      length_s((until - all.from).seconds()),
      open_(all.queues.size()),
      open_candidate_ns_(all.groups.size()),
      used_(all.groups.size()),
      accepted_(all.groups.size()),
      running_(all.groups.size()) {
  SLUICE_REQUIRE(all.started && until >= all.from, "the window ends after it began");
  for (std::uint32_t slot = 0; slot < all.runs.size(); ++slot) {
    const RunRecord& run = all.runs[slot];
    if (run.phase == Phase::none) continue;
    const Duration in_window = end - std::max(run.since, all.from);
    const auto since_ns = static_cast<double>(in_window.ns);
    if (run.phase == Phase::candidate) {
      open_[run.queue].candidate_ns += since_ns;
      open_candidate_ns_[run.group][run.level()] += in_window.ns;
    }
    if (run.blocked()) open_[run.queue].blocked_ns += since_ns;
    if (run.waiting()) waiting.push_back({run.queue, slot, run.wait + (end - run.since), {}});
  }
  std::stable_sort(waiting.begin(), waiting.end(),
                   [](const WaitingRun& a, const WaitingRun& b) { return a.queue < b.queue; });
  first_.assign(all.queues.size() + 1, 0);
  for (const WaitingRun& w : waiting) ++first_[w.queue + 1];
  for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
  for (std::size_t q = 0; q < all.queues.size(); ++q) {
    const std::size_t group = all.workspace_groups[q / kLevels].index();
    accepted_[group][q % kLevels] += all.queues[q].flow.accepted;
    running_[group][q % kLevels] += all.queues[q].running;
  }
  for (std::size_t g = 0; g < all.groups.size(); ++g)
    for (std::size_t k = 0; k < kLevels; ++k) used_[g][k] = level_is_used(g, k);
}

bool AtEnd::level_is_used(std::size_t g, std::size_t k) const {
  const LevelRecord& level = records.groups[g].levels[k];
  const bool runs = running_[g][k] > 0 && end > records.from;
  return level.dispatched + accepted_[g][k] > 0 || level.candidates.until(end) > 0 ||
         level.blocked.until(end) > 0 || level.ran || runs || level.waiting() > 0;
}

bool AtEnd::is_used(std::size_t q) const {
  const QueueRecord& queue = records.queues[q];
  const Flow<std::uint32_t>& flow = queue.flow;
  return flow.submitted + flow.accepted + flow.answered + flow.dispatched + flow.ended() > 0 ||
         queue.candidates + queue.running > 0 || open_[q].candidate_ns + open_[q].blocked_ns > 0 ||
         (!records.submitting.empty() && records.submitting[q].count() > 0);
}

void QueueSums::clear() {
  flow = {};
  too_long = {};
  submitting = {};
  waits.clear();
  parts = {};
  episodes = {};
  time = {};
  running_ns = 0;
  runs = 0;
}

}  // namespace sluice
