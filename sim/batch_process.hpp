// Batches of arrivals at given times.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/arrival_process.hpp"

namespace sluice {

/// Each batch draws its size, and the moments of its runs if it is spread, from a stream of its
/// own. A factor multiplies the sizes of the batches that begin at or after the change. Memory: the
/// runs of the batches under way when they are spread, O(1) a batch when they come at once. Keeps a
/// reference to `arrivals`.
class BatchProcess final : public ArrivalProcess {
 public:
  BatchProcess(const BatchArrivals& arrivals, std::uint64_t key, Time from, Time horizon);

  Time next() override;
  Time set_factor(Time now, double factor) override;

 private:
  struct Moment {
    Time at;
    std::uint64_t batch;
    std::uint64_t count;
  };

  Time begin_of(std::uint64_t batch) const;
  Time first();
  void open(std::uint64_t batch);

  const BatchArrivals* arrivals_;
  std::uint64_t key_;
  Time horizon_;
  double factor_ = 1;
  std::uint64_t first_batch_ = 0;
  std::uint64_t next_batch_ = 0;  // batches before it are open or over
  std::vector<Moment>
      moments_;            // of open batches, latest first; the last one is what next() returned
  bool returned_ = false;  // next() returned one run of the last moment
};

}  // namespace sluice
