// The stability line (T1): offered work ÷ servers, of levels, credentials and pools; and draining
// (T7): until a group was empty after its last arrival, and the fluid estimate. O(1) per run.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/check.hpp"
#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "reports/metrics/figure_sink.hpp"
#include "reports/metrics/hears.hpp"

namespace sluice {

class AtEnd;
struct PipelineConfig;
struct Records;

/// Runs of one level of a group and one workflow.
struct ServiceRecord {
  std::uint64_t accepted = 0;
  std::uint64_t ended = 0;     ///< that had run at least once
  std::uint64_t attempts = 0;  ///< of those
  double service_ns = 0;       ///< for which they held a worker, over all attempts

  ServiceRecord& operator+=(const ServiceRecord& other) {
    accepted += other.accepted;
    ended += other.ended;
    attempts += other.attempts;
    service_ns += other.service_ns;
    return *this;
  }
};

class Stability {
 public:
  struct RunMore {
    Duration served{};   ///< finished attempts
    Duration holding{};  ///< waited inside a worker
  };
  struct GroupPart {
    std::vector<ServiceRecord> services;  ///< level × workflows + workflow
    Time last_accepted{-1};
    std::uint32_t in_system_at_last = 0;  ///< runs, with the one that was accepted last
    Time emptied{-1};
  };
  static constexpr std::array kSays{MetricRange{Metric::stability_sigma, Metric::service_mean},
                                    MetricRange{Metric::drain_time, Metric::drain_time_fluid}};
  static constexpr bool kNeedsWorkerClocks = true;
  static constexpr Hears kHears = hear::entered | hear::left_blocked | hear::attempt_lost |
                                  hear::finished | hear::ended | hear::window_began;

  Stability(Records& records, const PipelineConfig& pipeline);

  void entered(Time now, const auto& p, const auto&) {
    GroupPart& group = p.group.stability;
    group.in_system_at_last = p.group.in_system;
    group.last_accepted = now;
    if (p.run.workflow < p.records.workflows) ++service_of(p).accepted;
  }
  void left_blocked(Time now, const auto& p) {
    using Phase = decltype(p.run.phase);
    if (p.run.phase == Phase::holding) p.records.extend(p.run).work.holding += now - p.run.since;
  }
  void attempt_lost(Time now, const auto& p, const auto&) {
    p.records.extend(p.run).work.served += now - p.run.since;
  }
  void finished(Time now, const auto& p, const auto& ended, auto) {
    if (p.run.workflow >= p.records.workflows) return;
    const Duration served = now - p.run.since + p.records.served_before(p.run);
    SLUICE_DEBUG_CHECK(served.ns >= 0, "an attempt ends after it began", now, ended.id);
    ServiceRecord& service = service_of(p);
    ++service.ended;
    service.attempts += ended.attempt;
    service.service_ns += static_cast<double>(served.ns);
    if (p.run.extension != 0)
      service.service_ns +=
          static_cast<double>(p.records.extensions[p.run.extension].work.holding.ns);
  }
  void ended(Time now, const auto& p, const auto&, auto, auto) {
    if (p.group.in_system == 0) p.group.stability.emptied = now;
  }
  void window_began(Time now, Records& records);

  void write(FigureSink& sink, const AtEnd& at) const;

 private:
  static ServiceRecord& service_of(const auto& p) {
    return p.group.stability.services[p.k * p.records.workflows + p.run.workflow];
  }
};

}  // namespace sluice
