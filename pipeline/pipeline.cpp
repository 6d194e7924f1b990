#include "pipeline/pipeline.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "base/check.hpp"
#include "pipeline/attempt.hpp"
#include "pipeline/attempts.hpp"
#include "pipeline/credentials.hpp"
#include "pipeline/outages.hpp"
#include "pipeline/resource_group.hpp"
#include "pipeline/run_table.hpp"
#include "pipeline/wait_lists.hpp"
#include "pipeline/waker.hpp"
#include "pipeline/worker_pool.hpp"

namespace sluice {
namespace {

/// Workspaces and credentials whose tables stay in a second-level cache anyhow, by measurement.
constexpr std::size_t kFitsInCache = 1000;

/// Neither a candidate with a worker nor over: a submitter may lose patience.
bool is_waiting(const Run& run) {
  return run.state == RunState::queued || run.state == RunState::parked ||
         run.state == RunState::delayed || run.state == RunState::holding;
}

WaitPoint cap_of(WorkspaceId workspace) {
  return WaitPoint::of(WaitPoint::Kind::workspace_cap, workspace.index());
}

}  // namespace

struct Pipeline::Parts {
  Parts(const PipelineConfig& config, std::uint64_t seed)
      : credentials(config, runs),
        waker(runs, credentials),
        admission(config.api, config.workspaces.size()),
        attempts(config),
        outages(config, seed),
        api_error_rate(config.api.error_rate),
        in_workspace(config.workspaces.size(), 0),
        marked(config.groups.size(), 0) {
    add_workflows(config);
  }

  /// Those that came to the configuration.
  void add_workflows(const PipelineConfig& config) {
    for (std::size_t i = workflows.size(); i < config.workflows.size(); ++i) {
      const WorkflowConfig& workflow = config.workflows[i];
      workflows.push_back({.aliases = static_cast<std::uint32_t>(workflow.aliases.size())});
      any_expiry |= workflow.expiry.has_value();
    }
  }

  struct Workflow {
    std::uint32_t pauses = 0;
    std::uint32_t aliases = 0;  // how many; beside the pauses it is in the cache
  };

