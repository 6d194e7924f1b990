// The seven statuses of a run as clients see them (contract 2.1).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice {

enum class RunStatus : std::uint8_t {
  queued,    ///< accepted, waiting
  paused,    ///< held by a pause before it (again) starts
  start,     ///< running
  requeued,  ///< an attempt failed; the next one has not begun
  success,
  failed,
  stopped,
};

/// "execution.queued" …
std::string_view name(RunStatus status);
/// The status called so; "execution.pause", which clients know, is paused. None: there is no such.
std::optional<RunStatus> run_status_of(std::string_view name);
/// Whether nothing more happens to a run.
constexpr bool is_terminal(RunStatus status) { return status >= RunStatus::success; }

}  // namespace sluice
