#include "reports/metrics/stability.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "reports/metrics/at_end.hpp"
#include "reports/metrics/run_records.hpp"

namespace sluice {

Stability::Stability(Records& records, const PipelineConfig&) {
  for (GroupRecord& group : records.groups)
    group.stability.services.resize(kLevels * records.workflows);
}

void Stability::window_began(Time now, Records& records) {
  SLUICE_CHECK(records.started, "the window has begun", now, kNoRun);
  for (GroupRecord& group : records.groups) {
    group.stability.last_accepted = group.stability.emptied = {-1};
    std::fill(group.stability.services.begin(), group.stability.services.end(), ServiceRecord{});
  }
}

namespace {

constexpr std::uint64_t kEnoughRuns = 30;

/// A mean is called a lower bound if the runs that have not ended add 1 % to it or more.
constexpr double kWorthMarking = 1.01;

/// Work of runs: of those that ended, or with what the others have had so far as well.
enum class Work : bool { ended, all };

/// For how long runs held workers.
class Services {
 public:
  explicit Services(const AtEnd& at);

  /// Of runs that ended, over all workflows.
  ServiceRecord ended(std::size_t g, std::size_t k) const { return work(g, k, Work::ended); }
  struct Mean {
    double seconds = 0;        ///< 0: unknown
    bool lower_bound = false;  ///< runs that have not ended make it longer
  };
  /// Runs that have not ended count if they make the mean longer: those that have just begun say
  /// nothing.
  Mean mean(std::size_t g, std::size_t k, double cooling_s) const {
    const double ended_s = mean_s(g, k, cooling_s, Work::ended);
    const double all_s = mean_s(g, k, cooling_s, Work::all);
    return {std::max(ended_s, all_s), all_s > ended_s * kWorthMarking};
  }

 private:
  ServiceRecord work(std::size_t g, std::size_t k, std::size_t workflow, Work of) const {
    ServiceRecord sum = records_.groups[g].stability.services[k * records_.workflows + workflow];
    if (of == Work::all) sum += open_[(g * kLevels + k) * records_.workflows + workflow];
    return sum;
  }
  ServiceRecord work(std::size_t g, std::size_t k, Work of) const {
    ServiceRecord sum;
    for (std::size_t w = 0; w < records_.workflows; ++w) sum += work(g, k, w, of);
    return sum;
  }
  double mean_s(std::size_t g, std::size_t k, double cooling_s, Work of) const;

