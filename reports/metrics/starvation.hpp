// Starvation episodes (S4), those of levels one by one (S14), and the starvation index (S5) of one
// level of a group, or of one level of a workspace.
//
// An episode is a maximal [u, v) in which at least one run was a candidate throughout and none was
// dispatched. It begins with the later of the last dispatch and the arrival of a candidate at an
// empty queue; it ends with the next dispatch, when the last candidate goes away otherwise, or
// (censored) with the window. Episodes begin anew when the window begins. A run is affected by an
// episode >= θ of its level if it was a candidate at some time of it.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
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
struct QueueSums;
struct Records;
struct ReplicationResult;

struct EpisodeTotals {
  std::uint64_t count = 0;  ///< with length >= θ
  Duration total{};         ///< of those
  Duration longest{};       ///< of all
  Duration backlogged{};    ///< time with at least one candidate

  void add(Duration length, Duration threshold) {
    longest = std::max(longest, length);
    if (length < threshold) return;
    ++count;
    total += length;
  }
  /// SI = time in episodes >= θ ÷ time with a candidate; 0 if there was never one.
  double index() const {
    return backlogged.ns > 0 ? static_cast<double>(total.ns) / static_cast<double>(backlogged.ns)
                             : 0;
  }
  EpisodeTotals& operator+=(const EpisodeTotals& other);
};

/// O(1) per call, 48 bytes. The caller keeps the number of candidates.
class Episodes {
 public:
  bool open() const { return since_ != Time::never(); }
  Time since() const { return since_; }

  /// The first candidate appears.
  void begin(Time now) {
    since_ = now;
    totals_.backlogged.ns -= now.ns;
  }
  /// A dispatch while it is open; returns the length of what it ended.
  Duration dispatch(Time now, Duration threshold) {
    const Duration length = now - since_;
    totals_.add(length, threshold);
    since_ = now;
    return length;
  }
  /// The last candidate went away. After dispatch() if by dispatch.
  void end(Time now, Duration threshold) {
    totals_.add(now - since_, threshold);
    totals_.backlogged.ns += now.ns;
    since_ = Time::never();
  }
  /// As if the window ended now.
  EpisodeTotals until(Time now, Duration threshold) const;
  void restart(Time now);

 private:
  Time since_ = Time::never();
  EpisodeTotals totals_;
};

/// Who was dispatched during the episodes >= θ of each level of one group. A log of dispatches
/// reaches back to the oldest open episode that is not yet that long; when one becomes it, its part
/// of the log is counted for good. Dispatch: O(levels); a dispatch is counted at most once per
/// level. Memory: dispatches within θ.
class DispatchLog {
 public:
  using Counts = std::vector<std::uint64_t>;  ///< by queue: workspace × levels + level
  struct QueueCount {
    std::uint32_t queue = 0;
    std::uint64_t dispatches = 0;
    bool operator==(const QueueCount&) const = default;
  };

  explicit DispatchLog(std::size_t queues = 0);
  /// REQUIRES that the level is not open.
  void begin(std::size_t level, Time since) {
    open_[level] = {since, tail_, true, false};
    ++open_levels_;
  }
  void end(std::size_t level, Time now, Duration threshold);
  /// Ends and begins at the same instant: a dispatch of the level.
  void begin_again(std::size_t level, Time now, Duration threshold) {
    Open& open = open_[level];
    SLUICE_CHECK(open.open, "only an open episode begins again", now, kNoRun);
    if (!open.starved && now - open.since >= threshold) fold(level);
    if (open.starved) close(level);
    open = {now, tail_, true, false};
    if (head_ != tail_) trim();
  }
  /// A dispatch of `queue`; its own level's episode must have been ended or restarted first.
  void dispatched(Time now, std::uint32_t queue, std::size_t level,
                  const std::array<Duration, kLevels>& threshold);
  /// Of dispatches during finished episodes and the open ones, if they are >= θ at `now`.
  Counts counts(std::size_t level, Time now, Duration threshold) const;
  /// Of the episode >= θ that end() or begin_again() ended last, in order of first dispatches.
  const std::vector<QueueCount>& ended() const { return ended_; }
  /// Of the open episode, if it is >= θ at `now`.
  std::vector<QueueCount> under_way(std::size_t level, Time now, Duration threshold) const;
  void restart(Time now);

