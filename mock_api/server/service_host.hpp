// The service under its lock, at the clock's time, with all that hangs on a call to it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mock_api/server/clock.hpp"
#include "mock_api/server/held_runs.hpp"
#include "mock_api/server/stream_queue.hpp"
#include "mock_api/service.hpp"

namespace sluice {

/// Settings of the way from the service to the event streams.
struct StreamLimits {
  WallDuration hold_back = std::chrono::milliseconds(100);  ///< after the answer to a run's POST
  std::size_t queue_bytes = 4 << 20;  ///< of one stream; a reader who is further behind is cut
};

/// Threads: all functions may be called from any, and none calls back into the caller's locks. The
/// service must outlive it. With a wall clock, what a call sets off at once has happened when it
/// returns; with a held one nothing happens before somebody moves it.
class ServiceHost {
 public:
  ServiceHost(Service& service, ServerClock clock, StreamLimits settings);

  const ServerClock& clock() const { return clock_; }

  /// What an answer that comes later is given to, from any thread; must not block.
  using Answer = std::function<void(HttpReply)>;
  /// The answer; or none, and what `later` gives is called with it some time. An exception of the
  /// service becomes an answer of status 500.
  std::optional<HttpReply> handle(const HttpRequest& request, const std::function<Answer()>& later);
  /// The answer to the POST of this run has left, or never will.
  void replied(std::uint64_t run) { held_.replied(run, std::chrono::steady_clock::now()); }

  std::shared_ptr<StreamQueue> make_stream();
  /// Gives the number for close_stream. The queue must outlive that.
  std::uint64_t open_stream(std::string_view client_id, StreamQueue& stream);
  /// Gives back to the service what the connection has taken but not sent (it no longer counts as
  /// on its way), and what is still in the queue.
  void close_stream(std::uint64_t number, StreamQueue& stream, std::vector<UnsentFrame> taken);

  void webhook_done(std::uint64_t id, const WebhookResult& result);
  void drain();

  /// Frames written by the service that no connection has sent yet.
  std::int64_t unsent_frames() const { return unsent_frames_; }
  Time next_due();
  /// Lets happen what is due next, if that is at `until` or before; moves the clock there. A held
  /// clock only. False: nothing was due; the clock is at `until` then.
  bool step(Time until);
  /// A wall clock only: lets everything happen when it is due, until `stop`.
  void keep_time(const std::atomic<bool>& stop);
  /// For keep_time to see that `stop` was set.
  void notice_stop();
  /// Called under the lock with the service's total whenever it has dropped events.
  void on_dropped(std::function<void(std::uint64_t total)> told);
  /// Calls `read` under the lock.
  void read(const std::function<void()>& read);

 private:
  void after_call(Time now);
  void pass_on();

  Service& service_;
  ServerClock clock_;
  const StreamLimits settings_;
  HeldRuns held_;
  std::atomic<std::int64_t> unsent_frames_{0};

  std::mutex mutex_;  // guards the service and what follows
  std::function<void(std::uint64_t)> dropped_told_;
  std::uint64_t dropped_ = 0;  // events, as told
  WrittenFrames written_;
  std::unordered_map<std::uint64_t, Answer> deferred_;
  std::condition_variable due_earlier_;
  Time awaited_ = Time::never();  // what keep_time sleeps for
};

}  // namespace sluice
