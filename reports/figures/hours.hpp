// What recurs: figures by hour of the day and of the week.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.hpp"
#include "reports/figures/figure.hpp"

namespace sluice {

inline constexpr std::size_t kHoursOfDay = 24;
inline constexpr std::size_t kHoursOfWeek = 168;
inline constexpr Duration kOneHour{3'600'000'000'000};

/// Of the runs that were accepted in one hour of the day, or of the week.
struct HourFigures {
  double arrivals_per_h = 0;  ///< accepted; mean over the times that this hour came
  std::uint64_t waits = 0;    ///< those that still wait with it
  double wait_p50_s = 0;      ///< of `waits`; none without any
  double wait_p95_s = 0;
  bool lower_bound = false;  ///< of the p95: it is that of runs that still waited at the end
  /// Highest σ of the times that this hour came: work offered by the level and those above it ÷
  /// work that the present workers could do. Of levels of groups; none: no worker was there.
  std::optional<double> sigma_peak;
  std::optional<double> workers_needed;  ///< for kTargetSigma, in that hour
};

/// One level of a group, or of a workspace: the hours of a day or of a week.
struct HourLine {
  Subject subject;
  std::vector<HourFigures> hours;
};

/// What a replication counted by hour.
struct HourCounts {
  bool recorded = false;
  Time from;                                         ///< begin of the first hour, a multiple
  std::vector<std::vector<std::uint32_t>> arrivals;  ///< by group × levels + level, then hour
  std::vector<std::vector<double>> present_s;        ///< worker time, by group, then hour
  std::vector<HourLine> day;                         ///< without σ
  std::vector<HourLine> week;                        ///< empty if the window is too short
};

/// Mean over replications; of σ the mean of the peaks.
struct HourTables {
  static constexpr std::size_t kMostWorkspaces = 20;

  bool recorded = false;
  /// Levels of groups, then the levels of the workspaces whose p95 in some hour is longest.
  std::vector<HourLine> day;
  std::vector<HourLine> week;  ///< levels of groups; empty if the window is too short
};

}  // namespace sluice
