// The admin API under /_sluice, as far as it is about the pipeline: state, report, runs, pauses,
// capacity, reset.
//
// For the people who test with the mock; it needs no key. Names in paths are the scenario's.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/epoch.hpp"
#include "base/text/json.hpp"
#include "http/message.hpp"
#include "mock_api/runs/run_store.hpp"
#include "mock_api/served_pipeline/served_pipeline.hpp"
#include "mock_api/tenants.hpp"
#include "mock_api/vault/vault.hpp"
#include "reports/report.hpp"

namespace sluice {

struct AdminParts {
  const Epoch& epoch;
  const Tenants& tenants;
  RunStore& runs;
  ServedPipeline& pipeline;
  Engine engine = Engine::virtual_time;
  std::string build_id;
  std::function<void(Time)> reset;  ///< of everything that is served
};

/// Keeps references. `now`: after catch_up().
class AdminApi {
 public:
  explicit AdminApi(AdminParts parts) : p_(std::move(parts)) {}

  /// `path`: the segments after `_sluice`. None: nothing of this is here.
  std::optional<HttpReply> handle(Time now, const HttpRequest& request,
                                  const std::vector<std::string>& path);
  /// A workflow got a version, or a vault an entry: it is paused if its namesakes are.
  void pause_newcomers(Time now);
  /// The scenario began again: nothing is paused.
  void reset() { paused_.clear(), paused_names_.clear(); }

 private:
  HttpReply state(Time now) const;
  HttpReply report(Time now);
  HttpReply config() const;
  HttpReply incidents() const;
  HttpReply run(std::string_view session_id) const;
  HttpReply reset_all(Time now);
  HttpReply switch_pause(Time now, const std::string& kind, const std::string& name, bool pause);
  HttpReply change_workers(Time now, const std::string& group, const std::string& change,
                           std::string_view body);
  /// All things with this name: versions of a workflow, credentials of several workspaces.
  std::vector<std::size_t> named(std::string_view kind, std::string_view name) const;
  void pause_thing(Time now, std::string_view kind, std::size_t index, bool pause);

  AdminParts p_;
  // By this API; a pause twice is one.
  std::set<std::pair<std::string, std::size_t>> paused_;
  std::set<std::pair<std::string, std::string>> paused_names_;
};

}  // namespace sluice
