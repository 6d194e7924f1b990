// The parts into which a run's wait is split (S6), and the split of one run.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "pipeline/time.hpp"

namespace sluice {

/// What held a waiting run. While it was a candidate, its time is split by what the group's present
/// workers did.
enum class WaitPart : std::uint8_t {
  workers_high,  ///< workers busy with HIGH runs (own level: of other workspaces)
  workers_medium,
  workers_low,
  own_workspace,     ///< workers busy with runs of its own level and its own workspace
  worker_start_up,   ///< workers starting or cooling, or none present
  held_by_policy,    ///< workers idle: a rule that does not conserve work, a paused group
  credential_limit,  ///< a credential at its limit
  login,             ///< a login in progress kept it out
  pause,             ///< credential paused or out of service, or workflow paused
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
};

}  // namespace sluice
