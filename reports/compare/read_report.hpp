// A report as it is read back from its JSON: what a comparison of reports needs.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/text/units.hpp"
#include "pipeline/ids.hpp"
#include "reports/figures/metric.hpp"

namespace sluice {

/// A figure of everything, of a level over all groups, or of a workspace.
struct ReadFigureKey {
  Metric metric{};
  std::optional<PriorityLevel> level = {};
  std::string workspace = {};  ///< its name; empty: not of one
  auto operator<=>(const ReadFigureKey&) const = default;
};

struct ReadReport {
  std::string scenario;
  std::string hash;  ///< of the effective scenario
  std::uint64_t seed = 0;
  std::string engine;
  double until_s = 0;  ///< end of the observation window
  bool complete = true;
  std::string validity;  ///< of a load: "valid", or why not; empty: no load
  std::map<ReadFigureKey, double> figures;
};

/// Figures of everything and of levels with a number as value; metrics that this version does not
/// know are left out. The error is a sentence without the file's name.
Parsed<ReadReport> read_report(std::string_view json);

}  // namespace sluice
