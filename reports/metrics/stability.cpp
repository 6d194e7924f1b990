#include "reports/metrics/stability.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>
#include <vector>

#include "reports/metrics/at_end.hpp"
#include "reports/metrics/run_records.hpp"

namespace sluice {

namespace {

/// Slices of time in all groups: 56 MiB.
constexpr std::size_t kMostSlices = std::size_t{1} << 20;
/// … and in one: more than a year of slices of 5 minutes.
constexpr std::size_t kMostSlicesOfGroup = std::size_t{1} << 17;

}  // namespace

Stability::Stability(Records& records, const PipelineConfig& pipeline) {
  for (std::size_t g = 0; g < records.groups.size(); ++g) {
    GroupPart& group = records.groups[g].stability;
    group.services.resize(kLevels * records.workflows);
    const auto& autoscaling = pipeline.groups[g].workers.autoscaling;
    if (!autoscaling) continue;
    group.autoscaled = true;
    group.offered.set_servers_before(autoscaling->max);
  }
}

void Stability::set_servers(Time now, GroupPart& group, std::uint32_t servers) {
  SLUICE_CHECK(!group.autoscaled, "its capacity is the most that it may have", now, kNoRun);
  if (group.offered.has_begun())
    group.offered.set_servers(now, servers);
  else
    group.offered.set_servers_before(servers);
}

void Stability::window_began(Time now, Records& records) {
  SLUICE_CHECK(records.started, "the window has begun", now, kNoRun);
  for (GroupRecord& group : records.groups) {
    group.stability.last_accepted = group.stability.emptied = {-1};
    std::fill(group.stability.services.begin(), group.stability.services.end(), ServiceRecord{});
    group.stability.offered.restart(
        now, records.config.stability_window,
        std::clamp<std::size_t>(kMostSlices / records.groups.size(), 12, kMostSlicesOfGroup));
  }
}

namespace {

constexpr std::uint64_t kEnoughRuns = 30;

/// A mean is called a lower bound if the runs that have not ended add 1 % to it or more.
constexpr double kWorthMarking = 1.01;

/// Work of runs: of those that ended, or with what the others have had so far as well.
enum class Work : bool { ended, all };
/// By which runs the means of workflows are weighted.
enum class Weight : bool { accepted, not_ended };

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
  /// A run of the window that has not ended.
  struct Open {
    std::uint32_t group = 0;
    std::size_t level = 0;
    Time accepted;
    Duration had{};
  };
  const std::vector<Open>& open() const { return open_runs_; }
  /// Seconds of cooling down after an attempt, on average.
  double cooling_s(std::size_t g, Time end) const;
  Mean mean(std::size_t g, std::size_t k, double cooling_s,
            Weight weight = Weight::accepted) const {
    const double ended_s = mean_s(g, k, cooling_s, Work::ended, weight);
    const double all_s = mean_s(g, k, cooling_s, Work::all, weight);
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
  double mean_s(std::size_t g, std::size_t k, double cooling_s, Work of, Weight weight) const;
  /// Of a workflow, whatever the level and group.
  ServiceRecord of_all_levels(std::size_t workflow, Work of) const;

  const Records& records_;
  std::vector<ServiceRecord> open_;  ///< of runs that have not ended; as services, by group
  std::vector<Open> open_runs_;
};

double Services::cooling_s(std::size_t g, Time end) const {
  ServiceRecord all;
  for (std::size_t k = 0; k < kLevels; ++k) all += ended(g, k);
  if (all.attempts == 0) return 0;
  return seconds(records_.groups[g].clocks.cooling_integral().until(end)) /
         static_cast<double>(all.attempts);
}

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
    if (run.counted) open_runs_.push_back({run.group, run.level(), run.accepted, had});
    ServiceRecord& work =
        open_[(run.group * kLevels + run.level()) * records_.workflows + run.workflow];
    ++work.ended;
    work.service_ns += static_cast<double>(had.ns);
  }
}

