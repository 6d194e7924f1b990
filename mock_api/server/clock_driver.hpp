// The thread that moves time: by the wall clock, or a held clock when somebody asks for it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <variant>

#include "mock_api/server/service_host.hpp"

namespace sluice {

/// Threads: all functions may be called from any. The host must outlive it.
class ClockDriver {
 public:
  /// `unanswered_webhooks` tells how many posts have begun whose result the service does not know.
  ClockDriver(ServiceHost& host, std::function<std::int64_t()> unanswered_webhooks);
  ~ClockDriver();
  ClockDriver(const ClockDriver&) = delete;
  ClockDriver& operator=(const ClockDriver&) = delete;

  /// How far a held clock is to be moved: by a length, or to a time.
  using Move = std::variant<Duration, Time>;
  struct Moved {
    Time now;
    Time due;           ///< what comes next; Time::never() if nothing does
    std::string error;  ///< not empty: it could not be moved (all the way)
  };
  /// Moves a held clock, after the moves that were asked for before: from one thing that is due to
  /// the next, waiting after each until every webhook is answered and every frame and answer that
  /// is due has left. `done` is called from the driver's thread when everything due has happened.
  void move(Move move, std::function<void(const Moved&)> done);

  /// No more time passes; moves that have not been done fail. Blocks until the thread has ended.
  void stop();
  /// What ended time, if the service failed while it passed; "" otherwise.
  std::string failure() const;

 private:
  struct Asked {
    Move move;
    std::function<void(const Moved&)> done;
  };
  void run();
  void serve_moves();
  Moved carry_out(const Move& move);
  void wait_until_quiet() const;

  ServiceHost& host_;
  const std::function<std::int64_t()> unanswered_webhooks_;
  std::atomic<bool> stop_{false};

  mutable std::mutex mutex_;
  std::condition_variable asked_changed_;
  std::deque<Asked> asked_;
  std::string failure_;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace sluice
