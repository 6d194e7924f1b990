// JSON as JavaScript's JSON.stringify writes it: receivers that parse a webhook and write it again
// must get the bytes that were signed (contract 5.5).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text/json.hpp"

namespace sluice {

/// JSON.stringify(JSON.parse(text)): no spaces, numbers as doubles in their shortest form, keys
/// that are array indices first and ascending, of equal keys the last value. "null" if `text` is no
/// JSON. O(text), but for sorting index keys.
std::string restringify(std::string_view text);
std::string stringify(const Json& json);

/// A double as JavaScript writes it (ECMA-262, Number::toString); "null" if it is not finite.
std::string stringify_number(double value);

/// `[a,b]` of items in that form, and of texts, which get quoted.
std::string json_array(const std::vector<std::string>& items);
std::string json_array_of_texts(const std::vector<std::string>& texts);

/// Writes one object, member by member, in that form.
class JsonObjectText {
 public:
  JsonObjectText& text(std::string_view key, std::string_view value);
  JsonObjectText& text_or_null(std::string_view key, std::string_view value);  ///< "": null
  JsonObjectText& text_if_any(std::string_view key, std::string_view value);   ///< "": left out
  JsonObjectText& number(std::string_view key, std::int64_t value);  ///< REQUIRES |value| < 2^53
  JsonObjectText& flag(std::string_view key, bool value);
  /// `json`: in the form already; "": null.
  JsonObjectText& raw(std::string_view key, std::string_view json);
  /// The object; nothing is written after it.
  std::string take();

 private:
  void begin_member(std::string_view key);

  std::string text_ = "{";
};

}  // namespace sluice