/// Seconds for which a run of the level keeps a worker from others over all its attempts, each of
/// which `cooling_s` follow: the mean of each workflow by how many runs of it `weight` says, since
/// the runs that were served may be of another mix than those that came. A workflow of which hardly
/// anything is known at the level (it starves) is estimated over all levels, then from the whole
/// group; 0: unknown.
double Services::mean_s(std::size_t g, std::size_t k, double cooling_s, Work of,
                        Weight weight) const {
  const auto mean_s = [cooling_s](const ServiceRecord& runs) {
    const double served_s = runs.service_ns * 1e-9;
    return (served_s + cooling_s * static_cast<double>(runs.attempts)) /
           static_cast<double>(runs.ended);
  };
  double known = 0;
  double sum_s = 0;
  for (std::size_t w = 0; w < records_.workflows; ++w) {
    const ServiceRecord& own = records_.groups[g].stability.services[k * records_.workflows + w];
    const std::uint64_t not_ended = own.accepted - std::min(own.accepted, own.ended);
    const auto runs = static_cast<double>(weight == Weight::accepted ? own.accepted : not_ended);
    if (runs == 0) continue;
    ServiceRecord of_workflow = work(g, k, w, of);
    if (of_workflow.ended < kEnoughRuns) of_workflow = of_all_levels(w, of);
    if (of_workflow.ended == 0) continue;
    known += runs;
    sum_s += runs * mean_s(of_workflow);
  }
  if (known > 0) return sum_s / known;
  if (const ServiceRecord own = work(g, k, of); own.ended >= kEnoughRuns) return mean_s(own);
  ServiceRecord group;
  for (std::size_t level = 0; level < kLevels; ++level) group += work(g, level, of);
  return group.ended > 0 ? mean_s(group) : 0;
}

ServiceRecord Services::of_all_levels(std::size_t workflow, Work of) const {
  ServiceRecord all;
  for (std::size_t group = 0; group < records_.groups.size(); ++group)
    for (std::size_t level = 0; level < kLevels; ++level) all += work(group, level, workflow, of);
  return all;
}

// ---- over sliding windows

/// The work that came in a window and what was there for it.
struct SlidingWindow {
  Time from;
  Time until;
  std::array<double, kLevels> offered_s{};  ///< worker × s, of each level and those above
  double capacity_s = 0;

  double length_s() const { return (until - from).seconds(); }
  /// Half a worker: what is left of a pool that has closed is none.
  bool has_capacity() const { return capacity_s >= 0.5 * length_s(); }
  double sigma(std::size_t k) const { return offered_s[k] / capacity_s; }
};

/// Of one group.
struct WindowsOfGroup {
  std::vector<SlidingWindow> windows;
  Duration step{};
  std::array<bool, kLevels> has_work{};  ///< of each level and those above
  std::array<bool, kLevels> at_least{};
};

/// Seconds of work that came in each slice, by level.
std::vector<std::array<double, kLevels>> work_of_slices(
    const AtEnd& at, const Services& services, std::size_t g,
    const std::vector<OfferedWork::Slice>& slices, WindowsOfGroup& result) {
  const OfferedWork& offered = at.records.groups[g].stability.offered;
  SLUICE_CHECK(offered.has_begun(), "the window has begun", at.end, kNoRun);
  const double cooling_s = services.cooling_s(g, at.end);
  std::array<Services::Mean, kLevels> means;
  std::array<double, kLevels> unknown_s{};  // of runs that never ran
  for (std::size_t k = 0; k < kLevels; ++k) {
    means[k] = services.mean(g, k, cooling_s);
    result.has_work[k] = services.ended(g, k).accepted > 0 && means[k].seconds > 0;
    result.at_least[k] = means[k].lower_bound && result.has_work[k];
    unknown_s[k] = services.mean(g, k, cooling_s, Weight::not_ended).seconds;
  }
  std::vector<std::array<double, kLevels>> work(slices.size());
  for (std::size_t i = 0; i < slices.size(); ++i)
    for (std::size_t k = 0; k < kLevels; ++k) {
      const OfferedWork::Level& level = slices[i].levels[k];
      work[i][k] = static_cast<double>(level.work_ns) * 1e-9 + level.attempts * cooling_s +
                   level.unknown * unknown_s[k];
    }
  // Who has had more than that already counts with what it has had.
  for (const Services::Open& run : services.open())
    if (run.group == g && run.accepted < at.end)
      work[offered.index_of(run.accepted)][run.level] +=
          std::max(0.0, run.had.seconds() - unknown_s[run.level]);
  return work;
}

