// Bounded slowdown (S13): max(1, (wait + service) / max(service, τ)) of finished runs. O(1) per
// end.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/check.hpp"
#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "reports/instruments/wait_record.hpp"
#include "reports/metrics/figure_sink.hpp"
#include "reports/metrics/hears.hpp"

namespace sluice {

class AtEnd;
struct PipelineConfig;
struct Records;

class Slowdown {
 public:
  struct LevelPart {
    std::uint64_t ones = 0;  ///< finished runs that had not waited: a slowdown of 1
    WaitRecord others;       ///< see as_kept()
    double sum = 0;          ///< of the others
  };
  static constexpr std::array kSays{MetricRange{Metric::slowdown_mean, Metric::slowdown_p99}};
  static constexpr Hears kHears = hear::finished | hear::window_began;

  /// A slowdown is kept like a duration: 1 as 1 ms.
  static constexpr double kScale = 1e6;
  static Duration as_kept(double slowdown) {
    return {static_cast<std::int64_t>(slowdown * kScale)};
  }

  Slowdown(Records& records, const PipelineConfig& pipeline);

  void finished(Time now, const auto& p, const auto&, auto) {
    if (!p.run.counted) return;
    if (p.run.wait.ns == 0) {
      ++p.level.slowdown.ones;
      return;
    }
    const Duration served = now - p.run.since + p.records.served_before(p.run);
    SLUICE_CHECK(served.ns >= 0, "an attempt ends after it began", now, kNoRun);
    const Duration bound = std::max(served, p.records.config.slowdown_bound);
    const double ratio = static_cast<double>((p.run.wait + served).ns) /
                         static_cast<double>(std::max<std::int64_t>(1, bound.ns));
    const double slowdown = std::max(1.0, ratio);
    p.level.slowdown.others.add(p.records.pool, as_kept(slowdown), Duration::max(),
                                Duration::max());
    p.level.slowdown.sum += slowdown;
  }
  void window_began(Time now, Records& records);

  void write(FigureSink& sink, const AtEnd& at) const;
};

}  // namespace sluice