  const Records& records_;
  std::vector<ServiceRecord> open_;  ///< of runs that have not ended; as services, by group
};

Services::Services(const AtEnd& at)
    : records_(at.records), open_(records_.groups.size() * kLevels * records_.workflows) {
  for (const RunRecord& run : records_.runs) {
    if (run.phase == Phase::none || run.workflow >= records_.workflows) continue;
    Duration had;
    if (run.extension != 0)
      had = records_.served_before(run) + records_.extensions[run.extension].work.holding;
    const bool has_worker = run.phase == Phase::running || run.phase == Phase::holding;
    if (has_worker) had += at.end - run.since;
    if (had.ns <= 0) continue;
    ServiceRecord& work =
        open_[(run.group * kLevels + run.level()) * records_.workflows + run.workflow];
    ++work.ended;
    work.service_ns += static_cast<double>(had.ns);
  }
}

/// Seconds for which a run of the level keeps a worker from others over all its attempts, each of
/// which `cooling_s` follow. A level of which hardly anything is known (it starves) is estimated
/// from its mix of workflows over all levels, then from the whole group; 0: unknown.
double Services::mean_s(std::size_t g, std::size_t k, double cooling_s, Work of) const {
  const auto mean_s = [cooling_s](const ServiceRecord& runs) {
    const double served_s = runs.service_ns * 1e-9;
    return (served_s + cooling_s * static_cast<double>(runs.attempts)) /
           static_cast<double>(runs.ended);
  };
  const ServiceRecord own = work(g, k, of);
  if (own.ended >= kEnoughRuns) return mean_s(own);
  double known = 0;
  double sum_s = 0;
  for (std::size_t w = 0; w < records_.workflows; ++w) {
    ServiceRecord all;  // of the workflow, whatever the level and group
    for (std::size_t group = 0; group < records_.groups.size(); ++group)
      for (std::size_t level = 0; level < kLevels; ++level) all += work(group, level, w, of);
    const auto accepted = static_cast<double>(
        records_.groups[g].stability.services[k * records_.workflows + w].accepted);
    if (all.ended == 0 || accepted == 0) continue;
    known += accepted;
    sum_s += accepted * mean_s(all);
  }
  if (known > 0) return sum_s / known;
  ServiceRecord group;
  for (std::size_t level = 0; level < kLevels; ++level) group += work(g, level, of);
  return group.ended > 0 ? mean_s(group) : 0;
}

void write_group_stability(FigureSink& sink, const AtEnd& at, const Services& services,
                           std::size_t g) {
  using enum FigureSink::Over;
  const GroupRecord& group = at.records.groups[g];
  const Int128 present = group.clocks.present_integral().until(at.end);
  const Int128 starting = group.clocks.starting_integral().until(at.end);
  const double servers = seconds(present - starting) / at.length_s;
  ServiceRecord all;
  for (std::size_t k = 0; k < kLevels; ++k) all += services.ended(g, k);
  const double cooling_s = all.attempts > 0
                               ? seconds(group.clocks.cooling_integral().until(at.end)) /
                                     static_cast<double>(all.attempts)
                               : 0;
  double offered = 0;  // workers' worth of work, this level and above
  bool at_least = false;
  double backlog_s = 0;  // what still has to be done at the end
  for (std::size_t k = 0; k < kLevels; ++k) {
    const std::uint64_t accepted = services.ended(g, k).accepted;
    const Services::Mean service = services.mean(g, k, cooling_s);
    backlog_s += group.levels[k].waiting() * service.seconds;
    if (accepted == 0) continue;
    const double per_second = static_cast<double>(accepted) / at.length_s;
    sink.put_level(Metric::arrivals_rate, g, k, per_second * 60, accepted, sum);
    if (service.seconds == 0) continue;
    offered += per_second * service.seconds;
    at_least |= service.lower_bound;
    sink.put_level_mean(Metric::service_mean, g, k, service.seconds * static_cast<double>(accepted),
                        static_cast<double>(accepted), accepted, service.lower_bound);
    sink.put_level(Metric::workers_needed, g, k, offered / kTargetSigma, accepted, most, at_least);
    if (!(servers > 0)) continue;
    sink.put_level(Metric::stability_sigma, g, k, offered / servers, accepted, most, at_least);
    Figure headroom;
    headroom.value = 1 - offered / servers;
    headroom.samples = accepted;
    headroom.upper_bound = at_least;
    sink.put_level(Metric::stability_headroom, g, k, headroom, least);
  }
  // Fluid: ÷ what is left of the workers beside the arrivals.
  if (!(servers > offered) || all.ended == 0) return;
  Figure drain;
  drain.value = backlog_s / (servers - offered);
  drain.samples = all.ended;
  drain.lower_bound = at_least;
  sink.put_group(Metric::drain_time_fluid, g, drain);
}

/// What took a credential, or members of a pool, in the window.
struct ResourceUsage {
  double in_use_s = 0;
  double dispatched = 0;
  double open_in_use_s = 0;  ///< of it by runs that still hold it
  double open = 0;           ///< of the dispatches, those of such runs

