#include "http/query_string.hpp"

#include <algorithm>

#include "base/text/hex.hpp"

namespace sluice {
namespace {

/// Calls `f` for each part of `text` between separators.
template <class F>
void for_each_part(std::string_view text, char separator, F f) {
  while (true) {
    const std::size_t end = text.find(separator);
    f(text.substr(0, end));
    if (end == text.npos) return;
    text.remove_prefix(end + 1);
  }
}

/// `ids[]`, `ids[3]` and `ids` are all values of the array `ids`.
bool names_array(std::string_view key, std::string_view name) {
  if (!key.starts_with(name)) return false;
  key.remove_prefix(name.size());
  return key.empty() || (key.size() >= 2 && key.front() == '[' && key.back() == ']' &&
                         key.find_first_not_of("0123456789", 1) == key.size() - 1);
}

constexpr bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

}  // namespace

std::string percent_decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low >= 0) {
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      decoded += text[i] == '+' && plus_is_space ? ' ' : text[i];
    }
  }
  return decoded;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded += c;
      continue;
    }
    const auto code = static_cast<unsigned char>(c);
    encoded += {'%', kHex[code >> 4], kHex[code & 15]};
  }
  return encoded;
}

QueryString::QueryString(std::string_view text) {
  for_each_part(text, '&', [this](std::string_view part) {
    if (part.empty()) return;
    const std::size_t equals = part.find('=');
    const std::string_view value = equals == part.npos ? "" : part.substr(equals + 1);
    values_.emplace_back(percent_decode(part.substr(0, equals), true), percent_decode(value, true));
  });
}

std::optional<std::string> QueryString::get(std::string_view name) const {
  const auto found = std::find_if(values_.begin(), values_.end(),
                                  [name](const auto& entry) { return entry.first == name; });
  return found == values_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> QueryString::names() const {
  std::vector<std::string> names;
  for (const auto& [key, value] : values_) names.push_back(key);
  return names;
}

std::vector<std::string> QueryString::all(std::string_view name) const {
  std::vector<std::string> all;
  for (const auto& [key, value] : values_) {
    if (!names_array(key, name)) continue;
    for_each_part(value, ',', [&all](std::string_view part) {
      if (!part.empty()) all.emplace_back(part);
    });
  }
  return all;
}

RequestTarget split_target(std::string_view target) {
  RequestTarget split;
  const std::size_t question = target.find('?');
  if (question != target.npos) split.query = QueryString(target.substr(question + 1));
  std::string_view path = target.substr(0, question);
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  if (path.empty()) return split;
  for_each_part(path, '/', [&split](std::string_view part) {
    split.segments.push_back(percent_decode(part));
  });
  return split;
}

}  // namespace sluice
