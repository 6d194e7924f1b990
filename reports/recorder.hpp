// The recorder: listens to the pipeline's transitions and turns them into the figures of one
// replication.
//
// Cost: O(levels) per transition, no allocation per run in the steady state; memory grows with runs
// in the system, workspaces, credentials and distinct wait magnitudes, not with runs simulated. One
// thread: the one that drives the pipeline. It can be fed by hand: the order of calls must be one
// that a pipeline could make, and runs need only the fields that are read here: request.{workspace,
// workflow, submitter, submitted, level}, id, accepted, slot, group, held, `wait_class` in parked()
// and holding(), and `state` in ended().
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "pipeline/config.hpp"
#include "pipeline/observer.hpp"
#include "reports/figures/hours.hpp"
#include "reports/figures/sigma_over_time.hpp"
#include "reports/figures/wait_part.hpp"
#include "reports/report.hpp"

namespace sluice {

/// What a window's figure is held against.
struct WindowLimit {
  Comparison comparison = Comparison::less;
  double limit = 0;  ///< in the metric's unit
  bool operator==(const WindowLimit&) const = default;
};

/// A metric of one subject to be followed over all sliding windows of one length.
struct WindowWatch {
  Metric metric{};
  Subject subject;
  Duration over{};
  std::vector<WindowLimit> limits = {};
  bool same_windows(const WindowWatch& other) const {
    return metric == other.metric && subject == other.subject && over == other.over;
  }
};

/// A quantile that is held against a limit: it is exact where it is near it.
struct QuantileWatch {
  Metric metric{};
  Subject subject;
  double limit = 0;  ///< in the metric's unit
  bool operator==(const QuantileWatch&) const = default;
};
/// Quantiles, which are exact to LogHistogram::kRelativeError otherwise.
bool from_histogram(Metric metric);

inline constexpr std::int64_t kMostTimeLineBuckets = 20'000;

struct RecorderConfig {
  Time from;  ///< T0: figures are about [from, until]; runs accepted earlier do not count in waits
  Time until = Time::never();  ///< T1 if known; only for the width of time-line buckets
  std::array<Duration, kLevels> starvation_threshold{
      Duration{600'000'000'000}, Duration{600'000'000'000}, Duration{600'000'000'000}};  ///< θ
  std::array<std::optional<Duration>, kLevels> slo{};  ///< target wait
  double fair_share_factor = 0.5;                      ///< φ
  Duration slowdown_bound{10'000'000'000};             ///< τ
  Duration stability_window{3'600'000'000'000};  ///< over which σ slides to find its peak; > 0
  std::uint32_t time_line_buckets = 100;         ///< about so many; 0: no time lines
  /// Width of their buckets, which then begin at multiples of it; zero: by number. At most
  /// kMostTimeLineBuckets may fit into the window.
  Duration time_line_bucket{};
  std::vector<Subject>
      slices;  ///< further subjects (any combination of group, level, workspace, workflow,
               ///< submitter) whose waits and counts are wanted; costs O(slices) per run
  std::vector<WindowWatch> windows;  ///< costs O(windows) per run
  /// Cost O(quantiles) per run that waited, and memory for the values in their limits' buckets.
  std::vector<QuantileWatch> quantiles;
  /// So many different values are kept for all of them; about 64 bytes each.
  std::size_t most_kept_values = 1 << 18;
  /// Exact wait quantiles instead of ones to 0.8 %: keeps every distinct wait. For recordings, not
  /// for simulations.
  bool exact_quantiles = false;
  /// What only files show as well: episodes of workspaces, figures by hour, further time lines.
  /// Costs more per run.
  bool in_detail = false;
  bool patience = false;  ///< of a submitter is limited: runs may be cancelled
  /// The metrics that are wanted, with those of `windows`: figures of others may be missing, and
  /// time lines, inversions, pools and what was reached are not to be looked at; attribution() may
  /// be all zeros. None: everything. Costs less the less is wanted: nothing but counts (T2, T8), or
  /// waits, starvation and queue age as well.
  std::optional<std::vector<Metric>> only;
};

/// Adds it to `slices`, once.
void add_slice(RecorderConfig& config, const Subject& subject);

/// S9 of one group, by level of the dispatched run and level of the run that waited. A higher level
/// that waited: an inversion.
struct PassedOverCounts {
  /// Of the one level beside at least one run of the other that waited.
  std::array<std::array<std::uint64_t, kLevels>, kLevels> dispatches{};
  std::array<std::array<std::uint64_t, kLevels>, kLevels> pairs{};
};

/// The figures of one replication.
struct ReplicationResult {
  Time from;
  Time until;
  std::uint64_t runs = 0;  ///< accepted, warm-up included
  bool refused = false;    ///< a request was, warm-up included
  FigureTable figures;
  std::vector<std::vector<CredentialId>> pools;  ///< members by PoolId of this replication
  std::vector<DispatchedMeanwhile> dispatched_meanwhile;
  StarvedTimes starved;
  HourCounts hours;
  std::vector<WaitGrid> wait_grids;
  TimeLines time_lines;
  std::vector<WindowFigure> windows;
  ReachCounts reached;
  std::vector<PassedOverCounts> inversions;  ///< by group
  std::vector<SigmaOverTime> sigma;          ///< by (group, level)
  std::vector<ResourcePeak> resource_peaks;  ///< of those with the highest σ; at most 64
};

class Recorder : public PipelineObserver {
 public:
  Recorder() = default;
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// The figures of [from, end]. REQUIRES `end` not before the last transition. Recording may go on
  /// afterwards: the report so far.
  virtual ReplicationResult finish(Time end) = 0;
  /// How the wait of a run was spent, of all its attempts so far. Valid from dispatched() until
  /// ended() returns for the first time that another observer after this one sees it: slots are not
  /// reused before the next accepted(). May be all zeros where `only` names no metric of
  /// attribution.
  virtual WaitAttribution attribution(RunSlot slot) const = 0;
};

}  // namespace sluice
