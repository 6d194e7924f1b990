// The naive reference: docs/rules.md as literally as possible, with linear scans over all runs that
// ever were.
//
// Shares no code with pipeline/*.cpp but for the value types, the distributions and the random
// streams. Everything that the real dispatcher keeps up to date in some structure is counted anew
// here each time that it is needed. Not covered: random outages, webhooks.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/random/random.hpp"
#include "pipeline/event_queue.hpp"
#include "pipeline/observer.hpp"
#include "tests/model/reference/script.hpp"

namespace sluice::reference {

/// Something that runs wait on and that is released.
struct Thing {
  enum class Kind : std::uint8_t { none, credential, pool, workflow, cap };
  Kind kind = Kind::none;
  std::uint32_t index = 0;  ///< credential, pool, workflow or workspace

  bool operator==(const Thing&) const = default;
};

/// Why a run cannot take its credentials.
struct Obstacle {
  Thing thing;
  BlockReason reason = BlockReason::credential_limit;
  Thing seen;  ///< what observers are told: the pool of the need, where `thing` is several pools

  bool none() const { return thing.kind == Thing::Kind::none; }
  /// It is step 3 of the check, not the cap or the workflow, that failed.
  bool is_credentials() const {
    return thing.kind == Thing::Kind::credential || thing.kind == Thing::Kind::pool;
  }
};

struct ReferenceNeed {
  NeedSpec spec;
  std::uint32_t pool = 0;    ///< which list of members
  std::uint32_t cursor = 0;  ///< the list as used by one alias of one workflow in one workspace

  bool operator==(const ReferenceNeed& other) const {
    return spec.pool == other.spec.pool && spec.members == other.spec.members &&
           cursor == other.cursor;
  }
};

struct ReferenceRun {
  RunRequest request;
  std::vector<ReferenceNeed> needs;
  RunState state = RunState::free;
  std::uint64_t id = UINT64_MAX;
  std::uint64_t sequence = 0;
  std::uint32_t group = 0;
  Time dispatched;
  std::uint64_t dispatch_number = 0;
  std::uint16_t attempt = 0;
  std::uint16_t retries = 0;
  std::uint64_t token = 0;   ///< events scheduled under another token are void
  std::uint64_t tenure = 0;  ///< of its worker: likewise, for the timeout
  Time accepted;
  std::vector<Duration> earlier_attempts;  ///< how long each ran that was requeued
  std::size_t level = 0;                   ///< at which it is queued
  Time queued_at;                          ///< accepted or requeued
  Time promotion_due;
  Obstacle obstacle;               ///< parked, holding
  Thing woken_by;                  ///< candidate again because of this
  std::size_t woken_turn = 0;      ///< in this one of the turns that are woken apart
  std::vector<CredentialId> held;  ///< running: one per need
  std::vector<CredentialId> logging_in;

  bool waits() const {
    return state == RunState::queued || state == RunState::parked || state == RunState::delayed ||
           state == RunState::holding;
  }
  bool has_worker() const { return state == RunState::running || state == RunState::holding; }
};

struct ReferenceCredential {
  int pauses = 0;  ///< by command and by outage
  Time last_use;
  std::optional<Time> logged_in;
  double login_failure_factor = 1;
  CredentialOverride instead;  ///< of what is configured
};

struct PendingWorker {
  std::uint64_t token = 0;
};

/// Expected back from whoever took it, or from the repair with this number.
struct LostWorker {
  std::optional<CauseId> cause;
  std::uint64_t repair = 0;

  bool operator==(const LostWorker&) const = default;
};

struct SetNumber {
  CauseId by;
  std::uint32_t count = 0;
};

/// What a workspace has had at a level, in worker-nanoseconds, and its weight.
struct WorkerTime {
  std::int64_t had = 0;
  std::int64_t weight = 1;
};

struct ReferenceGroup {
  int pauses = 0;
  bool stirred = false;       ///< something happened that may let it dispatch
  std::uint32_t planned = 0;  ///< by the autoscaler, or the schedule
  std::uint32_t kept = 0;     ///< from everybody who waited at the autoscaler's last look
  std::optional<Time> wants_more_since, wants_fewer_since;
  std::vector<SetNumber> numbers_set;  ///< that hold, in order of their begin
  std::uint32_t idle = 0;
  std::vector<LostWorker> lost;  ///< in order of loss
  LostWorker being_lost;
  std::optional<std::uint32_t> failure_drawn_for;  ///< so many present ones
  std::uint64_t failure_token = 0;
  std::vector<PendingWorker> starting;               ///< in order of start
  std::vector<PendingWorker> cooling;                ///< in order of release
  std::vector<std::optional<std::size_t>> numbered;  ///< by number of a worker: its run
  std::vector<std::uint32_t> free_numbers;
  std::array<std::vector<std::uint32_t>, kLevels> rings;  ///< [0] only: fair_first
  std::array<std::uint32_t, kLevels> credit{};
  std::array<std::vector<WorkerTime>, kLevels> worker_time;  ///< fair_share: by workspace
  std::array<WorkerTime, kLevels> last_start;  ///< fair_share: of the workspace that took a worker
  Stream start_up{0}, cool_down{0}, failures{0};
};

/// How an attempt will go, drawn at its dispatch.
struct AttemptPlan {
  Duration body;
  Outcome outcome = Outcome::succeeded;
  EndReason reason = EndReason::completed;
  bool retriable = false;
};

/// Wakes that are to reach somebody else, because those that they reached cannot use them.
struct PassedOn {
  std::uint32_t group = 0;
  std::size_t turn = 0;
  Thing thing;
};

/// What becomes of a run's worker when the run leaves it.
enum class WorkerFate : std::uint8_t { freed, lost, restarts };

class ReferencePipeline {
 public:
  explicit ReferencePipeline(const Script& script);
  Log play();

