// The parts of an Api and how they hang together. Private to mock_api/api.cpp and engine/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/epoch.hpp"
#include "http/query_string.hpp"
#include "mock_api/admin/admin_api.hpp"
#include "mock_api/admin/faults.hpp"
#include "mock_api/admin/journal.hpp"
#include "mock_api/api.hpp"
#include "mock_api/artifacts/artifact_urls.hpp"
#include "mock_api/endpoints/artifact_api.hpp"
#include "mock_api/endpoints/rate_limits.hpp"
#include "mock_api/endpoints/routes.hpp"
#include "mock_api/endpoints/run_api.hpp"
#include "mock_api/endpoints/start_run_api.hpp"
#include "mock_api/endpoints/vault_api.hpp"
#include "mock_api/endpoints/webhook_api.hpp"
#include "mock_api/events/client_streams.hpp"
#include "mock_api/events/run_events.hpp"
#include "mock_api/runs/run_documents.hpp"
#include "mock_api/runs/run_store.hpp"
#include "mock_api/runs/served_names.hpp"
#include "mock_api/scripts/script_rules.hpp"
#include "mock_api/served_pipeline/config_changes.hpp"
#include "mock_api/served_pipeline/served_pipeline.hpp"
#include "mock_api/service_figure.hpp"
#include "mock_api/tenants.hpp"
#include "mock_api/webhooks/webhook_outbox.hpp"
#include "mock_api/workflows/workflows.hpp"

namespace sluice {

class Api::Impl {
 public:
  Impl(const Scenario& scenario, const ApiOptions& options, WebhookTransport& transport);

  HttpReply handle(Time now, const HttpRequest& request);
  Time next_due() const;
  void advance(Time now);
  void reset(Time now);
  Report report(Time now);
  std::string commands_as_incidents() const { return pipeline_.commands_as_incidents(); }
  std::vector<ServiceFigure> figures(Time now) const;

  ClientStreams& streams() { return streams_; }
  const ClientStreams& streams() const { return streams_; }
  WebhookOutbox& outbox() { return outbox_; }
  WebhookApi& webhook_api() { return webhook_api_; }
  void set_base_url(std::string base_url) {
    urls_.set_base(std::move(base_url));
    openapi_.clear();
  }
  void fault_settled(std::uint64_t mark, FaultOutcome outcome);
  std::vector<std::pair<std::uint64_t, HttpReply>> take_deferred();
  void give_up_deferred(std::uint64_t number) { journal_.give_up(number); }
  void drain() { draining_ = true, streams_.end_all(), journal_.give_up_all(); }

  // What a held clock is moved up to.
  Time next_work() const;
  bool is_idle() const;
  std::size_t runs_under_way() const { return runs_.size() - runs_.finished_count(); }
  std::optional<Service::RunPlace> place_of(std::string_view session_id) const;
  bool has_entered(std::string_view session_id, std::string_view status, Time since) const;

 private:
  /// A request whose path and method there are.
  struct Call {
    Time now;
    const HttpRequest& http;
    Route route;
    const std::vector<std::string>& path;
    std::string_view query;
    WorkspaceId workspace;
  };

  void play(Time due);
  /// What the API itself answers, faults apart.
  HttpReply answer(Time now, const HttpRequest& request, WorkspaceId workspace);
  HttpReply start_run(Time now, const HttpRequest& request, WorkspaceId workspace);
  HttpReply openapi(const HttpRequest& request);
  HttpReply admin(Time now, const HttpRequest& request, const std::vector<std::string>& path);
  HttpReply other(Time now, const HttpRequest& request, WorkspaceId workspace);
  HttpReply answer(const Call& call);
  HttpReply answer_about_run(const Call& call);
  HttpReply answer_about_vault(const Call& call);
  /// The reply for a request without a valid key.
  HttpReply nobody(Time now, const HttpRequest& request);
  void add_limits(Time now, WorkspaceId workspace, HttpReply& reply);
  WorkspaceId workspace_of(const HttpRequest& request) const {
    return tenants_.find(request.header("cc-key"));
  }

  const Scenario scenario_;
  ApiOptions options_;
  Epoch epoch_;  ///< a stamp that was written is read as the same instant
  Tenants tenants_;
  Workflows workflows_;
  Vault vault_;
  RunStore runs_;
  ArtifactUrls urls_;
  ServedNames names_;
  RunDocuments documents_;
  ClientStreams streams_;
  WebhookOutbox outbox_;
  RunEvents events_;
  ServedPipeline pipeline_;
  ConfigChanges changes_;
  PeerLimits peers_;
  ScriptRules scripts_;
  StartRunApi start_run_api_;
  RunApi run_api_;
  VaultApi vault_api_;
  WebhookApi webhook_api_;
  ArtifactApi artifact_api_;
  AdminApi admin_api_;
  Journal journal_;
  Faults faults_;
  std::string openapi_;  ///< the document, once it was asked for
  bool draining_ = false;
};

}  // namespace sluice
