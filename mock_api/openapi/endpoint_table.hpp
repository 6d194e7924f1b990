// Every endpoint of the mock in one table: what the OpenAPI document is made of, and what a test
// compares the router with.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/text/json.hpp"

namespace sluice {

struct Endpoint {
  enum class Part : std::uint8_t { api, admin, server };

  std::string_view method;
  std::string_view path;       ///< "/run/{session_id}"
  std::string_view operation;  ///< "getRun"
  std::string_view summary;
  std::string_view
      query;  ///< names, required ones with `!`: "start_timestamp! end_timestamp! limit"
  std::string_view request;  ///< schema of the body; "": none
  std::string_view reply;    ///< schema of the body, "[X]" a list of X; "": another media type
  unsigned status = 200;
  Part part = Part::api;  ///< those of the API need a key
};

std::span<const Endpoint> endpoints();

/// Whether a target with these decoded segments is the endpoint's; `{id}` stands for any one.
bool is_at(const Endpoint& endpoint, const std::vector<std::string>& segments);

/// The methods of the path that a target asks for, as in the Allow header: "GET, PUT".
std::string described_methods(std::string_view target);

/// The named schemas, as `components.schemas` has them.
Json component_schemas();
/// Of these, the payloads of events.
Json event_schemas();
/// The `webhooks` section: every event that runs send, in its envelope.
Json webhook_operations();

/// OpenAPI 3.1. `with_admin`: the endpoints under /_sluice, too. `server`: URL under which it is
/// served; "": where the document comes from.
Json openapi_document(bool with_admin, const std::string& server = {});

}  // namespace sluice
