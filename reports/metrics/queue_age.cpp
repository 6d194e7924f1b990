#include "reports/metrics/queue_age.hpp"

#include "reports/metrics/at_end.hpp"
#include "reports/metrics/run_records.hpp"

namespace sluice {

void QueueAge::window_began(Time now, Records& records) {
  SLUICE_CHECK(records.started, "the window has begun", now, kNoRun);
  for (GroupRecord& group : records.groups)
    for (LevelRecord& level : group.levels) level.age.age.restart(now);
}

void QueueAge::write(FigureSink& sink, const AtEnd& at) const {
  using enum FigureSink::Over;
  for (std::size_t g = 0; g < at.records.groups.size(); ++g)
    for (std::size_t k = 0; k < kLevels; ++k) {
      if (!at.is_used(g, k)) continue;
      const LevelRecord& level = at.records.groups[g].levels[k];
      const std::uint64_t n = level.dispatched + level.candidates.count();
      const QueueAgeTotals age =
          level.age.age.until(at.end, at.records.config.starvation_threshold[k]);
      sink.put_level(Metric::queue_age_max, g, k, age.longest.seconds(), n, most);
      sink.put_level(Metric::queue_age_over_threshold, g, k, age.over_threshold.seconds(), n, most);
      if (!(at.length_s > 0)) continue;
      const double area_s2 = static_cast<double>(age.twice_area) * 0.5e-18;
      sink.put_level(Metric::queue_age_mean, g, k, area_s2 / at.length_s, n, alone);
    }
}

}  // namespace sluice
