// How a lane sees the life of its runs: from answers, events, rows of lists and silence to
// observations.
//
// Runs are followed by events (of streams or webhooks), or by polling the lists of runs of their
// workspaces. Where a stream cannot be opened several times in a row, the lane polls from then on;
// what its streams still tell counts as well. At the end a last look at the lists, then at single
// runs, finds out where those are that have not been seen to end.
//
// Driven as the pipeline is, by next_due() and advance(now): no socket, no thread, no clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/clock.hpp"
#include "load/follow/observation.hpp"
#include "load/follow/run_event.hpp"
#include "load/follow/run_row.hpp"
#include "load/follow/session_id.hpp"
#include "load/load_clock.hpp"
#include "pipeline/run.hpp"
#include "scenarios/load_config.hpp"

namespace sluice {

/// What a follower wants of the target.
struct FollowRequest {
  enum class Kind : std::uint8_t { poll, look_at_list, look_at_run, interrupt };
  Kind kind = Kind::poll;
  WorkspaceId workspace;
  std::string path;     ///< to GET; of an interrupt: "", see session
  std::string session;  ///< look_at_run, interrupt
  unsigned page = 0;    ///< look_at_list
};

struct FollowAnswer {
  SteadyTime at;        ///< when it came, or when it failed
  unsigned status = 0;  ///< HTTP; 0: no answer
  std::string_view body;
  bool given_up = false;  ///< this side did not wait for it any longer
};

/// Who asks the target, and who waits for ends of runs.
class FollowSink {
 public:
  virtual ~FollowSink() = default;
  /// Answered once by RunFollower::answered, never from within.
  virtual void ask(FollowRequest request) = 0;
  /// A run was seen to end.
  virtual void run_ended(SteadyTime at, const RunRequest& request) = 0;
  /// The last look is through.
  virtual void looked() = 0;
};

struct FollowCounts {
  std::uint64_t unknown_events = 0;  ///< of runs that are not this load's, or have ended
  std::uint64_t bad_events = 0;      ///< that could not be read
  std::uint64_t failed_polls = 0;
  std::uint64_t streams_opened = 0;
  std::uint64_t streams_silent = 0;  ///< event streams that said nothing more, and were closed
  std::uint64_t looked_up = 0;       ///< runs whose end only a last look found
  std::uint64_t not_looked_up = 0;   ///< unfinished runs that no last look was made for
  std::uint64_t cancelled = 0;       ///< runs that waited longer than their submitters' patience
  std::uint64_t interrupts = 0;      ///< of unfinished runs at the end
  std::uint64_t interrupts_failed = 0;

  void add(const FollowCounts& other);
};

struct FollowSettings {
  LoadConfig::Follow follow = LoadConfig::Follow::events;
  Duration poll_interval{1'000'000'000};  ///< wall time
  double target_scale = 1;                ///< simulated seconds per second of the target's clock
  unsigned lanes = 1;                     ///< that look at the same target
};

/// Not thread-safe. Keeps references. Memory: O(runs that have not ended). Cost: O(1) per event and
/// row, O(runs that have not ended) per poll and page of the last look.
class RunFollower {
 public:
  /// What is seen goes to `journal`.
  RunFollower(const FollowSettings& settings, ObservationJournal& journal, FollowSink& out);

  /// Simulated time zero is at `clock`'s. Polls from now on, if that is how runs are followed.
  void begin(SteadyTime now, const LoadClock& clock);

  /// The answer to a run's POST, which came at `at`, named its `session`. Its events that were
  /// faster are played now. REQUIRES begin().
  void accepted(SteadyTime at, std::string session, const RunRequest& request);
  /// An event as it came: of a stream, or a webhook. `answers_missing`: some POST is not answered
  /// yet, so that an unknown session may become known.
  void event_came(SteadyTime at, std::string_view json, bool answers_missing);
  /// Streams have numbers from 0 on. After a silence the lists are asked for what it kept back.
  void stream_opened(std::size_t stream);
  /// It is not open, or not any more: see EventStream::Listener::closed. `failures` in a row:
  /// from four on, runs are polled.
  void stream_closed(SteadyTime now, std::size_t stream, std::string_view why, unsigned failures);
  /// What the target said to a request.
  void answered(const FollowRequest& request, const FollowAnswer& answer);

  /// When advance() is to be called next; SteadyTime::max(): nothing is due.
  SteadyTime next_due() const;
  /// Polls, goes on with the last look, and interrupts runs that have waited too long.
  void advance(SteadyTime now);

