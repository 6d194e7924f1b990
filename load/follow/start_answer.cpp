#include "load/follow/start_answer.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

#include "base/text/display_text.hpp"

namespace sluice {
namespace {

constexpr std::size_t kLongestId = 256;
constexpr std::size_t kShown = 300;
constexpr std::string_view kWhite = " \t\r\n";

/// RFC 3986: what a segment of a path may hold as it is.
bool is_path_character(char c) {
  const bool alphanumeric =
      (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return alphanumeric || std::string_view("-._~!$&'()*+,;=:@").find(c) != std::string_view::npos;
}

bool is_usable(std::string_view id) {
  return !id.empty() && id.size() <= kLongestId &&
         std::all_of(id.begin(), id.end(), is_path_character);
}

void append_escaped(std::string_view character, std::string& text) {
  const char c = character.front();
  if (character.size() > 1 && printable(character) == character)
    text += character;
  else if (character.size() > 1)
    for (const char byte : character)
      text += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
  else if (c == '\n')
    text += "\\n";
  else if (c == '\r')
    text += "\\r";
  else if (c == '\t')
    text += "\\t";
  else if (static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) >= 0x7f)
    text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  else
    text += c;
}

}  // namespace

std::string_view name(WrongAnswer wrong) {
  switch (wrong) {
    case WrongAnswer::no_body:
      return "no body";
    case WrongAnswer::html:
      return "HTML";
    case WrongAnswer::no_json:
      return "no JSON";
    case WrongAnswer::no_session_id:
      return "no session_id";
    case WrongAnswer::known_session_id:
      return "known session_id";
  }
  return "";
}

StartAnswer read_start_answer(std::string_view body) {
  const std::size_t begin = body.find_first_not_of(kWhite);
  if (begin == std::string_view::npos) return {{}, WrongAnswer::no_body};
  if (body[begin] == '<') return {{}, WrongAnswer::html};
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(body.data(), body.size()).get(root) != simdjson::SUCCESS)
    return {{}, WrongAnswer::no_json};
  std::string_view id;
  if (root["session_id"].get(id) != simdjson::SUCCESS || !is_usable(id))
    return {{}, WrongAnswer::no_session_id};
  return {std::string(id), std::nullopt};
}

std::string shown_body(std::string_view body) {
  if (body.empty()) return "(empty)";
  std::string text;
  std::size_t at = 0;
  while (at < std::min(body.size(), kShown)) {
    const std::size_t bytes = first_code_point(body.substr(at)).bytes;
    append_escaped(body.substr(at, bytes), text);
    at += bytes;
  }
  if (at < body.size()) text += "…";
  return text;
}

}  // namespace sluice
