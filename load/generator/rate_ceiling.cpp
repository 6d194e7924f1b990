#include "load/generator/rate_ceiling.hpp"

#include <algorithm>
#include <chrono>

#include "base/check.hpp"

namespace sluice {

RateCeiling::RateCeiling(double per_second, SteadyTime now)
    : per_second_(per_second), filled_(now) {
  SLUICE_REQUIRE(per_second > 0, "a ceiling of nothing lets nothing through");
}

bool RateCeiling::take(SteadyTime now) {
  SLUICE_REQUIRE(now >= filled_, "time goes forward");
  const double passed = std::chrono::duration<double>(now - filled_).count();
  tokens_ = std::min(std::max(1.0, per_second_), tokens_ + passed * per_second_);
  filled_ = now;
  if (tokens_ < 1) return false;
  tokens_ -= 1;
  return true;
}

}  // namespace sluice
