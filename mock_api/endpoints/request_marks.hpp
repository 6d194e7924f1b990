// What whoever answered a request lets the journal know.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sluice {

/// What is known of a request besides its bytes and its answer.
struct RequestMarks {
  std::uint64_t fault = 0;                ///< that has struck it, or is about to; 0: none
  std::string script;                     ///< where the script of the run came from; "": none
  std::vector<std::string> unknown_keys;  ///< of the body; the first ones, if there are many
};

}  // namespace sluice
