// The future event list: what happens next, in a total order.
//
// Order: (time, class, sequence number). The class puts completions before wake-ups and timers, those before
// arrivals, at one instant; the sequence number, given at scheduling, decides the rest. Cancelled events are
// not searched for: the subject's generation moved on, and whoever handles the event drops it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "pipeline/time.hpp"

namespace sluice {

/// At one instant, the smaller class happens first. Dispatch comes after all of them and is not an event.
enum class EventClass : std::uint8_t { completion = 0, timer = 1, arrival = 2 };

/// What is to happen: `kind` says to the handler what, `subject` to whom, `generation` whether it still holds.
struct Event {
  std::uint32_t kind = 0;
  std::uint32_t subject = 0;
  std::uint32_t generation = 0;
};

/// Chosen by the owner of the queue's design; see event_queue.cpp's sibling documentation.
class EventQueue;

}  // namespace sluice