  /// Nobody's patience is over any more after what was up to `until`.
  void end_sending(Time until);
  /// Asks the target to stop what was not seen to end.
  void interrupt_unfinished();
  /// Asks once for each run whose end was not seen, and for starts of those that were only seen to
  /// end: by lists, then one by one and not fast for the `most` that no list has.
  void look_at_unfinished(SteadyTime now, std::size_t most);
  /// Runs whose end was not seen are lost from now on, but for those that are still under way as
  /// the target said at the last look.
  void give_up(SteadyTime now);

  /// Whether it asks for lists of runs, and needs no streams.
  bool polls() const { return polling_; }
  /// Why it polls, if that was not wanted; "".
  const std::string& note() const { return note_; }
  /// Runs whose end was not seen.
  std::size_t unfinished() const { return sessions_.size(); }
  const FollowCounts& counts() const { return counts_; }

 private:
  struct Followed {
    RunRequest request;
    SteadyTime accepted;        // when its answer came
    bool compared = false;      // the clocks, by a stamp that is finer than a second
    std::int64_t started = 0;   // by the list of runs: Unix nanoseconds
    std::int64_t requeued = 0;  // by the event of its last requeue
    bool runs = false;          // as far as it was told
    bool listed = false;
    bool looked_at = false;                   // at the end: the target has said where it is …
    RunEventKind said = RunEventKind::other;  // … namely here
    bool interrupted = false;
    // Only of a run whose submitter's patience is limited:
    std::optional<Time> running_since;
    Duration ran{};  // in attempts that were requeued
  };
  struct EarlyEvent {
    RunEvent event;
    SteadyTime at;
  };
  struct LastLook {
    std::size_t under_way = 0;  // requests and waits; 0: there is none, or it is through
    std::size_t most = 0;       // single runs that are asked for
    bool lists_done = false;
    std::vector<std::string> left;  // sessions that no list had, last first
    SteadyTime next = SteadyTime::max();
  };
  using Sessions = boost::unordered_flat_map<SessionId, std::unique_ptr<Followed>, SessionIdHash,
                                             SessionIdEqual>;

  // -- events
  void on_event(const RunEvent& event, SteadyTime at, bool answers_missing);
  void play_early(const std::string& session);
  void forget_early();
  void play(const RunEvent& event, SteadyTime at, Sessions::iterator run, bool time_known = true);
  void observe(const RunEvent& event, SteadyTime at, Followed& run, bool time_known);
  void finish(SteadyTime at, Sessions::iterator run);
  Duration scaled(Duration by_target) const;

  // -- lists
  bool follows_events() const {
    return settings_.follow != LoadConfig::Follow::polling && !polling_;
  }
  void begin_polling(SteadyTime now);
  void poll();
  const RunList* play_list(const FollowAnswer& answer);
  void play_row(const RunRow& row, SteadyTime at, Sessions::iterator run);
  void tell_creation(const RunRow& row, Followed& run);
  void tell_start(const RunRow& row, SteadyTime at);

  // -- the last look
  bool looks() const { return look_.under_way > 0; }
  void look_at_list(WorkspaceId workspace, unsigned page, std::string_view before);
  void looked_at_list(const FollowRequest& request, const FollowAnswer& answer);
  void look_at_next(SteadyTime now);
  void looked_at_run(const FollowRequest& request, const FollowAnswer& answer);
  void one_look_less(SteadyTime now);

  // -- patience
  static Time patient_until(const Followed& run);
  void limit_patience(Time now, Sessions::iterator run);
  void patience_over(Time now, const std::string& session);
  void follow_wait(Time at, RunEventKind kind, Sessions::iterator run);
  void interrupt(const Followed& run, const std::string& session);

  const FollowSettings settings_;
  ObservationJournal& journal_;
  FollowSink& out_;
  std::optional<LoadClock> clock_;

  Sessions sessions_;   // those whose end was not seen
  Sessions half_seen_;  // those that ended without having been seen to start
  boost::unordered_flat_map<std::string, std::vector<EarlyEvent>> early_;
  std::size_t early_events_ = 0;  // in all of them
  RunEventParser events_;
  RunRowParser rows_;
  std::vector<bool> silent_;  // streams that were closed for it, and are not open again

  bool polling_ = false;
  SteadyTime next_poll_ = SteadyTime::max();
  std::size_t polls_under_way_ = 0;
  std::string note_;

  LastLook look_;

  bool minds_patience_ = false;
  std::multimap<Time, std::string> patience_;  // sessions of those that wait, by its end
  FollowCounts counts_;
};

}  // namespace sluice
