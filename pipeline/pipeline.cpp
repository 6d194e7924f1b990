#include "pipeline/pipeline.hpp"

#include "pipeline/pipeline_impl.hpp"

namespace sluice {

Pipeline::Pipeline(const PipelineConfig& config, std::uint64_t seed, EventQueue& events,
                   PipelineObserver& observer)
    : impl_(std::make_unique<Impl>(config, seed, events, observer)) {}
Pipeline::~Pipeline() = default;

Need Pipeline::pool_need(WorkspaceId workspace, WorkflowId workflow, std::size_t alias,
                         std::span<const CredentialId> members) {
  return impl_->pool_need(workspace, workflow, alias, members);
}
void Pipeline::set_planner(const AttemptPlanner& planner) { impl_->set_planner(planner); }
Answer Pipeline::submit(Time now, const RunRequest& request) { return impl_->submit(now, request); }
void Pipeline::expect(const RunRequest& request) { impl_->expect(request); }
bool Pipeline::worth_expecting() const { return impl_->larger_than_cache(); }
void Pipeline::give_up(Time now, const RunRequest& request) {
  impl_->observer().gave_up(now, request);
}

Answer Pipeline::count_request(Time now, WorkspaceId workspace) {
  return impl_->count_request(now, workspace);
}
std::optional<RateRoom> Pipeline::rate_room(Time now, WorkspaceId workspace) {
  return impl_->rate_room(now, workspace);
}

void Pipeline::handle(Time now, const ScheduledEvent& scheduled) { impl_->handle(now, scheduled); }
void Pipeline::dispatch(Time now) { impl_->dispatch(now); }

// Commands come as timers of the driver: what completions of the instant released is settled first.
bool Pipeline::interrupt(Time now, RunSlot slot, std::uint64_t run_id) {
  impl_->settle(now);
  return impl_->interrupt(now, slot, run_id);
}
void Pipeline::apply(Time now, const Command& command) { impl_->apply(now, command); }
void Pipeline::config_grew(Time now) {
  impl_->settle(now);
  impl_->config_grew(now);
}
void Pipeline::credential_config_changed(Time now, CredentialId credential) {
  impl_->settle(now);
  impl_->credential_config_changed(now, credential);
}
void Pipeline::clear_session(CredentialId credential) { impl_->clear_session(credential); }
bool Pipeline::end_interaction(Time now, RunSlot slot, std::uint64_t run_id, bool answered) {
  impl_->settle(now);
  return impl_->end_interaction(now, slot, run_id, answered);
}

const Run& Pipeline::run(RunSlot slot) const { return impl_->run(slot); }
WorkerCounts Pipeline::workers(GroupId group) const { return impl_->workers(group); }
CredentialStatus Pipeline::credential(CredentialId credential) const {
  return impl_->credential(credential);
}
StoredSessionStatus Pipeline::session(CredentialId credential) const {
  return impl_->session(credential);
}
std::size_t Pipeline::slot_count() const { return impl_->slot_count(); }

}  // namespace sluice