 private:
  struct Open {
    Time since{};
    std::uint64_t from = 0;  ///< position in the log
    bool open = false;
    bool starved = false;  ///< reached θ: what it logged is counted
  };
  std::uint32_t& at(std::uint64_t position) { return ring_[position & (ring_.size() - 1)]; }
  std::uint32_t at(std::uint64_t position) const { return ring_[position & (ring_.size() - 1)]; }
  void count(std::size_t level, std::uint32_t queue);
  void fold(std::size_t level);
  void close(std::size_t level);
  void trim();
  void grow();

  std::size_t queues_;
  std::array<Open, kLevels> open_{};
  std::uint32_t open_levels_ = 0;
  std::vector<std::uint32_t> ring_ = std::vector<std::uint32_t>(64);
  std::uint64_t head_ = 0;
  std::uint64_t tail_ = 0;
  std::array<Counts, kLevels> counts_;       ///< of finished episodes; empty until one is
  std::array<Counts, kLevels> open_counts_;  ///< of the open one; empty until something starves
  std::array<std::vector<std::uint32_t>, kLevels> touched_;  ///< queues that are not zero there
  std::vector<QueueCount> ended_;
};

class Starvation {
 public:
  struct RunPart {
    bool affected = false;  ///< by an episode >= θ of its level
    bool left = false;      ///< was a candidate, and not dispatched: `left_candidates` has when
  };
  struct QueueLine {
    bool affected = false;  ///< one of its runs was
  };
  struct QueuePart {
    Episodes episodes;
    Time emptied{-1};  ///< when its last candidate went away otherwise than by dispatch
  };
  struct LevelPart {
    Episodes episodes;
    std::uint32_t backlogged = 0;  ///< workspaces with candidates
    Affected runs;                 ///< by the open episode
    Affected workspaces;
    LongestEpisodes kept;
    Time last_starved{-1};  ///< latest instant known to lie in an episode >= θ
    std::uint64_t affected_runs = 0;
    std::uint64_t affected_workspaces = 0;
    bool after_dispatch = false;  ///< the open episode began with a dispatch
    std::uint64_t gaps = 0;       ///< finished episodes that began and ended with a dispatch
    double gap_sum_s = 0;
    double gap_squares_s2 = 0;
  };
  struct GroupPart {
    DispatchLog log;
  };
  static constexpr std::array kSays{
      MetricRange{Metric::starvation_count, Metric::starvation_gap_sd}};
  static constexpr Hears kHears = hear::passed | hear::became_candidate | hear::left_candidates |
                                  hear::holding_ended | hear::window_began;

  Starvation(Records& records, const PipelineConfig& pipeline);

  void became_candidate(Time now, const auto& p) {
    LevelPart& level = p.level.starvation;
    if (p.level.candidates.count() == 1) {
      SLUICE_CHECK(!level.episodes.open(), "an episode begins once", now, kNoRun);
      level.episodes.begin(now);
      level.after_dispatch = false;
      level.runs.begin(0);
      level.workspaces.begin(0);
      p.group.starvation.log.begin(p.k, now);
    }
    const Time since = level.episodes.since();
    level.runs.came(now, p.records.left_candidates_at(p.slot) > since);
    if (p.queue.candidates != 1) return;
    QueuePart& queue = p.queue.starvation;
    queue.episodes.begin(now);
    ++level.backlogged;
    level.workspaces.came(now, queue.emptied > since);
  }
  void left_candidates(Time now, const auto& p, Leaving how) {
    LevelPart& level = p.level.starvation;
    QueuePart& queue = p.queue.starvation;
    SLUICE_CHECK(level.backlogged > 0, "a workspace of who leaves had candidates", now, kNoRun);
    level.backlogged -= p.queue.candidates == 0;
    if (how == Leaving::by_dispatch)
      end_episodes(now, p);
    else
      note_leaving(now, p);
    note_affected(p);
    if (p.level.candidates.count() == 0 && level.episodes.open()) {
      p.group.starvation.log.end(p.k, now, p.threshold);
      if (now - level.episodes.since() >= p.threshold)
        keep(level, p.group.starvation.log, level.episodes.since(), now);
      level.episodes.end(now, p.threshold);
    }
    if (p.queue.candidates == 0 && queue.episodes.open()) queue.episodes.end(now, p.threshold);
  }
  void passed(Time now, const auto& p) {
    if (p.group.candidate_count > 0) end_episodes(now, p);
  }
  void holding_ended(Time now, const auto& p, Leaving how) {
    if (how == Leaving::by_dispatch) end_episodes(now, p);
  }
  void window_began(Time now, Records& records);

