// Who was dispatched while whom waited: inversions (S9) and the counts behind `a LOW run waited
// while a HIGH run was dispatched`.
//
// A pair (i, j): a_j < d_i < d_j, same group, j a candidate from before the instant d_i until after
// it. Counted once per instant, when it is over, so that ties count as the definition says. Runs
// that became candidates, or were dispatched or parked, in that very instant do not count. O(1) per
// transition, O(levels²) per instant with a dispatch beside a backlog.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/check.hpp"
#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "reports/metrics/figure_sink.hpp"
#include "reports/metrics/hears.hpp"
#include "reports/recorder.hpp"

namespace sluice {

class AtEnd;
struct PipelineConfig;
struct Records;

struct PassedOverTotals {
  PassedOverCounts counts;
  /// Dispatches of i beside at least one waiting run of any higher level.
  std::array<std::uint64_t, kLevels> inversions{};
};

class PassedOver {
 public:
  using Candidates = std::array<std::uint32_t, kLevels>;

  void became_candidate(std::size_t level) {
    ++fresh_[level];
    ++fresh_all_;
  }
  /// A run that became a candidate in this instant is none any more.
  void no_longer_fresh(std::size_t level) {
    SLUICE_REQUIRE(fresh_[level] > 0, "only who is new is no longer");
    --fresh_[level];
    --fresh_all_;
  }
  void dispatched(std::size_t level) {
    ++dispatched_[level];
    ++dispatched_all_;
  }
  /// Whether anybody was, in the instant that is over; `all` candidates are waiting at its end.
  bool any(std::uint32_t all) const { return (dispatched_all_ > 0) & (all > fresh_all_); }
  /// Candidates since this instant.
  std::uint32_t fresh() const { return fresh_all_; }
  /// Counts that instant, at whose end `candidates` are waiting.
  void count(const Candidates& candidates) { count(totals_, candidates); }
  void next_instant() {
    fresh_ = {};
    fresh_all_ = 0;
    dispatched_ = {};
    dispatched_all_ = 0;
  }
  PassedOverTotals until(const Candidates& candidates) const {
    PassedOverTotals totals = totals_;
    count(totals, candidates);
    return totals;
  }
  void restart() { totals_ = {}; }

 private:
  void count(PassedOverTotals& totals, const Candidates& candidates) const {
    std::array<std::uint32_t, kLevels> old;
    for (std::size_t j = 0; j < kLevels; ++j) old[j] = candidates[j] - fresh_[j];
    if ((old[0] | old[1] | old[2]) == 0) return;
    for (std::size_t i = 0; i < kLevels; ++i) {
      if (dispatched_[i] == 0) continue;
      bool over_higher = false;
      for (std::size_t j = 0; j < kLevels; ++j) {
        totals.counts.dispatches[i][j] += old[j] > 0 ? dispatched_[i] : 0;
        totals.counts.pairs[i][j] += std::uint64_t{dispatched_[i]} * old[j];
        over_higher |= j < i && old[j] > 0;
      }
      totals.inversions[i] += over_higher ? dispatched_[i] : 0;
    }
  }

  std::array<std::uint32_t, kLevels> fresh_{};
  std::uint32_t fresh_all_ = 0;
  std::array<std::uint32_t, kLevels> dispatched_{};
  std::uint32_t dispatched_all_ = 0;
  PassedOverTotals totals_;
};

class Inversions {
 public:
  struct GroupPart {
    PassedOver passed_over;
  };
  static constexpr std::array kSays{
      MetricRange{Metric::inversions_pairs, Metric::inversions_dispatches}};
  static constexpr Hears kHears = hear::became_candidate | hear::left_candidates |
                                  hear::dispatched | hear::instant_over | hear::window_began;

  Inversions(Records&, const PipelineConfig&) {}

  void became_candidate(Time, const auto& p) {
    p.group.inversions.passed_over.became_candidate(p.k);
  }
  void left_candidates(Time now, const auto& p, Leaving) {
    if (p.run.since == now) p.group.inversions.passed_over.no_longer_fresh(p.k);
  }
  void dispatched(Time, const auto& p, const auto&) {
    p.group.inversions.passed_over.dispatched(p.k);
  }
  void instant_over([[maybe_unused]] Time now, Duration, auto& group) {
    PassedOver& passed_over = group.inversions.passed_over;
    SLUICE_DEBUG_CHECK(passed_over.fresh() <= group.candidate_count, "who is new waits", now,
                       kNoRun);
    if (passed_over.any(group.candidate_count)) passed_over.count(group.candidates());
    passed_over.next_instant();
  }
  void window_began(Time now, Records& records);

  void write(FigureSink& sink, const AtEnd& at) const;
  void complete(ReplicationResult& result, const AtEnd& at) const;
};

}  // namespace sluice
