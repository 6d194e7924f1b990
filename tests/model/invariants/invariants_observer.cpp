#include "tests/model/invariants/invariants_observer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sluice::invariants {

namespace {

bool blocks_queues(const ResourceGroupConfig& group) {
  return group.when_credential_busy == WhenCredentialBusy::block_workspace ||
         group.when_credential_busy == WhenCredentialBusy::block_level;
}

bool strict(const DispatchConfig& policy) {
  return policy.kind == DispatchPolicyKind::strict_priority ||
         policy.kind == DispatchPolicyKind::workspace_cap;
}

/// Has one ring of workspaces per level of a run.
bool takes_turns_by_level(const DispatchConfig& policy) {
  return strict(policy) || policy.kind == DispatchPolicyKind::weighted ||
         policy.kind == DispatchPolicyKind::reserved;
}

}  // namespace

InvariantsObserver::InvariantsObserver(const PipelineConfig& config, InvariantOptions options)
    : options_(options),
      mirror_(config),
      turns_(config.groups.size()),
      workflow_paused_(config.workflows.size(), 0) {}

std::string InvariantsObserver::violations() const {
  std::string text;
  for (const std::string& line : violations_) text += line + "\n";
  return text;
}

void InvariantsObserver::violated(std::string_view rule, const std::string& who) {
  if (violations_.size() >= options_.keep_violations) return;
  violations_.push_back(fmt::format("t={}s {}: {}", now_.seconds(), who, rule));
}

void InvariantsObserver::expect(bool holds, const SeenRun& run, std::string_view rule) {
  if (!holds) violated(rule, fmt::format("run {}", run.id));
}

// ---- instants

void InvariantsObserver::advance(Time now) {
  if (now < now_) violated("time went back", "clock");
  if (now > now_ && anything_yet_) check_instant();
  now_ = now;
  anything_yet_ = true;
}

void InvariantsObserver::check_instant() {
  if (!scan_now()) return;
  for (const SeenRun& run : mirror_.runs()) {
    if (run.waits()) check_left_behind(run);
    check_limits(run);
  }
}

/// Nobody is left who should have ended by now.
void InvariantsObserver::check_limits(const SeenRun& run) {
  if (run.waits()) {
    expect(now_ < mirror_.expires(run), run, "waits longer than its workflow allows");
    expect(now_ < Mirror::cancelled(run), run, "waits longer than its submitter has patience");
  }
  if (run.state == RunState::running || run.state == RunState::holding)
    expect(now_ < mirror_.times_out(run), run, "has a worker longer than its timeout allows");
}

/// Candidate or parked: nobody waits whom the policy would start now, beside a worker that it may
/// have.
void InvariantsObserver::check_left_behind(const SeenRun& run) {
  const SeenGroup& group = mirror_.group(run.group);
  if (workflow_paused_[run.request.workflow.index()] || !mirror_.could_start(run)) return;
  if (run.state == RunState::holding) {
    return violated("holds a worker although it could start", fmt::format("run {}", run.id));
  }
  if (group.workers.idle == 0 || group.paused) return;
  if (!mirror_.would_be_named(run, now_)) return;
  violated("waits beside an idle worker although it could start", fmt::format("run {}", run.id));
}

void InvariantsObserver::finish(const Pipeline& pipeline) {
  check_instant();
  std::uint64_t present = 0;
  for (std::size_t slot = 0; slot < pipeline.slot_count(); ++slot) {
    const Run& run = pipeline.run(RunSlot::at(slot));
    const bool counted = run.state != RunState::free && run.state != RunState::submitting;
    present += counted;
    if (counted)
      expect(mirror_.run(run).state == run.state, mirror_.run(run), "is in another state");
  }
  if (accepted_ != ended_ + present) violated("accepted is not ended plus present", "flow balance");
  for (std::size_t g = 0; g < turns_.size(); ++g) {
    const WorkerCounts actual = pipeline.workers(GroupId::at(g));
    const WorkerCounts& seen = mirror_.group(GroupId::at(g)).workers;
    if (actual.idle != seen.idle || actual.running != seen.running ||
        actual.holding != seen.holding) {
      violated("workers are not what the transitions tell", fmt::format("group {}", g));
    }
  }
}

// ---- waiting

void InvariantsObserver::submitted(Time, const RunRequest& request) {
  any_submitted_ = true;
  if (!submitting_.emplace(request.submitter, request.index).second)
    violated("a run is submitted for the first time once", "flow balance");
}

void InvariantsObserver::gave_up(Time, const RunRequest& request) { end_submitting(request); }