  void add(QueueSums& sums, std::size_t queue, const AtEnd& at) const;
  void write(FigureSink& sink, const AtEnd& at, const Subject& subject,
             const QueueSums& sums) const;
  void write(FigureSink& sink, const AtEnd& at) const;
  /// Who was dispatched meanwhile, and the episodes of levels.
  void complete(ReplicationResult& result, const AtEnd& at) const;

  /// In the form of an episode: the largest by level and workspace, the rest by level.
  static std::vector<Episode::Dispatched> as_dispatched(
      std::vector<DispatchLog::QueueCount> counts);

 private:
  /// A dispatch, with the run no longer among the candidates.
  static void end_episodes(Time now, const auto& p) {
    LevelPart& level = p.level.starvation;
    if (level.episodes.open()) {
      const Time since = level.episodes.since();
      const Duration length = level.episodes.dispatch(now, p.threshold);
      if (length >= p.threshold) level.last_starved = now;
      if (level.after_dispatch) {
        ++level.gaps;
        level.gap_sum_s += length.seconds();
        level.gap_squares_s2 += length.seconds() * length.seconds();
      }
      level.after_dispatch = true;
      p.group.starvation.log.begin_again(p.k, now, p.threshold);
      if (length >= p.threshold) keep(level, p.group.starvation.log, since, now);
      level.runs.begin(p.level.candidates.count());
      level.workspaces.begin(level.backlogged);
    }
    p.group.starvation.log.dispatched(now, p.run.queue, p.k, p.records.config.starvation_threshold);
    if (p.queue.starvation.episodes.open()) p.queue.starvation.episodes.dispatch(now, p.threshold);
  }
  /// The run went away otherwise: what it was in of the open episode.
  static void note_leaving(Time now, const auto& p) {
    LevelPart& level = p.level.starvation;
    QueuePart& queue = p.queue.starvation;
    const Time since = level.episodes.since();
    SLUICE_CHECK(level.episodes.open() && queue.episodes.open(), "there was a candidate", now,
                 kNoRun);
    const bool was_in_it = p.records.left_candidates_at(p.slot) > since;
    if (!was_in_it && now == std::max(p.run.since, since)) level.runs.was_not_there(now);
    if (p.run.since < now) p.records.note_left_candidates(p.slot, now);
    if (p.queue.candidates > 0) return;
    const Time filled = queue.episodes.since();
    if (queue.emptied <= since && now == std::max(filled, since))
      level.workspaces.was_not_there(now);
    if (filled < now) queue.emptied = now;
  }
  /// An episode >= θ is over; what the log and `level` have of it.
  static void keep(LevelPart& level, const DispatchLog& log, Time since, Time now);
  static void note_affected(const auto& p) {
    const Time now = p.group.instant;
    LevelPart& level = p.level.starvation;
    const bool starving = level.episodes.open() && now - level.episodes.since() >= p.threshold;
    if (starving) level.last_starved = now;
    if (p.run.starvation.affected || level.last_starved <= p.run.since) return;
    p.run.starvation.affected = true;
    ++level.affected_runs;
    level.affected_workspaces += !p.queue.starvation_line.affected;
    SLUICE_CHECK(level.affected_workspaces <= level.affected_runs,
                 "of each workspace that is affected, a run is", now, kNoRun);
    p.queue.starvation_line.affected = true;
  }
};

}  // namespace sluice
