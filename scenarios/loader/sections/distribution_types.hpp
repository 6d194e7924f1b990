// Distributions in scenario files.
//
//   90s · {uniform: {min: 1s, max: 3s}} · {lognormal: {median: 90s, p95: 5m}} · {empirical: {file:
//   times.txt}} …
//
// A plain value is a constant. What the values are depends on the place: times (sampled in
// seconds), numbers, or shares.
#pragma once

#include "base/random/distribution.hpp"
#include "scenarios/loader/keys/key_table.hpp"

namespace sluice {

/// What a distribution's values are.
enum class Quantity : std::uint8_t { time, number, share };

Type<Distribution> distribution_type(Quantity quantity);

}  // namespace sluice
