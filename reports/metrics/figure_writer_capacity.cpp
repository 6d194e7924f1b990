// Capacity: the stability line (T1), credentials and pools (T3), the API and webhooks (T8, T9).
#include <algorithm>
#include <limits>
#include <utility>

#include "reports/metrics/figure_writer.hpp"

namespace sluice {

namespace {

constexpr std::uint64_t kEnoughRuns = 30;
/// A mean is called a lower bound if the runs that have not ended add 1 % to it or more.
constexpr double kWorthMarking = 1.01;

}  // namespace

/// Seconds for which a run of the level keeps a worker from others over all its attempts, each of
/// which `cooling_s` follow. A level of which hardly anything is known (it starves) is estimated
/// from its mix of workflows over all levels, then from the whole group; 0: unknown.
double FigureWriter::mean_service_s(std::size_t g, std::size_t k, double cooling_s, Work of) const {
  const auto mean_s = [cooling_s](const ServiceRecord& runs) {
    const double served_s = runs.service_ns * 1e-9;
    return (served_s + cooling_s * static_cast<double>(runs.attempts)) /
           static_cast<double>(runs.ended);
  };
  const ServiceRecord own = work(g, k, of);
  if (own.ended >= kEnoughRuns) return mean_s(own);
  double known = 0;
  double sum_s = 0;
  for (std::size_t w = 0; w < r_.workflows_; ++w) {
    ServiceRecord all;  // of the workflow, whatever the level and group
    for (std::size_t group = 0; group < r_.groups_.size(); ++group)
      for (std::size_t level = 0; level < kLevels; ++level) all += work(group, level, w, of);
    const auto accepted =
        static_cast<double>(r_.groups_[g].services[k * r_.workflows_ + w].accepted);
    if (all.ended == 0 || accepted == 0) continue;
    known += accepted;
    sum_s += accepted * mean_s(all);
  }
  if (known > 0) return sum_s / known;
  ServiceRecord group;
  for (std::size_t level = 0; level < kLevels; ++level) group += work(g, level, of);
  return group.ended > 0 ? mean_s(group) : 0;
}

/// Runs that have not ended count if they make the mean longer: those that have just begun say
/// nothing.
FigureWriter::MeanService FigureWriter::mean_service(std::size_t g, std::size_t k,
                                                     double cooling_s) const {
  const double ended_s = mean_service_s(g, k, cooling_s, Work::ended);
  const double all_s = mean_service_s(g, k, cooling_s, Work::all);
  return {std::max(ended_s, all_s), all_s > ended_s * kWorthMarking};
}

ServiceRecord FigureWriter::work(std::size_t g, std::size_t k, std::size_t workflow,
                                 Work of) const {
  ServiceRecord sum = r_.groups_[g].services[k * r_.workflows_ + workflow];
  if (of == Work::all) sum += open_work_[(g * kLevels + k) * r_.workflows_ + workflow];
  return sum;
}

ServiceRecord FigureWriter::work(std::size_t g, std::size_t k, Work of) const {
  ServiceRecord sum;
  for (std::size_t w = 0; w < r_.workflows_; ++w) sum += work(g, k, w, of);
  return sum;
}

/// Of runs that ended, over all workflows.
ServiceRecord FigureWriter::services(std::size_t g, std::size_t k) const {
  return work(g, k, Work::ended);
}

void FigureWriter::write_stability() {
  if (!(length_s_ > 0)) return;
  for (std::size_t g = 0; g < r_.groups_.size(); ++g) write_group_stability(g);
}

void FigureWriter::write_group_stability(std::size_t g) {
  const GroupRecord& group = r_.groups_[g];
  const Int128 present = group.clocks.present_integral().until(end_);
  const Int128 starting = group.clocks.starting_integral().until(end_);
  const double servers = seconds(present - starting) / length_s_;
  ServiceRecord all;
  for (std::size_t k = 0; k < kLevels; ++k) all += services(g, k);
  const double cooling_s = all.attempts > 0 ? seconds(group.clocks.cooling_integral().until(end_)) /
                                                  static_cast<double>(all.attempts)
                                            : 0;
  double offered = 0;  // workers' worth of work, this level and above
  bool at_least = false;
  double backlog_s = 0;  // what still has to be done at the end
  for (std::size_t k = 0; k < kLevels; ++k) {
    const std::uint64_t accepted = services(g, k).accepted;
    const MeanService service = mean_service(g, k, cooling_s);
    const LevelRecord& level = group.levels[k];
    backlog_s += (level.candidates.count() + level.blocked.count()) * service.seconds;
    if (accepted == 0) continue;
    const double per_second = static_cast<double>(accepted) / length_s_;
    put_level(Metric::arrivals_rate, g, k, per_second * 60, accepted, Over::sum);
    if (service.seconds == 0) continue;
    offered += per_second * service.seconds;
    at_least |= service.lower_bound;
    put_level_mean(Metric::service_mean, g, k, service.seconds * static_cast<double>(accepted),
                   static_cast<double>(accepted), accepted, service.lower_bound);
    put_level(Metric::workers_needed, g, k, offered / kTargetSigma, accepted, Over::most, at_least);
    if (!(servers > 0)) continue;
    put_level(Metric::stability_sigma, g, k, offered / servers, accepted, Over::most, at_least);
    Figure headroom;
    headroom.value = 1 - offered / servers;
    headroom.samples = accepted;
    headroom.upper_bound = at_least;
    put_level(Metric::stability_headroom, g, k, headroom, Over::least);
  }
  // Fluid: ÷ what is left of the workers beside the arrivals.
  if (!(servers > offered) || all.ended == 0) return;
  Figure drain;
  drain.value = backlog_s / (servers - offered);
  drain.samples = all.ended;
  drain.lower_bound = at_least;
  put(Metric::drain_time_fluid, Subject::of(GroupId::at(g)), drain);
  if (one_group_) put(Metric::drain_time_fluid, Subject::all(), drain);
}

// ---- credentials and pools

FigureWriter::Usage& FigureWriter::Usage::operator+=(const Usage& o) {
  in_use_s += o.in_use_s;
  dispatched += o.dispatched;
  open_in_use_s += o.open_in_use_s;
  open += o.open;
  return *this;
}

/// Whether the runs that still hold it make the mean longer.
bool FigureWriter::Usage::lower_bound() const {
  if (open_in_use_s == 0) return false;
  const double ended = dispatched - open;
  return ended <= 0 || in_use_s / dispatched > (in_use_s - open_in_use_s) / ended * kWorthMarking;
}

FigureWriter::Usage FigureWriter::usage(std::size_t c) const {
  Usage usage = open_usage_[c];
  const CredentialUse& use = r_.credentials_[c];
  usage.in_use_s = seconds(r_.credential_records_[c].in_use + use.in_use_until(end_));
  usage.dispatched = static_cast<double>(use.dispatched());
  return usage;
}

void FigureWriter::write_resource(const Subject& subject, double arrivals, const Usage& usage,
                                  double servers, std::uint64_t samples) {
  if (!(length_s_ > 0)) return;
  const double per_second = arrivals / length_s_;
  if (arrivals > 0) put(Metric::arrivals_rate, subject, per_second * 60, samples);
  if (!(usage.dispatched > 0) || usage.in_use_s == 0) return;
  const double service_s = usage.in_use_s / usage.dispatched;
  Figure figure;
  figure.samples = samples;
  figure.lower_bound = usage.lower_bound();
  figure.value = service_s;
  put(Metric::service_mean, subject, figure);
  if (!(servers > 0)) return;
  const double sigma = per_second * service_s / servers;
  figure.value = sigma;
  put(Metric::stability_sigma, subject, figure);
  figure.value = 1 - sigma;
  std::swap(figure.lower_bound, figure.upper_bound);
  put(Metric::stability_headroom, subject, figure);
}

void FigureWriter::write_credentials() {
  std::vector<std::uint64_t> through_pools(r_.credentials_.size());
  for (const PoolUse& pool : r_.pools_.pools())
    for (std::size_t i = 0; i < pool.members.size(); ++i)
      through_pools[pool.members[i].index()] += pool.dispatches[i];
  for (std::size_t c = 0; c < r_.credentials_.size(); ++c) write_credential(c, through_pools[c]);
  std::uint64_t logins = 0;
  std::uint64_t failed = 0;
  for (const CredentialRecord& record : r_.credential_records_) {
    logins += record.logins;
    failed += record.logins_failed;
  }
  put(Metric::login_count, Subject::all(), static_cast<double>(logins), logins);
  put(Metric::login_failed_count, Subject::all(), static_cast<double>(failed), logins);
}

void FigureWriter::write_credential(std::size_t c, std::uint64_t through_pools) {
  const CredentialUse& use = r_.credentials_[c];
  const CredentialRecord& record = r_.credential_records_[c];
  const Subject subject = Subject::of(CredentialId::at(c));
  const std::uint64_t n = use.dispatched();
  if (n + use.demanded() + record.holds() + use.count() == 0 || !(length_s_ > 0)) return;
  const Usage used = usage(c);
  put(Metric::credential_in_use_mean, subject, used.in_use_s / length_s_, n);
  put(Metric::credential_dispatched_count, subject, static_cast<double>(n), n);
  put(Metric::credential_at_limit, subject, use.at_limit_until(end_).seconds() / length_s_, n);
  put(Metric::credential_runs_held, subject, static_cast<double>(record.holds()), n);
  put(Metric::credential_held_time, subject, seconds(record.held_until(end_)), n);
  const double limit = record.mean_limit(end_, end_ - result_.from);
  if (limit > 0)  // who holds it above a limit that was lowered counts as one of its slots
    put(Metric::credential_in_use_share, subject, std::min(1.0, used.in_use_s / length_s_ / limit),
        n);
  if (record.logins > 0) {
    put(Metric::login_count, subject, static_cast<double>(record.logins), record.logins);
    put(Metric::login_failed_count, subject, static_cast<double>(record.logins_failed),
        record.logins);
  }
  write_resource(subject, static_cast<double>(use.demanded() + through_pools), used, limit, n);
}

void FigureWriter::write_pools() {
  const auto& pools = r_.pools_.pools();
  for (std::size_t p = 0; p < pools.size(); ++p) {
    const std::uint64_t n = pools[p].dispatched();
    if (n + pools[p].demanded == 0) continue;
    const Subject subject = Subject::of(PoolId::at(p));
    put(Metric::pool_dispatched_count, subject, static_cast<double>(n), n);
    put(Metric::pool_runs_held, subject, static_cast<double>(pools[p].holds), n);
    put(Metric::pool_held_time, subject, seconds(pools[p].held_runs.until(end_)), n);
    if (n > 0) put(Metric::pool_imbalance, subject, pools[p].imbalance(), n);
    double slots = 0;
    Usage members;
    for (const CredentialId member : pools[p].members) {
      const double limit =
          r_.credential_records_[member.index()].mean_limit(end_, end_ - result_.from);
      slots += limit > 0 ? limit : std::numeric_limits<double>::infinity();
      members += usage(member.index());
    }
    write_resource(subject, static_cast<double>(pools[p].demanded), members,
                   slots < 1e18 ? slots : 0, n);
  }
}

void FigureWriter::write_api() {
  const ApiRecord& api = r_.api_;
  const Subject all = Subject::all();
  put(Metric::api_answers, all, static_cast<double>(api.answers), api.answers);
  put(Metric::api_error_count, all, static_cast<double>(api.errors), api.answers);
  put(Metric::api_rate_limited_count, all, static_cast<double>(api.limited), api.answers);
  constexpr std::array windows{Metric::api_rate_limited_window_1, Metric::api_rate_limited_window_2,
                               Metric::api_rate_limited_window_3};
  for (std::size_t i = 0; i < windows.size(); ++i)
    put(windows[i], all, static_cast<double>(api.limited_by_window[i]), api.answers);
  put(Metric::api_retries, all, static_cast<double>(api.retries), api.answers);
  put(Metric::gave_up_count, all, static_cast<double>(api.gave_up), api.answers);
  const auto latency = [this, &all](const WaitRecord& record, Metric mean, Metric p99) {
    if (record.count == 0) return;
    WaitSummary summary;
    refine(summary, p99, all);
    summary.add(r_.pool_, record);
    put(mean, all, summary.mean());
    put(p99, all, summary.quantile(0.99));
  };
  latency(api.latency, Metric::api_latency_mean, Metric::api_latency_p99);
  for (std::size_t s = 0; s < r_.submitters_.size(); ++s) {
    const SubmitterRecord& from = r_.submitters_[s];
    if (from.submitted + from.answers + from.submitting.count() == 0) continue;
    const Subject subject = Subject::of(SubmitterId::at(s));
    put(Metric::submitted_count, subject, static_cast<double>(from.submitted), from.submitted);
    put(Metric::api_answers, subject, static_cast<double>(from.answers), from.answers);
    put(Metric::rejected_count, subject, static_cast<double>(from.rejected), from.answers);
    put_share(Metric::rejected_rate, subject, from.rejected, from.answers);
    put(Metric::api_retries, subject, static_cast<double>(from.retries), from.answers);
    put(Metric::gave_up_count, subject, static_cast<double>(from.gave_up), from.answers);
    write_submitting(subject, from.submitting, from.submitted + from.answers);
  }
  const WebhookRecord& hooks = r_.webhooks_;
  if (hooks.deliveries == 0) return;
  put(Metric::webhooks_deliveries, all, static_cast<double>(hooks.deliveries), hooks.deliveries);
  put(Metric::webhooks_attempts, all, static_cast<double>(hooks.attempts), hooks.deliveries);
  put(Metric::webhooks_failed, all, static_cast<double>(hooks.failed), hooks.deliveries);
  latency(hooks.latency, Metric::webhooks_latency_mean, Metric::webhooks_latency_p99);
}

}  // namespace sluice
