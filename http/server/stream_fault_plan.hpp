// What becomes of the frames of one event stream that a fault is to strike.
#pragma once

#include <cstdint>

#include "http/message.hpp"

namespace sluice {

/// Told of each frame in order. Pings are no events: they neither count nor suffer. A value.
class StreamFaultPlan {
 public:
  enum class Fate : std::uint8_t { send, drop, repeat, half };

  /// Nothing happens.
  StreamFaultPlan() = default;
  explicit StreamFaultPlan(const ReplyFault& fault)
      : kind_(fault.stream), left_(fault.after_events), suffering_(fault.events) {}

  StreamFault kind() const { return kind_; }
  /// Here the stream breaks: no further frame leaves as it should.
  bool is_broken() const {
    return halved_ ||
           (left_ == 0 && (kind_ == StreamFault::end || kind_ == StreamFault::close ||
                           kind_ == StreamFault::reset || kind_ == StreamFault::silence));
  }
  /// Of the next frame; `run` is the run that it speaks of, UINT64_MAX for a ping. REQUIRES:
  /// !is_broken().
  Fate next(std::uint64_t run) {
    if (kind_ == StreamFault::none || run == UINT64_MAX) return Fate::send;
    if (left_ > 0) return --left_, Fate::send;
    if (kind_ == StreamFault::half_event) return halved_ = true, Fate::half;
    if (suffering_ == 0) return Fate::send;
    --suffering_;
    return kind_ == StreamFault::drop ? Fate::drop : Fate::repeat;
  }

 private:
  StreamFault kind_ = StreamFault::none;
  std::uint32_t left_ = 0;       // events that pass before
  std::uint32_t suffering_ = 0;  // events to be dropped or repeated
  bool halved_ = false;
};

}  // namespace sluice
