// One thread of a load: its share of the runs, from their intended times to their ends.
//
// Run i of an open-loop submitter and client i of a closed-loop one belong to lane
// (i mod clients) mod lanes, with everything that happens to them, so lanes share nothing but the
// ids that were given before. Each lane goes through all arrivals of the scenario and leaves out
// those of the others.
#pragma once

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <future>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "http/client/client.hpp"
#include "http/client/event_stream.hpp"
#include "load/follow/known_sessions.hpp"
#include "load/follow/observation.hpp"
#include "load/follow/row_stamps.hpp"
#include "load/follow/run_event.hpp"
#include "load/follow/session_id.hpp"
#include "load/follow/start_answer.hpp"
#include "load/generator/load_clock.hpp"
#include "load/generator/start_request.hpp"
#include "load/measure/load_measures.hpp"
#include "pipeline/event_queue.hpp"
#include "scenarios/scenario.hpp"
#include "sim/submitters/submission_target.hpp"
#include "sim/submitters/submitter.hpp"

namespace sluice {

/// What all lanes of a load have in common. References outlive them.
struct LaneSettings {
  const Scenario& scenario;
  const LoadRequests& requests;
  KnownSessions& known_sessions;
  std::uint64_t seed = 0;  ///< of submitters and client ids
  LoadConfig::Follow follow = LoadConfig::Follow::events;
  unsigned lanes = 1;
  std::uint32_t clients = 1;  ///< per workspace, at least `lanes`
  HttpClientSettings http;    ///< with the connections of one lane
  double max_per_s = 0;       ///< of one lane, wall time; 0: no ceiling
  /// Simulated seconds per second of the target's clock: of its stamps, delays and Retry-After.
  double target_scale = 1;
};

/// Runs in a thread of its own from construction to destruction. All functions may be called from
/// one other thread.
class Lane final : private SubmissionTarget {
 public:
  Lane(const LaneSettings& settings, unsigned number);
  ~Lane() override;
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  ObservationJournal& journal() { return journal_; }

  /// Opens the event streams of its clients in the workspaces that are used.
  void open_streams();
  /// Whether all of them are open, or have failed.
  bool streams_ready() const { return streams_waited_for_.load() == 0; }
  /// Begins to send: simulated time zero is at `clock`'s. Nothing is submitted after `end`.
  void begin(const LoadClock& clock, Time end);
  /// Sends nothing new but what was due up to `until`; then requests that wait for a connection are
  /// dropped.
  void end_sending(Time until);
  /// Requests that are not answered yet never will be.
  void give_up_requests();
  /// The same, and asks the target to stop what it has not finished.
  void interrupt_unfinished();
  /// Asks the target once for each run whose end was not seen: by lists of runs, then for those
  /// that they do not have, `most` of them, one by one and not fast.
  void look_at_unfinished(std::size_t most);
  /// Whether that has been answered.
  bool has_looked() const { return !looking_.load(); }
  /// Runs whose end was not seen are lost from now on, but for those that are still under way as
  /// the target said.
  void give_up_following();
  LaneSnapshot snapshot();

  /// Whose run `index` of a submitter is.
  static unsigned lane_of(const LaneSettings& settings, SubmitterId submitter, std::uint64_t index);
  /// An event that came another way (a webhook). Any thread; the text is copied.
  void event_came(std::string json, SteadyTime at);

 private:
  struct Followed {
    std::uint64_t number = 0;
    RunRequest request;
    SteadyTime accepted;        // when its answer came
    bool told = false;          // something of it, by an event or a list
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
  static constexpr std::size_t kRowsOfPage = 1000;  ///< of a list
  struct ListPage {
    std::size_t rows = 0;
    std::string oldest;  // created_at of its last row, as it is written
  };
  struct Stream;
  struct EarlyEvent {
    RunEvent event;
    SteadyTime at;
  };
  using Sessions = boost::unordered_flat_map<SessionId, std::unique_ptr<Followed>, SessionIdHash,
                                             SessionIdEqual>;

  /// Stamps count from here, so that they fit simulated time at any scale: 2020-01-01.
  static constexpr std::int64_t kStampOrigin_ns = 1'577'836'800'000'000'000;

  // -- submitters
  Need pool_need(WorkspaceId workspace, WorkflowId workflow, std::size_t alias,
                 std::span<const CredentialId> members) override;
  std::optional<Answer> submit(Time now, const RunRequest& request) override;
  void give_up(Time now, const RunRequest& request) override;

