// The paths of the API: which endpoint a path is, and which methods it has.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// One per path of contract section 1; methods apart.
enum class Route : std::uint8_t {
  unknown,
  start_run,            ///< /run
  run,                  ///< /run/{session_id}
  interrupt,            ///< /run/{session_id}/interrupt
  user_interaction,     ///< /run/{session_id}/user_interaction
  new_input_variables,  ///< /run/{session_id}/new_input_variables
  debug_snapshots,      ///< /run/{session_id}/debug-snapshots/{node_id}
  client_events,        ///< /run/clients/{client_id}/events
  runs,                 ///< /runs
  workflow_errors,      ///< /runs/workflow/{workflow_id}/errors
  webhook_log,          ///< /webhooks/{session_id}
  webhook_replay,       ///< /webhooks/{session_id}/replay
  vault,                ///< /vault
  clear_browser_state,  ///< /vault/clear-browser-state
  tfa_code,             ///< /vault/tfa-code
  workflows,            ///< /workflows
  workflow,             ///< /workflows/{id}
  workflow_metadata,    ///< /workflows/{id}/metadata
  file,                 ///< /files/{token}/{file name}: no key needed
};

/// `path`: decoded segments.
Route route_of(const std::vector<std::string>& path);
/// As in the Allow header: "GET, PUT".
std::string_view methods_of(Route route);
/// Whether the route has this method; HEAD counts as GET.
bool allows(Route route, std::string_view method);

}  // namespace sluice
