#include "sim/request_builder.hpp"

#include <algorithm>
#include <variant>

namespace sluice {

RequestBuilder::RequestBuilder(const SubmitterConfig& config, SubmitterId id,
                               std::uint64_t submitter_key, Pipeline& pipeline)
    : config_(config), id_(id), pipeline_(pipeline), draws_(config, submitter_key) {
  const auto* trace = std::get_if<TraceArrivals>(&config.arrivals);
  if (trace == nullptr) return;
  rows_ = trace->rows.get();
  for (std::uint32_t place = 0; place < config.workspaces.size(); ++place) {
    const std::size_t id_index = config.workspaces[place].index();
    if (id_index >= place_of_workspace_.size())
      place_of_workspace_.resize(id_index + 1, UINT32_MAX);
    place_of_workspace_[id_index] = place;
  }
}

RunRequest RequestBuilder::build(Time now, std::uint64_t index) {
  RunAttributes run = draws_.attributes(index);
  RunRequest request;
  request.submitter = id_;
  request.index = index;
  request.draw_key = RunDraws::pipeline_key(run);
  request.submitted = now;
  if (run.workspace < config_.workspaces.size())
    request.workspace = config_.workspaces[run.workspace];
  const TraceRow* row = rows_ != nullptr ? &(*rows_)[index] : nullptr;
  if (row != nullptr) apply(*row, request, run);

  const WorkflowUse& use = config_.workflows[run.use].second;
  request.workflow = use.workflow;
  request.level = run.level;
  request.options = run.options;
  request.need_count = static_cast<std::uint8_t>(use.credentials.size());
  for (std::size_t alias = 0; alias < use.credentials.size(); ++alias)
    request.needs[alias] = need(run, request.workspace, use, alias);
  if (row != nullptr && row->credential.valid() && request.need_count > 0)
    request.needs[0] = Pipeline::credential_need(row->credential);
  return request;
}

void RequestBuilder::apply(const TraceRow& row, RunRequest& request, RunAttributes& run) const {
  if (row.workspace.valid()) {
    const std::size_t i = row.workspace.index();
    request.workspace = row.workspace;
    run.workspace = i < place_of_workspace_.size() ? place_of_workspace_[i] : UINT32_MAX;
  }
  if (row.level) run.level = *row.level;
  request.service_time = row.service_time;
  if (row.has_status)
    request.fixed_outcome = row.failed ? FixedOutcome::fails : FixedOutcome::succeeds;
}

Need RequestBuilder::need(const RunAttributes& run, WorkspaceId workspace, const WorkflowUse& use,
                          std::size_t alias) {
  const CredentialChoice& choice = use.credentials[alias];
  if (choice.kind == CredentialChoice::Kind::pool) return pool(run, workspace, use, alias);
  return Pipeline::credential_need(draws_.credential(run, choice, alias));
}

Need RequestBuilder::pool(const RunAttributes& run, WorkspaceId workspace, const WorkflowUse& use,
                          std::size_t alias) {
  const auto make = [&] {
    return pipeline_.pool_need(workspace, use.workflow, alias, use.credentials[alias].members);
  };
  if (run.workspace >= config_.workspaces.size()) return make();
  if (pools_.empty())
    pools_.resize(config_.workspaces.size() * config_.workflows.size() * kMaxNeeds);
  Need& known = pools_[(run.workspace * config_.workflows.size() + run.use) * kMaxNeeds + alias];
  if (known == Need{}) known = make();
  return known;
}

}  // namespace sluice
