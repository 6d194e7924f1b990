// When levels starved, in words that the renderers for people share.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "reports/report.hpp"

namespace sluice {

/// The longest episodes of levels, longest first, at most `most`; those of the workspace levels if
/// no level starved.
std::vector<const Episode*> worst_episodes(const Report& report, std::size_t most);
/// How many there were of what worst_episodes() chooses from.
std::uint64_t episodes_in_all(const Report& report);

/// "LOW", "main LOW", "LOW of acme": who starved in it.
std::string starved_text(const Report& report, const Episode& episode);
/// "2h04m to 3h21m".
std::string when_text(const Report& report, const Episode& episode);
/// "1h17m"; "≥1h17m" if it was not over when the window ended.
std::string length_text(const Episode& episode);
/// "43 runs of 3 workspaces".
std::string affected_text(const Episode& episode);
/// "acme HIGH 59 %, tenant-1 HIGH 20 %, rest 21 %"; "nobody was dispatched".
std::string meanwhile_text(const Report& report, const Episode& episode, std::size_t most);

/// A stretch of time in which a level starves in many replications.
struct StarvingStretch {
  Time from;
  Time until;
  double share = 0;  ///< of the replications, mean over the stretch
};
/// Maximal stretches in which at least half of the replications starve, in order of time. Of one
/// replication: its episodes, those that follow one another at once as one.
std::vector<StarvingStretch> mostly_starving(const Report& report, GroupId group,
                                             PriorityLevel level);

/// A line for each level that starves in some replication, of a report of several: "LOW starves
/// from 14h02m to 16h40m in at least half of 20 replications".
std::vector<std::string> mostly_starving_lines(const Report& report);

/// What was left out for its number; empty: nothing.
std::string left_out_text(const Report& report);

}  // namespace sluice
