// Server-sent events, from bytes as they come (WHATWG HTML, section 9.2.6, "Interpreting an event
// stream").
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace sluice {

/// Parses one stream after the other, each begun by reset(). Lines end with CR, LF or both; the
/// fields id and retry are read over. Holds one event, of bounded size. Not thread-safe.
class EventStreamParser {
 public:
  /// Name ("message" if it has none) and data; valid during the call.
  using OnEvent = std::function<void(std::string_view event, std::string_view data)>;

  explicit EventStreamParser(std::size_t max_event_bytes = 1 << 20) : max_event_(max_event_bytes) {}

  /// From now on a new stream; an event that had begun is dropped, as it must be.
  void reset();
  /// Calls `on_event` for each event that ends. False: a line or an event is too long; nothing is
  /// to be given afterwards. `on_event` must not call functions of this.
  bool take(std::string_view bytes, const OnEvent& on_event);

 private:
  bool take_line(std::string_view line, const OnEvent& on_event);
  void end_event(const OnEvent& on_event);

  const std::size_t max_event_;
  bool is_at_start_ = true;       // where a byte order mark may be
  bool skips_line_feed_ = false;  // the line before it has ended with its CR
  std::string line_;              // begun
  std::string event_, data_;
};

}  // namespace sluice
