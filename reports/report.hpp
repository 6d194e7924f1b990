// The report: a value that says everything about a simulation or a live run. Renderers read nothing
// else.
//
// Every number is a figure (reports/figures/figure.hpp) under its metric and subject; the rest is
// what does not fit that form: time lines, who was dispatched while a level starved, the stability
// line in order, verdicts. All lists are in a fixed order.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar/calendar.hpp"
#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "reports/expectations/expectation.hpp"
#include "reports/expectations/reach.hpp"
#include "reports/figures/episode.hpp"
#include "reports/figures/figure.hpp"
#include "reports/figures/hours.hpp"
#include "reports/figures/load_facts.hpp"
#include "reports/figures/names.hpp"
#include "reports/figures/prediction.hpp"
#include "reports/figures/replication_values.hpp"
#include "reports/figures/sigma_over_time.hpp"
#include "reports/figures/trace_import.hpp"

namespace sluice {

/// live: a served pipeline, in wall time; load: a live target, seen from outside.
enum class Engine : std::uint8_t { virtual_time, live, load };
enum class WarmUp : std::uint8_t { none, given, mser5 };
std::string_view name(Engine engine);
std::string_view name(WarmUp method);

/// Of `replications: auto`: replications came in rounds, and after each it was looked whether all
/// is decided. The error is spent over the looks.
struct LooksTaken {
  std::uint32_t taken = 0;
  std::uint32_t at_most = 0;
  double confidence = 0.95;  ///< of all looks together: as the scenario states it
  bool decided = false;
};

struct ReportHeader {
  std::string scenario;
  std::string question;
  std::string hash;  ///< of the effective scenario
  std::uint64_t seed = 0;
  std::string build_id;
  Engine engine = Engine::virtual_time;
  Time from;                      ///< T0
  Time until;                     ///< T1
  WarmUp warm_up = WarmUp::none;  ///< how T0 was found; T0 - 0 was removed
  std::uint32_t replications = 1;
  bool drawn = false;        ///< a sample: chance has a part in it, other replications differ
  double confidence = 0.95;  ///< of each interval
  std::optional<LooksTaken> looks;  ///< none: the number of replications was given, or is one
  bool complete = true;  ///< false: ended early; figures are of [from, until] as far as it came
  std::array<Duration, kLevels> starvation_threshold{};  ///< θ
  std::array<std::optional<Duration>, kLevels> slo{};    ///< target wait
  double fair_share_factor = 0.5;                        ///< φ
  Duration slowdown_bound{};                             ///< τ
  Duration stability_window{};                           ///< over which σ slides to find its peak
  /// With which arrivals recur: an automatic warm-up is whole ones of it. Zero: they do not.
  Duration warm_up_period{};
  Calendar calendar;           ///< of times: reports/figures/clock_text.hpp
  std::string time_zone_data;  ///< version of the system's database; empty: without a `start`
  // The build and wall-time block: the only part that may differ between two runs of the same
  // scenario and seed.
  double wall_seconds = 0;
  std::uint64_t runs = 0;  ///< accepted in all replications, warm-up included
};

/// T1: for which σ the workers needed are told.
inline constexpr double kTargetSigma = 0.8;

/// T1 of one level of a group (cumulative over it and the levels above), of a credential or of a
/// pool.
struct StabilityLine {
  Subject subject;            ///< (group, level), credential or pool
  double arrivals_per_s = 0;  ///< of this level, credential or pool alone
  double mean_service_s =
      0;  ///< time that a run holds a worker (credential) over all attempts, per accepted run
  double servers = 0;         ///< mean present workers, or slots; infinity: unlimited
  double sigma = 0;           ///< >= 1: starves
  double headroom = 0;        ///< 1 - sigma
  double workers_needed = 0;  ///< servers for sigma <= kTargetSigma
  bool lower_bound = false;   ///< sigma and workers_needed are at least, headroom is at most that

