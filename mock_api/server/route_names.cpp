#include "mock_api/server/route_names.hpp"

#include <algorithm>
#include <array>

namespace sluice {
namespace {

// The most frequent first.
constexpr auto kRoutes = std::to_array<std::string_view>({
    "POST /run",
    "GET /run/{session_id}",
    "GET /run/clients/{client_id}/events",
    "GET /runs",
    "POST /run/{session_id}/interrupt",
    "POST /run/{session_id}/user_interaction",
    "POST /run/{session_id}/new_input_variables",
    "GET /run/{session_id}/debug-snapshots/{node_id}",
    "GET /runs/workflow/{workflow_id}/errors",
    "POST /webhooks/{session_id}/replay",
    "GET /webhooks/{session_id}",
    "POST /vault",
    "PUT /vault",
    "GET /vault",
    "DELETE /vault",
    "PATCH /vault/clear-browser-state",
    "GET /vault/tfa-code",
    "GET /workflows",
    "GET /workflows/{workflow_id}",
    "GET /workflows/{workflow_id}/metadata",
    "PUT /workflows/{workflow_id}",
    "GET /openapi.json",
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",
    "GET /_sluice/clock",
    "POST /_sluice/clock/advance",
    "GET /_sluice/report",
    "other",
});

std::string_view next_segment(std::string_view& path) {
  const std::size_t slash = std::min(path.find('/', 1), path.size());
  const std::string_view segment = path.substr(0, slash);
  path.remove_prefix(slash);
  return segment;
}

bool matches(std::string_view pattern, std::string_view path) {
  while (!pattern.empty() && !path.empty()) {
    const std::string_view expected = next_segment(pattern);
    const std::string_view segment = next_segment(path);
    if (expected != segment && !expected.starts_with("/{")) return false;
  }
  return pattern.empty() && path.empty();
}

}  // namespace

std::size_t route_count() { return kRoutes.size(); }
std::string_view route_name(std::size_t route) { return kRoutes[route]; }

std::size_t route_of(std::string_view method, std::string_view target) {
  const std::string_view path = target.substr(0, target.find_first_of("?#"));
  for (std::size_t i = 0; i + 1 < kRoutes.size(); ++i) {
    const std::string_view route = kRoutes[i];
    if (route.starts_with(method) && route[method.size()] == ' ' &&
        matches(route.substr(method.size() + 1), path))
      return i;
  }
  return kRoutes.size() - 1;
}

}  // namespace sluice
