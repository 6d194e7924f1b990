// A regular expression of a JSON Schema, over code points.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace sluice {

/// Immutable; copies share it.
class Pattern {
 public:
  /// Throws std::invalid_argument if it is no regular expression.
  explicit Pattern(const std::string& text);

  /// Whether it matches somewhere in `utf8`. An expression that gets too complex does not match;
  /// stack and time are bounded.
  bool matches(std::string_view utf8) const;

 private:
  struct Compiled;
  std::shared_ptr<const Compiled> compiled_;
};

/// Code points of valid UTF-8.
std::size_t code_points(std::string_view utf8);

}  // namespace sluice