 private:
  struct Event {
    Time time;
    EventClass event_class;
    std::uint64_t number;
    std::function<void()> action;
    bool settles = true;  ///< wakes are done before and after it
  };

  // -- reference_play.cpp: the clock, submissions, commands
  void schedule(Time when, EventClass event_class, std::function<void()> action,
                bool settles = true);
  bool step_clock();
  void handle_next_event();
  void log(std::string_view text);
  void log_changed_workers();
  void carry_out(const Step& step);
  void command(const Step& step);
  void change_factor(const Step& step);
  void resume(int& pauses, const Thing& thing);
  void schedule_outage(std::uint32_t credential, std::size_t number);
  void schedule_capacity(std::uint32_t group, std::size_t number);
  void schedule_look(std::uint32_t group);
  void submit(const Step& step);
  void accept(std::size_t run);
  Answer answer(const Step& step);
  std::vector<ReferenceNeed> needs_of(const Step& step);
  std::uint32_t pool_number(const std::vector<CredentialId>& members);

  // -- reference_dispatch.cpp: who is next
  void dispatch_everything();
  void dispatch_group(std::uint32_t group);
  std::optional<std::size_t> choose(std::uint32_t group);
  std::optional<std::size_t> first_candidate(std::uint32_t group,
                                             std::optional<std::uint32_t> workspace,
                                             std::optional<std::size_t> level) const;
  std::optional<std::size_t> head_of_ring(std::uint32_t group, std::size_t level);
  std::optional<std::size_t> choose_strict(std::uint32_t group);
  std::optional<std::size_t> choose_weighted(std::uint32_t group);
  std::optional<std::size_t> choose_reserved(std::uint32_t group);
  std::optional<std::size_t> choose_fair(std::uint32_t group);
  std::optional<std::size_t> choose_fair_share(std::uint32_t group);
  std::optional<std::size_t> choose_share_limit(std::uint32_t group);
  void charge_worker_time(Time now);
  std::uint32_t at_work(std::uint32_t group, std::uint32_t workspace, std::size_t level) const;
  std::uint32_t has_had_least(std::uint32_t group, std::size_t level) const;
  void start_no_lower_than_others(std::uint32_t group, std::size_t level, std::uint32_t workspace);
  bool is_candidate(const ReferenceRun& run) const;
  bool queue_blocked(std::uint32_t group, std::uint32_t workspace, std::size_t level) const;
  bool is_first_of_its_queue(const ReferenceRun& run) const;
  void pass_on_wakes_of_the_overtaken(std::uint32_t group);
  bool level_allowed(std::uint32_t group, std::size_t level) const;
  void settle_rings(std::uint32_t group);
  void turn_over(const ReferenceRun& run);
  void promote_due(std::uint32_t group);
  void look_again_when_somebody_climbs(std::uint32_t group);
  void enter_queue(std::size_t run);

  // -- reference_credentials.cpp: who may take what, and who is woken
  std::uint32_t active(CredentialId credential) const;
  std::uint32_t limit(CredentialId credential) const;
  bool guarded(CredentialId credential) const;
  bool available(CredentialId credential) const;
  BlockReason why_unavailable(CredentialId credential) const;
  BlockReason why_unavailable(const std::vector<CredentialId>& pool) const;
  std::uint32_t at_work(std::uint32_t group, std::uint32_t workspace) const;
  Obstacle obstacle(const ReferenceRun& run, std::vector<CredentialId>* taken);
  Obstacle obstacle_of_credentials(const ReferenceRun& run, std::vector<CredentialId>* taken);
  std::vector<CredentialId> offers(const ReferenceRun& run, std::size_t need) const;
  bool distribute(const ReferenceRun& run, const std::vector<std::size_t>& needs,
                  std::vector<CredentialId>* taken) const;
  Thing pools_that_compete(const ReferenceRun& run, std::size_t need);
  bool has_room(const Thing& thing) const;
  bool has_room_for_all(const Thing& thing) const;
  bool waits_on(const ReferenceRun& run, const Thing& thing) const;
  void gains_room(const Thing& thing);
  void do_wake_ups();
  std::size_t turns_of(std::uint32_t group) const;
  std::size_t turn_of(const ReferenceRun& run) const;
  void wake_group(std::uint32_t group, const Thing& thing);
  void wake_one(const PassedOn& wake);
  void wake_first(const PassedOn& wake);
  std::optional<std::size_t> first_waiting(const PassedOn& wake,
                                           const std::vector<std::size_t>& set_aside) const;
  void wake(std::size_t run, const PassedOn& by);
  void level_by_age(ReferenceRun& run);
  void park(std::size_t run, const Obstacle& obstacle);
  void hold(std::size_t run, const Obstacle& obstacle);
  void wait_on(ReferenceRun& run, const Obstacle& obstacle);
  bool waits_with(const ReferenceRun& a, const ReferenceRun& b) const;
  void no_longer_candidate(ReferenceRun& run);
  std::string describe(const Thing& thing) const;