  ResourceUsage& operator+=(const ResourceUsage& o) {
    in_use_s += o.in_use_s;
    dispatched += o.dispatched;
    open_in_use_s += o.open_in_use_s;
    open += o.open;
    return *this;
  }
  /// Whether the runs that still hold it make the mean longer.
  bool lower_bound() const {
    if (open_in_use_s == 0) return false;
    const double ended = dispatched - open;
    return ended <= 0 || in_use_s / dispatched > (in_use_s - open_in_use_s) / ended * kWorthMarking;
  }
};
/// By credential. O(credentials + runs in the system).
std::vector<ResourceUsage> usage_of_credentials(const AtEnd& at) {
  const Records& records = at.records;
  const CredentialTable& table = records.credentials;
  std::vector<ResourceUsage> usage(table.uses.size());
  for (std::size_t slot = 0; slot < std::min(records.runs.size(), table.held.size()); ++slot) {
    const RunRecord& run = records.runs[slot];
    if (run.phase != Phase::running) continue;
    std::array<CredentialId, kMaxNeeds> held = table.held[slot];
    std::sort(held.begin(), held.end());
    const auto last = std::unique(held.begin(), held.end());
    for (auto credential = held.begin(); credential != last; ++credential) {
      if (!credential->valid()) continue;
      ResourceUsage& of = usage[credential->index()];
      of.open_in_use_s += (at.end - std::max(run.since, records.from)).seconds();
      of.open += run.since >= records.from;
    }
  }
  for (std::size_t c = 0; c < usage.size(); ++c) {
    usage[c].in_use_s = table.in_use_s(c, at.end);
    usage[c].dispatched = static_cast<double>(table.uses[c].dispatched());
  }
  return usage;
}

/// Of the dispatches, those through pools; by credential.
std::vector<std::uint64_t> dispatched_through_pools(const CredentialTable& table) {
  std::vector<std::uint64_t> through_pools(table.uses.size());
  for (const PoolUse& pool : table.pools.pools())
    for (std::size_t i = 0; i < pool.members.size(); ++i)
      through_pools[pool.members[i].index()] += pool.dispatches[i];
  return through_pools;
}

/// Of a credential or pool.
void write_resource(FigureSink& sink, const AtEnd& at, const Subject& subject, double arrivals,
                    const ResourceUsage& usage, double servers, std::uint64_t samples) {
  const double per_second = arrivals / at.length_s;
  if (arrivals > 0) sink.put(Metric::arrivals_rate, subject, per_second * 60, samples);
  if (!(usage.dispatched > 0) || usage.in_use_s == 0) return;
  const double service_s = usage.in_use_s / usage.dispatched;
  Figure figure;
  figure.samples = samples;
  figure.lower_bound = usage.lower_bound();
  figure.value = service_s;
  sink.put(Metric::service_mean, subject, figure);
  if (!(servers > 0)) return;
  const double sigma = per_second * service_s / servers;
  figure.value = sigma;
  sink.put(Metric::stability_sigma, subject, figure);
  figure.value = 1 - sigma;
  std::swap(figure.lower_bound, figure.upper_bound);
  sink.put(Metric::stability_headroom, subject, figure);
}

void write_resources(FigureSink& sink, const AtEnd& at) {
  const CredentialTable& table = at.records.credentials;
  const std::vector<ResourceUsage> usage = usage_of_credentials(at);
  const Duration length = at.end - at.records.from;
  const std::vector<std::uint64_t> through_pools = dispatched_through_pools(table);
  for (std::size_t c = 0; c < table.uses.size(); ++c) {
    if (!table.is_used(c)) continue;
    const CredentialUse& use = table.uses[c];
    write_resource(sink, at, Subject::of(CredentialId::at(c)),
                   static_cast<double>(use.demanded() + through_pools[c]), usage[c],
                   table.records[c].mean_limit(at.end, length), use.dispatched());
  }
  const auto& pools = table.pools.pools();
  for (std::size_t p = 0; p < pools.size(); ++p) {
    const std::uint64_t n = pools[p].dispatched();
    if (n + pools[p].demanded == 0) continue;
    double slots = 0;
    ResourceUsage members;
    for (const CredentialId member : pools[p].members) {
      const double limit = table.records[member.index()].mean_limit(at.end, length);
      slots += limit > 0 ? limit : std::numeric_limits<double>::infinity();
      members += usage[member.index()];
    }
    write_resource(sink, at, Subject::of(PoolId::at(p)), static_cast<double>(pools[p].demanded),
                   members, slots < 1e18 ? slots : 0, n);
  }
}

/// Only where arrivals have stopped: the system became empty after the last one and stayed so.
void write_drain(FigureSink& sink, const AtEnd& at, std::size_t g) {
  const GroupRecord& group = at.records.groups[g];
  const Stability::GroupPart& part = group.stability;
  if (part.last_accepted < at.records.from || group.in_system > 0 ||
      part.emptied < part.last_accepted)
    return;
  sink.put_group(Metric::drain_time, g, (part.emptied - part.last_accepted).seconds(),
                 part.in_system_at_last);
}

}  // namespace

void Stability::write(FigureSink& sink, const AtEnd& at) const {
  for (std::size_t g = 0; g < at.records.groups.size(); ++g) write_drain(sink, at, g);
  if (!(at.length_s > 0)) return;
  const Services services(at);
  for (std::size_t g = 0; g < at.records.groups.size(); ++g)
    write_group_stability(sink, at, services, g);
  write_resources(sink, at);
}

}  // namespace sluice
