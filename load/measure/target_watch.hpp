// Whether the target of a load is still there.
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>

#include "http/client/client.hpp"
#include "load/measure/load_measures.hpp"

namespace sluice {

/// What a target does instead of answering, after "it": `refuses connections` for "refused".
std::string instead_of_answers(std::string_view failure);

/// Notices that none of the requests that a target got was answered for ten seconds. Not
/// thread-safe.
class TargetWatch {
 public:
  /// From now on; REQUIRED before next().
  void begin(SteadyTime now) { last_answer_ = now; }
  /// The counts since the beginning. Returns what is to be said of a target that is gone: `no
  /// answer for 10s: the target refuses connections`; "": it is not.
  std::string next(SteadyTime now, const LoadCounts& counts);

 private:
  SteadyTime last_answer_;
  std::uint64_t answers_ = 0;
};

/// Asks it once more, for `at_most`. "": it answers, whatever it is, or `stop` was set; otherwise
/// why not, as ExchangeResult::failure.
std::string why_no_answer(HttpClientSettings settings, const std::string& request,
                          std::chrono::nanoseconds at_most, const std::atomic<bool>* stop);

}  // namespace sluice
