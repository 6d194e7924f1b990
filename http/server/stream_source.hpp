// Where a connection that has become an event stream gets its frames from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace sluice {

/// A frame, blank line included, that is on its way, or has never left.
struct UnsentFrame {
  std::string frame;
  std::uint64_t run = 0;  ///< that it speaks of; UINT64_MAX: of none, a ping
};

/// All functions from the connection's thread.
class StreamSource {
 public:
  virtual ~StreamSource() = default;

  /// What take() found.
  struct Taken {
    std::vector<UnsentFrame> frames;         ///< may be sent now; they count as unsent until sent()
    SteadyTime more_at = SteadyTime::max();  ///< when the next held one is free; max(): wake tells
    bool ended = false;                      ///< and nothing is left
  };
  /// Frames of up to about `max_bytes`.
  virtual Taken take(SteadyTime now, std::size_t max_bytes) = 0;
  /// The reader is too slow for what is written: it is to be cut.
  virtual bool overflowed() = 0;
  /// `count` frames that were taken have left, or are nobody's any more.
  virtual void sent(std::size_t count) = 0;
  /// The stream is over, once: gives back what was taken and has not left, in order; that no longer
  /// counts as unsent. Nothing is called afterwards.
  virtual void close(std::vector<UnsentFrame> unsent) = 0;
};

}  // namespace sluice
