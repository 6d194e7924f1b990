#include "base/text/json.hpp"

#include <array>
#include <vector>

namespace sluice {
namespace {

/// Looks at brackets and commas outside strings only; the parser judges the rest.
bool is_bounded(std::string_view text) {
  std::array<std::size_t, kMaxJsonDepth> members{};
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (depth == kMaxJsonDepth) return false;
      members[depth++] = 0;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    } else if (c == ':' && depth > 0 && ++members[depth - 1] > kMaxJsonMembers) {
      return false;
    }
  }
  return true;
}

constexpr bool needs_escape(char c) {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

void append_escaped(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  constexpr std::string_view kShort = "btn?fr";  // 0x08 … 0x0D; 0x0B has none
  const auto code = static_cast<unsigned char>(c);
  out += '\\';
  if (code >= 0x20) {
    out += c;
  } else if (code >= 0x08 && code <= 0x0D && code != 0x0B) {
    out += kShort[code - 0x08u];
  } else {
    out += "u00";
    out += kHex[code >> 4];
    out += kHex[code & 15];
  }
}

/// Length of the sequence that begins with `lead`; 0: none does.
constexpr std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return 2;
  if (lead < 0xF0) return 3;
  return lead < 0xF5 ? 4 : 0;
}

bool is_sequence(std::string_view bytes) {
  for (std::size_t i = 1; i < bytes.size(); ++i)
    if ((static_cast<unsigned char>(bytes[i]) & 0xC0) != 0x80) return false;
  const auto lead = static_cast<unsigned char>(bytes[0]);
  const unsigned char second = bytes.size() > 1 ? static_cast<unsigned char>(bytes[1]) : 0;
  return !(lead == 0xE0 && second < 0xA0) && !(lead == 0xED && second >= 0xA0) &&
         !(lead == 0xF0 && second < 0x90) && !(lead == 0xF4 && second >= 0x90);
}

}  // namespace

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<Json> parse_json(std::string_view text, std::string* problem) {
  const auto refuse = [problem](std::string why) {
    if (problem != nullptr) *problem = std::move(why);
    return std::nullopt;
  };
  if (!is_bounded(text))
    return refuse("nested deeper than " + std::to_string(kMaxJsonDepth) + " levels, or more than " +
                  std::to_string(kMaxJsonMembers) + " members in one object");
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    return refuse("not valid JSON near byte " + std::to_string(error.byte));
  } catch (const Json::exception&) {
    return refuse("not valid JSON: a number is out of range");
  }
}

void append_quoted_json(std::string& out, std::string_view text) {
  out += '"';
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!needs_escape(text[i])) continue;
    out.append(text, plain, i - plain);
    append_escaped(out, text[i]);
    plain = i + 1;
  }
  out.append(text, plain);
  out += '"';
}

bool contains_json(const Json& whole, const Json& part) {
  if (!part.is_object() || !whole.is_object()) return whole == part;
  for (auto it = part.begin(); it != part.end(); ++it) {
    const auto found = whole.find(it.key());
    if (found == whole.end() || !contains_json(*found, *it)) return false;
  }
  return true;
}

std::string quoted_json(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  append_quoted_json(out, text);
  return out;
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = sequence_length(static_cast<unsigned char>(text[i]));
    if (length == 0 || i + length > text.size() || !is_sequence(text.substr(i, length)))
      return false;
    i += length;
  }
  return true;
}

}  // namespace sluice
