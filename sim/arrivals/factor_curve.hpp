// By what incidents, growth and the days of the week multiply the arrivals of a submitter, over
// time.
#pragma once

#include <vector>

#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

/// Over [start, end) arrivals are multiplied by `factor` (>= 0).
struct FactorPiece {
  Time start;
  Time end = Time::never();
  double factor = 1;
};

/// The product of the factors that hold at each time: those of incidents from their beginning on,
/// and no more at their end; growth, raised in steps of a day, or of a tenth of what it is said for
/// if that is shorter, so that after each such time it is exact; and 0 on days that a submitter
/// does not have, and before the time from which anybody submits. Known in advance, since what
/// happens in the pipeline has no influence on it, so nothing that was scheduled ever has to be
/// moved. Immutable.
class FactorCurve {
 public:
  /// 1 all the time.
  FactorCurve() : pieces_(1) {}
  /// O(incidents²) of those that multiply this submitter's arrivals.
  FactorCurve(const std::vector<Incident>& incidents, SubmitterId submitter);
  /// All that the scenario says, over its duration; behind that the last factor stays. O(days),
  /// times the incidents.
  FactorCurve(const Scenario& scenario, SubmitterId submitter);

  bool is_always_one() const { return pieces_.size() == 1 && pieces_.front().factor == 1; }
  /// The one that holds at `time`; its neighbours have other factors. O(log pieces). The piece
  /// after it, if it ends, is the next element.
  const FactorPiece& at(Time time) const;
  /// As at(), as if there were no time before which nobody submits: what goes by intervals does not
  /// lose its step.
  const FactorPiece& at_if_open(Time time) const;
  /// Nobody submits before.
  Time open_from() const { return open_from_; }
  /// The first time from `time` on at which the factor is not 0.
  Time first_above_zero(Time time) const;

 private:
  std::vector<FactorPiece> pieces_;  // they cover [0, never)
  Time open_from_;
  std::vector<FactorPiece> pieces_if_open_;  // empty: the same
};

}  // namespace sluice
