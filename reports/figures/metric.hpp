// The registry of metrics: every figure a report can have, its name in expectations, unit, labels
// and meaning.
//
// `id` is the paragraph of the definitions (S1 … S13 starvation, T1 … T10 throughput and capacity)
// that a metric belongs to.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sluice {

enum class Metric : std::uint16_t {
  // waits (S1, S2): from acceptance to the latest dispatch, without the time in which the run was
  // running
  wait_mean,
  wait_p50,
  wait_p90,
  wait_p95,
  wait_p99,
  wait_p999,
  wait_max,
  wait_count,
  wait_censored,
  wait_over_threshold,
  // queue age (S3)
  queue_age_max,
  queue_age_mean,
  queue_age_over_threshold,
  // starvation episodes (S4, S5)
  starvation_count,
  starvation_total,
  starvation_longest,
  starvation_runs,
  starvation_workspaces,
  starvation_index,
  starvation_gap_mean,
  starvation_gap_sd,
  // attribution of waits (S6): mean seconds per run; the parts add up to wait.mean (api_delay comes
  // on top)
  attribution_workers_high,
  attribution_workers_medium,
  attribution_workers_low,
  attribution_own_workspace,
  attribution_worker_start_up,
  attribution_no_worker,
  attribution_held_by_policy,
  attribution_credential_limit,
  attribution_login,
  attribution_pause,
  attribution_workspace_cap,
  attribution_retry_delay,
  attribution_api,
  // fairness (S7, S8)
  fairness_share_starved,
  fairness_share_starved_longest,
  fairness_jain,
  fairness_jain_dispatches,
  fairness_received,
  fairness_entitled,
  // order (S9, S10, S11)
  inversions_pairs,
  inversions_dispatches,
  bypass_mean,
  bypass_max,
  occupancy_block_share,
  occupancy_block_total,
  // targets (S12, S13)
  slo_attainment,
  slowdown_mean,
  slowdown_p99,
  // stability line (T1)
  stability_sigma,
  stability_headroom,
  stability_peak_sigma,
  stability_overloaded,
  workers_needed_mean,
  workers_needed,
  arrivals_rate,
  service_mean,
  // counts and rates (T2)
  submitted_count,
  submitted_rate,
  submitting_count,
  submitting_refused_count,
  accepted_count,
  accepted_rate,
  rejected_count,
  rejected_rate,
  dispatched_count,
  dispatched_rate,
  throughput_rate,
  succeeded_count,
  succeeded_rate,
  failed_count,
  failed_rate,
  stopped_count,
  stopped_rate,
  requeued_count,
  requeued_rate,
  rejected_per_minute,
  failed_per_minute,
  stopped_per_minute,
  requeued_per_minute,
  goodput_rate,
  goodput_share,
  // utilisation (T3)
  utilisation,
  workers_starting,
  workers_holding,
  idle_backlogged,
  idle_blocked,
  idle_empty,
  workers_mean,
  credential_in_use_mean,
  credential_in_use_share,
  credential_at_limit,
  credential_runs_held,
  credential_held_time,
  credential_dispatched_count,
  login_count,
  login_failed_count,
  pool_imbalance,
  pool_dispatched_count,
  pool_runs_held,
  pool_held_time,
  // work conservation, flow balance, Little's law, draining (T4 … T7)
  work_conservation_loss,
  flow_imbalance,
  queue_length_mean,
  queue_length_max,
  blocked_mean,
  blocked_max,
  running_mean,
  little_queue_time,
  little_queue_integral,
  little_lambda_w,
  drain_time,
  drain_time_fluid,
  backlog_end,
  // API and webhooks (T8, T9)
  api_answers,
  api_error_count,
  api_rate_limited_count,
  api_rate_limited_window_1,
  api_rate_limited_window_2,
  api_rate_limited_window_3,
  api_latency_mean,
  api_latency_p99,
  api_retries,
  gave_up_count,
  gave_up_attempts,
  webhooks_deliveries,
  webhooks_attempts,
  webhooks_failed,
  webhooks_latency_mean,
  webhooks_latency_p99,
  // T2, by reason
  timed_out_count,
  expired_count,
  cancelled_count,
  // lost load (T10)
  lost_load_count,
  lost_load_share,
};
inline constexpr std::size_t kMetrics = static_cast<std::size_t>(Metric::lost_load_share) + 1;

enum class Unit : std::uint8_t {
  seconds,     ///< limits as durations: 90s, 1h30m
  share,       ///< 0…1; limits as 3% or 0.03
  per_minute,  ///< limits as rates: 40/min
  count,       ///< limits as whole numbers
  ratio,       ///< limits as plain numbers
};

/// Labels that a figure may carry; bits of Labels.
using Labels = std::uint8_t;
namespace label {
inline constexpr Labels group = 1, level = 2, workspace = 4, workflow = 8, credential = 16,
                        pool = 32, submitter = 64;
inline constexpr Labels none = 0;
}  // namespace label

struct MetricInfo {
  Metric metric;
  std::string_view name;  ///< as in expectations: "wait.p95"
  Unit unit;
  Labels labels;        ///< labels it may carry (any subset, see `required`)
  Labels required;      ///< labels without which it has no meaning, e.g. credential
  bool over_window;     ///< `over D`: the worst sliding window of length D can be asked for
  std::string_view id;  ///< "S2"
  std::string_view
      meaning;  ///< one plain sentence, with the formula where there is no standard one
};

const MetricInfo& info(Metric metric);
/// All, in the order of the enumeration.
std::span<const MetricInfo> all_metrics();
/// Whether it is 0 where nothing happened at all (counts, rates, shares of time), or at least needs
/// no event to be measured: of the others (means and quantiles of runs, shares of events) there is
/// none then.
bool needs_no_events(Metric metric);
/// Of those, whether the report may leave it out where nothing happened: it is 0 then.
bool zero_if_absent(Metric metric);
/// Of one group only: what several groups have of it cannot be added up, e.g. the longest of queues
/// at different moments. Where there is but one group, it need not be named.
bool only_by_group(Metric metric);
std::optional<Metric> metric_named(std::string_view name);
/// For messages: the closest metric name, if there is a close one.
std::optional<std::string_view> nearest_metric_name(std::string_view wrong);
std::string_view name(Unit unit);
/// "level", "workspace", … of a single bit.
std::string_view label_name(Labels single);

}  // namespace sluice
