// Rules about one field of a recording: a value, a comparison, a range, a last digit, a pattern.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/ids.hpp"
#include "scenarios/loader/keys/key_table.hpp"

namespace sluice {

/// `LS`, `!= LS`, `<= 1h`, `> 3`, `10..49`, `1h..4h`, `last digit 0..4`, `like *-urgent`, `else`.
struct Condition {
  enum class Kind : std::uint8_t {
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    range,
    last_digit,
    like,
    always
  };
  Kind kind = Kind::equal;
  std::string text{};  ///< equal, not_equal, like: `*` any text, `?` one sign, `[a-f]` one of them
  double number = 0;   ///< the comparisons, and where a range begins; a time in seconds
  double last = 0;     ///< where a range ends; it is in it
  std::uint16_t digits = 0;  ///< last_digit: bit n for digit n

  /// A field that is no number or time fails each comparison and range, and so does one that is
  /// `unknown` whatever stands there. Cost: linear in the field, for `like` times its stars.
  bool holds(std::string_view field, bool unknown = false) const;
};

/// Every field that `b` takes, `a` takes too, as far as can be told from the rules alone.
bool covers(const Condition& a, const Condition& b);
/// Some field is taken by both, as far as can be told from the rules alone; `else` never.
bool overlap(const Condition& a, const Condition& b);

Type<Condition> condition_type();

/// `levels` of a trace: either rules with the level that each means, of which the first that holds
/// counts, or levels with their rules, which must not overlap, and `else` for the rest.
struct LevelRules {
  Entries<Condition, PriorityLevel> rules;
  bool exclusive = false;  ///< no field may fit rules of two levels

  bool empty() const { return rules.empty(); }
  /// The rule that counts for a field; null if there is none.
  const std::pair<Condition, PriorityLevel>* find(std::string_view field, bool unknown) const;
  /// A rule of another level than `found` that the field fits as well; null if it may, or none.
  const std::pair<Condition, PriorityLevel>* rival(const std::pair<Condition, PriorityLevel>& found,
                                                   std::string_view field, bool unknown) const;
};
Type<LevelRules> level_rules_type();

}  // namespace sluice
