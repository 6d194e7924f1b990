#include "base/text/json_text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace sluice {
namespace {

using Json = nlohmann::ordered_json;

std::string scalar_text(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool is_list_of_scalars(const Json& value) {
  return value.is_array() &&
         std::none_of(value.begin(), value.end(), [](const Json& v) { return v.is_structured(); });
}

/// Plain values, or short lists of them (an interval).
bool fits_one_line(const Json& value) {
  if (is_list_of_scalars(value)) return true;
  return value.is_object() && std::all_of(value.begin(), value.end(), [](const Json& v) {
           return !v.is_structured() || (is_list_of_scalars(v) && v.size() <= 2);
         });
}

/// Writes the members of `value` with `separator` between them; `write(member)` writes one.
template <class F>
void join(const Json& value, std::string_view separator, std::string& text, F write) {
  bool first = true;
  for (auto it = value.begin(); it != value.end(); ++it) {
    if (!first) text += separator;
    first = false;
    if (value.is_object()) text += scalar_text(Json(it.key())) + ": ";
    write(*it);
  }
}

void write_value(const Json& value, std::size_t indent, std::string& text);

void write_structured(const Json& value, std::size_t indent, std::string& text) {
  const std::string line_break = "\n" + std::string(indent + 1, ' ');
  const bool object = value.is_object();
  text += object ? '{' : '[';
  if (fits_one_line(value)) {
    join(value, ", ", text, [&](const Json& member) { write_value(member, indent, text); });
  } else {
    text += line_break;
    join(value, "," + line_break, text,
         [&](const Json& member) { write_value(member, indent + 1, text); });
    text += "\n" + std::string(indent, ' ');
  }
  text += object ? '}' : ']';
}

void write_value(const Json& value, std::size_t indent, std::string& text) {
  if (value.is_structured())
    write_structured(value, indent, text);
  else
    text += scalar_text(value);
}

}  // namespace

std::string json_text(const Json& value) {
  std::string text;
  write_value(value, 0, text);
  return text += '\n';
}

Json json_number(double value) {
  if (!std::isfinite(value)) return nullptr;
  const bool whole = std::floor(value) == value && std::abs(value) <= 9007199254740992.0;
  return whole ? Json(static_cast<std::int64_t>(value)) : Json(value);
}

}  // namespace sluice
