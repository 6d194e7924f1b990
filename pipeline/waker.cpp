#include "pipeline/waker.hpp"

#include <algorithm>

namespace sluice {

void Waker::find_lanes(WaitPoint point) {
  lanes_.clear();
  for (const WaitPoint p : points_of(point))
    lanes_.insert(lanes_.end(), waits_.lanes(p).begin(), waits_.lanes(p).end());
  std::sort(lanes_.begin(), lanes_.end());
  lanes_.erase(std::unique(lanes_.begin(), lanes_.end()), lanes_.end());
}

}  // namespace sluice
