// Starvation episodes of each level of each workspace, one by one (S14). Recorded only where asked.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "base/check.hpp"
#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "reports/instruments/affected.hpp"
#include "reports/instruments/longest_episodes.hpp"
#include "reports/metrics/figure_sink.hpp"
#include "reports/metrics/hears.hpp"

namespace sluice {

class AtEnd;
struct PipelineConfig;
struct Records;
struct ReplicationResult;

/// Says no figures: their number and length are said by `Starvation`. Who was dispatched meanwhile
/// is the difference of two counts of the group, by level alone: O(levels) per dispatch of a
/// workspace that has more candidates.
class WorkspaceEpisodes {
 public:
  static constexpr std::array<MetricRange, 0> kSays{};
  static constexpr Hears kHears = hear::passed | hear::became_candidate | hear::left_candidates |
                                  hear::holding_ended | hear::window_began;

  WorkspaceEpisodes(Records& records, const PipelineConfig& pipeline);

  void became_candidate(Time now, const auto& p) {
    Open& open = open_[p.run.queue];
    if (p.queue.candidates == 1) {
      SLUICE_CHECK(!open.open(), "an episode begins once", now, kNoRun);
      open.since = now;
      open.runs.begin(0);
      open.before = dispatched_in(p);
    }
    open.runs.came(now, p.records.left_candidates_at(p.slot) > open.since);
  }
  void left_candidates(Time now, const auto& p, Leaving how) {
    Open& open = open_[p.run.queue];
    SLUICE_CHECK(open.open(), "there was a candidate", now, kNoRun);
    if (how == Leaving::by_dispatch) return dispatched(now, p);
    const bool was_in_it = p.records.left_candidates_at(p.slot) > open.since;
    if (!was_in_it && now == std::max(p.run.since, open.since)) open.runs.was_not_there(now);
    if (p.queue.candidates == 0) end(now, p);
  }
  void passed(Time now, const auto& p) { dispatched(now, p); }
  void holding_ended(Time now, const auto& p, Leaving how) {
    if (how == Leaving::by_dispatch) dispatched(now, p);
  }
  void window_began(Time now, Records& records);

  void complete(ReplicationResult& result, const AtEnd& at) const;

 private:
  using ByLevel = std::array<std::uint64_t, kLevels>;
  /// The episode of one queue, if it is under way.
  struct Open {
    Time since = Time::never();
    Affected runs;
    ByLevel before{};  ///< dispatches of the group when it began

    bool open() const { return since != Time::never(); }
  };
  /// A dispatch, with the run no longer among the candidates, and not yet counted.
  void dispatched(Time now, const auto& p) {
    Open& open = open_[p.run.queue];
    if (!open.open()) return;
    SLUICE_CHECK(open.since <= now, "an episode ends after it began", now, kNoRun);
    end(now, p);
    if (p.queue.candidates == 0) return;
    open.since = now;
    open.runs.begin(p.queue.candidates);
    open.before = dispatched_in(p);
    ++open.before[p.k];
  }
  void end(Time now, const auto& p) {
    Open& open = open_[p.run.queue];
    if (now - open.since >= p.threshold) keep(p.run.queue, p.run.group, now, dispatched_in(p));
    open.since = Time::never();
  }
  static ByLevel dispatched_in(const auto& p) {
    ByLevel counts;
    for (std::size_t k = 0; k < kLevels; ++k) counts[k] = p.group.levels[k].dispatched;
    return counts;
  }
  Episode episode_of(std::size_t queue, Time now, const ByLevel& dispatched) const;
  void keep(std::size_t queue, std::size_t group, Time now, const ByLevel& dispatched);

  std::vector<Open> open_;                                  ///< by queue
  std::vector<std::array<LongestEpisodes, kLevels>> kept_;  ///< by group
};

}  // namespace sluice
