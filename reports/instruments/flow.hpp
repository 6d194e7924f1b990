// Counts of what happened to runs (T2).
#pragma once

#include <cstdint>

namespace sluice {

/// `Count` is 32 bits wide where many are kept, 64 where they are summed up.
template <class Count>
struct Flow {
  Count submitted = 0;  ///< first attempts to submit
  Count answered = 0;   ///< answers of the API
  Count rejected = 0;   ///< answers that are not 201
  Count accepted = 0;
  Count dispatched = 0;
  Count succeeded = 0;
  Count failed = 0;
  Count stopped = 0;
  Count requeued = 0;
  Count good = 0;  ///< succeeded in the first attempt, dispatched within the target wait

  Count ended() const { return succeeded + failed + stopped; }

  template <class Other>
  Flow& operator+=(const Flow<Other>& o) {
    submitted += o.submitted, answered += o.answered, rejected += o.rejected,
        accepted += o.accepted;
    dispatched += o.dispatched, succeeded += o.succeeded, failed += o.failed, stopped += o.stopped;
    requeued += o.requeued, good += o.good;
    return *this;
  }
  Flow operator-(const Flow& o) const {
    return {submitted - o.submitted,   answered - o.answered,
            rejected - o.rejected,     accepted - o.accepted,
            dispatched - o.dispatched, succeeded - o.succeeded,
            failed - o.failed,         stopped - o.stopped,
            requeued - o.requeued,     good - o.good};
  }
};

/// Runs that took too long, or waited too long: part of `failed` and of `stopped`.
struct TooLong {
  std::uint64_t timed_out = 0;
  std::uint64_t expired = 0;
  std::uint64_t cancelled = 0;

  TooLong& operator+=(const TooLong& o) {
    timed_out += o.timed_out, expired += o.expired, cancelled += o.cancelled;
    return *this;
  }
};

}  // namespace sluice
