// What time it is for the API that is served.
#pragma once

#include <atomic>
#include <chrono>

#include "base/clock.hpp"
#include "base/time.hpp"

namespace sluice {

/// Simulated time while serving: the wall clock times a scale, or held until somebody moves it.
/// Begins at zero when it is made. Threads: all functions but set() may be called from any thread;
/// a held clock is moved under the service's lock.
class ServerClock {
 public:
  /// `scale` seconds of simulated time pass in a second; more than 0.
  static ServerClock wall(double scale) { return ServerClock(scale, false); }
  static ServerClock held() { return ServerClock(1, true); }
  ServerClock(const ServerClock& other)
      : begin_(other.begin_), scale_(other.scale_), held_(other.held_), time_(other.time_.load()) {}
  ServerClock& operator=(const ServerClock& other) {
    begin_ = other.begin_, scale_ = other.scale_, held_ = other.held_, time_ = other.time_.load();
    return *this;
  }

  bool is_held() const { return held_; }
  double scale() const { return scale_; }
  Time now() const { return held_ ? Time{time_} : at(std::chrono::steady_clock::now()); }
  /// A held clock only; never backwards.
  void set(Time time);

  /// Simulated time at a wall time, and the other way round: the first wall time at which now() is
  /// at least `time`; the far future for never. A wall clock only.
  Time at(SteadyTime wall) const;
  SteadyTime wall_at(Time time) const;
  /// How long a simulated time lasts; a held clock counts as one that runs.
  SteadyDuration wall_length(Duration duration) const;

 private:
  ServerClock(double scale, bool held)
      : begin_(std::chrono::steady_clock::now()), scale_(scale), held_(held) {}

  SteadyTime begin_;
  double scale_;
  bool held_;
  std::atomic<std::int64_t> time_{0};
};

}  // namespace sluice
