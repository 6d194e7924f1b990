#include "mock_api/server/clock_driver.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <utility>
#include <variant>

namespace sluice {
namespace {

/// Short against an answered webhook, long against looking.
constexpr auto kLookAgain = std::chrono::microseconds(50);
constexpr const char* kEnding = "the server is ending";
constexpr const char* kNothingDue = "nothing is due";

}  // namespace

ClockDriver::ClockDriver(ServiceHost& host, std::function<std::int64_t()> unanswered_webhooks)
    : host_(host),
      unanswered_webhooks_(std::move(unanswered_webhooks)),
      thread_([this] { run(); }) {}

ClockDriver::~ClockDriver() { stop(); }

void ClockDriver::move(ClockMove move, std::function<void(const ClockMoved&)> done) {
  {
    const std::lock_guard lock(mutex_);
    if (!stop_) {
      asked_.push_back({std::move(move), std::move(done)});
      asked_changed_.notify_one();
      return;
    }
  }
  ClockMoved moved;
  moved.now = host_.clock().now();
  moved.problem = ClockMoved::Problem::ending;
  moved.error = kEnding;
  done(moved);
}

void ClockDriver::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    asked_changed_.notify_all();
  }
  host_.notice_stop();
  if (thread_.joinable()) thread_.join();
}

std::string ClockDriver::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

void ClockDriver::run() {
  try {
    if (host_.clock().is_held()) {
      serve_moves();
    } else {
      host_.keep_time(stop_);
    }
  } catch (const std::exception& error) {
    const std::lock_guard lock(mutex_);
    failure_ = error.what();
  }
}

void ClockDriver::serve_moves() {
  std::unique_lock lock(mutex_);
  while (true) {
    asked_changed_.wait(lock, [&] { return stop_ || !asked_.empty(); });
    if (asked_.empty()) return;
    const Asked asked = std::move(asked_.front());
    asked_.pop_front();
    lock.unlock();
    asked.done(carry_out(asked.move));
    lock.lock();
  }
}

ClockMoved ClockDriver::carry_out(const ClockMove& move) {
  ClockMoved moved;
  moved.has_goal = move.has_goal();
  try {
    // What was under way before belongs to the time before.
    wait_until_quiet();
    if (const auto* by = std::get_if<Duration>(&move.to)) {
      move_to(host_.clock().now() + *by, moved);
    } else if (const auto* to = std::get_if<Time>(&move.to)) {
      move_to(*to, moved);
    } else if (const auto* goal = std::get_if<RunGoal>(&move.to)) {
      move_until_run(*goal, move.limit, moved);
    } else if (std::holds_alternative<IdleGoal>(move.to)) {
      move_until_idle(move.limit, moved);
    } else {
      move_to_next(move.limit, moved);
    }
    if (stop_) moved.problem = ClockMoved::Problem::ending, moved.error = kEnding;
  } catch (const std::exception& error) {
    moved.problem = ClockMoved::Problem::impossible;
    moved.error = error.what();
  }
  moved.now = host_.clock().now();
  moved.due = host_.next_due();
  host_.look([&moved](const Service& service) { moved.runs = service.runs_under_way(); });
  return moved;
}

void ClockDriver::move_to(Time to, ClockMoved& moved) {
  if (to < host_.clock().now()) {
    moved.problem = ClockMoved::Problem::impossible;
    moved.error = "the clock does not go back";
    return;
  }
  while (!stop_ && host_.step(to)) wait_until_quiet();
}

void ClockDriver::move_to_next(Duration limit, ClockMoved& moved) {
  const Time next = host_.next_work();
  const Time furthest = host_.clock().now() + limit;
  moved.reached = next != Time::never() && next <= furthest;
  if (next == Time::never()) {
    moved.because = kNothingDue;
    return;
  }
  if (!moved.reached) moved.because = "nothing is due within the limit";
  move_to(std::min(std::max(next, host_.clock().now()), furthest), moved);
}

void ClockDriver::move_until(Duration limit, const std::function<bool(ClockMoved&)>& look,
                             ClockMoved& moved) {
  const Time furthest = host_.clock().now() + limit;
  moved.reached = false;
  while (!stop_ && !look(moved)) {
    if (host_.next_work() == Time::never()) {
      moved.because = kNothingDue;
      return;
    }
    if (!host_.step(furthest)) {
      moved.because = "the limit was reached";
      return;
    }
    wait_until_quiet();
  }
}

void ClockDriver::move_until_idle(Duration limit, ClockMoved& moved) {
  const auto look = [this](ClockMoved& so_far) {
    host_.look([&](const Service& service) { so_far.reached = service.is_idle(); });
    if (host_.held_answers() > 0) so_far.reached = false;
    return so_far.reached;
  };
  move_until(limit, look, moved);
}

void ClockDriver::move_until_run(const RunGoal& goal, Duration limit, ClockMoved& moved) {
  const Time since = host_.clock().now();
  bool was_seen = false;
  const auto look = [&](ClockMoved& so_far) {
    std::optional<Service::RunPlace> place;
    host_.look([&](const Service& service) {
      place = service.place_of(goal.session_id);
      if (!place) return;
      so_far.status = place->status;
      so_far.reached = goal.asks ? place->asks
                       : goal.status.empty()
                           ? place->is_over
                           : service.has_entered(goal.session_id, goal.status, since);
    });
    if (place) was_seen = true;
    if (!place || (place->is_over && !so_far.reached))
      so_far.because = place ? "the run is over" : "the run is not known any more";
    return so_far.reached || !so_far.because.empty();
  };
  move_until(limit, look, moved);
  if (was_seen) return;
  moved.problem = ClockMoved::Problem::no_such_run;
  moved.error = goal.session_id;
}

void ClockDriver::wait_until_quiet() const {
  while (!stop_ &&
         (unanswered_webhooks_() > 0 || host_.unsent_frames() > 0 || host_.unsent_answers() > 0))
    std::this_thread::sleep_for(kLookAgain);
}

}  // namespace sluice
