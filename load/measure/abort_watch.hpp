// Conditions under which a load ends early.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "load/measure/load_measures.hpp"
#include "scenarios/load_config.hpp"

namespace sluice {

/// Judges each condition over the last `over` of wall time, once that much has passed. Memory:
/// O(longest window / interval). Not thread-safe.
class AbortWatch {
 public:
  explicit AbortWatch(const std::vector<AbortCondition>& conditions);

  /// One interval: the counts since the beginning, the times of the interval alone. Returns the
  /// first condition that holds, with its figure, or "":
  /// `errors.rate was 12 %: errors.rate > 5% over 30s`.
  std::string next(SteadyTime now, const LoadCounts& counts, const LoadTimes& times,
                   std::size_t in_flight);

 private:
  struct Interval {
    SteadyTime begin;
    std::uint64_t answers = 0, errors = 0, rejected = 0;  // since the beginning, at its begin
    LoadTimes times;
  };
  std::string judge(const AbortCondition& condition, SteadyTime now, const LoadCounts& counts,
                    std::size_t in_flight) const;

  const std::vector<AbortCondition>& conditions_;
  Duration longest_{};
  std::deque<Interval> intervals_;
  Interval next_;  // counts at the begin of the interval under way
};

}  // namespace sluice