/// Accepted or given up. Made by hand, runs may come that nobody submitted, or a second attempt
/// without a first one.
void InvariantsObserver::end_submitting(const RunRequest& request) {
  const bool was_submitted = submitting_.erase({request.submitter, request.index}) > 0;
  if (!was_submitted && any_submitted_ && request.attempt == 1)
    violated("what is accepted or given up was submitted, and is so once", "flow balance");
}

void InvariantsObserver::accepted(Time now, const Run& run) {
  advance(now);
  SeenRun& seen = mirror_.run(run);
  expect(seen.state == RunState::free, seen, "its slot was given away before it ended");
  seen = {};
  seen.id = run.id;
  seen.request = run.request;
  seen.group = run.group;
  seen.accepted = now;
  seen.queued_at = now;
  ++accepted_;
  end_submitting(run.request);
  expect(run.group == mirror_.config().workspaces[run.request.workspace.index()].group, seen,
         "is in another group than its workspace");
  become_candidate(seen);
}

void InvariantsObserver::become_candidate(SeenRun& run) {
  if (run.state != RunState::parked) run.level = index(run.request.level);
  run.state = RunState::queued;
  run.waits_for_workflow = false;
  Turns& turns = this->turns(run);
  if (turns.candidates++ == 0) turns.since = ++tick_;
}

void InvariantsObserver::stop_being_candidate(const SeenRun& run) { --turns(run).candidates; }

void InvariantsObserver::parked(Time now, const Run& run, const Blocker& blocker) {
  advance(now);
  SeenRun& seen = mirror_.run(run);
  expect(seen.state != RunState::running && seen.waits(), seen, "parked while it does not wait");
  const bool by_workflow = blocker.reason == BlockReason::pause && blocker.need == Need{};
  if (!by_workflow) expect(!mirror_.could_start(seen), seen, "parked although it could start");
  if (seen.state == RunState::queued) {
    stop_being_candidate(seen);
    seen.state = RunState::parked;
    seen.level = index(run.queue_level);
    turns(seen).since = ++tick_;
    turns(seen).blocked_by += blocks_queues(mirror_.config_of(seen));
  }
  seen.waits_for_workflow = by_workflow;
}

void InvariantsObserver::woken(Time now, const Run& run) {
  advance(now);
  SeenRun& seen = mirror_.run(run);
  expect(seen.state == RunState::parked, seen, "woken while it was not parked");
  become_candidate(seen);
  turns(seen).since = ++tick_;
  turns(seen).blocked_by -= blocks_queues(mirror_.config_of(seen));
}

void InvariantsObserver::holding(Time now, const Run& run, const Blocker&) {
  advance(now);
  SeenRun& seen = mirror_.run(run);
  expect(seen.state == RunState::queued, seen, "holds a worker without having been a candidate");
  expect(mirror_.config_of(seen).when_credential_busy == WhenCredentialBusy::hold_worker, seen,
         "holds a worker against the group's rule");
  expect(!mirror_.could_start(seen), seen, "holds a worker although it could start");
  take_worker(seen, true);
  seen.has_worker_since = now;
  seen.state = RunState::holding;
}

// ---- running

void InvariantsObserver::take_worker(const SeenRun& run, bool holding) {
  SeenGroup& group = mirror_.group(run.group);
  expect(group.workers.idle > 0, run, "took a worker of its group when none was idle");
  expect(!group.paused, run, "took a worker of a paused group");
  if (scan_now()) check_priority(run);
  check_turns(run);
  stop_being_candidate(run);
  --group.workers.idle;
  ++(holding ? group.workers.holding : group.workers.running);
  mirror_.change_at_work(run.request.workspace, 1);
}

void InvariantsObserver::check_priority(const SeenRun& run) {
  if (!strict(mirror_.config_of(run).dispatch)) return;
  for (const SeenRun& other : mirror_.runs()) {
    if (other.group != run.group || other.request.level >= run.request.level) continue;
    if (other.state != RunState::queued && other.state != RunState::parked) continue;
    if (workflow_paused_[other.request.workflow.index()] || mirror_.held_up_by_rule(other, now_))
      continue;
    expect(!mirror_.could_start(other), run,
           fmt::format("got a worker before run {} of a higher level", other.id));
  }
}

void InvariantsObserver::check_turns(const SeenRun& run) {
  if (!takes_turns_by_level(mirror_.config_of(run).dispatch)) return;
  Turns& mine = turns(run);
  for (const auto& [workspace, other] : turns_[run.group.index()][index(run.request.level)]) {
    const bool waited =
        other.candidates > 0 && other.blocked_by == 0 && other.since < mine.last_dispatch;
    if (workspace == run.request.workspace.value || !waited) continue;
    expect(other.last_dispatch > mine.last_dispatch, run,
           fmt::format("had two turns while workspace {} waited for one", workspace));
  }
  mine.last_dispatch = ++tick_;
}

