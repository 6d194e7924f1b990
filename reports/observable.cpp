#include "reports/observable.hpp"

#include <algorithm>
#include <array>

#include "reports/report.hpp"

namespace sluice {
namespace {

using enum Metric;

constexpr std::array kKnown{
    // waits, queue age, starvation episodes
    wait_mean, wait_p50, wait_p90, wait_p95, wait_p99, wait_p999, wait_max, wait_count,
    wait_censored, wait_over_threshold, queue_age_max, queue_age_mean, queue_age_over_threshold,
    starvation_count, starvation_total, starvation_longest, starvation_runs, starvation_workspaces,
    starvation_index, starvation_gap_mean, starvation_gap_sd,
    // before acceptance, and the delays that the target tells; targets
    attribution_api, attribution_retry_delay, slo_attainment, slowdown_mean, slowdown_p99,
    // counts and rates
    arrivals_rate, service_mean, submitted_count, submitted_rate, submitting_count,
    submitting_refused_count, accepted_count, accepted_rate, rejected_count, rejected_rate,
    dispatched_count, dispatched_rate, throughput_rate, succeeded_count, succeeded_rate,
    failed_count, failed_rate, stopped_count, stopped_rate, requeued_count, requeued_rate,
    rejected_per_minute, failed_per_minute, stopped_per_minute, requeued_per_minute, goodput_rate,
    goodput_share,
    // runs in the system, draining
    queue_length_mean, queue_length_max, running_mean, little_queue_time, little_queue_integral,
    little_lambda_w, drain_time, backlog_end,
    // API
    api_answers, api_error_count, api_rate_limited_count, api_latency_mean, api_latency_p99,
    api_retries, gave_up_count, gave_up_attempts, cancelled_count,
    // Lost load, as far as it is known: what the target lets expire it only says to have stopped.
    lost_load_count, lost_load_share};

/// Which credential a run holds, a member of a pool above all, is the target's business.
bool observable(Metric metric, const Subject& subject) {
  return observable_from_outside(metric) && !subject.credential.valid() && !subject.pool.valid();
}

FigureTable observable_figures(const FigureTable& figures) {
  FigureTable kept;
  for (const FigureEntry& entry : figures.entries())
    if (observable(entry.key.metric, entry.key.subject))
      kept.add(entry.key.metric, entry.key.subject, entry.figure);
  kept.seal();
  return kept;
}

}  // namespace

bool observable_from_outside(Metric metric) {
  return std::find(kKnown.begin(), kKnown.end(), metric) != kKnown.end();
}

bool in_wall_time(const Report& report, Metric metric) {
  return report.load && (metric == api_latency_mean || metric == api_latency_p99);
}

bool observable_from_outside(ReachKind kind) {
  switch (kind) {
    case ReachKind::waited_while_dispatched:
    case ReachKind::rate_limited:
    case ReachKind::requeued:
    case ReachKind::queue_emptied:
    case ReachKind::cancelled:
      return true;
    case ReachKind::parked_on_credential:
    case ReachKind::login_failed:
    case ReachKind::sibling_stopped:
    case ReachKind::worker_lost:
    case ReachKind::pool_skipped_member:
    case ReachKind::timed_out:
    case ReachKind::expired:
      return false;
  }
  return false;
}

ReplicationResult observable_from_outside(ReplicationResult result) {
  result.figures = observable_figures(result.figures);
  result.pools.clear();
  std::erase_if(result.time_lines.lines, [](const TimeLine& line) {
    return line.line == Line::blocked || line.line == Line::present;
  });
  std::erase_if(result.windows, [](const WindowFigure& window) {
    return !observable(window.metric, window.subject);
  });
  for (std::size_t i = 0; i < kReachKinds; ++i)
    if (!observable_from_outside(static_cast<ReachKind>(i))) result.reached.by_kind[i] = 0;
  result.inversions.clear();
  return result;
}

}  // namespace sluice
