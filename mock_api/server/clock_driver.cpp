#include "mock_api/server/clock_driver.hpp"

#include <chrono>
#include <exception>
#include <utility>

namespace sluice {
namespace {

/// Short against an answered webhook, long against looking.
constexpr auto kLookAgain = std::chrono::microseconds(50);

}  // namespace

ClockDriver::ClockDriver(ServiceHost& host, std::function<std::int64_t()> unanswered_webhooks)
    : host_(host),
      unanswered_webhooks_(std::move(unanswered_webhooks)),
      thread_([this] { run(); }) {}

ClockDriver::~ClockDriver() { stop(); }

void ClockDriver::move(Move move, std::function<void(const Moved&)> done) {
  {
    const std::lock_guard lock(mutex_);
    if (!stop_) {
      asked_.push_back({move, std::move(done)});
      asked_changed_.notify_one();
      return;
    }
  }
  done({host_.clock().now(), Time::never(), "the server is ending"});
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

ClockDriver::Moved ClockDriver::carry_out(const Move& move) {
  const Time from = host_.clock().now();
  Moved moved;
  try {
    const Time to =
        std::holds_alternative<Time>(move) ? std::get<Time>(move) : from + std::get<Duration>(move);
    if (to < from) moved.error = "the clock does not go back";
    if (moved.error.empty()) {
      // What was under way before belongs to the time before.
      wait_until_quiet();
      while (!stop_ && host_.step(to)) wait_until_quiet();
    }
    if (stop_) moved.error = "the server is ending";
  } catch (const std::exception& error) {
    moved.error = error.what();
  }
  moved.now = host_.clock().now();
  moved.due = host_.next_due();
  return moved;
}

void ClockDriver::wait_until_quiet() const {
  while (!stop_ &&
         (unanswered_webhooks_() > 0 || host_.unsent_frames() > 0 || host_.unsent_answers() > 0))
    std::this_thread::sleep_for(kLookAgain);
}

}  // namespace sluice