void InvariantsObserver::check_credentials(const Run& run, const SeenRun& seen) {
  for (std::size_t i = 0; i < run.request.need_count; ++i) {
    const Need need = run.request.needs[i];
    const CredentialId held = run.held[i];
    if (!need.is_pool()) {
      expect(held == need.credential(), seen, "holds another credential than it needs");
      continue;
    }
    const auto& pool = mirror_.members(need);
    expect(std::find(pool.begin(), pool.end(), held) != pool.end(), seen,
           "holds a credential that is not of its pool");
    expect(std::find(run.held.begin(), run.held.begin() + static_cast<std::ptrdiff_t>(i), held) ==
               run.held.begin() + static_cast<std::ptrdiff_t>(i),
           seen, "took a pool's member that an earlier need had taken");
  }
  for (const CredentialId held : seen.held) {
    expect(mirror_.credential(held).available(), seen,
           fmt::format("took credential {}, which was not available", held.value));
  }
}

void InvariantsObserver::dispatched(Time now, const Run& run) {
  advance(now);
  SeenRun& seen = mirror_.run(run);
  expect(seen.state == RunState::queued || seen.state == RunState::holding, seen,
         "dispatched without having been a candidate");
  expect(!workflow_paused_[seen.request.workflow.index()], seen, "started in a paused workflow");
  const DispatchConfig& policy = mirror_.config_of(seen).dispatch;
  if (seen.state == RunState::holding) {
    WorkerCounts& workers = mirror_.group(seen.group).workers;
    --workers.holding, ++workers.running;
  } else {
    take_worker(seen, false);
    seen.has_worker_since = now;
  }
  expect(policy.kind != DispatchPolicyKind::workspace_cap ||
             mirror_.at_work(seen.request.workspace) <= policy.cap,
         seen, "its workspace is above the cap");
  seen.held.clear();
  for (std::size_t i = 0; i < run.request.need_count; ++i) {
    if (std::find(seen.held.begin(), seen.held.end(), run.held[i]) == seen.held.end()) {
      seen.held.push_back(run.held[i]);
    }
  }
  check_credentials(run, seen);
  for (const CredentialId held : seen.held) ++mirror_.credential(held).active;
  seen.state = RunState::running;
  seen.dispatched = now;
  seen.service = run.service;
  seen.login_failed_at.reset();
}

void InvariantsObserver::login_ended(Time now, const Run& run, CredentialId credential,
                                     bool succeeded) {
  advance(now);
  SeenRun& seen = mirror_.run(run);
  expect(seen.state == RunState::running, seen, "logged in while it does not run");
  if (succeeded) return;
  seen.login_failed_at = now;
  mirror_.credential(credential).login_failed_at = now;
}

void InvariantsObserver::interaction_ended(Time now, const Run& run, bool) {
  advance(now);
  SeenRun& seen = mirror_.run(run);
  const Time ends = seen.dispatched + run.service;
  const bool may_do_more = run.request.fixed_outcome == FixedOutcome::planned;
  expect(seen.state == RunState::running &&
             (may_do_more ? ends >= now : ends == now && run.service <= seen.service),
         seen, "does not go on at once when a person answers");
  seen.service = run.service;
}

/// Gives back what it has.
void InvariantsObserver::leave(SeenRun& run) {
  WorkerCounts& workers = mirror_.group(run.group).workers;
  if (run.state == RunState::queued) stop_being_candidate(run);
  if (run.state == RunState::parked) {
    turns(run).since = ++tick_;
    turns(run).blocked_by -= blocks_queues(mirror_.config_of(run));
  }
  if (run.state == RunState::running || run.state == RunState::holding) {
    --(run.state == RunState::running ? workers.running : workers.holding);
    ++workers.idle;  // if not, workers_changed() follows
    mirror_.change_at_work(run.request.workspace, -1);
  }
  for (const CredentialId held : run.held) --mirror_.credential(held).active;
  run.held.clear();
}

