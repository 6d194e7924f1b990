#include "pipeline/resource_group.hpp"

#include "pipeline/policies/make_dispatch_policy.hpp"

namespace sluice {

ResourceGroup::ResourceGroup(GroupId id, const ResourceGroupConfig& config, std::size_t workspaces,
                             std::uint64_t seed, RunTable& runs, EventQueue& events,
                             std::uint32_t first_worker_event)
    : id_(id),
      config_(config),
      runs_(runs),
      workers_(config.workers, id, seed, events, first_worker_event),
      policy_(make_dispatch_policy(config, runs, workspaces)),
      wakes_each_level_(policy_->wakes_each_level()),
      moves_candidates_(policy_->moves_candidates()),
      only_candidate_skips_policy_(!policy_->hears_of_only_candidate() &&
                                   config.when_credential_busy == WhenCredentialBusy::skip) {}

void ResourceGroup::queue_only_candidate(Time now) {
  SLUICE_CHECK(candidates_ == 1, "the only candidate is the only one", now,
               runs_[only_candidate_].id);
  policy_->add(now, runs_[only_candidate_]);
  only_candidate_ = RunSlot::none();
}

void ResourceGroup::remove(Run& run) {
  SLUICE_REQUIRE(candidates_ > 0, "only a candidate stops being one");
  if (only_candidate_ == run.slot)
    only_candidate_ = RunSlot::none();
  else
    policy_->remove(run);
  --candidates_;
}

void ResourceGroup::pass_over(Time now, Run& run) {
  SLUICE_CHECK(candidates_ > 0, "only a candidate is passed over", now, run.id);
  if (only_candidate_.valid()) queue_only_candidate(now);
  const WhenCredentialBusy rule = config_.when_credential_busy;
  run.blocks_queue =
      rule == WhenCredentialBusy::block_workspace || rule == WhenCredentialBusy::block_level;
  policy_->passed_over(run, run.blocks_queue);
  --candidates_;
}

bool ResourceGroup::unblock(Time now, Run& run) {
  if (!run.blocks_queue) return false;
  SLUICE_CHECK(run.state == RunState::parked, "only a parked run keeps others waiting", now,
               run.id);
  run.blocks_queue = false;
  policy_->unblock(now, run);
  return true;
}

std::optional<Time> ResourceGroup::next_look() {
  const Time due = policy_->next_move();
  if (due == Time::never() || due == look_due_) return std::nullopt;
  look_due_ = due;
  return due;
}

std::uint32_t ResourceGroup::kept_idle() const {
  if (candidates_ == 0 || workers_.counts().idle == 0) return 0;
  return policy_->kept_idle(in_use());
}

}  // namespace sluice
