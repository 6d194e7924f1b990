// The stability line (T1): offered work ÷ servers, of levels, credentials and pools, over the
// window and at its peak; and draining (T7): until a group was empty after its last arrival, and
// the fluid estimate. O(1) per run.
//
// Capacity at a time: the workers that are there and have started, as the mean counts them; of an
// autoscaled group the most that it may have.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/check.hpp"
#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "reports/instruments/offered_work.hpp"
#include "reports/metrics/figure_sink.hpp"
#include "reports/metrics/hears.hpp"

namespace sluice {

class AtEnd;
struct PipelineConfig;
struct Records;
struct ReplicationResult;

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
    OfferedWork offered;
    bool autoscaled = false;  ///< its capacity is the most that it may have
  };
  static constexpr std::array kSays{MetricRange{Metric::stability_sigma, Metric::service_mean},
                                    MetricRange{Metric::drain_time, Metric::drain_time_fluid}};
  static constexpr bool kNeedsWorkerClocks = true;
  static constexpr Hears kHears = hear::entered | hear::left_blocked | hear::attempt_lost |
                                  hear::finished | hear::ended | hear::workers_changed |
                                  hear::window_began;

  Stability(Records& records, const PipelineConfig& pipeline);

  void entered(Time now, const auto& p, const auto&) {
    GroupPart& group = p.group.stability;
    group.in_system_at_last = p.group.in_system;
    group.last_accepted = now;
    if (p.run.workflow >= p.records.workflows) return;
    ++service_of(p).accepted;
    if (p.run.counted) group.offered.came(now, p.k);
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
    Duration served = now - p.run.since + p.records.served_before(p.run);
    SLUICE_DEBUG_CHECK(served.ns >= 0, "an attempt ends after it began", now, ended.id);
    if (p.run.extension != 0) served += p.records.extensions[p.run.extension].work.holding;
    ServiceRecord& service = service_of(p);
    ++service.ended;
    service.attempts += ended.attempt;
    service.service_ns += static_cast<double>(served.ns);
    if (p.run.counted) p.group.stability.offered.ended(p.run.accepted, p.k, served, ended.attempt);
  }
  void ended(Time now, const auto& p, const auto&, auto, auto) {
    if (p.group.in_system == 0) p.group.stability.emptied = now;
  }
  void workers_changed(Time now, auto& group, const auto& counts) {
    SLUICE_CHECK(counts.starting <= counts.present(), "who starts is present", now, kNoRun);
    if (!group.stability.autoscaled)
      set_servers(now, group.stability, counts.present() - counts.starting);
  }
  void window_began(Time now, Records& records);

  void complete(ReplicationResult& result, const AtEnd& at) const;
  void write(FigureSink& sink, const AtEnd& at) const;

 private:
  static void set_servers(Time now, GroupPart& group, std::uint32_t servers);
  static ServiceRecord& service_of(const auto& p) {
    return p.group.stability.services[p.k * p.records.workflows + p.run.workflow];
  }
};

}  // namespace sluice