  // Over sliding windows of ReportHeader::stability_window; of replications the mean of their peaks
  double peak_sigma = 0;                  ///< the highest; 0: none is known
  std::optional<Interval> peak_interval;  ///< over replications
  bool peak_lower_bound = false;
  /// The window with the highest σ (of replications: of their mean). Of a credential or pool with
  /// replications: from the first to the last of their windows.
  Time peak_from;
  Time peak_until;
  double servers_at_peak = 0;         ///< workers or slots that were there then
  double workers_needed_at_peak = 0;  ///< servers for sigma <= kTargetSigma then
  /// For how long σ of the window around was 1 or more; levels only.
  Duration time_at_or_above_one{};
  std::vector<OverloadedStretch> overloaded;  ///< when; the longest five, in order of time
};

struct GroupStability {
  GroupId group;
  std::vector<StabilityLine> levels;             ///< HIGH first; only levels with arrivals
  std::optional<PriorityLevel> first_to_starve;  ///< first with sigma >= 1
};

/// S4: who was dispatched during the starvation episodes (>= θ) of one level of one group.
struct DispatchedMeanwhile {
  struct Share {
    PriorityLevel level = PriorityLevel::HIGH;
    WorkspaceId workspace;
    std::uint64_t dispatches = 0;
    double share = 0;  ///< of `dispatches` of the whole
  };
  GroupId group;
  PriorityLevel starved = PriorityLevel::LOW;
  std::uint64_t dispatches = 0;
  std::vector<Share> shares;  ///< largest first
};

enum class Line : std::uint8_t {
  eligible,    ///< mean number of candidates; (group, level)
  blocked,     ///< mean number of blocked runs; (group, level)
  running,     ///< mean number of busy workers; (group)
  present,     ///< mean number of present workers; (group)
  dispatched,  ///< dispatches per minute; (group, level)
  starving,    ///< share of the time in episodes >= θ; (group, level)
  // What only files show. `running` is there by level as well.
  accepted,        ///< runs per minute; (group, level)
  offered,         ///< the same × mean work of a run: workers; (group, level)
  oldest_age,      ///< mean time that the oldest waiting run has waited, in seconds; (group, level)
  since_dispatch,  ///< of the open episode at the end of the bucket, in seconds; (group, level)
  in_use,          ///< mean number of slots in use; (credential), none: all others
  received,        ///< mean number of workers; (workspace), none: all others
  fair,            ///< its fair share of them while it wants more; (workspace), likewise
  wait_p50,        ///< of the runs accepted in the bucket, in seconds; NaN without any; (group,
                   ///< level)
  wait_p95,
  wait_p99,
};
inline constexpr std::size_t kLines = static_cast<std::size_t>(Line::wait_p99) + 1;
std::string_view name(Line line);

/// One time line: values of consecutive buckets of equal length, the first from `from` (mean over
/// replications).
struct TimeLine {
  Line line{};
  Subject subject;
  std::vector<double> values;
  std::vector<double> lowest = {};  ///< of the replications; empty: there is but one
  std::vector<double> highest = {};
};
struct TimeLines {
  Time from;
  Duration bucket{};
  std::vector<TimeLine> lines;  ///< by (line, subject); all of the same number of values; the last
                                ///< bucket may be cut short
  const TimeLine* find(Line line, const Subject& subject) const;
};

/// Shares of runs for which the quantile of their waits is told.
inline constexpr std::array kWaitGrid{0.5,   0.75,  0.9,    0.95,   0.99,
                                      0.995, 0.999, 0.9995, 0.9999, 0.99999};
/// Of one level of a group; of a grid of replications the means.
struct WaitGrid {
  Subject subject;
  std::vector<double> values;  ///< seconds, by share
};

/// The sliding windows in which an expectation about them does not hold.
struct WindowBreaks {
  Comparison comparison = Comparison::less;
  double limit = 0;
  std::uint64_t windows = 0;       ///< that had anything to measure; of all replications
  std::uint64_t broken = 0;        ///< of them
  std::uint64_t times = 0;         ///< how often one is broken after one that is not, or first
  std::optional<Time> first;       ///< end of the first one; of the replications the earliest
  double first_mean_s = 0;         ///< over the replications in which one is broken
  std::uint32_t replications = 0;  ///< in which one is broken
};

/// The worst sliding windows of one watched metric.
struct WindowFigure {
  Metric metric{};
  Subject subject;
  Duration over{};
  Figure highest;
  Figure lowest;
  std::vector<WindowBreaks> breaks = {};  ///< a limit each
};

/// An incident of the scenario. Those that begin before the report's window ends.
struct IncidentTime {
  std::string name;
  Time from;
  std::optional<Time> until;  ///< none: for good, or over at once
};

/// held, broke: what happened in the only replication of something that chance has a part in.
/// none: nothing was expected.
enum class Verdict : std::uint8_t { passed, failed, inconclusive, none, held, broke };
std::string_view name(Verdict verdict);

struct Report {
  ReportHeader header;
  Names names;
  std::vector<GroupStability> stability;  ///< in order of groups
  std::vector<StabilityLine>
      tight_resources;  ///< credentials and pools with a limit, largest sigma first; at most 20
  FigureTable figures;
  ReplicationValues replication_values;
  std::vector<DispatchedMeanwhile> dispatched_meanwhile;  ///< levels with at least one episode >= θ
  StarvedTimes starved;
  HourTables hours;
  std::vector<WaitGrid> wait_grids;  ///< by subject
  TimeLines time_lines;
  std::vector<IncidentTime> incidents;  ///< in order of their begin
  std::vector<WindowFigure> windows;
  ReachCounts reached;
  std::vector<ExpectationResult> expectations;  ///< in the scenario's order
  std::vector<ReachResult> reaches;
  Verdict verdict = Verdict::none;
  std::vector<TraceImport> traces;       ///< recorded workloads that are replayed
  std::optional<LoadFacts> load;         ///< of a load only
  std::optional<Prediction> prediction;  ///< of a load that was predicted as well
};

/// (level, workspace) pairs that waited at all: first those that starved for θ or longer, by their
/// longest episode; then by p95 wait, longest time passed over, order of ids.
struct WorstWorkspace {
  PriorityLevel level = PriorityLevel::LOW;
  WorkspaceId workspace;
  bool starved = false;  ///< in an episode of at least θ
  double starvation_longest_s = 0;
  double wait_p95_s = 0;
  bool wait_p95_lower_bound = false;
};
std::vector<WorstWorkspace> worst_workspaces(const Report& report, std::size_t count);

}  // namespace sluice