  RunTable runs;
  Credentials credentials;
  Waker waker;
  Admission admission;
  Attempts attempts;
  Outages outages;
  std::vector<ResourceGroup> groups;
  std::vector<GroupId> group_of_workspace;  // denser than the configuration
  double api_latency_factor = 1;
  double api_error_rate;
  std::vector<Workflow> workflows;
  std::vector<std::uint32_t> in_workspace;  // runs with a worker; counted where there is a cap
  std::vector<char> marked;                 // groups to look at in the next dispatch
  bool any_marked = false;
  bool any_expiry = false;  // of a workflow
  std::uint64_t next_id = 0, next_sequence = 0, next_dispatch = 0;
  std::array<CredentialId, kMaxNeeds> chosen{};  // by the latest look at a run's obstacle
};

struct Pipeline::Obstacle {
  WaitPoint point;
  Blocker blocker;
  bool none() const { return !point.valid(); }
  bool is_credential() const {
    return point.kind() == WaitPoint::Kind::credential || point.kind() == WaitPoint::Kind::pool;
  }
};

struct Pipeline::Waking {
  Pipeline& pipeline;
  Time now;
  bool has_room(WaitPoint point) const { return pipeline.has_room(point); }
  Woken wake(WaitPoint point, WakeLane lane, Run& run) const {
    return pipeline.wake(now, point, lane, run);
  }
};

Pipeline::Pipeline(const PipelineConfig& config, std::uint64_t seed, EventQueue& events,
                   PipelineObserver& observer)
    : config_(config),
      events_(events),
      observer_(observer),
      larger_than_cache_(config.workspaces.size() + config.credentials.size() > kFitsInCache),
      p_(std::make_unique<Parts>(config, seed)) {
  for (const WorkspaceConfig& workspace : config.workspaces)
    p_->group_of_workspace.push_back(workspace.group);
  const Time start = Time::zero();
  p_->groups.reserve(config.groups.size());
  for (std::size_t i = 0; i < config.groups.size(); ++i) {
    p_->groups.emplace_back(GroupId::at(i), config.groups[i], config.workspaces.size(), seed,
                            p_->runs, events, kWorkerEvents);
    p_->groups.back().workers().begin(start);
    workers_changed(start, p_->groups.back());
  }
  if (p_->groups.size() == 1 && p_->groups.front().has_one_lane())
    p_->waker.set_only_lane(WakeLane::of(p_->groups.front().id(), 0));
  for (std::size_t i = 0; i < config.credentials.size(); ++i)
    plan_outage(start, CredentialId::at(i));
}

Pipeline::~Pipeline() = default;

inline ResourceGroup& Pipeline::group_of(const Run& run) const {
  return p_->groups[run.group.index()];
}

inline void Pipeline::schedule(Time at, EventClass event_class, EventKind kind, const Run& run) {
  events_.schedule(at, event_class, {kind, run.slot.value, run.generation});
}

/// It is looked at in the next dispatch.
inline void Pipeline::look_at(const ResourceGroup& group) {
  p_->marked[group.id().index()] = 1;
  p_->any_marked = true;
}

/// Wakes runs that wait on what was released since the last call. Asked at every event, and seldom
/// with anybody to wake: so that is apart.
inline void Pipeline::wake_freed(Time now) {
  if (p_->waker.any_freed()) wake_them(now);
}

[[gnu::noinline]] void Pipeline::wake_them(Time now) { p_->waker.wake_freed(Waking{*this, now}); }

inline void Pipeline::prepare_next_run() const {
  if (!events_.empty()) p_->runs.prefetch(events_.next_event().subject);
}

inline void Pipeline::tell_webhook(Time now, const Run& run, std::uint32_t event) {
  if (!config_.webhooks) [[likely]]
    return;
  const WebhookPlan plan = plan_webhook(run.request, *config_.webhooks, event);
  observer_.webhook(now, run, plan.attempts, plan.delivered, plan.latency);
}

// ---- admission: docs/rules.md, rule 11

Need Pipeline::pool_need(WorkspaceId workspace, WorkflowId workflow, std::size_t alias,
                         std::span<const CredentialId> members) {
  bool is_new = false;
  const Need need = p_->credentials.pool_need(workspace, workflow, alias, members, is_new);
  if (is_new)
    observer_.pool_defined(need.pool_use(), p_->credentials.pool_of(need), members.data(),
                           members.size());
  return need;
}

void Pipeline::set_planner(const AttemptPlanner& planner) { p_->attempts.set_planner(planner); }

Answer Pipeline::submit(Time now, const RunRequest& request) {
  Parts& p = *p_;
  SLUICE_REQUIRE(request.workspace.index() < p.group_of_workspace.size() &&
                     request.workflow.index() < p.workflows.size(),
                 "a request is of a workspace and a workflow of the configuration");
  SLUICE_REQUIRE(request.need_count == p.workflows[request.workflow.index()].aliases,
                 "a request has one need for each alias of its workflow");
  SLUICE_REQUIRE(request.fixed_outcome != FixedOutcome::planned || p.attempts.has_planner(),
                 "there is a planner for a request that is to be planned");
  wake_freed(now);
  prepare_next_run();
  const ApiPlan plan = plan_answer(request, config_.api, p.api_error_rate, p.api_latency_factor);
  Answer answer;
  answer.answered_at = now + plan.latency;
  if (const auto refusal = p.admission.admit(now, request.workspace)) {
    refuse(*refusal, answer);
  } else if (plan.server_error) {
    answer.status = Answer::Status::server_error;
  } else {
    Run& run = p.runs.allocate();
    run.request = request;
    run.group = p.group_of_workspace[request.workspace.index()];
    run.state = RunState::submitting;
    answer.slot = run.slot;
    if (request.attempt == 1 && plan.latency.ns == 0) {
      number(now, run);
      observer_.arrived(now, run, answer);
      accept(now, run);
      return answer;
    }
  }
  if (request.attempt == 1) observer_.submitted(now, request);
  observer_.answered(now, request, answer);
  if (!answer.slot.valid()) return answer;
  Run& run = p.runs[answer.slot];
  if (plan.latency.ns > 0) {
    schedule(answer.answered_at, EventClass::arrival, kAnswerDue, run);
  } else {
    answer_due(now, run);
  }
  return answer;
}

void Pipeline::give_up(Time now, const RunRequest& request) { observer_.gave_up(now, request); }

void Pipeline::refuse(const Admission::Refusal& refusal, Answer& answer) {
  answer.status = Answer::Status::rate_limited;
  answer.window = refusal.window;
  answer.retry_after = Duration::from_seconds(std::max(1.0, std::ceil(refusal.wait.seconds())));
}

Answer Pipeline::count_request(Time now, WorkspaceId workspace) {
  Answer answer;
  answer.answered_at = now;
  if (const auto refusal = p_->admission.admit(now, workspace)) refuse(*refusal, answer);
  return answer;
}

std::optional<RateRoom> Pipeline::rate_room(Time now, WorkspaceId workspace) {
  return p_->admission.room(now, workspace);
}

void Pipeline::answer_due(Time now, Run& run) {
  number(now, run);
  observer_.accepted(now, run);
  accept(now, run);
}

void Pipeline::number(Time now, Run& run) {
  SLUICE_CHECK(run.state == RunState::submitting, "a run is accepted once", now, run.id);
  run.id = p_->next_id++;
  run.sequence = p_->next_sequence++;
  run.accepted = run.queued_at = now;
  run.attempt = run.retries = 0;
  run.ran = {};
  run.woken_by = UINT32_MAX;
  run.state = RunState::queued;
}

/// What follows once the observer knows.
void Pipeline::accept(Time now, Run& run) {
  tell_webhook(now, run, 0);
  limit_wait(now, run);
  become_candidate(now, run);
}

// ---- hints for the cache

void Pipeline::expect(const RunRequest& request) {
  const WorkspaceId workspace = request.workspace;
  p_->admission.prefetch(workspace);
  const GroupId group = p_->group_of_workspace[workspace.index()];
  p_->groups[group.index()].prefetch(workspace, request.level);
  for (std::size_t i = 0; i < request.need_count; ++i)
    if (!request.needs[i].is_pool()) p_->credentials.prefetch(request.needs[i].credential());
  observer_.expected(request);
}

bool Pipeline::worth_expecting() const { return larger_than_cache_; }

/// What the next completion touches is fetched while this instant's runs are dispatched; where that
/// is, was fetched while its events were handled.
void Pipeline::prepare_next_completion() const {
  if (events_.empty() || events_.next_event().kind != kRunCompleted) return;
  const Run& run = p_->runs[RunSlot{events_.next_event().subject}];
  if (run.generation != events_.next_event().generation) return;
  for (std::size_t i = 0; i < run.request.need_count; ++i) {
    p_->credentials.prefetch(run.held[i]);
    const auto point = WaitPoint::of(WaitPoint::Kind::credential, run.held[i].index());
    if (const RunSlot next = p_->waker.first_in_line(point); next.valid())
      observer_.waking(p_->runs[next]);
  }
  observer_.ending(run);
}

// ---- events that the pipeline scheduled for itself

void Pipeline::handle(Time now, const ScheduledEvent& scheduled) {
  const auto [kind, subject, generation] = scheduled.event;
  const bool completion = scheduled.event_class == EventClass::completion;
  prepare_next_run();
  if (!completion && p_->waker.any_freed()) wake_freed_before_timer(now);
  if (kind >= kWorkerEvents) {
    SLUICE_REQUIRE(kind < kPipelineEventKinds, "the event is one of the pipeline's own");
    worker_event(now, p_->groups[subject], static_cast<WorkerEvent>(kind - kWorkerEvents),
                 generation);
  } else if (kind == kMoveDue) {
    look_at(p_->groups[subject]);
  } else if (kind == kOutageBegins) {
    pause(now, CredentialId{subject});
    plan_outage(now, CredentialId{subject});
  } else if (kind == kOutageEnds) {
    resume(now, CredentialId{subject});
    wake_freed(now);
    plan_outage(now, CredentialId{subject});
  } else {
    Run& run = p_->runs[RunSlot{subject}];
    if (kind == kExpired || kind == kPatienceOver) {
      waited_too_long(now, run, static_cast<EventKind>(kind), generation);
      return wake_freed(now);
    }
    if (run.generation != generation) return;
    handle_of_run(now, static_cast<EventKind>(kind), run);
  }
  if (!completion) wake_freed(now);
}

inline void Pipeline::handle_of_run(Time now, EventKind kind, Run& run) {
  switch (kind) {
    case kRunCompleted:
      return completed(now, run);
    case kRetryDue:
      return rejoin(now, run);
    case kAnswerDue:
      return answer_due(now, run);
    case kTimedOut:
      return timed_out(now, run);
    default:
      return login_ended(now, run, kind - kLoginEnded);
  }
}

/// Wakes come before the first timer of an instant, and so does what they complete at once.
void Pipeline::wake_freed_before_timer(Time now) {
  while (p_->waker.any_freed()) {
    wake_freed(now);
    while (!events_.empty() && events_.next_time() == now &&
           events_.next_class() == EventClass::completion)
      handle(now, events_.pop());
  }
}

void Pipeline::plan_outage(Time now, CredentialId credential) {
  if (const auto change = p_->outages.next(now, credential))
    events_.schedule(change->at, EventClass::timer,
                     {change->begins ? kOutageBegins : kOutageEnds, credential.value, 0});
}

std::string_view Pipeline::event_name(std::uint32_t kind) {
  switch (kind) {
    case kRunCompleted:
      return "end of an attempt";
    case kRetryDue:
      return "end of a retry's delay";
    case kAnswerDue:
      return "answer of the API";
    case kOutageBegins:
      return "begin of an outage";
    case kOutageEnds:
      return "end of an outage";
    case kMoveDue:
      return "climb of a candidate";
    case kTimedOut:
      return "timeout of an attempt";
    case kExpired:
      return "expiry of a run";
    case kPatienceOver:
      return "end of a submitter's patience";
    default:
      return kind >= kWorkerEvents ? "change of a worker" : "end of a login";
  }
}

// ---- who gets a worker: docs/rules.md, "Dispatch"

void Pipeline::dispatch(Time now) {
  if (larger_than_cache_) prepare_next_completion();
  wake_freed(now);
  Parts& p = *p_;
  if (!p.any_marked) return;
  p.any_marked = false;
  for (ResourceGroup& group : p.groups) {
    if (!p.marked[group.id().index()]) continue;
    p.marked[group.id().index()] = 0;
    if (group.has_work()) dispatch_group(now, group);
  }
}

void Pipeline::dispatch_group(Time now, ResourceGroup& group) {
  do {
    if (group.moves_candidates()) move_candidates(now, group);
    const RunSlot slot = group.choose(now);
    if (!slot.valid()) {
      if (!group.moves_candidates()) return;
      if (const auto due = group.next_look())
        events_.schedule(*due, EventClass::timer, {kMoveDue, group.id().value, 0});
      return;
    }
    Run& run = p_->runs[slot];
    const Obstacle obstacle = obstacle_of(run);
    if (obstacle.none()) {
      give_worker(now, group, run, false);
      start(now, run);
    } else if (group.config().when_credential_busy == WhenCredentialBusy::hold_worker &&
               obstacle.is_credential()) {
      hold(now, group, run, obstacle);
    } else {
      park(now, group, run, obstacle);
    }
    stop_being_candidate(now, run);
  } while (group.has_work());
}

/// What it would take is in `chosen` then.
Pipeline::Obstacle Pipeline::obstacle_of(const Run& run) {
  using Kind = WaitPoint::Kind;
  Parts& p = *p_;
  const RunRequest& request = run.request;
  const ResourceGroup& group = group_of(run);
  if (group.is_capped() && run.state != RunState::holding &&
      p.in_workspace[request.workspace.index()] >= group.config().dispatch.cap)
    return {cap_of(request.workspace), {BlockReason::workspace_cap, {}}};
  if (p.workflows[request.workflow.index()].pauses > 0)
    return {WaitPoint::of(Kind::workflow, request.workflow.index()), {BlockReason::pause, {}}};
  const std::size_t served = p.credentials.choose(request, p.chosen);
  if (served == request.need_count) return {};
  const Need need = request.needs[served];
  const WaitPoint point =
      need.is_pool() ? WaitPoint::of(Kind::pool, p.credentials.pool_to_wait_on(request, served))
                     : WaitPoint::of(Kind::credential, need.credential().index());
  return {point, {p.credentials.block_reason(need), need}};
}

bool Pipeline::has_room(WaitPoint point) const {
  switch (point.kind()) {
    case WaitPoint::Kind::credential:
      return p_->credentials.available(CredentialId{point.index()});
    case WaitPoint::Kind::pool:
      return p_->credentials.pool_has_room(point.index());
    case WaitPoint::Kind::workflow:
      return p_->workflows[point.index()].pauses == 0;
    case WaitPoint::Kind::workspace_cap:
      break;
  }
  const ResourceGroup& group = p_->groups[p_->group_of_workspace[point.index()].index()];
  return p_->in_workspace[point.index()] < group.config().dispatch.cap;
}

inline void Pipeline::give_worker(Time now, ResourceGroup& group, Run& run, bool holding) {
  group.give_worker(now, run, holding);
  if (group.is_capped()) ++p_->in_workspace[run.request.workspace.index()];
}

/// With the credentials that were chosen just before.
inline void Pipeline::start(Time now, Run& run) {
  run.held = p_->chosen;
  begin_attempt(now, run);
}

void Pipeline::hold(Time now, ResourceGroup& group, Run& run, const Obstacle& obstacle) {
  SLUICE_CHECK(run.state == RunState::queued, "a candidate holds a worker", now, run.id);
  give_worker(now, group, run, true);
  run.state = RunState::holding;
  run.dispatched = now;
  if (const auto& timeout = workflow_of(run).timeout)
    schedule(now + timeout->after, EventClass::timer, kTimedOut, run);
  p_->waker.park(run, obstacle.point, group.lane_of(run), group.is_capped());
  observer_.holding(now, run, obstacle.blocker);
}

void Pipeline::park(Time now, ResourceGroup& group, Run& run, const Obstacle& obstacle) {
  SLUICE_CHECK(run.state == RunState::queued, "a candidate is parked", now, run.id);
  group.pass_over(now, run);
  run.state = RunState::parked;
  p_->waker.park(run, obstacle.point, group.lane_of(run), group.is_capped());
  observer_.parked(now, run, obstacle.blocker);
}

void Pipeline::become_candidate(Time now, Run& run) {
  ResourceGroup& group = group_of(run);
  group.add(now, run);
  look_at(group);
}

/// Rule (b) of waking: what had woken it may still have room for another.
void Pipeline::stop_being_candidate(Time now, Run& run) {
  if (run.woken_by == UINT32_MAX) return;
  const WaitPoint point{run.woken_by};
  run.woken_by = UINT32_MAX;
  p_->waker.wake(point, WakeLane::of(run.group, run.woken_lane), Waking{*this, now});
}

/// Whoever was overtaken in his queue cannot use his wake now: another one gets it.
void Pipeline::collect_overtaken(ResourceGroup& group) {
  for (RunSlot slot; (slot = group.take_overtaken()).valid();) {
    Run& run = p_->runs[slot];
    if (run.woken_by == UINT32_MAX) continue;
    SLUICE_REQUIRE(run.state == RunState::queued, "only a candidate has been woken");
    p_->waker.pass_on_later(WaitPoint{run.woken_by}, WakeLane::of(run.group, run.woken_lane));
    run.woken_by = UINT32_MAX;
  }
}

void Pipeline::move_candidates(Time now, ResourceGroup& group) {
  group.advance(now);
  collect_overtaken(group);
  p_->waker.pass_on(Waking{*this, now});
}

// ---- who is woken, and what becomes of him: docs/rules.md, "Waking"

Woken Pipeline::wake(Time now, WaitPoint point, WakeLane lane, Run& run) {
  SLUICE_CHECK(run.state == RunState::parked || run.state == RunState::holding,
               "only who waits is woken", now, run.id);
  ResourceGroup& group = p_->groups[lane.group()];
  const Obstacle obstacle = obstacle_of(run);
  if (obstacle.point == p_->waker.point_of(run)) return Woken::stays;
  // For credentials it may wait inside a worker, and for a worker it waits as a candidate.
  const bool will_hold = run.state == RunState::parked && obstacle.is_credential() &&
                         group.config().when_credential_busy == WhenCredentialBusy::hold_worker;
  if (!obstacle.none() && !will_hold) {
    p_->waker.move(run, obstacle.point);
    observer_.parked(now, run, obstacle.blocker);
    return Woken::goes;
  }
  p_->waker.remove(run);
  if (run.state == RunState::holding) {
    group.workers().holder_starts();
    start(now, run);
    return Woken::goes;
  }
  group.unblock(now, run);
  run.woken_by = point.code;
  run.woken_lane = static_cast<std::uint8_t>(lane.value % WakeLane::kPerGroup);
  run.state = RunState::queued;
  observer_.woken(now, run);
  become_candidate(now, run);
  if (group.moves_candidates()) collect_overtaken(group);
  // Nobody whom these wake can be in the way of another.
  const bool room_for_all = point.kind() == WaitPoint::Kind::workflow ||
                            (point.kind() == WaitPoint::Kind::credential &&
                             p_->credentials.takes_any_number(CredentialId{point.index()}));
  return room_for_all ? Woken::goes : Woken::last;
}

// ---- from its dispatch to its end: docs/rules.md, "Running"

void Pipeline::begin_attempt(Time now, Run& run) {
  Parts& p = *p_;
  SLUICE_CHECK(run.state == RunState::queued || run.state == RunState::holding,
               "an attempt begins where there was none", now, run.id);
  ++run.attempt;
  const Time held_since = run.state == RunState::holding ? run.dispatched : Time::never();
  run.dispatched = now;
  run.dispatch_number = p.next_dispatch++;
  run.state = RunState::running;
  const WorkflowConfig& workflow = workflow_of(run);
  const AttemptPlan plan = p.attempts.plan(run);
  run.planned_outcome = plan.outcome;
  run.planned_reason = plan.reason;
  run.failure_kind = plan.failure_kind;
  run.interaction = plan.interaction;
  run.logins_pending = 0;
  run.service = begin_logins(now, run) + plan.length;
  if (!workflow.timeout || ends_in_time(run, *workflow.timeout, held_since)) [[likely]]
    schedule(now + run.service, EventClass::completion, kRunCompleted, run);
  observer_.dispatched(now, run);
  for (unsigned pending = run.logins_pending; pending != 0; pending &= pending - 1) {
    const CredentialId credential = run.held[static_cast<std::size_t>(std::countr_zero(pending))];
    if (p.credentials.guarded(credential)) credential_changed(now, credential);
  }
  tell_webhook(now, run, 3u * run.attempt - 2);
}

/// Takes the credentials; returns how long until the last of the logins that are needed is over.
Duration Pipeline::begin_logins(Time now, Run& run) {
  Credentials& credentials = p_->credentials;
  for (std::size_t i = 0; i < run.request.need_count; ++i) {
    if (!credentials.has_login(run.held[i]) || credentials.session_valid(now, run.held[i]))
      continue;
    const auto first = std::find(run.held.begin(), run.held.end(), run.held[i]) - run.held.begin();
    if (first == static_cast<std::ptrdiff_t>(i))
      run.logins_pending = static_cast<std::uint8_t>(run.logins_pending | 1u << i);
  }
  credentials.take(now, run);
  Duration longest{};
  for (unsigned pending = run.logins_pending; pending != 0; pending &= pending - 1) {
    const auto need = static_cast<std::size_t>(std::countr_zero(pending));
    credentials.begin_login(run.held[need]);
    const LoginPlan login = p_->attempts.login(run, need);
    longest = std::max(longest, login.length);
    schedule(now + login.length, EventClass::completion, static_cast<EventKind>(kLoginEnded + need),
             run);
  }
  return longest;
}

void Pipeline::login_ended(Time now, Run& run, std::size_t need) {
  SLUICE_CHECK((run.logins_pending >> need & 1u) != 0, "a login ends that is in progress", now,
               run.id);
  const CredentialId credential = run.held[need];
  const LoginPlan login = p_->attempts.login(run, need);
  run.logins_pending = static_cast<std::uint8_t>(run.logins_pending & ~(1u << need));
  observer_.login_ended(now, run, credential, login.succeeds);
  const bool was_guarded = p_->credentials.guarded(credential);
  if (p_->credentials.end_login(now, credential, login.succeeds)) p_->waker.freed(credential);
  if (was_guarded) credential_changed(now, credential);
  if (!login.succeeds) login_failed(now, run, credential);
}

void Pipeline::login_failed(Time now, Run& run, CredentialId credential) {
  const auto holders = p_->credentials.holders(credential);
  std::vector<RunSlot> siblings(holders.begin(), holders.end());
  std::erase(siblings, run.slot);
  std::sort(siblings.begin(), siblings.end(), [this](RunSlot a, RunSlot b) {
    return p_->runs[a].dispatch_number < p_->runs[b].dispatch_number;
  });
  stop_all(now, siblings);
  end(now, run, Outcome::failed, EndReason::login_failed);
  if (config_.stop_queued_siblings) stop_queued_siblings(now, credential);
}

void Pipeline::stop_queued_siblings(Time now, CredentialId credential) {
  std::vector<RunSlot> siblings;
  for (std::size_t i = 0; i < p_->runs.slot_count(); ++i) {
    const Run& run = p_->runs[RunSlot::at(i)];
    const auto last = run.request.needs.begin() + run.request.need_count;
    if (is_waiting(run) &&
        std::find(run.request.needs.begin(), last, credential_need(credential)) != last)
      siblings.push_back(run.slot);
  }
  std::sort(siblings.begin(), siblings.end(),
            [this](RunSlot a, RunSlot b) { return p_->runs[a].id < p_->runs[b].id; });
  stop_all(now, siblings);
}

void Pipeline::stop_all(Time now, const std::vector<RunSlot>& siblings) {
  for (const RunSlot sibling : siblings)
    end(now, p_->runs[sibling], Outcome::stopped, EndReason::sibling_login_failed);
}

void Pipeline::completed(Time now, Run& run) {
  SLUICE_CHECK(run.state == RunState::running && run.logins_pending == 0,
               "an attempt ends that has begun and logged in", now, run.id);
  // A person has answered since this end was scheduled: the attempt ends at another time.
  if (now != run.dispatched + run.service) return;
  if (run.planned_reason != EndReason::failure || !p_->attempts.is_retried(run))
    return end(now, run, run.planned_outcome, run.planned_reason);
  ++run.retries;
  requeue(now, run, RequeueCause::retriable_failure,
          retry_delay(run.request, workflow_of(run), run.retries));
}

/// Whether an attempt that has just been planned ends before its timeout. Of the two, only the one
/// that comes first is scheduled. `held_since`: when it began to hold its worker; never if it did
/// not.
bool Pipeline::ends_in_time(const Run& run, const TimeoutConfig& timeout, Time held_since) {
  const bool was_holding = held_since != Time::never();
  const Time due = (was_holding ? held_since : run.dispatched) + timeout.after;
  if (run.dispatched + run.service <= due) return true;
  if (!was_holding)  // else it is scheduled already
    schedule(due, EventClass::timer, kTimedOut, run);
  return false;
}

/// Its attempt, or its hold inside a worker, has lasted as long as its workflow allows.
void Pipeline::timed_out(Time now, Run& run) {
  SLUICE_CHECK(run.state == RunState::running || run.state == RunState::holding,
               "only who has a worker times out", now, run.id);
  const WorkflowConfig& workflow = workflow_of(run);
  if (!workflow.timeout->retry || run.retries >= workflow.max_retries)
    return end(now, run, Outcome::failed, EndReason::timeout);
  ++run.retries;
  if (run.state == RunState::holding) p_->waker.remove(run);
  requeue(now, run, RequeueCause::timeout, retry_delay(run.request, workflow, run.retries));
}

// ---- back to the queue, or out of it

/// A run that has a worker gives it up and comes back after `delay`. One that holds was taken from
/// the waker before.
void Pipeline::requeue(Time now, Run& run, RequeueCause cause, Duration delay) {
  SLUICE_CHECK(now >= run.dispatched, "who gives up a worker got it before", now, run.id);
  run.queued_at = now;
  if (run.state == RunState::running) run.ran += now - run.dispatched;
  observer_.requeued(now, run, cause, delay);
  tell_webhook(now, run, 3u * run.attempt - 1);
  leave_worker(now, run, cause != RequeueCause::worker_lost);
  run.state = RunState::delayed;
  schedule(now + delay, EventClass::timer, kRetryDue, run);
  limit_wait(now, run);
}

void Pipeline::rejoin(Time now, Run& run) {
  SLUICE_CHECK(run.state == RunState::delayed, "who rejoins was delayed", now, run.id);
  run.sequence = p_->next_sequence++;
  run.state = RunState::queued;
  observer_.rejoined(now, run);
  become_candidate(now, run);
}

void Pipeline::end(Time now, Run& run, Outcome outcome, EndReason reason) {
  SLUICE_CHECK(run.state != RunState::free && run.state != RunState::submitting,
               "only an accepted run ends, and once", now, run.id);
  observer_.ended(now, run, outcome, reason);
  tell_webhook(now, run, 3u * run.attempt + 3u);
  leave_queues(now, run);
  if (run.state == RunState::running || run.state == RunState::holding)
    leave_worker(now, run, true);
  if (run.state == RunState::queued) stop_being_candidate(now, run);
  p_->runs.release(run);
}

void Pipeline::leave_queues(Time now, Run& run) {
  ResourceGroup& group = group_of(run);
  if (run.state == RunState::queued)
    group.remove(run);
  else if (run.state == RunState::parked || run.state == RunState::holding)
    p_->waker.remove(run);
  if (run.state == RunState::parked && group.unblock(now, run)) look_at(group);
}

/// Takes worker and credentials from a run that has a worker; its events become void.
void Pipeline::leave_worker(Time now, Run& run, bool worker_stays) {
  ResourceGroup& group = group_of(run);
  const bool was_holding = run.state == RunState::holding;
  SLUICE_CHECK(was_holding || run.state == RunState::running, "only who has a worker leaves it",
               now, run.id);
  ++run.generation;
  if (!was_holding) release_credentials(now, run);
  group.take_run_away(now, run);
  if (group.is_capped()) {
    --p_->in_workspace[run.request.workspace.index()];
    p_->waker.freed(cap_of(run.request.workspace));
  }
  look_at(group);
  if (worker_stays && !group.workers().give_back(now, was_holding)) workers_changed(now, group);
}

void Pipeline::release_credentials(Time now, Run& run) {
  Credentials& credentials = p_->credentials;
  for (unsigned pending = run.logins_pending; pending != 0; pending &= pending - 1) {
    const CredentialId credential = run.held[static_cast<std::size_t>(std::countr_zero(pending))];
    const bool was_guarded = credentials.guarded(credential);
    credentials.end_login(now, credential, false);
    if (was_guarded) credential_changed(now, credential);
  }
  run.logins_pending = 0;
  credentials.release(now, run, [this](CredentialId credential) { p_->waker.freed(credential); });
}

// ---- too long a wait

/// Schedules what ends a run that waits too long; to be called when it begins to wait. What was
/// scheduled before, when it had run less, comes up too early and is void then.
inline void Pipeline::limit_wait(Time now, const Run& run) {
  const bool expires = p_->any_expiry && workflow_of(run).expiry;
  const bool impatient = run.request.patience != Duration::max();
  const auto schedule_limit = [&](EventKind kind) {
    events_.schedule(std::max(now, wait_limit(run, kind)), EventClass::timer,
                     {kind, run.slot.value, static_cast<std::uint32_t>(run.id)});
  };
  if (expires) [[unlikely]]
    schedule_limit(kExpired);
  if (impatient) [[unlikely]]
    schedule_limit(kPatienceOver);
}

/// When it has waited too long for its workflow or its submitter.
Time Pipeline::wait_limit(const Run& run, EventKind kind) const {
  return kind == kExpired ? run.accepted + *workflow_of(run).expiry + run.ran
                          : run.request.submitted + run.request.patience + run.ran;
}

void Pipeline::waited_too_long(Time now, Run& run, EventKind kind, std::uint32_t run_id) {
  if (!is_waiting(run) || static_cast<std::uint32_t>(run.id) != run_id ||
      now < wait_limit(run, kind))
    return;
  end(now, run, Outcome::stopped, kind == kExpired ? EndReason::expired : EndReason::cancelled);
}

// ---- workers: rule 12

void Pipeline::worker_event(Time now, ResourceGroup& group, WorkerEvent kind, std::uint32_t token) {
  WorkerPool& workers = group.workers();
  switch (kind) {
    case WorkerEvent::started:
      if (!workers.started(token)) return;
      break;
    case WorkerEvent::cooled:
      if (!workers.cooled(now, token)) return;
      break;
    case WorkerEvent::capacity_step:
      workers.capacity_step(now);
      break;
    case WorkerEvent::autoscale:
      workers.autoscale(now, group.candidates(), group.kept_idle());
      break;
    case WorkerEvent::failed:
      if (const auto repair = workers.failure_due(now, token)) lose_worker(now, group, *repair);
      return;
    case WorkerEvent::repaired:
      if (!workers.repaired(now, token)) return;
      break;
  }
  workers_changed(now, group);
}

void Pipeline::workers_changed(Time now, ResourceGroup& group) {
  observer_.workers_changed(now, group.id(), group.workers().counts());
  look_at(group);
}

void Pipeline::lose_worker(Time now, ResourceGroup& group, LostTo to) {
  const WorkerPool::Loss loss = group.workers().lose_one(now, to);
  if (!loss.any) return;
  if (loss.run_index) {
    const RunSlot slot = group.nth_run(*loss.run_index);
    SLUICE_CHECK(slot.valid(), "the pool knows how many workers have a run", now, kNoRun);
    Run& run = p_->runs[slot];
    const bool was_holding = run.state == RunState::holding;
    requeue_lost(now, run);
    group.workers().lost_with_run(now, was_holding, to);
  }
  workers_changed(now, group);
}

void Pipeline::requeue_lost(Time now, Run& run) {
  if (run.state == RunState::holding) p_->waker.remove(run);
  requeue(now, run, RequeueCause::worker_lost, Duration{});
}

void Pipeline::credential_changed(Time now, CredentialId credential) {
  observer_.credential_changed(now, credential, p_->credentials.status(credential));
}

// ---- commands

void Pipeline::apply(Time now, const Command& command) {
  wake_freed(now);  // commands come as timers of the driver: what completions released comes first
  std::visit([&](const auto& c) { obey(now, c); }, command);
  wake_freed(now);
}

ResourceGroup& Pipeline::commanded(GroupId group) const {
  SLUICE_REQUIRE(group.index() < p_->groups.size(), "there is such a group");
  return p_->groups[group.index()];
}

void Pipeline::obey(Time now, const Pause& command) {
  std::visit([&](auto id) { pause(now, id); }, command.what);
}

void Pipeline::obey(Time now, const Resume& command) {
  std::visit([&](auto id) { resume(now, id); }, command.what);
}

void Pipeline::pause(Time now, CredentialId credential) {
  p_->credentials.pause(credential);
  credential_changed(now, credential);
}

void Pipeline::resume(Time now, CredentialId credential) {
  if (p_->credentials.resume(credential)) p_->waker.freed(credential);
  credential_changed(now, credential);
}

void Pipeline::pause(Time now, WorkflowId workflow) {
  SLUICE_REQUIRE(workflow.index() < p_->workflows.size(), "there is such a workflow");
  if (p_->workflows[workflow.index()].pauses++ == 0) observer_.workflow_paused(now, workflow, true);
}

void Pipeline::resume(Time now, WorkflowId workflow) {
  SLUICE_REQUIRE(workflow.index() < p_->workflows.size(), "there is such a workflow");
  std::uint32_t& pauses = p_->workflows[workflow.index()].pauses;
  if (pauses == 0 || --pauses > 0) return;
  observer_.workflow_paused(now, workflow, false);
  p_->waker.freed(WaitPoint::of(WaitPoint::Kind::workflow, workflow.index()));
}

void Pipeline::pause(Time now, GroupId group) {
  if (commanded(group).pause()) observer_.group_paused(now, group, true);
}

void Pipeline::resume(Time now, GroupId group) {
  ResourceGroup& g = commanded(group);
  if (g.resume()) observer_.group_paused(now, group, false);
  look_at(g);
}

void Pipeline::obey(Time now, const SetWorkers& command) {
  ResourceGroup& group = commanded(command.group);
  group.workers().set_target(now, command.count, command.by);
  workers_changed(now, group);
}

void Pipeline::obey(Time now, const EndSetWorkers& command) {
  ResourceGroup& group = commanded(command.group);
  group.workers().end_set_target(now, command.by);
  workers_changed(now, group);
}

void Pipeline::obey(Time now, const LoseWorkers& command) {
  ResourceGroup& group = commanded(command.group);
  for (std::uint32_t i = 0; i < command.count && group.workers().counts().present() > 0; ++i)
    lose_worker(now, group, {command.by});
}

void Pipeline::obey(Time now, const RestoreWorkers& command) {
  ResourceGroup& group = commanded(command.group);
  group.workers().restore(now, command.count, command.by);
  workers_changed(now, group);
}

void Pipeline::obey(Time now, const RestartWorkers& command) {
  ResourceGroup& group = commanded(command.group);
  group.workers().restart_free(now);
  for (std::uint32_t number = 0; number < group.worker_numbers(); ++number) {
    const RunSlot slot = group.run_with(number);
    if (!slot.valid()) continue;
    Run& run = p_->runs[slot];
    const bool was_holding = run.state == RunState::holding;
    requeue_lost(now, run);
    group.workers().restarted_with_run(now, was_holding);
  }
  workers_changed(now, group);
}

void Pipeline::obey(Time, const SetFailureFactor& command) {
  p_->attempts.set_failure_factor(command.workflow, command.factor);
}

void Pipeline::obey(Time, const SetLoginFailureFactor& command) {
  p_->attempts.set_login_failure_factor(command.credential, command.factor);
}

void Pipeline::obey(Time, const SetDurationFactor& command) {
  p_->attempts.set_duration_factor(command.workflow, command.factor);
}

void Pipeline::obey(Time now, const OverrideCredential& command) {
  if (p_->credentials.set_override(command.credential, command.to))
    p_->waker.freed(command.credential);
  credential_changed(now, command.credential);
}

void Pipeline::obey(Time, const SetApiLatencyFactor& command) {
  SLUICE_REQUIRE(command.factor >= 0, "a factor of latencies is at least 0");
  p_->api_latency_factor = command.factor;
}

void Pipeline::obey(Time, const SetApiErrorRate& command) {
  SLUICE_REQUIRE(command.rate >= 0 && command.rate <= 1, "a rate of errors is from 0 to 1");
  p_->api_error_rate = command.rate;
}

// ---- one run, and the configuration, from outside

bool Pipeline::interrupt(Time now, RunSlot slot, std::uint64_t run_id) {
  wake_freed(now);
  if (slot.index() >= p_->runs.slot_count()) return false;
  Run& run = p_->runs[slot];
  if (run.state == RunState::free || run.state == RunState::submitting || run.id != run_id)
    return false;
  end(now, run, Outcome::stopped, EndReason::interrupted);
  wake_freed(now);
  return true;
}

bool Pipeline::end_interaction(Time now, RunSlot slot, std::uint64_t run_id, bool answered) {
  wake_freed(now);
  if (slot.index() >= p_->runs.slot_count()) return false;
  Run& run = p_->runs[slot];
  if (run.state != RunState::running || run.id != run_id || run.interaction.ns == 0 ||
      now < run.interaction_begins())
    return false;
  const AttemptPlan rest = answered ? p_->attempts.plan_after_answer(run) : AttemptPlan{};
  SLUICE_CHECK(rest.length.ns >= 0, "an attempt ends after it was answered", now, run.id);
  run.interaction = {};
  run.service = now + rest.length - run.dispatched;
  if (!answered) {
    run.planned_outcome = Outcome::failed;
    run.planned_reason = EndReason::interaction_timeout;
  } else if (Attempts::is_planned(run)) {
    run.planned_outcome = rest.outcome;
    run.planned_reason = rest.reason;
  } else if (run.planned_reason == EndReason::interaction_timeout) {
    run.planned_outcome = Outcome::succeeded;
    run.planned_reason = EndReason::completed;
  }
  observer_.interaction_ended(now, run, answered);
  const auto& timeout = workflow_of(run).timeout;
  if (!timeout || ends_in_time(run, *timeout, Time::never()))
    schedule(now + rest.length, EventClass::completion, kRunCompleted, run);
  return true;
}

void Pipeline::config_grew(Time now) {
  SLUICE_REQUIRE(config_.workflows.size() >= p_->workflows.size(), "workflows are only appended");
  wake_freed(now);
  const std::size_t known = p_->credentials.count();
  p_->credentials.config_grew();
  p_->attempts.config_grew();
  p_->outages.config_grew();
  p_->add_workflows(config_);
  for (std::size_t i = known; i < config_.credentials.size(); ++i)
    credential_changed(now, CredentialId::at(i));
}

void Pipeline::credential_config_changed(Time now, CredentialId credential) {
  wake_freed(now);
  if (p_->credentials.config_changed(credential)) p_->waker.freed(credential);
  credential_changed(now, credential);
  wake_freed(now);
}

void Pipeline::clear_session(CredentialId credential) { p_->credentials.clear_session(credential); }

// ---- looking

const Run& Pipeline::run(RunSlot slot) const { return p_->runs[slot]; }

WorkerCounts Pipeline::workers(GroupId group) const {
  return p_->groups[group.index()].workers().counts();
}

CredentialStatus Pipeline::credential(CredentialId credential) const {
  return p_->credentials.status(credential);
}

StoredSessionStatus Pipeline::session(CredentialId credential) const {
  return p_->credentials.session(credential);
}

std::size_t Pipeline::slot_count() const { return p_->runs.slot_count(); }

}  // namespace sluice
