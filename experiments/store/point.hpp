// A point of an experiment: one replication of one setting of a scenario.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "reports/recorder.hpp"

namespace sluice {

/// Order: by setting, byte by byte, then by replication.
struct PointKey {
  std::string setting;  ///< canonical text, "accounts=8,workers=26"; empty: the scenario as it is
  std::uint32_t replication = 0;
  auto operator<=>(const PointKey&) const = default;
};

/// For messages: "replication 3 of accounts=8,workers=26".
std::string name(const PointKey& key);

struct Point {
  PointKey key;
  std::uint64_t seed = 0;
  std::string scenario_hash;  ///< of the setting's effective scenario
  ReplicationResult result;   ///< what recorded_part() leaves of it
};

/// What a record can keep of a replication: `from`, `until`, `runs`, `refused`, `figures` but those
/// of pools, which each replication numbers for itself, `windows` but those of pools, and what was
/// reached. The rest is empty.
ReplicationResult recorded_part(ReplicationResult result);

}  // namespace sluice
