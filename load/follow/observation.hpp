// What the threads of a load see, on its way to the one that records it.
#pragma once

#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "load/follow/run_event.hpp"
#include "pipeline/observer.hpp"
#include "pipeline/run.hpp"

namespace sluice {

/// Unique in the load.
inline std::uint64_t run_number(const RunRequest& request) {
  return std::uint64_t{request.submitter.value} << 44 | request.index;
}

/// One thing that was seen of one run. Times are simulated, but for the latency of answers.
struct Observation {
  enum class Kind : std::uint8_t {
    submitted,  ///< its first attempt; `at`: when it was to be sent
    answered,   ///< `latency`, `status` and `window` say how
    gave_up,
    event,       ///< of its life
    unfinished,  ///< still under way when following ended, as the target said when it was asked
    lost,        ///< its end will not be seen
    cancelled,   ///< its client, whose patience is over, has asked to stop it
  };

  Time at;                ///< when it was seen, or should have been sent
  std::uint64_t run = 0;  ///< run_number()
  Duration latency{};     ///< answered: wall time since the intended time; requeued: the delay
  /// Event: the target's own stamp, as simulated time with an unknown constant added; see
  /// ObservedRuns. Unset: Time::never().
  Time stamp = Time::never();
  Duration stamp_resolution{};
  Kind kind = Kind::submitted;
  Answer::Status status = Answer::Status::accepted;
  std::uint8_t window = 0;
  RunEventKind event = RunEventKind::other;
  bool time_known = true;  ///< of an event: false if it was found later, without saying when it was
};

/// What one thread has seen since it was last asked. Two threads: one adds, one takes.
class ObservationJournal {
 public:
  struct Batch {
    std::vector<Observation> observations;  ///< in the order in which they were seen
    std::vector<std::pair<std::uint64_t, RunRequest>> requests;  ///< of `submitted`, by run
  };

  void add(const Observation& observation) {
    const std::lock_guard lock(mutex_);
    batch_.observations.push_back(observation);
  }
  void submitted(const Observation& observation, const RunRequest& request) {
    const std::lock_guard lock(mutex_);
    batch_.observations.push_back(observation);
    batch_.requests.emplace_back(observation.run, request);
  }
  /// Exchanges it for `empty`, whose memory is used again.
  void take(Batch& empty) {
    empty.observations.clear();
    empty.requests.clear();
    const std::lock_guard lock(mutex_);
    std::swap(batch_, empty);
  }

 private:
  std::mutex mutex_;
  Batch batch_;
};

}  // namespace sluice
