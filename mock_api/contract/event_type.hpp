// The kinds of events that a run tells the outside (contract 5.2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sluice {

enum class EventType : std::uint8_t {
  execution_queued,
  execution_start,
  execution_step,
  execution_paused,
  execution_stopped,
  execution_failed,
  execution_success,
  execution_requeued,
  execution_input_required,
  file_uploaded,
  screenshot_uploaded,
  video_uploaded,
  interaction_waiting,
  interaction_finished,
  interaction_failed,
  agent_error_analysis,
  agent_tfa_setup_recovery,
};
inline constexpr std::size_t kEventTypes = 17;

/// "execution.queued" …; that of a pause is `execution.paused`.
std::string_view name(EventType type);
/// The event called so; `execution.pause`, the word of some clients, is execution_paused. None:
/// there is no such event.
std::optional<EventType> event_type_of(std::string_view name);

/// Which events somebody subscribed to. A value of 32 bits.
class EventSet {
 public:
  static constexpr EventSet all() { return EventSet{(1U << kEventTypes) - 1}; }
  static constexpr EventSet none() { return EventSet{0}; }
  /// Of names; those that nobody knows count for nothing. No names at all: all().
  static EventSet of(std::span<const std::string> names);

  constexpr void add(EventType type) { bits_ |= bit(type); }
  constexpr bool has(EventType type) const { return (bits_ & bit(type)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool operator==(const EventSet&) const = default;

 private:
  explicit constexpr EventSet(std::uint32_t bits) : bits_(bits) {}
  static constexpr std::uint32_t bit(EventType type) {
    return 1U << static_cast<std::uint32_t>(type);
  }

  std::uint32_t bits_;
};

}  // namespace sluice