  // -- reference_running.cpp: attempts
  void start(std::size_t run);
  void start_logins(std::size_t run, Time* body_starts);
  bool session_valid(CredentialId credential) const;
  AttemptPlan plan_attempt(const ReferenceRun& run) const;
  std::optional<std::size_t> draw_failure(const ReferenceRun& run, Stream& stream) const;
  double time_of_options(const ReferenceRun& run, Stream& stream) const;
  void attempt_over(std::size_t run, const AttemptPlan& plan);
  void schedule_timeout(std::size_t run, Time over);
  void timed_out(std::size_t run);
  Duration has_run(const ReferenceRun& run) const;
  void schedule_limits_of_waiting(std::size_t run);
  void schedule_limit_of_waiting(std::size_t run, Time since, Duration length, EndReason reason);
  void login_over(std::size_t run, CredentialId credential, Stream stream);
  void login_failed(std::size_t culprit, CredentialId credential);
  void end(std::size_t run, Outcome outcome, EndReason reason);
  void requeue(std::size_t run, RequeueCause cause, Duration delay, WorkerFate fate);
  void rejoin(std::size_t run);
  void let_go(std::size_t run, WorkerFate fate);
  Duration retry_delay(const ReferenceRun& run) const;

  // -- reference_workers.cpp
  WorkerCounts counts(std::uint32_t group) const;
  std::uint32_t present(std::uint32_t group) const;
  bool makes_up(std::uint32_t group) const;
  std::uint32_t that_count(std::uint32_t group) const;
  std::uint32_t wanted(std::uint32_t group) const;
  bool lacks_one(std::uint32_t group) const;
  bool too_many(std::uint32_t group) const { return that_count(group) > wanted(group); }
  void set_number(std::uint32_t group, const SetNumber& number);
  void end_number(std::uint32_t group, CauseId by);
  void plan(std::uint32_t group, std::uint32_t count);
  void look(std::uint32_t group);
  bool may_take(std::uint32_t group, std::size_t level, std::uint32_t idle) const;
  std::uint32_t kept_from_all_who_wait(std::uint32_t group) const;
  void meet(std::uint32_t group);
  void surplus_leaves(std::uint32_t group);
  void draw_failure_anew(std::uint32_t group);
  void failure(std::uint32_t group, std::uint64_t token);
  void now_lost(std::uint32_t group);
  void start_worker(std::uint32_t group);
  void take_worker(std::size_t run);
  void release_worker(std::size_t run, WorkerFate fate);
  void free_worker(std::uint32_t group);
  std::vector<std::size_t> runs_with_worker(std::uint32_t group) const;
  void lose_worker(std::uint32_t group, const LostWorker& as);
  void restore_workers(std::uint32_t group, std::uint32_t count, const LostWorker& lost_as);
  void restart_workers(std::uint32_t group);

  bool blocks_queues(std::uint32_t group) const {
    return when_busy(group) == WhenCredentialBusy::block_workspace ||
           when_busy(group) == WhenCredentialBusy::block_level;
  }
  void stir(std::uint32_t group) { groups_[group].stirred = true; }
  const DispatchConfig& policy(std::uint32_t group) const {
    return config().groups[group].dispatch;
  }
  WhenCredentialBusy when_busy(std::uint32_t group) const {
    return config().groups[group].when_credential_busy;
  }
  const PipelineConfig& config() const { return script_.config; }

  const Script& script_;
  Time now_;
  Log log_;
  std::vector<Event> events_;
  std::uint64_t events_scheduled_ = 0, tokens_ = 0, sequences_ = 0, accepted_ = 0, dispatches_ = 0;
  std::vector<ReferenceRun> runs_;
  std::vector<ReferenceGroup> groups_;
  std::vector<ReferenceCredential> credentials_;
  std::vector<int> workflow_pauses_;
  std::vector<double> failure_factor_, duration_factor_;
  std::vector<std::vector<CredentialId>> pools_;  ///< members of each
  std::vector<std::size_t> cursors_;
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::size_t, std::vector<CredentialId>>,
           std::uint32_t>
      cursor_numbers_;
  std::vector<std::vector<Time>> requests_;  ///< per workspace: counted requests
  double latency_factor_ = 1;
  double error_rate_ = 0;
  std::vector<Thing> gained_room_;  ///< in order, since the wakes were done last
  std::vector<PassedOn> passed_on_;
  std::vector<std::string> last_workers_;
};

}  // namespace sluice::reference
