#include "reports/expectations/reach.hpp"

namespace sluice {

ReachCounts& ReachCounts::operator+=(const ReachCounts& other) {
  for (std::size_t i = 0; i < kReachKinds; ++i) by_kind[i] += other.by_kind[i];
  for (std::size_t i = 0; i < kLevels; ++i)
    for (std::size_t j = 0; j < kLevels; ++j)
      waited_while_dispatched[i][j] += other.waited_while_dispatched[i][j];
  return *this;
}

}  // namespace sluice
