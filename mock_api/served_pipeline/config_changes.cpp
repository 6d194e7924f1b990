#include "mock_api/served_pipeline/config_changes.hpp"

#include <utility>

namespace sluice {
namespace {

void copy_limits(const CredentialConfig& from, CredentialConfig& to) {
  to.allow_multiple_sessions = from.allow_multiple_sessions;
  to.max_concurrency = from.max_concurrency;
  to.prevent_concurrency_during_login = from.prevent_concurrency_during_login;
  to.expiry_time_from_last_use = from.expiry_time_from_last_use;
  to.expiry_time_from_session_data_set = from.expiry_time_from_session_data_set;
}

}  // namespace

void ConfigChanges::reset() {
  families_.clear();
  for (std::size_t i = 0; i < pipeline_.config().workflows.size(); ++i)
    families_.push_back(WorkflowId::at(i));
}

CredentialId ConfigChanges::credential_added(WorkspaceId, const CredentialConfig& config) {
  auto& credentials = pipeline_.config().credentials;
  CredentialConfig added = config;
  for (const CredentialConfig& known : credentials) {
    if (added.login || normal_domain(known.domain) != normal_domain(added.domain)) continue;
    added.login = known.login;
    added.keeps_session = known.keeps_session;
  }
  credentials.push_back(std::move(added));
  const auto [pipeline, now] = pipeline_.enter(pipeline_.now());
  pipeline.config_grew(now);
  return CredentialId::at(credentials.size() - 1);
}

void ConfigChanges::limits_changed(CredentialId credential, const CredentialConfig& config) {
  copy_limits(config, pipeline_.config().credentials[credential.index()]);
  const auto [pipeline, now] = pipeline_.enter(pipeline_.now());
  pipeline.credential_config_changed(now, credential);
}

void ConfigChanges::browser_state_cleared(CredentialId credential) {
  pipeline_.enter(pipeline_.now()).pipeline.clear_session(credential);
}

StoredSession ConfigChanges::session(CredentialId credential) const {
  const StoredSessionStatus status = pipeline_.pipeline().session(credential);
  if (!status.stored) return {};
  return {status.set + pipeline_.origin(), status.last_use + pipeline_.origin()};
}

WorkflowId ConfigChanges::version_added(WorkflowId base, const WorkflowVersion& version) {
  auto& workflows = pipeline_.config().workflows;
  WorkflowConfig config = workflows[base.index()];
  config.max_retries = version.max_retries;
  config.steps = static_cast<std::uint32_t>(version.steps.size());
  config.dry_run_fraction = version.dry_run_fraction;
  config.aliases.clear();
  for (const VaultAlias& alias : version.aliases) config.aliases.push_back(alias.name);
  workflows.push_back(std::move(config));
  families_.push_back(family(base));
  const auto [pipeline, now] = pipeline_.enter(pipeline_.now());
  pipeline.config_grew(now);
  return WorkflowId::at(workflows.size() - 1);
}

}  // namespace sluice
