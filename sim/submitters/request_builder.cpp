#include "sim/submitters/request_builder.hpp"

#include <variant>

#include "pipeline/pipeline.hpp"
#include "sim/arrivals/added_runs.hpp"

namespace sluice {

RequestBuilder::RequestBuilder(const SubmitterConfig& config, SubmitterId id, const Keys& keys,
                               SubmissionTarget& target)
    : id_(id),
      target_(target),
      draws_(config, keys.own),
      patience_(config.patience ? &*config.patience : nullptr),
      workspaces_(config.workspaces) {
  if (keys.pipeline != keys.own) pipeline_draws_.emplace(config, keys.pipeline);
  for (const auto& [weight, configured] : config.workflows) {
    Use& use = uses_.emplace_back();
    use.workflow = configured.workflow;
    for (const CredentialChoice& choice : configured.credentials)
      use.aliases[use.need_count++] = {
          choice.kind, static_cast<std::uint32_t>(choice.members.size()), choice.members.data()};
  }
  if (const auto* trace = std::get_if<TraceArrivals>(&config.arrivals)) prepare_trace(*trace);
}

void RequestBuilder::prepare_trace(const TraceArrivals& trace) {
  rows_ = trace.rows.get();
  for (std::uint32_t place = 0; place < workspaces_.size(); ++place) {
    const std::size_t id = workspaces_[place].index();
    if (id >= place_of_workspace_.size()) place_of_workspace_.resize(id + 1, UINT32_MAX);
    place_of_workspace_[id] = place;
  }
}

void RequestBuilder::build(Time now, std::uint64_t index, RunRequest& request) {
  RunAttributes run = draws_.attributes(index);
  request = {};
  request.submitter = id_;
  request.index = index;
  request.draw_key =
      RunDraws::pipeline_key(pipeline_draws_ ? pipeline_draws_->attributes(index) : run);
  request.submitted = now;
  if (patience_ != nullptr) request.patience = RunDraws::patience(run, *patience_);
  if (run.workspace < workspaces_.size()) request.workspace = workspaces_[run.workspace];
  const TraceRow* const row =
      rows_ != nullptr ? &(*rows_)[recorded_row(index, rows_->size())] : nullptr;
  if (row != nullptr) apply(*row, request, run);

  const Use& use = uses_[run.use];
  request.workflow = use.workflow;
  request.level = run.level;
  request.options = run.options;
  request.need_count = use.need_count;
  for (std::size_t alias = 0; alias < use.need_count; ++alias)
    request.needs[alias] = need(run, request.workspace, use, alias);
  if (row != nullptr && row->credential.valid() && request.need_count > 0)
    request.needs[0] = Pipeline::credential_need(row->credential);
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

Need RequestBuilder::need(const RunAttributes& run, WorkspaceId workspace, const Use& use,
                          std::size_t alias) {
  const Alias& choice = use.aliases[alias];
  std::uint32_t member = 0;
  switch (choice.kind) {
    case CredentialChoice::Kind::fixed:
      break;
    case CredentialChoice::Kind::drawn:
      member = RunDraws::drawn_credential(run, alias, choice.count);
      break;
    case CredentialChoice::Kind::own:
      member = run.workspace % choice.count;
      break;
    case CredentialChoice::Kind::pool:
      return pool(run, workspace, use, alias);
  }
  return Pipeline::credential_need(choice.members[member]);
}

Need RequestBuilder::pool(const RunAttributes& run, WorkspaceId workspace, const Use& use,
                          std::size_t alias) {
  const Alias& choice = use.aliases[alias];
  const auto make = [&] {
    return target_.pool_need(workspace, use.workflow, alias, {choice.members, choice.count});
  };
  if (run.workspace >= workspaces_.size()) return make();
  if (pools_.empty()) pools_.resize(workspaces_.size() * uses_.size() * kMaxNeeds);
  Need& known = pools_[(run.workspace * uses_.size() + run.use) * kMaxNeeds + alias];
  if (known == Need{}) known = make();
  return known;
}

}  // namespace sluice
