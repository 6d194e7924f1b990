// From a run of the scenario to the bytes of its POST /run, and the other requests of a load.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/client/target.hpp"
#include "pipeline/run.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

/// Where a receiver of webhooks is, and what signs them.
struct WebhookReturn {
  std::string url;
  std::string secret;
};

/// What is the same for all requests of a load.
struct RequestFacts {
  Target target;
  bool absolute_form = false;         ///< the request line has the whole URL, for a proxy
  std::vector<std::string> api_keys;  ///< by WorkspaceId
  std::string tag;                    ///< by which the runs of this load can be found again
  bool dry_run = false;
  bool names_runs = false;  ///< X-Sluice-Run: a mock then draws what the simulator draws
  std::optional<WebhookReturn> webhook;  ///< of every run
};

/// The credentials of each pool that runs use, by Need::pool_use().
using PoolMembers = std::vector<std::vector<CredentialId>>;

/// Makes the requests of a load. Bodies are the same for the same run, whatever was sent before.
/// Every run carries `webhook.metadata` {"sluice_load": tag, "sluice_run": "nightly#42"}. Keeps a
/// reference to the scenario. Immutable; any thread. Cost: O(size of the request).
class LoadRequests {
 public:
  LoadRequests(const Scenario& scenario, RequestFacts facts);

  std::string start(const RunRequest& run, const PoolMembers& pools,
                    std::string_view client_id) const;
  /// GET with `headers` (each with its line end) added.
  std::string get(WorkspaceId workspace, std::string_view path,
                  std::string_view headers = {}) const;
  std::string interrupt(WorkspaceId workspace, std::string_view session_id) const;
  std::string events(WorkspaceId workspace, std::string_view client_id) const;

  /// The same for the same seed: a version 4 UUID by form.
  static std::string client_id(std::uint64_t seed, WorkspaceId workspace, std::uint32_t number);

 private:
  std::string head(std::string_view method, WorkspaceId workspace, std::string_view path) const;
  void append_variables(const RunRequest& run, const PoolMembers& pools, std::string& body) const;
  std::string body(const RunRequest& run, const PoolMembers& pools,
                   std::string_view client_id) const;

  const Scenario& scenario_;
  RequestFacts facts_;
  std::vector<std::string> workflow_ids_;    // quoted JSON, by WorkflowId
  std::vector<std::string> inputs_;          // members of an object, without braces
  std::vector<std::string> credential_ids_;  // quoted JSON, by CredentialId
  std::string tag_;                          // quoted JSON
  std::string webhook_;                      // further members of `webhook`, each with a comma
};

}  // namespace sluice