/// Windows of whole slices; the last one goes on to the end. One, if there is no more time.
WindowsOfGroup windows_of(const AtEnd& at, const Services& services, std::size_t g) {
  const OfferedWork& offered = at.records.groups[g].stability.offered;
  WindowsOfGroup result;
  result.step = offered.slice();
  const std::vector<OfferedWork::Slice> slices = offered.until(at.end);
  const auto work = work_of_slices(at, services, g, slices, result);
  std::vector<SlidingWindow> sums(slices.size() + 1);  // of the slices before
  for (std::size_t i = 0; i < slices.size(); ++i) {
    double level_and_above = 0;
    for (std::size_t k = 0; k < kLevels; ++k) {
      level_and_above += result.has_work[k] ? work[i][k] : 0;
      sums[i + 1].offered_s[k] = sums[i].offered_s[k] + level_and_above;
    }
    sums[i + 1].capacity_s = sums[i].capacity_s + static_cast<double>(slices[i].capacity_ns) * 1e-9;
  }
  const std::size_t whole =
      static_cast<std::size_t>((at.end - offered.from()).ns / offered.slice().ns);
  const std::size_t steps = std::min(offered.steps(), std::max<std::size_t>(whole, 1));
  const std::size_t count = whole >= offered.steps() ? whole - steps + 1 : 1;
  for (std::size_t i = 0; i < count; ++i) {
    const bool last = i + 1 == count;
    const SlidingWindow& before = sums[i];
    const SlidingWindow& through = last ? sums.back() : sums[i + steps];
    SlidingWindow window;
    window.from = offered.from() + offered.slice() * static_cast<std::int64_t>(i);
    window.until = last ? at.end : window.from + offered.slice() * static_cast<std::int64_t>(steps);
    for (std::size_t k = 0; k < kLevels; ++k)
      window.offered_s[k] = std::max(0.0, through.offered_s[k] - before.offered_s[k]);
    window.capacity_s = through.capacity_s - before.capacity_s;
    result.windows.push_back(window);
  }
  return result;
}

/// The window with the highest σ of a level; of equal ones the latest. Null: there was no capacity.
const SlidingWindow* peak_of(const WindowsOfGroup& group, std::size_t k) {
  constexpr double kEqual = 1 - 1e-9;
  const SlidingWindow* peak = nullptr;
  for (const SlidingWindow& window : group.windows)
    if (window.has_capacity() && (peak == nullptr || window.sigma(k) >= peak->sigma(k) * kEqual))
      peak = &window;
  return peak;
}

/// A moment is as overloaded as the window around it; before the middle of the first as that.
double overloaded_s(const WindowsOfGroup& group, std::size_t k) {
  double total_s = 0;
  for (std::size_t i = 0; i < group.windows.size(); ++i) {
    const SlidingWindow& window = group.windows[i];
    if (!window.has_capacity() || window.sigma(k) < 1) continue;
    const double edge_s = std::max(0.0, window.length_s() - group.step.seconds()) / 2;
    total_s += group.windows.size() == 1 ? window.length_s() : group.step.seconds();
    if (group.windows.size() > 1) {
      total_s += i == 0 ? edge_s : 0;
      total_s += i + 1 == group.windows.size() ? edge_s : 0;
    }
  }
  return total_s;
}

void write_peaks(FigureSink& sink, const AtEnd& at, const Services& services, std::size_t g) {
  using enum FigureSink::Over;
  const WindowsOfGroup group = windows_of(at, services, g);
  bool any = false;
  bool at_least = false;
  for (std::size_t k = 0; k < kLevels; ++k) {
    any |= group.has_work[k];
    at_least |= group.at_least[k];
    const std::uint64_t accepted = services.ended(g, k).accepted;
    if (!any || accepted == 0) continue;
    const SlidingWindow* const peak = peak_of(group, k);
    const SlidingWindow& busiest =
        peak != nullptr ? *peak
                        : *std::max_element(group.windows.begin(), group.windows.end(),
                                            [k](const SlidingWindow& a, const SlidingWindow& b) {
                                              return a.offered_s[k] < b.offered_s[k];
                                            });
    sink.put_level(Metric::workers_needed, g, k,
                   busiest.offered_s[k] / busiest.length_s() / kTargetSigma, accepted, most,
                   at_least);
    if (peak == nullptr) continue;
    sink.put_level(Metric::stability_peak_sigma, g, k, peak->sigma(k), accepted, most, at_least);
    sink.put_level(Metric::stability_overloaded, g, k, overloaded_s(group, k), accepted, most,
                   at_least);
  }
}

