// What a comparison needs of a report: of one that was read, or of a replication.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "pipeline/ids.hpp"
#include "reports/figures/metric.hpp"

namespace sluice {

/// By workspace, and by submitter, it is compared where there are no more than so many.
inline constexpr std::size_t kMostToldApart = 16;

/// A figure of everything, of a level over all groups, of a workspace, or of a submitter.
struct ComparedFigureKey {
  Metric metric{};
  std::optional<PriorityLevel> level = {};
  std::string workspace = {};  ///< its name; empty: not of one
  std::string submitter = {};  ///< likewise
  auto operator<=>(const ComparedFigureKey&) const = default;
};

/// A repetition: what one report says, or one replication in it.
struct ComparedReport {
  std::string scenario;
  std::string hash;        ///< of the effective scenario
  std::uint64_t seed = 0;  ///< of a replication its own
  bool is_replication = false;
  std::string engine;
  double until_s = 0;  ///< end of the observation window
  bool complete = true;
  std::string validity;  ///< of a load: "valid", or why not; empty: no load
  /// What has no figure then had a zero.
  bool tells_workspaces = true, tells_submitters = true;
  std::map<ComparedFigureKey, double> figures;
};

}  // namespace sluice
