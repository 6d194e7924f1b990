#include "mock_api/contract/stringify.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

namespace sluice {
namespace {

void append(std::string& out, const Json& json);

/// The array index that JavaScript sees in a key: "0", "17", not "017"; up to 2^32 - 2.
std::optional<std::uint32_t> index_of(std::string_view key) {
  if (key.empty() || key.size() > 10 || (key[0] == '0' && key.size() > 1)) return std::nullopt;
  std::uint32_t index = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
  if (error != std::errc() || end != key.data() + key.size() || index == UINT32_MAX)
    return std::nullopt;
  return index;
}

using Member = std::pair<std::string_view, const Json*>;

/// In JavaScript's order: array indices ascending, then the others as they came.
std::vector<Member> members_of(const Json& object) {
  std::vector<Member> indices, others;
  for (const auto& [key, value] : object.items())
    (index_of(key) ? indices : others).emplace_back(key, &value);
  std::sort(indices.begin(), indices.end(),
            [](const Member& a, const Member& b) { return index_of(a.first) < index_of(b.first); });
  indices.insert(indices.end(), others.begin(), others.end());
  return indices;
}

void append_object(std::string& out, const Json& object) {
  out += '{';
  bool first = true;
  for (const auto& [key, value] : members_of(object)) {
    if (!std::exchange(first, false)) out += ',';
    append_quoted_json(out, key);
    out += ':';
    append(out, *value);
  }
  out += '}';
}

void append_array(std::string& out, const Json& array) {
  out += '[';
  bool first = true;
  for (const Json& value : array) {
    if (!std::exchange(first, false)) out += ',';
    append(out, value);
  }
  out += ']';
}

void append(std::string& out, const Json& json) {
  if (json.is_object()) return append_object(out, json);
  if (json.is_array()) return append_array(out, json);
  if (json.is_string()) return append_quoted_json(out, json.get_ref<const std::string&>());
  if (json.is_number()) {
    out += stringify_number(json.get<double>());
    return;
  }
  out += json.is_boolean() ? (json.get<bool>() ? "true" : "false") : "null";
}

/// Digits without a point, and the place of the point: 0.0012 is {"12", -2}, 120 is {"12", 3}.
struct Decimal {
  std::string digits;
  int point = 0;
};

Decimal shortest_decimal(double positive) {
  std::array<char, 40> text;
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), positive, std::chars_format::scientific)
          .ptr;
  const std::string_view all(text.data(), static_cast<std::size_t>(end - text.data()));
  const std::size_t e = all.find('e');
  Decimal decimal;
  for (const char c : all.substr(0, e))
    if (c != '.') decimal.digits += c;
  const char* exponent = all.data() + e + (all[e + 1] == '+' ? 2 : 1);
  std::from_chars(exponent, end, decimal.point);
  ++decimal.point;
  return decimal;
}

std::string with_exponent(const Decimal& decimal) {
  std::string text = decimal.digits.substr(0, 1);
  if (decimal.digits.size() > 1) text += '.' + decimal.digits.substr(1);
  const int exponent = decimal.point - 1;
  return text + (exponent < 0 ? "e" : "e+") + std::to_string(exponent);
}

}  // namespace

std::string stringify_number(double value) {
  if (!std::isfinite(value)) return "null";
  if (value == 0) return "0";
  if (value < 0) return '-' + stringify_number(-value);
  const Decimal decimal = shortest_decimal(value);
  const int count = static_cast<int>(decimal.digits.size());
  if (decimal.point > 21 || decimal.point <= -6) return with_exponent(decimal);
  if (decimal.point <= 0)
    return "0." + std::string(static_cast<std::size_t>(-decimal.point), '0') + decimal.digits;
  const auto point = static_cast<std::size_t>(decimal.point);
  if (decimal.point >= count)
    return decimal.digits + std::string(point - decimal.digits.size(), '0');
  return decimal.digits.substr(0, point) + '.' + decimal.digits.substr(point);
}

std::string stringify(const Json& json) {
  std::string out;
  append(out, json);
  return out;
}

std::string restringify(std::string_view text) {
  const std::optional<Json> json = parse_json(text);
  return json ? stringify(*json) : "null";
}

std::string json_array(const std::vector<std::string>& items) {
  std::string text = "[";
  for (const std::string& item : items) {
    if (text.size() > 1) text += ',';
    text += item;
  }
  return text + ']';
}

std::string json_array_of_texts(const std::vector<std::string>& texts) {
  std::vector<std::string> items;
  items.reserve(texts.size());
  for (const std::string& text : texts) items.push_back(quoted_json(text));
  return json_array(items);
}

void JsonObjectText::begin_member(std::string_view key) {
  if (text_.size() > 1) text_ += ',';
  append_quoted_json(text_, key);
  text_ += ':';
}

JsonObjectText& JsonObjectText::text(std::string_view key, std::string_view value) {
  begin_member(key);
  append_quoted_json(text_, value);
  return *this;
}

JsonObjectText& JsonObjectText::text_or_null(std::string_view key, std::string_view value) {
  return value.empty() ? raw(key, "null") : text(key, value);
}

JsonObjectText& JsonObjectText::text_if_any(std::string_view key, std::string_view value) {
  return value.empty() ? *this : text(key, value);
}

JsonObjectText& JsonObjectText::number(std::string_view key, std::int64_t value) {
  return raw(key, std::to_string(value));
}

JsonObjectText& JsonObjectText::flag(std::string_view key, bool value) {
  return raw(key, value ? "true" : "false");
}

JsonObjectText& JsonObjectText::raw(std::string_view key, std::string_view json) {
  begin_member(key);
  text_ += json.empty() ? "null" : json;
  return *this;
}

std::string JsonObjectText::take() { return std::move(text_ += '}'); }

}  // namespace sluice
