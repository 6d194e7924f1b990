// How far a clock that is moved by hand is to be moved, and how far it got.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/text/units.hpp"
#include "base/time.hpp"

namespace sluice {

/// Until a run stands where the API has a word for it; until it is over without one.
struct RunGoal {
  std::string session_id;
  std::string status;  ///< "": over; of no meaning if it is to ask
  bool asks = false;   ///< until it asks a person
};
struct IdleGoal {};   ///< until nothing is due but what comes again and again
struct NextEvent {};  ///< to what happens next, pings left out

struct ClockMove {
  /// A length, a time, or what is to be reached.
  std::variant<Duration, Time, NextEvent, IdleGoal, RunGoal> to;
  Duration limit{86'400'000'000'000};  ///< up to a goal: not further than that

  /// Something that is to be reached, not a time.
  bool has_goal() const {
    return !std::holds_alternative<Duration>(to) && !std::holds_alternative<Time>(to);
  }
};

/// Where the clock is afterwards.
struct ClockMoved {
  enum class Problem : std::uint8_t { none, impossible, no_such_run, ending };
  Time now;
  Time due = Time::never();  ///< what comes next; never if nothing does
  bool has_goal = false;     ///< the move was up to a goal, not to a time
  bool reached = true;
  std::string because;   ///< why it was not reached
  std::string status;    ///< of the run; "" without one
  std::size_t runs = 0;  ///< that are not over
  Problem problem = Problem::none;
  std::string error;  ///< of a problem
};

/// The body of POST /_sluice/clock/advance: one of `{"by": "10m"}`, `{"to": "3h"}`,
/// `{"to": "next"}`, `{"until": "idle"}` and `{"until": {"run": ID, "status": …}}`, the last three
/// with a `limit`. Lengths as in scenario files, `to` since the start or what `read_time`
/// understands.
Parsed<ClockMove> parse_clock_move(
    std::string_view body, const std::function<std::optional<Time>(const std::string&)>& read_time);

}  // namespace sluice
