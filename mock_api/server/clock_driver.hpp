// The thread that moves time: by the wall clock, or a held clock when somebody asks for it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "mock_api/server/clock_move.hpp"
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

  /// Moves a held clock, after the moves that were asked for before: from one thing that is due to
  /// the next, waiting after each until every webhook is answered and every frame and answer that
  /// is due has left. `done` is called from the driver's thread when everything due has happened.
  void move(ClockMove move, std::function<void(const ClockMoved&)> done);

  /// No more time passes; moves that have not been done fail. Blocks until the thread has ended.
  void stop();
  /// What ended time, if the service failed while it passed; "" otherwise.
  std::string failure() const;

 private:
  struct Asked {
    ClockMove move;
    std::function<void(const ClockMoved&)> done;
  };
  void run();
  void serve_moves();
  ClockMoved carry_out(const ClockMove& move);
  void move_to(Time to, ClockMoved& moved);
  void move_to_next(Duration limit, ClockMoved& moved);
  /// Until `look`, called at each instant, says that it is over.
  void move_until(Duration limit, const std::function<bool(ClockMoved&)>& look, ClockMoved& moved);
  void move_until_idle(Duration limit, ClockMoved& moved);
  void move_until_run(const RunGoal& goal, Duration limit, ClockMoved& moved);
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
