#include "mock_api/endpoints/routes.hpp"

namespace sluice {
namespace {

Route run_route(const std::vector<std::string>& path) {
  if (path.size() == 1) return Route::start_run;
  if (path.size() == 2) return Route::run;
  if (path.size() == 3) {
    if (path[2] == "interrupt") return Route::interrupt;
    if (path[2] == "user_interaction") return Route::user_interaction;
    if (path[2] == "new_input_variables") return Route::new_input_variables;
  }
  if (path.size() == 4 && path[1] == "clients" && path[3] == "events") return Route::client_events;
  if (path.size() == 4 && path[2] == "debug-snapshots") return Route::debug_snapshots;
  return Route::unknown;
}

Route vault_route(const std::vector<std::string>& path) {
  if (path.size() == 1) return Route::vault;
  if (path.size() != 2) return Route::unknown;
  if (path[1] == "clear-browser-state") return Route::clear_browser_state;
  return path[1] == "tfa-code" ? Route::tfa_code : Route::unknown;
}

Route workflow_route(const std::vector<std::string>& path) {
  if (path.size() == 1) return Route::workflows;
  if (path.size() == 2) return Route::workflow;
  return path.size() == 3 && path[2] == "metadata" ? Route::workflow_metadata : Route::unknown;
}

}  // namespace

Route route_of(const std::vector<std::string>& path) {
  if (path.empty()) return Route::unknown;
  const std::string& first = path[0];
  if (first == "run") return run_route(path);
  if (first == "vault") return vault_route(path);
  if (first == "workflows") return workflow_route(path);
  if (first == "runs" && path.size() == 1) return Route::runs;
  if (first == "runs" && path.size() == 4 && path[1] == "workflow" && path[3] == "errors")
    return Route::workflow_errors;
  if (first == "webhooks" && path.size() == 2) return Route::webhook_log;
  if (first == "webhooks" && path.size() == 3 && path[2] == "replay") return Route::webhook_replay;
  return first == "files" && path.size() == 3 ? Route::file : Route::unknown;
}

std::string_view methods_of(Route route) {
  switch (route) {
    case Route::unknown:
      return "";
    case Route::start_run:
    case Route::interrupt:
    case Route::user_interaction:
    case Route::new_input_variables:
    case Route::webhook_replay:
      return "POST";
    case Route::vault:
      return "GET, POST, PUT, DELETE";
    case Route::clear_browser_state:
      return "PATCH";
    case Route::workflow:
      return "GET, PUT";
    default:
      return "GET";
  }
}

bool allows(Route route, std::string_view method) {
  if (method == "HEAD") method = "GET";
  std::string_view methods = methods_of(route);
  while (!methods.empty()) {
    const std::size_t comma = methods.find(", ");
    if (methods.substr(0, comma) == method) return true;
    if (comma == std::string_view::npos) return false;
    methods.remove_prefix(comma + 2);
  }
  return false;
}

}  // namespace sluice
