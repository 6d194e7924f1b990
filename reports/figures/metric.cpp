#include "reports/figures/metric.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text/suggestion.hpp"
#include "base/text/units.hpp"

namespace sluice {

namespace {

using label::credential;
using label::group;
using label::level;
using label::pool;
using label::submitter;
using label::workflow;
using label::workspace;

// Runs by any of their properties; those of queues, of levels; where submissions count.
constexpr Labels kRuns = group | level | workspace | workflow | submitter;
constexpr Labels kSubmitted = kRuns;
constexpr Labels kQueue = group | level | workspace;
constexpr Labels kLevel = group | level;
constexpr Labels kWorkspace = group | workspace;
constexpr Labels kLoad = group | level | credential | pool;

// In the order of the enumeration.
constexpr std::array<MetricInfo, kMetrics> kTable{{
    {Metric::wait_mean, "wait.mean", Unit::seconds, kRuns, 0, true, "S2",
     "Mean wait: from acceptance to the latest dispatch, without the time in which the run was "
     "running."},
    {Metric::wait_p50, "wait.p50", Unit::seconds, kRuns, 0, true, "S2",
     "Median wait (nearest rank)."},
    {Metric::wait_p90, "wait.p90", Unit::seconds, kRuns, 0, true, "S2",
     "Wait that 90 % of runs do not exceed (nearest rank)."},
    {Metric::wait_p95, "wait.p95", Unit::seconds, kRuns, 0, true, "S2",
     "Wait that 95 % of runs do not exceed (nearest rank)."},
    {Metric::wait_p99, "wait.p99", Unit::seconds, kRuns, 0, true, "S2",
     "Wait that 99 % of runs do not exceed (nearest rank)."},
    {Metric::wait_p999, "wait.p99.9", Unit::seconds, kRuns, 0, true, "S2",
     "Wait that 99.9 % of runs do not exceed (nearest rank)."},
    {Metric::wait_max, "wait.max", Unit::seconds, kRuns, 0, false, "S2", "Longest wait."},
    {Metric::wait_count, "wait.count", Unit::count, kRuns, 0, false, "S2",
     "Runs with a wait: dispatched, still waiting, or ended while waiting."},
    {Metric::wait_censored, "wait.censored", Unit::count, kRuns, 0, false, "S1",
     "Runs whose wait had not ended with a dispatch: they count with what they had waited, as a "
     "lower bound."},
    {Metric::wait_over_threshold, "wait.over_threshold", Unit::count, kRuns, 0, false, "S2",
     "Runs that waited longer than the starvation threshold of their level."},
    {Metric::queue_age_max, "queue.age.max", Unit::seconds, kLevel, 0, false, "S3",
     "Highest age of the oldest waiting run; a requeued run counts from its requeue."},
    {Metric::queue_age_mean, "queue.age.mean", Unit::seconds, kLevel, level, false, "S3",
     "Age of the oldest waiting run, averaged over time (0 while nobody waits)."},
    {Metric::queue_age_over_threshold, "queue.age.over_threshold", Unit::seconds, kLevel, 0, false,
     "S3", "Time during which the oldest waiting run was older than the starvation threshold."},
    {Metric::starvation_count, "starvation.count", Unit::count, kQueue, 0, false, "S4",
     "Starvation episodes of at least the threshold: a run was a candidate throughout and none was "
     "dispatched."},
    {Metric::starvation_total, "starvation.total", Unit::seconds, kQueue, 0, false, "S4",
     "Total length of the starvation episodes of at least the threshold."},
    {Metric::starvation_longest, "starvation.longest", Unit::seconds, kQueue, 0, false, "S4",
     "Longest time in which a run was a candidate throughout and none was dispatched, whatever the "
     "threshold."},
    {Metric::starvation_runs, "starvation.runs", Unit::count, kLevel, 0, false, "S4",
     "Runs that were candidates during an episode of at least the threshold of their level."},
    {Metric::starvation_workspaces, "starvation.workspaces", Unit::count, kLevel, level, false,
     "S4", "Workspaces of those runs."},
    {Metric::starvation_index, "starvation.index", Unit::share, kQueue, 0, false, "S5",
     "Time in episodes of at least the threshold ÷ time with a candidate."},
    {Metric::starvation_gap_mean, "starvation.gap.mean", Unit::seconds, kLevel, level, false, "S4",
     "Mean time between two dispatches of the level between which it always had a candidate."},
    {Metric::starvation_gap_sd, "starvation.gap.sd", Unit::seconds, kLevel, level, false, "S4",
     "Standard deviation of that time."},
    {Metric::attribution_workers_high, "attribution.workers_high", Unit::seconds, kRuns, 0, false,
     "S6",
     "Mean part of the wait in which workers were busy with HIGH runs (own level: of other "
     "workspaces)."},
    {Metric::attribution_workers_medium, "attribution.workers_medium", Unit::seconds, kRuns, 0,
     false, "S6",
     "Mean part of the wait in which workers were busy with MEDIUM runs (own level: of other "
     "workspaces)."},
    {Metric::attribution_workers_low, "attribution.workers_low", Unit::seconds, kRuns, 0, false,
     "S6",
     "Mean part of the wait in which workers were busy with LOW runs (own level: of other "
     "workspaces)."},
    {Metric::attribution_own_workspace, "attribution.own_workspace", Unit::seconds, kRuns, 0, false,
     "S6",
     "Mean part of the wait in which workers were busy with runs of its own level and workspace."},
    {Metric::attribution_worker_start_up, "attribution.worker_start_up", Unit::seconds, kRuns, 0,
     false, "S6", "Mean part of the wait in which workers were starting or cooling."},
    {Metric::attribution_no_worker, "attribution.no_worker", Unit::seconds, kRuns, 0, false, "S6",
     "Mean part of the wait in which its group had no worker at all."},
    {Metric::attribution_held_by_policy, "attribution.held_by_policy", Unit::seconds, kRuns, 0,
     false, "S6",
     "Mean part of the wait in which a worker was idle that a rule did not give to it."},
    {Metric::attribution_credential_limit, "attribution.credential_limit", Unit::seconds, kRuns, 0,
     false, "S6", "Mean part of the wait in which a credential was at its limit."},
    {Metric::attribution_login, "attribution.login", Unit::seconds, kRuns, 0, false, "S6",
     "Mean part of the wait in which a login in progress kept it out."},
    {Metric::attribution_pause, "attribution.pause", Unit::seconds, kRuns, 0, false, "S6",
     "Mean part of the wait in which its group or workflow was paused, or its credential paused or "
     "out of service."},
    {Metric::attribution_workspace_cap, "attribution.workspace_cap", Unit::seconds, kRuns, 0, false,
     "S6", "Mean part of the wait in which the cap of its workspace held it."},
    {Metric::attribution_retry_delay, "attribution.retry_delay", Unit::seconds, kRuns, 0, false,
     "S6", "Mean part of the wait in which a retry delay had to pass."},
    {Metric::attribution_api, "attribution.api", Unit::seconds, kRuns, 0, false, "S6",
     "Mean time from first submission to acceptance: rate limits, errors, latency; comes before "
     "the wait. Runs still being submitted count with what they have had."},
    {Metric::fairness_share_starved, "fairness.share_starved", Unit::count, kWorkspace, 0, false,
     "S7",
     "Workspaces that had unmet demand and received less than φ of their max-min fair share for "
     "longer than the threshold."},
    {Metric::fairness_share_starved_longest, "fairness.share_starved.longest", Unit::seconds,
     kWorkspace, 0, false, "S7",
     "Longest time for which a workspace was below φ of its fair share with unmet demand."},
    {Metric::fairness_jain, "fairness.jain", Unit::ratio, label::group, 0, false, "S8",
     "Jain's index (Σx)² / (n Σx²) over workspaces with unmet demand; x = worker time received ÷ "
     "max-min entitlement."},
    {Metric::fairness_jain_dispatches, "fairness.jain_dispatches", Unit::ratio, label::group, 0,
     false, "S8",
     "Jain's index over workspaces with unmet demand; x = dispatches per time with unmet demand."},
    {Metric::fairness_received, "fairness.received", Unit::share, label::workspace,
     label::workspace, false, "S8",
     "Share of its group's worker time that a workspace received while it had unmet demand."},
    {Metric::fairness_entitled, "fairness.entitled", Unit::share, label::workspace,
     label::workspace, false, "S8",
     "Max-min fair share of its group's worker time for a workspace while it had unmet demand."},
    {Metric::inversions_pairs, "inversions.pairs", Unit::count, kLevel, 0, false, "S9",
     "Pairs of a dispatched run and a run of a higher level that was a candidate meanwhile and had "
     "to go on waiting."},
    {Metric::inversions_dispatches, "inversions.dispatches", Unit::count, kLevel, 0, false, "S9",
     "Dispatches of the level beside a waiting candidate of a higher level."},
    {Metric::bypass_mean, "bypass.mean", Unit::count, kLevel, 0, false, "S10",
     "Mean number of runs of the group that joined the queue later and were dispatched before."},
    {Metric::bypass_max, "bypass.max", Unit::count, kLevel, 0, false, "S10",
     "Highest number of runs of the group that joined the queue later and were dispatched before."},
    {Metric::occupancy_block_share, "occupancy_block", Unit::share, kLevel, 0, false, "S11",
     "Share of the waiting time of the level during which a worker was busy with a lower level."},
    {Metric::occupancy_block_total, "occupancy_block.total", Unit::seconds, kLevel, 0, false, "S11",
     "Waiting time of the level, over all runs, during which a worker was busy with a lower "
     "level."},
    {Metric::slo_attainment, "slo.attainment", Unit::share, kRuns, 0, true, "S12",
     "Share of runs whose wait kept the target of their level; still waiting past the target is a "
     "miss."},
    {Metric::slowdown_mean, "slowdown.mean", Unit::ratio, kLevel, 0, false, "S13",
     "Mean bounded slowdown max(1, (wait + service) / max(service, τ)) of finished runs."},
    {Metric::slowdown_p99, "slowdown.p99", Unit::ratio, kLevel, 0, false, "S13",
     "Bounded slowdown that 99 % of finished runs do not exceed."},
    {Metric::stability_sigma, "stability.sigma", Unit::ratio, kLoad, 0, false, "T1",
     "Offered load: Σ arrivals × service ÷ servers over this level and those above; 1 or more "
     "starves. Runs that have not ended count with the time that they have had."},
    {Metric::stability_headroom, "stability.headroom", Unit::ratio, kLoad, 0, false, "T1",
     "1 − stability.sigma."},
    {Metric::stability_peak_sigma, "stability.peak_sigma", Unit::ratio, kLoad, 0, false, "T1",
     "The highest stability.sigma over a sliding window (stability_window, 1 h): work that comes "
     "in "
     "it ÷ servers that are there then, of an autoscaled group the most that it may have."},
    {Metric::stability_overloaded, "stability.overloaded", Unit::seconds, kLevel, 0, false, "T1",
     "Time during which stability.sigma of the window around was 1 or more."},
    {Metric::workers_needed_mean, "workers_needed.mean", Unit::count, kLevel, 0, false, "T1",
     "Workers for stability.sigma = 0.8."},
    {Metric::workers_needed, "workers_needed", Unit::count, kLevel, 0, false, "T1",
     "Workers for stability.peak_sigma = 0.8: for stability alone."},
    {Metric::arrivals_rate, "arrivals.rate", Unit::per_minute, kLoad, 0, false, "T1",
     "Accepted runs of this level, or that need this credential or pool, per minute."},
    {Metric::service_mean, "service.mean", Unit::seconds, kLoad, 0, false, "T1",
     "Mean time for which a run holds a worker (cool-down included) or credential, over all its "
     "attempts."},
    {Metric::submitted_count, "submitted.count", Unit::count, kSubmitted, 0, true, "T2",
     "Number of first attempts to submit."},
    {Metric::submitted_rate, "submitted.rate", Unit::per_minute, kSubmitted, 0, true, "T2",
     "First attempts to submit, per minute."},
    {Metric::submitting_count, "submitting.count", Unit::count, kSubmitted, 0, false, "T2",
     "Runs that were still being submitted at the end: submitted, neither accepted nor given up."},
    {Metric::submitting_refused_count, "submitting.refused.count", Unit::count, kSubmitted, 0,
     false, "T2", "Of these, runs that the API refused at least once."},
    {Metric::accepted_count, "accepted.count", Unit::count, kRuns, 0, true, "T2",
     "Number of accepted runs."},
    {Metric::accepted_rate, "accepted.rate", Unit::per_minute, kRuns, 0, true, "T2",
     "Accepted runs, per minute."},
    {Metric::rejected_count, "rejected.count", Unit::count, kSubmitted, 0, true, "T2",
     "Number of answers of the API that are not 201."},
    {Metric::rejected_rate, "rejected.rate", Unit::share, kSubmitted, 0, true, "T2",
     "Share of answers of the API that are not 201."},
    {Metric::dispatched_count, "dispatched.count", Unit::count, kRuns, 0, true, "T2",
     "Number of dispatches, one per attempt."},
    {Metric::dispatched_rate, "dispatched.rate", Unit::per_minute, kRuns, 0, true, "T2",
     "Dispatches, one per attempt, per minute."},
    {Metric::throughput_rate, "throughput.rate", Unit::per_minute, kRuns, 0, true, "T2",
     "Runs that ended, whatever the outcome, per minute."},
    {Metric::succeeded_count, "succeeded.count", Unit::count, kRuns, 0, true, "T2",
     "Number of runs that succeeded."},
    {Metric::succeeded_rate, "succeeded.rate", Unit::per_minute, kRuns, 0, true, "T2",
     "Runs that succeeded, per minute."},
    {Metric::failed_count, "failed.count", Unit::count, kRuns, 0, true, "T2",
     "Number of runs that failed."},
    {Metric::failed_rate, "failed.rate", Unit::share, kRuns, 0, true, "T2",
     "Share of ended runs that failed."},
    {Metric::stopped_count, "stopped.count", Unit::count, kRuns, 0, true, "T2",
     "Number of runs that were stopped."},
    {Metric::stopped_rate, "stopped.rate", Unit::share, kRuns, 0, true, "T2",
     "Share of ended runs that were stopped."},
    {Metric::requeued_count, "requeued.count", Unit::count, kRuns, 0, true, "T2",
     "Number of requeues."},
    {Metric::requeued_rate, "requeued.rate", Unit::share, kRuns, 0, true, "T2",
     "Share of dispatches that ended in a requeue."},
    {Metric::rejected_per_minute, "rejected.per_minute", Unit::per_minute, kSubmitted, 0, true,
     "T2", "Answers of the API that are not 201, per minute."},
    {Metric::failed_per_minute, "failed.per_minute", Unit::per_minute, kRuns, 0, true, "T2",
     "Runs that failed, per minute."},
    {Metric::stopped_per_minute, "stopped.per_minute", Unit::per_minute, kRuns, 0, true, "T2",
     "Runs that were stopped, per minute."},
    {Metric::requeued_per_minute, "requeued.per_minute", Unit::per_minute, kRuns, 0, true, "T2",
     "Requeues, per minute."},
    {Metric::goodput_rate, "goodput.rate", Unit::per_minute, kRuns, 0, true, "T2",
     "Runs that succeeded in their first attempt and whose wait kept the target, per minute."},
    {Metric::goodput_share, "goodput.share", Unit::share, kRuns, 0, true, "T2",
     "Share of ended runs that succeeded in their first attempt and whose wait kept the target."},
    {Metric::utilisation, "utilisation", Unit::share, label::group, 0, true, "T3",
     "Share of worker time spent running."},
    {Metric::workers_starting, "workers.starting", Unit::share, label::group, 0, false, "T3",
     "Share of worker time spent starting up or cooling down."},
    {Metric::workers_holding, "workers.holding", Unit::share, label::group, 0, false, "T3",
     "Share of worker time taken by runs that wait inside a worker for a credential."},
    {Metric::idle_backlogged, "idle.backlogged", Unit::share, label::group, 0, false, "T3",
     "Share of worker time idle beside an eligible backlog."},
    {Metric::idle_blocked, "idle.blocked", Unit::share, label::group, 0, false, "T3",
     "Share of worker time idle beside a blocked backlog."},
    {Metric::idle_empty, "idle.empty", Unit::share, label::group, 0, false, "T3",
     "Share of worker time idle while nobody waited."},
    {Metric::workers_mean, "workers.mean", Unit::count, label::group, 0, false, "T3",
     "Mean number of workers present."},
    {Metric::credential_in_use_mean, "credential.in_use.mean", Unit::count, label::credential,
     label::credential, false, "T3", "Mean number of runs that hold the credential."},
    {Metric::credential_in_use_share, "credential.in_use.share", Unit::share, label::credential,
     label::credential, false, "T3",
     "The same ÷ its limit, at most 1; if that changes, ÷ its mean."},
    {Metric::credential_at_limit, "credential.at_limit", Unit::share, label::credential,
     label::credential, false, "T3", "Share of time for which the credential was at its limit."},
    {Metric::credential_runs_held, "credential.runs_held", Unit::count, label::credential,
     label::credential, false, "T3",
     "How often a run was parked on, or held its worker for, the credential, or a pool that then "
     "gave it this member."},
    {Metric::credential_held_time, "credential.held_time", Unit::seconds, label::credential,
     label::credential, false, "T3", "Time that runs spent so, over all runs."},
    {Metric::credential_dispatched_count, "credential.dispatched.count", Unit::count,
     label::credential, label::credential, false, "T3", "Dispatches that took the credential."},
    {Metric::login_count, "login.count", Unit::count, label::credential, 0, false, "T3",
     "Logins that ended."},
    {Metric::login_failed_count, "login.failed.count", Unit::count, label::credential, 0, false,
     "T3", "Logins that failed."},
    {Metric::pool_imbalance, "pool.imbalance", Unit::ratio, label::pool, label::pool, false, "T3",
     "Dispatches of the busiest member ÷ mean over members: 1 is even."},
    {Metric::pool_dispatched_count, "pool.dispatched.count", Unit::count, label::pool, label::pool,
     false, "T3", "Dispatches through the pool."},
    {Metric::pool_runs_held, "pool.runs_held", Unit::count, label::pool, label::pool, false, "T3",
     "How often a run was parked, or held its worker, because no member was available."},
    {Metric::pool_held_time, "pool.held_time", Unit::seconds, label::pool, label::pool, false, "T3",
     "Time that runs spent held by the pool, over all runs."},
    {Metric::work_conservation_loss, "work_conservation.loss", Unit::seconds, label::group, 0,
     false, "T4",
     "Time with an idle worker beside a candidate: zero under every policy that conserves work."},
    {Metric::flow_imbalance, "flow.imbalance", Unit::count, 0, 0, false, "T5",
     "accepted − (ended + in the system) at the end: always zero."},
    {Metric::queue_length_mean, "queue.length.mean", Unit::count, kRuns, 0, true, "T6",
     "Mean number of candidates."},
    {Metric::queue_length_max, "queue.length.max", Unit::count, kLevel, level, false, "T6",
     "Highest number of candidates."},
    {Metric::blocked_mean, "blocked.mean", Unit::count, kRuns, 0, true, "T6",
     "Mean number of blocked runs: parked, in a retry delay, or holding a worker."},
    {Metric::blocked_max, "blocked.max", Unit::count, kLevel, level, false, "T6",
     "Highest number of blocked runs."},
    {Metric::running_mean, "running.mean", Unit::count, kRuns, 0, true, "T6",
     "Mean number of workers busy with runs."},
    {Metric::little_queue_time, "little.queue_time", Unit::seconds, kLevel, 0, false, "T6",
     "Σ time as a candidate over runs: equal to little.queue_integral."},
    {Metric::little_queue_integral, "little.queue_integral", Unit::seconds, kLevel, 0, false, "T6",
     "∫ number of candidates dt."},
    {Metric::little_lambda_w, "little.lambda_w", Unit::count, kLevel, 0, false, "T6",
     "Arrival rate × mean wait: near queue.length.mean + blocked.mean."},
    {Metric::drain_time, "drain.time", Unit::seconds, label::group, 0, false, "T7",
     "From the last acceptance to the first empty instant, if the system then stayed empty."},
    {Metric::drain_time_fluid, "drain.time_fluid", Unit::seconds, label::group, 0, false, "T7",
     "Backlog at the end × service ÷ (workers − offered load)."},
    {Metric::backlog_end, "backlog.end", Unit::count, kLevel, 0, false, "T7",
     "Runs that waited at the end."},
    {Metric::api_answers, "api.answers", Unit::count, label::submitter, 0, false, "T8",
     "Answers of the API."},
    {Metric::api_error_count, "api.errors", Unit::count, 0, 0, false, "T8",
     "Answers with a server error."},
    {Metric::api_rate_limited_count, "api.rate_limited", Unit::count, 0, 0, false, "T8",
     "Answers with status 429."},
    {Metric::api_rate_limited_window_1, "api.rate_limited.window_1", Unit::count, 0, 0, false, "T8",
     "Answers with status 429 because of the first rate-limit window."},
    {Metric::api_rate_limited_window_2, "api.rate_limited.window_2", Unit::count, 0, 0, false, "T8",
     "Answers with status 429 because of the second rate-limit window."},
    {Metric::api_rate_limited_window_3, "api.rate_limited.window_3", Unit::count, 0, 0, false, "T8",
     "Answers with status 429 because of the third or a later rate-limit window."},
    {Metric::api_latency_mean, "api.latency.mean", Unit::seconds, 0, 0, false, "T8",
     "Mean time between request and answer; of a load, in wall time."},
    {Metric::api_latency_p99, "api.latency.p99", Unit::seconds, 0, 0, false, "T8",
     "Time between request and answer that 99 % of answers do not exceed; of a load, in wall "
     "time."},
    {Metric::api_retries, "api.retries", Unit::count, label::submitter, 0, false, "T8",
     "Attempts to submit after the first."},
    {Metric::gave_up_count, "gave_up.count", Unit::count, label::submitter, 0, false, "T8",
     "Runs that submitters gave up."},
    {Metric::gave_up_attempts, "gave_up.attempts", Unit::ratio, label::submitter, 0, false, "T8",
     "Mean number of attempts to submit a run that was given up."},
    {Metric::webhooks_deliveries, "webhooks.deliveries", Unit::count, 0, 0, false, "T9",
     "Webhook events told."},
    {Metric::webhooks_attempts, "webhooks.attempts", Unit::count, 0, 0, false, "T9",
     "Delivery attempts of webhooks."},
    {Metric::webhooks_failed, "webhooks.failed", Unit::count, 0, 0, false, "T9",
     "Webhook events that were not delivered in the last attempt either."},
    {Metric::webhooks_latency_mean, "webhooks.latency.mean", Unit::seconds, 0, 0, false, "T9",
     "Mean time to deliver a webhook event."},
    {Metric::webhooks_latency_p99, "webhooks.latency.p99", Unit::seconds, 0, 0, false, "T9",
     "Time to deliver that 99 % of delivered webhook events do not exceed."},
    {Metric::timed_out_count, "timed_out.count", Unit::count, kRuns, 0, false, "T2",
     "Number of runs that failed because an attempt took longer than their workflow allows."},
    {Metric::expired_count, "expired.count", Unit::count, kRuns, 0, false, "T2",
     "Number of runs that were stopped because they waited longer than their workflow allows."},
    {Metric::cancelled_count, "cancelled.count", Unit::count, kRuns, 0, false, "T2",
     "Number of runs that were stopped because they waited longer than their submitter has "
     "patience."},
    {Metric::lost_load_count, "lost_load.count", Unit::count, kRuns, 0, false, "T10",
     "Runs that ended without having been served: given up by their submitter, expired, or "
     "cancelled."},
    {Metric::lost_load_share, "lost_load.share", Unit::share, kRuns, 0, false, "T10",
     "The same ÷ first attempts to submit, at most 1."},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kTable.size(); ++i)
    if (static_cast<std::size_t>(kTable[i].metric) != i) return false;
  return true;
}
static_assert(in_order());

}  // namespace

const MetricInfo& info(Metric metric) { return kTable[static_cast<std::size_t>(metric)]; }

std::span<const MetricInfo> all_metrics() { return kTable; }

bool needs_no_events(Metric metric) {
  switch (metric) {
    case Metric::wait_mean:
    case Metric::wait_p50:
    case Metric::wait_p90:
    case Metric::wait_p95:
    case Metric::wait_p99:
    case Metric::wait_p999:
    case Metric::wait_max:
    case Metric::starvation_gap_mean:
    case Metric::starvation_gap_sd:
    case Metric::fairness_jain:
    case Metric::fairness_jain_dispatches:
    case Metric::fairness_received:
    case Metric::fairness_entitled:
    case Metric::bypass_mean:
    case Metric::bypass_max:
    case Metric::occupancy_block_share:
    case Metric::slo_attainment:
    case Metric::slowdown_mean:
    case Metric::slowdown_p99:
    case Metric::service_mean:
    case Metric::rejected_rate:
    case Metric::failed_rate:
    case Metric::stopped_rate:
    case Metric::requeued_rate:
    case Metric::goodput_share:
    case Metric::pool_imbalance:
    case Metric::drain_time:
    case Metric::drain_time_fluid:
    case Metric::api_latency_mean:
    case Metric::api_latency_p99:
    case Metric::gave_up_attempts:
    case Metric::webhooks_latency_mean:
    case Metric::webhooks_latency_p99:
    case Metric::lost_load_share:
      return false;
    default:
      return metric < Metric::attribution_workers_high || metric > Metric::attribution_api;
  }
}

bool zero_if_absent(Metric metric) {
  switch (metric) {
    // Where there is no worker, there is no share of its time; where no level has work, σ is 0, but
    // that of a level without work is that of the levels above.
    case Metric::utilisation:
    case Metric::workers_starting:
    case Metric::workers_holding:
    case Metric::idle_backlogged:
    case Metric::idle_blocked:
    case Metric::idle_empty:
    case Metric::stability_sigma:
    case Metric::stability_headroom:
    case Metric::stability_peak_sigma:
    case Metric::stability_overloaded:
    case Metric::workers_needed_mean:
    case Metric::workers_needed:
    // Of a credential without a limit there is no share.
    case Metric::credential_in_use_share:
      return false;
    default:
      return needs_no_events(metric);
  }
}

bool only_by_group(Metric metric) {
  switch (metric) {
    case Metric::queue_age_mean:
    case Metric::starvation_gap_mean:
    case Metric::starvation_gap_sd:
    case Metric::fairness_jain:
    case Metric::fairness_jain_dispatches:
    case Metric::queue_length_max:
    case Metric::blocked_max:
    case Metric::drain_time:
    case Metric::drain_time_fluid:
      return true;
    default:
      return false;
  }
}

std::optional<Metric> metric_named(std::string_view name) {
  for (const MetricInfo& metric : kTable)
    if (metric.name == name) return metric.metric;
  return std::nullopt;
}

std::optional<std::string_view> nearest_metric_name(std::string_view wrong) {
  std::vector<std::string_view> names;
  for (const MetricInfo& metric : kTable) names.push_back(metric.name);
  return nearest_name(wrong, names);
}

std::string_view name(Unit unit) {
  switch (unit) {
    case Unit::seconds:
      return "seconds";
    case Unit::share:
      return "share";
    case Unit::per_minute:
      return "per_minute";
    case Unit::count:
      return "count";
    case Unit::ratio:
      return "ratio";
  }
  return "";
}

std::string_view label_name(Labels single) {
  switch (single) {
    case label::group:
      return "group";
    case label::level:
      return "level";
    case label::workspace:
      return "workspace";
    case label::workflow:
      return "workflow";
    case label::credential:
      return "credential";
    case label::pool:
      return "pool";
    case label::submitter:
      return "submitter";
    default:
      return "";
  }
}

}  // namespace sluice
