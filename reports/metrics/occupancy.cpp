#include "reports/metrics/occupancy.hpp"

#include "reports/metrics/at_end.hpp"
#include "reports/metrics/run_records.hpp"

namespace sluice {

void Occupancy::window_began(Time now, Records& records) {
  SLUICE_CHECK(records.started, "the window has begun", now, kNoRun);
  for (GroupRecord& group : records.groups)
    for (LevelRecord& level : group.levels) level.occupancy.waiting.restart(now);
}

void Occupancy::write(FigureSink& sink, const AtEnd& at) const {
  for (std::size_t g = 0; g < at.records.groups.size(); ++g)
    for (std::size_t k = 0; k + 1 < kLevels; ++k) {
      if (!at.is_used(g, k)) continue;
      const LevelRecord& level = at.records.groups[g].levels[k];
      const std::uint64_t n = level.dispatched;
      const Int128 beside = level.occupancy.waiting.until(at.end);
      const Int128 waiting = level.candidates.until(at.end) + level.blocked.until(at.end);
      sink.put_level(Metric::occupancy_block_total, g, k, seconds(beside), n,
                     FigureSink::Over::sum);
      sink.put_level_mean(Metric::occupancy_block_share, g, k, static_cast<double>(beside),
                          static_cast<double>(waiting), n);
    }
}

}  // namespace sluice