  // -- sending
  bool is_mine(const RunRequest& request) const;
  bool below_ceiling(SteadyTime now);
  static std::uint64_t number_of(const RunRequest& request);
  void send(Time intended, const RunRequest& request, std::uint64_t number);
  void not_sent(Time intended, const RunRequest& request, std::uint64_t number);
  void measure(const ExchangeResult& result, SteadyTime intended);
  void answered(Time intended, const RunRequest& request, std::uint64_t number,
                const ExchangeResult& result);
  void accepted(Time intended, const RunRequest& request, std::uint64_t number,
                const ExchangeResult& result);
  void wrong(Time intended, const RunRequest& request, std::uint64_t number,
             const ExchangeResult& result, WrongAnswer why);
  void refused(Time intended, const RunRequest& request, std::uint64_t number,
               const ExchangeResult& result);
  void try_again(Time now, const RunRequest& request, const Answer& answer,
                 const ExchangeResult& result);
  void observe_answer(std::uint64_t number, Time now, Time intended, const Answer& answer);
  std::uint8_t window_of(const ExchangeResult& result) const;

  // -- time
  void work();
  void arm();
  void on_timer();
  void handle_next();
  /// What was seen at `seen`, as submitters may hear of it: stamps are of the moment something
  /// came, and what was due a little later may have been handled meanwhile.
  Time heard(Time seen) const { return std::max(seen, events_.now()); }
  Time now() const { return clock_->simulated(std::chrono::steady_clock::now()); }

  // -- patience (lane_patience.cpp)
  static Time patient_until(const Followed& run);
  void limit_patience(Time now, Sessions::iterator run);
  void patience_over(Time now, std::uint32_t place);
  void send_interrupt(const Followed& run, const std::string& session);
  void follow_wait(Time at, RunEventKind kind, Sessions::iterator run);

  // -- following
  static std::uint32_t client_of(const LaneSettings& settings, SubmitterId submitter,
                                 std::uint64_t index);
  std::uint32_t client_of(const RunRequest& request) const {
    return client_of(settings_, request.submitter, request.index);
  }
  void open_stream(WorkspaceId workspace, std::uint32_t client);
  void no_longer_waited_for(Stream& stream);
  void handle_events(std::string_view json, SteadyTime at);
  void on_event(const RunEvent& event, SteadyTime at);
  void play(const RunEvent& event, SteadyTime at, Sessions::iterator run, bool time_known = true);
  void tell(const RunEvent& event, SteadyTime at, Followed& run, bool time_known);
  void tell_start(std::string_view session, std::int64_t started, SteadyTime at);
  void play_early(const std::string& session_id);
  void finish(Time now, Sessions::iterator run);
  Duration scaled(Duration by_target) const;
  void follow_by_polling(std::string why);
  void arm_poll();
  void poll();
  void polled(const ExchangeResult& result);
  /// What a list of runs says; none: it is no list.
  std::optional<ListPage> play_list(const ExchangeResult& result);
  void play_row(RunEventKind status, const RowStamps& stamps, SteadyTime at,
                Sessions::iterator run);

  // -- the last look (lane_look.cpp)
  void look_at_list(WorkspaceId workspace, unsigned page, const std::string& before);
  void looked_at_list(WorkspaceId workspace, unsigned page, const ExchangeResult& result);
  void look_at_next();
  void looked_at(const std::string& session, const ExchangeResult& result);
  void one_look_less();

  const LaneSettings& settings_;
  const unsigned number_;
  ObservationJournal journal_;
  boost::asio::io_context context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer timer_, poll_timer_;
  HttpClient http_;
  std::optional<LoadClock> clock_;
  EventQueue events_;
  Submitters submitters_;
  PoolMembers pools_;
  boost::unordered_flat_map<const CredentialId*, Need> pool_needs_;  // by where its members are
  bool sending_ = false;
  Time armed_for_ = Time::never();  // when the timer fires
  double tokens_ = 0;               // requests that the ceiling allows now
  SteadyTime tokens_at_;

  Sessions sessions_;
  Sessions half_seen_;  // those that ended without having been seen to start
  boost::unordered_flat_map<std::string, std::vector<EarlyEvent>> early_;
  std::vector<std::string> patient_;         // sessions whose patience is watched, by place
  std::vector<std::uint32_t> free_patient_;  // places not in use
  RunEventParser parser_;
  std::vector<std::unique_ptr<Stream>> streams_;
  std::atomic<std::size_t> streams_waited_for_{0};
  bool polling_ = false;
  std::size_t polls_under_way_ = 0;
  boost::asio::steady_timer look_timer_;
  std::vector<std::string> to_look_at_;  // sessions that no list had, last first
  std::size_t most_looks_ = 0, looks_under_way_ = 0;
  bool lists_looked_at_ = false;
  std::atomic<bool> looking_{false};
  std::vector<std::string> notes_;

  LoadCounts counts_;
  LoadTimes times_;
  std::size_t unanswered_ = 0;
  std::exception_ptr broken_;  // what its thread could not go on from
  std::thread thread_;         // last: it uses all of the above
};

}  // namespace sluice
