// The service under its lock, at the clock's time, with all that hangs on a call to it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "http/server/http_handler.hpp"
#include "mock_api/server/clock.hpp"
#include "mock_api/server/held_runs.hpp"
#include "mock_api/server/stream_queue.hpp"
#include "mock_api/service.hpp"

namespace sluice {

/// Settings of the way from the service to the event streams.
struct StreamLimits {
  SteadyDuration hold_back = std::chrono::milliseconds(100);  ///< after the answer to a run's POST
  std::size_t queue_bytes = 4 << 20;  ///< of one stream; a reader who is further behind is cut
};

/// Threads: all functions may be called from any, and none calls back into the caller's locks. The
/// service must outlive it. With a wall clock, what a call sets off at once has happened when it
/// returns; with a held one nothing happens before somebody moves it.
class ServiceHost : public HttpHandler {
 public:
  ServiceHost(Service& service, const ServerClock& clock, StreamLimits settings);

  const ServerClock& clock() const { return clock_; }

  /// An answer that comes later comes when the service knows it and a held clock has been moved to
  /// its time. When the server is about to end, no answer waits for the clock. An exception of the
  /// service becomes an answer of status 500.
  Handled handle(const HttpRequest& request, const std::function<Answer()>& later) override;
  void give_up(std::uint64_t pending) override;
  HttpReply refusal(unsigned status, std::string_view message) const override;
  /// A held clock has reached the time of every answer that it gives.
  SteadyTime send_at(const HttpReply& reply) const override;
  void replied(std::uint64_t run) override { held_.replied(run, std::chrono::steady_clock::now()); }
  void fault_settled(std::uint64_t mark, FaultOutcome outcome) override;
  void lost(const HttpReply& reply) override;

  /// Time that is moved waits for them.
  void answer_on_its_way(std::int64_t change) override { unsent_answers_ += change; }
  std::int64_t unsent_answers() const { return unsent_answers_; }
  /// Answers that wait for a held clock.
  std::size_t held_answers();

  /// When it is closed, the service gets back what the connection has taken but not sent, and what
  /// is still in the queue.
  std::shared_ptr<StreamSource> open_stream(const HttpReply& reply,
                                            std::function<void()> wake) override;

  void webhook_done(std::uint64_t id, const WebhookResult& result);
  void drain();
  /// The server is about to end.
  bool is_ending() const { return ending_; }

  /// Frames written by the service that a connection can send and has not sent yet. (Those of a run
  /// whose answer waits for a held clock cannot be sent.)
  std::int64_t unsent_frames() const { return unsent_frames_; }
  /// What comes next: something in the service, or an answer that waits for a held clock.
  Time next_due();
  /// The same, but for what comes again and again (pings, ends of streams).
  Time next_work();
  /// Lets happen what is due next, if that is at `until` or before; moves the clock there. A held
  /// clock only. False: nothing was due; the clock is at `until` then.
  bool step(Time until);
  /// A wall clock only: lets everything happen when it is due, until `stop`.
  void keep_time(const std::atomic<bool>& stop);
  /// For keep_time to see that `stop` was set.
  void notice_stop();
  /// Calls `look` with the service, under the lock.
  void look(const std::function<void(const Service&)>& look);
  /// Ends the waiting for answers that have been waited for long enough.
  void tick(SteadyTime now) override;
  /// Called under the lock with the service's total whenever it has dropped events.
  void on_dropped(std::function<void(std::uint64_t total)> told);

 private:
  /// A reply that waits, and what the service could not put on it yet.
  struct Waiting {
    HttpReply reply;
    Answer answer;
    std::uint64_t pending = 0;
  };
  struct Deferred {
    Answer answer;
    std::uint64_t pending = 0;
    Duration late{};
    ReplyFault fault;
    SteadyTime until = SteadyTime::max();  ///< then the service is to give it up
  };

  Time with_waiting(Time due) const;
  bool waits_for_clock(const HttpReply& reply) const;
  void defer(Time now, const HttpReply& reply, std::uint64_t pending,
             const std::function<Answer()>& later);
  void hold(Waiting waiting);
  void release(Time now);
  bool forget(std::uint64_t pending);
  void forget_run(std::uint64_t run);
  void close_stream(std::uint64_t number, StreamQueue& stream, std::vector<UnsentFrame> taken);
  bool is_parked(StreamQueue* stream, std::uint64_t run) const;
  void unpark();
  void after_call(Time now);
  void pass_on();
  void pass_on_deferred();

  Service& service_;
  ServerClock clock_;
  const StreamLimits settings_;
  HeldRuns held_;
  std::atomic<std::int64_t> unsent_frames_{0};
  std::atomic<std::int64_t> unsent_answers_{0};

  std::mutex mutex_;  // guards the service and what follows
  std::function<void(std::uint64_t)> dropped_told_;
  std::uint64_t dropped_ = 0;  // events, as told
  WrittenFrames written_;
  std::unordered_map<std::uint64_t, Deferred> deferred_;
  std::uint64_t next_pending_ = 1;
  std::multimap<Time, Waiting> waiting_;          // answers, for a held clock
  std::unordered_set<std::uint64_t> answerless_;  // runs whose POST is in waiting_
  // Frames that must not overtake those answers, and what is behind them on the same stream.
  std::unordered_map<StreamQueue*, std::vector<UnsentFrame>> parked_;
  std::atomic<bool> ending_{false};
  std::atomic<SteadyTime> next_expiry_{SteadyTime::max()};  // of those in deferred_
  std::condition_variable due_earlier_;
  Time awaited_ = Time::never();  // what keep_time sleeps for
};

}  // namespace sluice
