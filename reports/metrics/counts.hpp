// Counts and rates (T2): what happened to runs, by queue, submitter and slice; runs still being
// submitted; and the balance of flow (T5). O(1) per transition.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/check.hpp"
#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "pipeline/observer.hpp"
#include "pipeline/run.hpp"
#include "reports/expectations/reach.hpp"
#include "reports/figures/figure.hpp"
#include "reports/instruments/flow.hpp"
#include "reports/instruments/submitting_runs.hpp"
#include "reports/metrics/figure_sink.hpp"
#include "reports/metrics/hears.hpp"

namespace sluice {

class AtEnd;
struct PipelineConfig;
struct QueueSums;
struct Records;

/// None if there is nothing to divide by.
std::optional<Figure> ratio(double numerator, double denominator, double samples);
/// A metric of T2 over a stretch of time in which `flow` happened, if it can be said; of any other
/// metric, none.
std::optional<Figure> count_over(Metric metric, const Flow<std::uint64_t>& flow, Duration length);

class Counts {
 public:
  /// What one submitter did.
  struct SubmitterPart {
    std::uint64_t submitted = 0;
    std::uint64_t answers = 0;  ///< read by ApiAnswers too
    std::uint64_t rejected = 0;
    SubmittingRuns submitting;

    bool is_used() const { return submitted + answers + submitting.count() > 0; }
  };
  static constexpr std::array kSays{MetricRange{Metric::submitted_count, Metric::goodput_share},
                                    MetricRange{Metric::flow_imbalance},
                                    MetricRange{Metric::timed_out_count, Metric::cancelled_count}};
  static constexpr Hears kHears = hear::submitted | hear::answered | hear::gave_up | hear::arrived |
                                  hear::admitted | hear::entered | hear::dispatched |
                                  hear::requeued | hear::finished | hear::ended |
                                  hear::window_began;

  Counts(Records& records, const PipelineConfig& pipeline);

  void submitted(Time now, const RunRequest& request, Records& records);
  void answered(Time now, const RunRequest& request, const Answer& answer, Records& records);
  void gave_up(Time now, const RunRequest& request, Records& records);
  /// As submitted(), answered() at once, and admitted().
  void arrived(const RunRequest& request, auto& queue, auto& records) {
    SLUICE_DEBUG_CHECK(request.attempt == 1, "the first attempt", request.submitted, kNoRun);
    ++queue.flow.submitted;
    ++queue.flow.answered;
    if (!request.submitter.valid()) return;
    SubmitterPart& from = records.submitter(request.submitter).counts;
    ++from.submitted;
    ++from.answers;
  }
  void admitted(Time, const RunRequest& request, auto& records) {
    if (!records.submitting.empty()) end_submitting(request, request.attempt > 1, records);
  }
  void entered(Time, const auto& p, const auto&) { ++p.queue.flow.accepted; }
  void dispatched(Time, const auto& p, const auto&) { ++p.queue.flow.dispatched; }
  void requeued(Time, const auto& p, const auto&, RequeueCause cause) {
    ++p.queue.flow.requeued;
    ++p.records.reached_of(ReachKind::requeued);
    p.records.reached_of(ReachKind::worker_lost) += cause == RequeueCause::worker_lost;
    p.records.reached_of(ReachKind::timed_out) += cause == RequeueCause::timeout;
  }
  void finished(Time, const auto& p, const auto&, Outcome outcome) {
    if (is_good(p, outcome)) ++p.queue.flow.good;
  }
  void ended(Time, const auto& p, const auto&, Outcome outcome, EndReason reason) {
    count_end(p.queue.flow, outcome);
    if (reason >= EndReason::sibling_login_failed) [[unlikely]]
      ended_for(reason, p.run.queue, p.records);
  }
  void window_began(Time now, Records& records);

  /// In the first attempt, within the target.
  static bool is_good(const auto& p, Outcome outcome) {
    return outcome == Outcome::succeeded && !p.run.requeued && p.run.wait <= p.records.slo[p.k];
  }
  static void count_end(auto& flow, Outcome outcome) {
    flow.succeeded += outcome == Outcome::succeeded;
    flow.failed += outcome == Outcome::failed;
    flow.stopped += outcome == Outcome::stopped;
  }
  /// Which of the counts by reason it belongs to; null: none.
  static std::uint64_t TooLong::*too_long(EndReason reason);

  void add(QueueSums& sums, std::size_t queue, const AtEnd& at) const;
  void write(FigureSink& sink, const AtEnd& at, const Subject& subject,
             const QueueSums& sums) const;
  void write(FigureSink& sink, const AtEnd& at) const;

 private:
  static void end_submitting(const RunRequest& request, bool refused, Records& records);
  [[gnu::cold]] static void ended_for(EndReason reason, std::uint32_t queue, Records& records);
  void write_by_reason(FigureSink& sink, const AtEnd& at, const Subject& subject,
                       const TooLong& too_long, std::uint64_t activity) const;

  bool may_time_out_ = false;  ///< a workflow has a timeout
  bool may_expire_ = false;    ///< a workflow has an expiry
};

}  // namespace sluice
