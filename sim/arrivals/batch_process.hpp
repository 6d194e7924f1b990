// Batches of arrivals at given times.
#pragma once

#include <cstdint>
#include <vector>

#include "scenarios/scenario.hpp"
#include "sim/arrivals/arrival_process.hpp"
#include "sim/arrivals/factor_curve.hpp"

namespace sluice {

/// Each batch draws its size, and the moments of its runs if it is spread, from a stream of its
/// own. Its size is multiplied by the factor that holds when it begins: one that begins or ends
/// while the batch is spread changes nothing of it. What that makes of it is rounded up or down by
/// a draw of the batch's own, so that on average it is exact, and a larger factor never gives less.
/// Memory: the runs of the batches under way when
/// they are spread, O(1) a batch when they come at once. Keeps references to `arrivals`, `factors`.
class BatchProcess final : public ArrivalProcess {
 public:
  BatchProcess(const BatchArrivals& arrivals, std::uint64_t key, const FactorCurve& factors,
               Time from, Time horizon);

  Arrival next() override;

 private:
  /// Runs at one moment: those that come with and without the factor, then those that it leaves
  /// out, whose numbers are left out as well, then those that it adds.
  struct Moment {
    Time at;
    std::uint64_t batch;
    std::uint64_t draw;  // within the batch
    std::uint64_t kept, left_out, added;
  };

  Time begin_of(std::uint64_t batch) const;
  std::int64_t day_of(std::int64_t cycle) const;
  void open_batches();
  void open(std::uint64_t batch);

  const BatchArrivals* arrivals_;
  std::uint64_t key_;
  const FactorCurve& factors_;
  Time horizon_;
  std::uint64_t next_batch_ = 0;  // batches before it are open or over
  std::uint64_t index_ = 0;       // of the next run that is not added
  std::uint64_t added_index_;
  std::int64_t first_day_ = 0;   // by the clocks
  std::vector<Moment> moments_;  // of open batches, latest first
};

}  // namespace sluice
