// One thread of a load: its share of the runs, from their intended times to their ends.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "http/client/client.hpp"
#include "http/client/event_stream.hpp"
#include "load/follow/known_sessions.hpp"
#include "load/follow/observation.hpp"
#include "load/follow/run_follower.hpp"
#include "load/follow/start_answer.hpp"
#include "load/generator/lane_shares.hpp"
#include "load/generator/sequencer.hpp"
#include "load/generator/start_request.hpp"
#include "load/load_clock.hpp"
#include "load/measure/load_measures.hpp"

namespace sluice {

/// What all lanes of a load have in common. References outlive them.
struct LaneSettings {
  LaneShares shares;
  const LoadRequests& requests;
  KnownSessions& known_sessions;
  std::uint64_t seed = 0;  ///< of submitters and client ids
  LoadConfig::Follow follow = LoadConfig::Follow::events;
  HttpClientSettings http;  ///< with the connections of one lane
  double max_per_s = 0;     ///< of one lane, wall time; 0: no ceiling
  /// Simulated seconds per second of the target's clock: of its stamps, delays and Retry-After.
  double target_scale = 1;
};

/// The thread, its sockets and its timer: a Sequencer says what to send, a RunFollower what becomes
/// of it; here it is sent, and measured how long that takes and how late it is. Runs from
/// construction to destruction. All functions may be called from one other thread.
class Lane final : private RequestSink, private FollowSink {
 public:
  Lane(const LaneSettings& settings, const Clock& clock, unsigned number);
  ~Lane() override;
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  ObservationJournal& journal() { return journal_; }

  /// Opens the event streams of its clients in the workspaces that are used.
  void open_streams();
  /// Whether all of them are open, or have failed.
  bool streams_ready() const { return streams_waited_for_.load() == 0; }
  /// Begins to send: simulated time zero is at `load`'s. Nothing is submitted after `end`.
  void begin(const LoadClock& load, Time end);
  /// Sends nothing new but what was due up to `until`; then requests that wait for a connection are
  /// dropped.
  void end_sending(Time until);
  /// Requests that are not answered yet never will be.
  void give_up_requests();
  /// Asks the target to stop what it has not finished.
  void interrupt_unfinished();
  /// See RunFollower::look_at_unfinished.
  void look_at_unfinished(std::size_t most);
  /// Whether that has been answered.
  bool has_looked() const { return !looking_.load(); }
  /// See RunFollower::give_up.
  void give_up_following();
  LaneSnapshot snapshot();
  /// An event that came another way (a webhook). Any thread; the text is copied.
  void event_came(std::string json, SteadyTime at);

 private:
  struct Stream;

  // -- sending
  void send(Time intended, const RunRequest& request) override;
  void over_ceiling(Time intended, const RunRequest& request) override;
  void answered(Time intended, const RunRequest& request, const ExchangeResult& result);
  void measure(const ExchangeResult& result, SteadyTime intended);
  void started(Time intended, const RunRequest& request, const ExchangeResult& result);
  void refused(Time intended, const RunRequest& request, const ExchangeResult& result);
  std::uint8_t window_of(const ExchangeResult& result) const;

  // -- following
  void open_stream(WorkspaceId workspace, std::uint32_t client);
  void no_longer_waited_for(Stream& stream);
  void handle_event(std::string_view json, SteadyTime at);
  void ask(FollowRequest request) override;
  void run_ended(SteadyTime at, const RunRequest& request) override;
  void looked() override { looking_ = false; }

  // -- time
  void work();
  void arm();
  void on_timer();

  const LaneSettings& settings_;
  const Clock& clock_;
  const unsigned number_;
  ObservationJournal journal_;
  Sequencer sequencer_;
  RunFollower follower_;

  boost::asio::io_context context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer timer_;
  SteadyTime armed_for_ = SteadyTime::max();  // when the timer fires
  HttpClient http_;
  std::optional<LoadClock> load_clock_;
  std::vector<std::unique_ptr<Stream>> streams_;
  std::atomic<std::size_t> streams_waited_for_{0};
  std::atomic<bool> looking_{false};

  LoadCounts counts_;  // of requests and answers
  LoadTimes times_;
  std::exception_ptr broken_;  // what its thread could not go on from
  std::thread thread_;         // last: it uses all of the above
};

}  // namespace sluice
