// Lost load (T10): runs that ended without having been served, because their submitter gave them
// up, or because they expired or were cancelled while they waited. O(1) per such run, nothing for
// others.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/check.hpp"
#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "pipeline/run.hpp"
#include "reports/metrics/figure_sink.hpp"
#include "reports/metrics/hears.hpp"

namespace sluice {

class AtEnd;
struct PipelineConfig;
struct QueueSums;
struct Records;

class LostLoad {
 public:
  static constexpr std::array kSays{MetricRange{Metric::lost_load_count, Metric::lost_load_share}};
  static constexpr Hears kHears = hear::gave_up | hear::ended | hear::window_began;

  LostLoad(Records&, const PipelineConfig&) {}

  void gave_up(Time now, const RunRequest& request, Records& records) {
    lose(now, request, records);
  }
  void ended(Time now, const auto& p, const auto& run, auto, EndReason reason) {
    if (reason == EndReason::expired || reason == EndReason::cancelled) [[unlikely]]
      lose(now, run.request, p.records);
  }
  void window_began(Time now, Records& records);

  void write(FigureSink& sink, const AtEnd& at, const Subject& subject,
             const QueueSums& sums) const;
  void write(FigureSink& sink, const AtEnd& at) const;

 private:
  [[gnu::cold]] void lose(Time now, const RunRequest& request, Records& records);
  std::uint64_t lost(const Records& records, const Subject& subject, bool is_slice) const;

  // Each empty until a run is lost:
  std::vector<std::uint64_t> by_queue_;
  std::vector<std::uint64_t> by_slice_;
  std::vector<std::uint64_t> by_submitter_;
};

}  // namespace sluice