void InvariantsObserver::requeued(Time now, const Run& run, RequeueCause cause, Duration delay) {
  advance(now);
  SeenRun& seen = mirror_.run(run);
  if (cause == RequeueCause::retriable_failure) {
    const WorkflowConfig& workflow = mirror_.config().workflows[seen.request.workflow.index()];
    expect(seen.state == RunState::running && now == seen.dispatched + seen.service, seen,
           "retried at another time than planned");
    expect(run.retries <= workflow.max_retries, seen, "has more retries than allowed");
  } else {
    expect(seen.state == RunState::running || seen.state == RunState::holding, seen,
           "lost a worker that it did not have");
    expect(cause != RequeueCause::timeout || now == mirror_.times_out(seen), seen,
           "timed out at another time than its workflow says");
  }
  if (seen.state == RunState::running) seen.ran += now - seen.dispatched;
  leave(seen);
  seen.state = RunState::delayed;
  seen.rejoins_at = now + delay;
  seen.queued_at = now;
}

void InvariantsObserver::rejoined(Time now, const Run& run) {
  advance(now);
  SeenRun& seen = mirror_.run(run);
  expect(seen.state == RunState::delayed, seen, "rejoined while it was not delayed");
  expect(now == seen.rejoins_at, seen, "rejoined at another time than its delay says");
  become_candidate(seen);
}

void InvariantsObserver::check_end(const SeenRun& run, Outcome outcome, EndReason reason) {
  switch (reason) {
    case EndReason::completed:
    case EndReason::failure:
    case EndReason::interaction_timeout:
      expect(run.state == RunState::running && now_ == run.dispatched + run.service, run,
             "ended at another time than planned");
      return expect((outcome == Outcome::succeeded) == (reason == EndReason::completed), run,
                    "outcome and reason contradict each other");
    case EndReason::login_failed:
      return expect(run.login_failed_at == now_, run, "ended by a failed login that nobody saw");
    case EndReason::sibling_login_failed: {
      bool failed = false;
      for (const CredentialId held : run.held) {
        failed |= mirror_.credential(held).login_failed_at == now_;
      }
      for (std::size_t i = 0; i < run.request.need_count && run.waits(); ++i) {
        const Need need = run.request.needs[i];
        failed |= !need.is_pool() && mirror_.credential(need.credential()).login_failed_at == now_;
      }
      return expect(failed, run, "stopped by a sibling's login that did not fail");
    }
    case EndReason::interrupted:
      return expect(outcome == Outcome::stopped, run, "interrupted but not stopped");
    case EndReason::timeout:
      return expect((run.state == RunState::running || run.state == RunState::holding) &&
                        now_ == mirror_.times_out(run) && outcome == Outcome::failed,
                    run, "timed out at another time than its workflow says");
    case EndReason::expired:
      return expect(run.waits() && now_ == mirror_.expires(run) && outcome == Outcome::stopped, run,
                    "expired at another time than its workflow says");
    case EndReason::cancelled:
      return expect(run.waits() && now_ == Mirror::cancelled(run) && outcome == Outcome::stopped,
                    run, "cancelled at another time than its submitter's patience says");
  }
}

void InvariantsObserver::ended(Time now, const Run& run, Outcome outcome, EndReason reason) {
  advance(now);
  SeenRun& seen = mirror_.run(run);
  expect(seen.state != RunState::free && seen.id == run.id, seen, "ended twice");
  check_end(seen, outcome, reason);
  leave(seen);
  seen.state = RunState::free;
  ++ended_;
}

// ---- resources

void InvariantsObserver::workers_changed(Time now, GroupId group, const WorkerCounts& counts) {
  advance(now);
  WorkerCounts& seen = mirror_.group(group).workers;
  if (counts.running != seen.running || counts.holding != seen.holding) {
    violated("runs with a worker are not as many as the transitions tell",
             fmt::format("group {}", group.value));
  }
  seen = counts;
}

void InvariantsObserver::credential_changed(Time now, CredentialId credential,
                                            const CredentialStatus& status) {
  advance(now);
  SeenCredential& seen = mirror_.credential(credential);
  seen.guarded = status.login_guard;
  seen.paused = status.paused;
  const bool is_new_limit = status.limit != seen.limit;  // which takes nothing from anybody
  const bool is_above = status.active > status.limit;
  seen.limit = status.limit;
  seen.above_by_change = is_above && (is_new_limit || seen.above_by_change);
  if (is_above && !seen.above_by_change) {
    violated("is above its limit", fmt::format("credential {}", credential.value));
  }
}

void InvariantsObserver::pool_defined(std::uint32_t pool_use, std::uint32_t /*pool*/,
                                      const CredentialId* first, std::size_t count) {
  mirror_.define_pool(pool_use, {first, first + count});
}

void InvariantsObserver::group_paused(Time now, GroupId group, bool paused) {
  advance(now);
  mirror_.group(group).paused = paused;
}

void InvariantsObserver::workflow_paused(Time now, WorkflowId workflow, bool paused) {
  advance(now);
  workflow_paused_[workflow.index()] = paused;
}

}  // namespace sluice::invariants
