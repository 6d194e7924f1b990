// What workers do (T3), and time that a policy wasted (T4): an idle worker beside a candidate. O(1)
// per instant with a transition.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/check.hpp"
#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "reports/instruments/integral.hpp"
#include "reports/metrics/figure_sink.hpp"
#include "reports/metrics/hears.hpp"

namespace sluice {

class AtEnd;
struct PipelineConfig;
struct Records;

class Workers {
 public:
  struct GroupPart {
    enum IdleBeside : std::size_t { kCandidates, kBlocked, kNobody };
    CountIntegral holding;
    std::array<Int128, 3> idle_beside{};  ///< idle workers × ns, by who waited meanwhile
    Duration loss{};                      ///< ∫ 1[idle worker and candidate] dt
  };
  static constexpr std::array kSays{MetricRange{Metric::utilisation, Metric::workers_mean},
                                    MetricRange{Metric::work_conservation_loss}};
  static constexpr bool kNeedsWorkerClocks = true;
  static constexpr Hears kHears =
      hear::holding_began | hear::holding_ended | hear::instant_over | hear::window_began;

  Workers(Records&, const PipelineConfig&) {}

  void holding_began(Time now, const auto& p) { p.group.workers.holding.add(now); }
  void holding_ended(Time now, const auto& p, Leaving) {
    SLUICE_CHECK(p.group.workers.holding.count() > 0, "it held a worker", now, kNoRun);
    p.group.workers.holding.remove(now);
  }
  void instant_over(Time, Duration lasted, auto& group) {
    // Without branches: nobody can guess them.
    const std::uint32_t idle = group.clocks.idle();
    const std::size_t no_candidate = group.candidate_count == 0;
    GroupPart& part = group.workers;
    part.idle_beside[no_candidate + (no_candidate & (group.waiting == 0))] += idle * lasted.ns;
    part.loss +=
        Duration{static_cast<std::int64_t>((group.candidate_count > 0) & (idle > 0)) * lasted.ns};
  }
  void window_began(Time now, Records& records);

  void write(FigureSink& sink, const AtEnd& at) const;
};

}  // namespace sluice
