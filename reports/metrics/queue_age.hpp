// Queue age (S3): for how long the oldest waiting run of a level has been waiting, at every
// instant.
//
// A run's age counts from when it last joined the queue: its acceptance, or its latest requeue. To
// be told only when the oldest run changes: O(1), exact.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/check.hpp"
#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "reports/instruments/integral.hpp"
#include "reports/metrics/figure_sink.hpp"
#include "reports/metrics/hears.hpp"

namespace sluice {

class AtEnd;
struct PipelineConfig;
struct Records;

struct QueueAgeTotals {
  Duration longest{};         ///< highest age
  Duration over_threshold{};  ///< time with an age above θ
  Int128 twice_area = 0;      ///< 2 ∫ age dt, ns²
};

class AgeOfOldest {
 public:
  /// `oldest`: when the run that is the oldest from now on joined; Time::never(): nobody waits.
  void oldest_is(Time oldest, Time now, Duration threshold) {
    if (oldest_ != Time::never()) add(totals_, now, threshold);
    oldest_ = oldest;
    since_ = now;
  }
  QueueAgeTotals until(Time now, Duration threshold) const {
    QueueAgeTotals totals = totals_;
    if (oldest_ != Time::never()) add(totals, now, threshold);
    return totals;
  }
  void restart(Time now) {
    totals_ = {};
    since_ = now;
  }

 private:
  void add(QueueAgeTotals& totals, Time now, Duration threshold) const {
    const Int128 from = (since_ - oldest_).ns;
    const Int128 to = (now - oldest_).ns;
    totals.twice_area += to * to - from * from;
    totals.longest = std::max(totals.longest, now - oldest_);
    const Time passed = oldest_ + threshold;
    if (now > passed) totals.over_threshold += now - std::max(since_, passed);
  }

  Time oldest_ = Time::never();
  Time since_{};
  QueueAgeTotals totals_;
};

class QueueAge {
 public:
  struct RunPart {
    Time joined;           ///< its queue: acceptance or latest requeue
    RunSlot older, newer;  ///< waiting runs of its level and group, by joining
  };
  struct LevelPart {
    AgeOfOldest age;
    RunSlot oldest, newest;
  };
  static constexpr std::array kSays{
      MetricRange{Metric::queue_age_max, Metric::queue_age_over_threshold}};
  static constexpr Hears kHears = hear::joined | hear::left_queue | hear::window_began;

  QueueAge(Records&, const PipelineConfig&) {}

  void joined(Time now, const auto& p) {
    RunPart& run = p.run.age;
    LevelPart& level = p.level.age;
    SLUICE_CHECK(level.newest != p.slot, "who joins a queue was not in it", now, kNoRun);
    run.older = level.newest;
    run.newer = RunSlot::none();
    if (level.newest.valid()) {
      p.records.runs[level.newest.index()].age.newer = p.slot;
    } else {
      level.oldest = p.slot;
      level.age.oldest_is(now, now, p.threshold);
    }
    level.newest = p.slot;
    run.joined = now;
  }
  void left_queue(Time now, const auto& p, Leaving) {
    const RunPart& run = p.run.age;
    LevelPart& level = p.level.age;
    SLUICE_CHECK(level.oldest.valid(), "who leaves a queue was in it", now, kNoRun);
    if (run.newer.valid())
      p.records.runs[run.newer.index()].age.older = run.older;
    else
      level.newest = run.older;
    if (run.older.valid()) {
      p.records.runs[run.older.index()].age.newer = run.newer;
      return;
    }
    level.oldest = run.newer;
    const Time oldest =
        run.newer.valid() ? p.records.runs[run.newer.index()].age.joined : Time::never();
    level.age.oldest_is(oldest, now, p.threshold);
  }
  void window_began(Time now, Records& records);

  void write(FigureSink& sink, const AtEnd& at) const;
};

}  // namespace sluice
