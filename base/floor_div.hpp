// Division that rounds down, also below zero.
#pragma once

#include <cstdint>

namespace sluice {

/// The largest whole number that is at most a / b. REQUIRES b > 0.
constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

}  // namespace sluice
