#include "reports/html/escape.hpp"

#include <algorithm>

#include "base/text/display_text.hpp"
#include "reports/summary/rows.hpp"

namespace sluice {
namespace {

std::string_view html_entity(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Whether the space at `i` stands in `12 345` or `77 %`.
bool is_inside_number(std::string_view text, std::size_t i) {
  if (i == 0 || !is_digit(text[i - 1])) return false;
  const std::string_view rest = text.substr(i + 1);
  const bool group = rest.size() >= 3 && is_digit(rest[0]) && is_digit(rest[1]) &&
                     is_digit(rest[2]) && (rest.size() == 3 || !is_digit(rest[3]));
  return group || rest.starts_with('%');
}

}  // namespace

std::string html_verbatim(std::string_view text) {
  std::string escaped;
  for (const char c : printable(text)) {
    const std::string_view entity = html_entity(c);
    if (entity.empty())
      escaped += c;
    else
      escaped += entity;
  }
  return escaped;
}

std::string html_text(std::string_view text) {
  constexpr std::string_view no_break_space = "\xC2\xA0";
  const std::string escaped = html_verbatim(text);
  std::string prose;
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    if (escaped[i] == ' ' && is_inside_number(escaped, i))
      prose += no_break_space;
    else
      prose += escaped[i];
  }
  return prose;
}

std::string html_name(std::string_view name) {
  return "<bdi>" + html_verbatim(short_name(name)) + "</bdi>";
}

std::string html_lines(std::string_view text) {
  std::string lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines += html_verbatim(text.substr(at, end - at)) + '\n';
    at = end + 1;
  }
  return lines;
}

std::string html_script_data(const nlohmann::ordered_json& json) {
  using Json = nlohmann::ordered_json;
  std::string data;
  for (const char c : json.dump(-1, ' ', true, Json::error_handler_t::replace)) {
    if (c == '<')
      data += "\\u003c";
    else if (c == '>')
      data += "\\u003e";
    else if (c == '&')
      data += "\\u0026";
    else
      data += c;
  }
  return data;
}

}  // namespace sluice
