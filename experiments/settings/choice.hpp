// What may be varied of a scenario: a param or a path, and the values that it may take.
//
//   workers=8,10,12 · workers=26..34:2 · workers=10..160:*2 · think=30s..2m:30s
//   policy=fifo,{weighted: {HIGH: 1, LOW: 1}}
//
// Values are items of a YAML list: commas inside brackets, braces and quotes do not part them. A
// range has both ends where its step meets the upper one; without a step it is 1, of what is no
// plain number one must be given.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text/units.hpp"

namespace sluice {

struct Choice {
  std::string name;                 ///< of a param, or a path as of --set
  std::vector<std::string> values;  ///< as YAML; all different, at least one
};

inline constexpr std::size_t kMostValues = 10'000;

/// `NAME=VALUES`. Error offsets are into `text`.
Parsed<Choice> parse_choice(std::string_view text);

/// Of a value of a choice, for order and response: a number, a time in seconds, or a share; none of
/// everything else.
std::optional<double> size_of(std::string_view value);

}  // namespace sluice
