// What a comparison needs of a report: of one that was read, or of a replication.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "pipeline/ids.hpp"
#include "reports/figures/metric.hpp"

namespace sluice {

/// A figure of everything, of a level over all groups, or of a workspace.
struct ComparedFigureKey {
  Metric metric{};
  std::optional<PriorityLevel> level = {};
  std::string workspace = {};  ///< its name; empty: not of one
  auto operator<=>(const ComparedFigureKey&) const = default;
};

struct ComparedReport {
  std::string scenario;
  std::string hash;  ///< of the effective scenario
  std::uint64_t seed = 0;
  std::string engine;
  double until_s = 0;  ///< end of the observation window
  bool complete = true;
  std::string validity;  ///< of a load: "valid", or why not; empty: no load
  std::map<ComparedFigureKey, double> figures;
};

}  // namespace sluice
