// What the outside is told of a run, from the bytes of an event stream or a webhook.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace sluice {

/// The events that tell where a run is; all others are `other`.
enum class RunEventKind : std::uint8_t {
  queued,
  paused,
  started,
  requeued,
  succeeded,
  failed,
  stopped,
  other
};
constexpr bool is_terminal(RunEventKind kind) {
  return kind == RunEventKind::succeeded || kind == RunEventKind::failed ||
         kind == RunEventKind::stopped;
}

/// Kind of an event name, or of a status of `GET /run`: `execution.start`, …
RunEventKind run_event_kind(std::string_view name);

struct RunEvent {
  RunEventKind kind = RunEventKind::other;
  std::string_view session_id;     ///< into the parsed bytes or the parser: until its next parse
  std::optional<Duration> delay;   ///< of a requeue, as the target says it
  std::int64_t stamp_unix_ns = 0;  ///< when it happened by the target's clock; 0: not said
  Duration stamp_resolution{};     ///< of `stamp_unix_ns`: a millisecond or a second
};

/// Reads events by simdjson. Not thread-safe; reuse it.
class RunEventParser {
 public:
  RunEventParser();
  ~RunEventParser();
  RunEventParser(const RunEventParser&) = delete;
  RunEventParser& operator=(const RunEventParser&) = delete;

  /// The data of a `run.event` frame (an envelope inside `data`), or an envelope by itself, as a
  /// webhook has it. None: it is no JSON, or says no event of a run. An event that names several
  /// sessions is told one after the other by `each`; returns how many.
  template <class Each>
  std::size_t parse(std::string_view json, Each each) {
    if (!read(json)) return 0;
    for (std::size_t i = 0; i < count(); ++i) each(event(i));
    return count();
  }

 private:
  struct State;
  bool read(std::string_view json);
  std::size_t count() const;
  RunEvent event(std::size_t i) const;

  std::unique_ptr<State> state_;
};

}  // namespace sluice
