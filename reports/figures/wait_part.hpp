// The parts into which a run's wait is split (S6), and the split of one run.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/time.hpp"

namespace sluice {

/// What held a waiting run. At each instant the first that fits: parked or holding a worker,
/// `pause` while its workflow or its credential is paused, else what it is parked on; a candidate,
/// `pause` while its group is, `held_by_policy` while a worker of it is idle, else split by what
/// the group's present workers do.
enum class WaitPart : std::uint8_t {
  workers_high,  ///< workers busy with HIGH runs (own level: of other workspaces)
  workers_medium,
  workers_low,
  own_workspace,     ///< workers busy with runs of its own level and its own workspace
  worker_start_up,   ///< workers starting or cooling
  no_worker,         ///< none present
  held_by_policy,    ///< a worker idle, and a rule that does not give it to this run
  credential_limit,  ///< a credential at its limit
  login,             ///< a login in progress kept it out
  pause,             ///< group or workflow paused, credential paused or out of service
  workspace_cap,     ///< the what-if policy's cap
  retry_delay,
  api,  ///< from first submission to acceptance; not part of the wait, comes before it
};
inline constexpr std::size_t kWaitParts = static_cast<std::size_t>(WaitPart::api) + 1;

/// "workers_high", … as in metric names.
std::string_view name(WaitPart part);

/// All parts but `api` add up to the wait exactly.
struct WaitAttribution {
  std::array<Duration, kWaitParts> parts{};

  Duration operator[](WaitPart part) const { return parts[static_cast<std::size_t>(part)]; }
  Duration& operator[](WaitPart part) { return parts[static_cast<std::size_t>(part)]; }
  /// Sum without `api`.
  Duration wait() const;
  WaitAttribution& operator+=(const WaitAttribution& other) {
    for (std::size_t i = 0; i < kWaitParts; ++i) parts[i] += other.parts[i];
    return *this;
  }
};

}  // namespace sluice
