// What each replication came to, for whoever compares two reports: means alone do not say what
// chance does.
#pragma once

#include <cstdint>
#include <vector>

#include "reports/figures/figure.hpp"

namespace sluice {

/// A metric of one subject, by replication.
struct ReplicationLine {
  Metric metric{};
  Subject subject;
  std::vector<double> values;  ///< not a number: nothing was measured in it
};

/// Empty where there is one replication only, or where it does not matter.
struct ReplicationValues {
  std::vector<std::uint64_t> seeds;    ///< of each replication itself, not the scenario's
  std::vector<ReplicationLine> lines;  ///< a value for each seed
};

}  // namespace sluice
