#include "load/measure/progress_report.hpp"

#include <utility>

namespace sluice {

ProgressReport::ProgressReport(std::function<void(const LoadProgress&)> show)
    : show_(std::move(show)) {}

void ProgressReport::next(LoadProgress where, const LaneSnapshot& all,
                          std::chrono::nanoseconds passed) {
  const double seconds = std::chrono::duration<double>(passed).count();
  const auto per_s = [seconds](std::uint64_t more) {
    return seconds > 0 ? static_cast<double>(more) / seconds : 0.0;
  };
  where.intended_per_s = per_s(all.counts.intended - std::exchange(intended_, all.counts.intended));
  where.sent_per_s = per_s(all.counts.sent - std::exchange(sent_, all.counts.sent));
  if (!show_) return;
  where.unanswered = all.unanswered_now;
  where.connections = all.http.open;
  where.streams = all.counts.streams_open;
  where.counts = all.counts;
  where.latency = all.times.latency.quantiles();
  where.lateness = all.times.lateness.quantiles();
  show_(where);
}

}  // namespace sluice
