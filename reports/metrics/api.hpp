// The API (T8) and webhooks (T9): answers by status and window, retries, who gave up, latencies.
// O(1) per answer.
#pragma once

#include <array>
#include <cstdint>

#include "base/check.hpp"
#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "pipeline/observer.hpp"
#include "pipeline/run.hpp"
#include "reports/instruments/wait_record.hpp"
#include "reports/metrics/figure_sink.hpp"
#include "reports/metrics/hears.hpp"

namespace sluice {

class AtEnd;
struct PipelineConfig;
struct Records;

class ApiAnswers {
 public:
  /// What one submitter did.
  struct SubmitterPart {
    std::uint64_t retries = 0;
    std::uint64_t gave_up = 0;
    std::uint64_t attempts_given_up = 0;  ///< of the runs that it gave up
  };
  static constexpr std::array kSays{MetricRange{Metric::api_answers, Metric::webhooks_latency_p99}};
  static constexpr Hears kHears =
      hear::answered | hear::gave_up | hear::arrived | hear::webhook | hear::window_began;

  ApiAnswers(Records& records, const PipelineConfig& pipeline);

  void answered(Time now, const RunRequest& request, const Answer& answer, Records& records);
  void gave_up(Time now, const RunRequest& request, Records& records);
  void arrived(const RunRequest&, auto&, auto& records) {
    ++answers_;
    latency_.add(records.pool, {}, Duration::max(), Duration::max());
  }
  void webhook(Time now, std::uint32_t attempts, bool delivered, Duration latency,
               Records& records);
  void window_began(Time now, Records& records);

  void write(FigureSink& sink, const AtEnd& at) const;

 private:
  struct Webhooks {
    std::uint64_t deliveries = 0;
    std::uint64_t attempts = 0;
    std::uint64_t failed = 0;
    WaitRecord latency;
  };
  void write_submitters(FigureSink& sink, const AtEnd& at) const;

  std::uint64_t answers_ = 0;
  std::uint64_t errors_ = 0;
  std::uint64_t limited_ = 0;
  std::array<std::uint64_t, 3> limited_by_window_{};  ///< the third: that and later ones
  std::uint64_t retries_ = 0;
  std::uint64_t gave_up_ = 0;
  std::uint64_t attempts_given_up_ = 0;
  WaitRecord latency_;
  Webhooks webhooks_;
};

}  // namespace sluice
