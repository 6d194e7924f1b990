// What one thread of a load measures of requests and answers. Times are wall time.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "http/client/client.hpp"
#include "load/follow/run_follower.hpp"
#include "load/measure/latency_histogram.hpp"

namespace sluice {

/// Since the load began.
struct LoadCounts {
  std::uint64_t arrivals = 0;   ///< runs whose first attempt's time came
  std::uint64_t gave_up = 0;    ///< of these, for good
  std::uint64_t intended = 0;   ///< requests to start a run whose time came
  std::uint64_t sent = 0;       ///< of these, each once
  std::uint64_t unsent = 0;     ///< by this side's fault: see ExchangeResult::unreached
  std::uint64_t unreached = 0;  ///< no connection to the target came about
  std::uint64_t resent = 0;     ///< kept connections that were closed before anything was written
  std::uint64_t late = 0;
  std::uint64_t unanswered = 0;         ///< of all intended; see failures
  std::uint64_t unanswered_in_row = 0;  ///< by the target's fault, since its last answer
  std::string last_failure;             ///< the reason of one of them
  std::uint64_t over_ceiling = 0;       ///< of the unsent: beyond the highest allowed rate
  std::uint64_t accepted = 0;           ///< with a run that can be followed
  std::uint64_t wrong_answers = 0;      ///< 2xx that name no run that can be followed
  std::uint64_t rejected = 0;           ///< 429
  /// 5xx, no answer by the target's fault, and wrong answers.
  std::uint64_t errors = 0;
  std::uint64_t retries_beyond = 0;        ///< attempts again that would have come after the end
  std::int64_t longest_retry_after_s = 0;  ///< that these were told
  FollowCounts follow;
  std::uint64_t streams_open = 0;
  std::map<unsigned, std::uint64_t> statuses;
  std::map<std::string, std::uint64_t> failures;
  /// First answer of each status that no retry mends, for the reader.
  std::map<unsigned, std::string> first_bodies;
  /// First wrong answer of each kind.
  struct WrongBody {
    unsigned status = 0;
    std::uint64_t count = 0;
    std::string body;  ///< to be shown: cut, escaped
  };
  std::map<std::string, WrongBody> wrong_bodies;

  void add(const LoadCounts& other);
  std::uint64_t answers() const;
  /// Runs that were neither accepted nor given up.
  std::uint64_t submitting() const { return arrivals - accepted - gave_up; }
};

/// Of one interval.
struct LoadTimes {
  LatencyHistogram latency;    ///< of answers, from the intended time
  LatencyHistogram from_send;  ///< of answers, from the send
  LatencyHistogram lateness;   ///< of sends, from the intended time

  void add(const LoadTimes& other);
  void clear();
};

/// One thread's state, copied between two of its turns; or the sum of several.
struct LaneSnapshot {
  LoadCounts counts;  ///< since the beginning
  LoadTimes times;    ///< since the last snapshot
  HttpClientCounts http;
  std::size_t unanswered_now = 0;  ///< requests under way or waiting for a connection
  std::size_t runs_now = 0;        ///< runs whose end was not seen yet
  std::string why_polled;          ///< where that was not wanted; ""
  double cpu_seconds = 0;          ///< of the thread

  void add(const LaneSnapshot& other);
};

/// 0 of nothing.
inline double share_of(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace sluice
