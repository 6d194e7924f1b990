// What an answer 2xx to POST /run says: which run was started, or why that cannot be known.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// Why such an answer names no run that can be followed. Not to be sent again: the target may have
/// done the work.
enum class WrongAnswer : std::uint8_t {
  no_body,
  html,
  no_json,
  no_session_id,     ///< none, or not one that a path can hold
  known_session_id,  ///< that of another run; the answer alone does not tell
};
/// As in `load.failures` of a report.
std::string_view name(WrongAnswer wrong);

struct StartAnswer {
  std::string session_id;  ///< of 1 to 256 characters of a path segment; "" if it is wrong
  std::optional<WrongAnswer> wrong;
};
StartAnswer read_start_answer(std::string_view body);

/// Of a body that a reader is to see: its first 300 bytes, one line, with `\n`, `\x1b` … for what
/// is not to be printed; "(empty)".
std::string shown_body(std::string_view body);

}  // namespace sluice
