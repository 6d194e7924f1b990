// The numbers of runs that only a factor on the arrivals brings.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sluice {

/// They count from here on, so that the runs of a curve, a recording or a list of batches keep
/// their numbers, and with them all their draws, whatever factor holds. Where arrivals come at
/// intervals no run is an added one.
inline constexpr std::uint64_t kFirstAddedRun = 1'000'000'000'000;

/// The row of a recording of `rows` > 0 rows that a run with this number repeats or is: the n-th
/// copy of row r (n from 0) is number kFirstAddedRun + n * rows + r.
inline std::size_t recorded_row(std::uint64_t index, std::size_t rows) {
  return static_cast<std::size_t>(index < kFirstAddedRun ? index : (index - kFirstAddedRun) % rows);
}

}  // namespace sluice