/// Many windows are put together: of each row of them the highest σ stays.
constexpr std::size_t kMostWindows = std::size_t{1} << 14;

SigmaOverTime sigma_over_time(const WindowsOfGroup& group, std::size_t g, std::size_t k) {
  SigmaOverTime result;
  result.subject = Subject::of(GroupId::at(g), kAllLevels[k]);
  result.from = group.windows.front().from;
  result.until = group.windows.back().until;
  result.window = group.windows.front().until - group.windows.front().from;
  const std::size_t row = (group.windows.size() + kMostWindows - 1) / kMostWindows;
  result.step = group.step * static_cast<std::int64_t>(row);
  for (std::size_t i = 0; i < group.windows.size(); ++i) {
    if (i % row == 0) result.windows.push_back(SigmaOverTime::kNoCapacity);
    const SlidingWindow& window = group.windows[i];
    if (!window.has_capacity()) continue;
    result.windows.back() = std::max(result.windows.back(), static_cast<float>(window.sigma(k)));
  }
  if (const SlidingWindow* const peak = peak_of(group, k)) {
    result.peak_from = peak->from;
    result.peak_until = peak->until;
  }
  return result;
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
  const double cooling_s = services.cooling_s(g, at.end);
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
    sink.put_level(Metric::workers_needed_mean, g, k, offered / kTargetSigma, accepted, most,
                   at_least);
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

/// A credential or pool that somebody wanted or held.
struct Resource {
  Subject subject;
  double arrivals = 0;
  ResourceUsage usage;
  double servers = 0;         ///< mean slots; 0: unlimited at some time
  std::uint64_t samples = 0;  ///< dispatches
  Time peak_from;
  Time peak_until;
  double peak_per_slot = 0;  ///< runs that came in that window ÷ its mean limit; 0: not known

  bool is_known() const { return usage.dispatched > 0 && usage.in_use_s > 0; }
  double service_s() const { return usage.in_use_s / usage.dispatched; }
  /// 0: not known.
  double peak_sigma() const {
    const double length_s = (peak_until - peak_from).seconds();
    return is_known() && servers > 0 && length_s > 0 ? peak_per_slot * service_s() / length_s : 0;
  }
};

void find_peak(const AtEnd& at, const SlidingDemand& demand, float slots, const SliceLimits* limits,
               Resource& resource) {
  const SliceClock& clock = at.records.credentials.clock;
  const SlidingDemand::Peak peak = demand.peak(slots, limits);
  SLUICE_CHECK(clock.slice().ns > 0, "the window has begun", at.end, kNoRun);
  const Duration window = clock.slice() * SliceClock::kSlices;
  const Time from = clock.from() + clock.slice() * static_cast<std::int64_t>(peak.slice);
  resource.peak_from = std::max(at.records.from, std::min(from, at.end - window));
  resource.peak_until = std::min(at.end, resource.peak_from + window);
  resource.peak_per_slot = peak.per_slot;
}

Resource credential_at_end(const AtEnd& at, std::size_t c, const ResourceUsage& usage,
                           std::uint64_t through_pools) {
  const CredentialTable& table = at.records.credentials;
  const CredentialUse& use = table.uses[c];
  Resource resource;
  resource.subject = Subject::of(CredentialId::at(c));
  resource.arrivals = static_cast<double>(use.demanded() + through_pools);
  resource.usage = usage;
  resource.servers = table.records[c].mean_limit(at.end, at.end - at.records.from);
  resource.samples = use.dispatched();
  const auto limits = table.slice_limits.find(c);
  find_peak(at, table.sliding[c], slots_of(use.limit()),
            limits == table.slice_limits.end() ? nullptr : &limits->second, resource);
  return resource;
}

Resource pool_at_end(const AtEnd& at, std::size_t p, const std::vector<ResourceUsage>& usage) {
  const PoolUse& pool = at.records.credentials.pools.pools()[p];
  Resource resource;
  resource.subject = Subject::of(PoolId::at(p));
  resource.arrivals = static_cast<double>(pool.demanded);
  resource.samples = pool.dispatched();
  for (const CredentialId member : pool.members) {
    const double limit =
        at.records.credentials.records[member.index()].mean_limit(at.end, at.end - at.records.from);
    resource.servers += limit > 0 ? limit : std::numeric_limits<double>::infinity();
    resource.usage += usage[member.index()];
  }
  if (!(resource.servers < 1e18)) resource.servers = 0;
  find_peak(at, pool.sliding, pool.slots, pool.limits(), resource);
  return resource;
}

/// O(credentials + members of pools + runs in the system).
std::vector<Resource> resources_at_end(const AtEnd& at) {
  const CredentialTable& table = at.records.credentials;
  const std::vector<ResourceUsage> usage = usage_of_credentials(at);
  const std::vector<std::uint64_t> through_pools = dispatched_through_pools(table);
  std::vector<Resource> resources;
  for (std::size_t c = 0; c < table.uses.size(); ++c)
    if (table.is_used(c)) resources.push_back(credential_at_end(at, c, usage[c], through_pools[c]));
  const auto& pools = table.pools.pools();
  for (std::size_t p = 0; p < pools.size(); ++p)
    if (pools[p].dispatched() + pools[p].demanded > 0)
      resources.push_back(pool_at_end(at, p, usage));
  return resources;
}

void write_resource(FigureSink& sink, const AtEnd& at, const Resource& resource) {
  const Subject& subject = resource.subject;
  const double per_second = resource.arrivals / at.length_s;
  if (resource.arrivals > 0)
    sink.put(Metric::arrivals_rate, subject, per_second * 60, resource.samples);
  if (!resource.is_known()) return;
  Figure figure;
  figure.samples = resource.samples;
  figure.lower_bound = resource.usage.lower_bound();
  figure.value = resource.service_s();
  sink.put(Metric::service_mean, subject, figure);
  if (!(resource.servers > 0)) return;
  const double sigma = per_second * resource.service_s() / resource.servers;
  figure.value = sigma;
  sink.put(Metric::stability_sigma, subject, figure);
  figure.value = resource.peak_sigma();
  if (figure.value > 0) sink.put(Metric::stability_peak_sigma, subject, figure);
  figure.value = 1 - sigma;
  std::swap(figure.lower_bound, figure.upper_bound);
  sink.put(Metric::stability_headroom, subject, figure);
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
  for (std::size_t g = 0; g < at.records.groups.size(); ++g) write_peaks(sink, at, services, g);
  for (const Resource& resource : resources_at_end(at)) write_resource(sink, at, resource);
}

void Stability::complete(ReplicationResult& result, const AtEnd& at) const {
  if (!(at.length_s > 0)) return;
  const Services services(at);
  for (std::size_t g = 0; g < at.records.groups.size(); ++g) {
    const WindowsOfGroup group = windows_of(at, services, g);
    bool any = false;
    for (std::size_t k = 0; k < kLevels; ++k) {
      any |= group.has_work[k];
      if (any && services.ended(g, k).accepted > 0)
        result.sigma.push_back(sigma_over_time(group, g, k));
    }
  }
  constexpr std::size_t kMostPeaks = 64;
  std::vector<Resource> resources = resources_at_end(at);
  std::erase_if(resources, [](const Resource& resource) { return !(resource.peak_sigma() > 0); });
  std::stable_sort(resources.begin(), resources.end(), [](const Resource& a, const Resource& b) {
    return a.peak_sigma() > b.peak_sigma();
  });
  if (resources.size() > kMostPeaks) resources.resize(kMostPeaks);
  for (const Resource& resource : resources)
    result.resource_peaks.push_back({resource.subject, resource.peak_from, resource.peak_until});
}

}  // namespace sluice
