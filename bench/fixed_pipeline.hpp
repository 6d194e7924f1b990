// Pipelines of fixed shape for measurements, built without a scenario file.
#pragma once

#include <cstdint>

#include "scenarios/scenario.hpp"

namespace sluice::bench {

/// One group, one workflow with one alias; Poisson arrivals spread evenly over workspaces, 1/8
/// HIGH, 7/32 MEDIUM, the rest LOW; exponential service of 60 s; one credential drawn uniformly, or
/// a pool of all. The shape is that of a published yardstick, so that both do the same work.
struct Shape {
  std::uint64_t runs = 1'000'000;  ///< expected arrivals, the backlog apart
  std::uint32_t workers = 200;
  std::uint32_t workspaces = 50;
  std::uint32_t credentials = 100;
  std::uint32_t limit = 4;    ///< of each credential
  double per_second = 0;      ///< arrivals
  std::uint64_t backlog = 0;  ///< runs submitted at once at the start
  bool pool = false;          ///< runs take any credential
  DispatchPolicyKind dispatch = DispatchPolicyKind::strict_priority;
};

Scenario make_scenario(const Shape& shape);

/// Arrivals per second that keep `servers` busy with 60 s each at `load`.
inline double rate_for(double servers, double load) { return servers * load / 60.0; }

}  // namespace sluice::bench
