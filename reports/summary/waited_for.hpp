// What runs wait for besides workers, in words.
#pragma once

#include <optional>
#include <string>

#include "reports/report.hpp"
#include "reports/summary/rows.hpp"

namespace sluice {

struct WaitedFor {
  std::string text;  ///< "sessions of portal (12)", "a login of crm", "the cap of their workspace"
  Subject subject;   ///< credential or pool whose limit it is; everything: another thing
};

/// What held the runs of a level for most of their waiting time; none: workers did, or it is not
/// known.
std::optional<WaitedFor> waited_for(const Report& report, const LevelRow& row);

}  // namespace sluice
