// User text in Markdown that cannot become anything but text.
#include <algorithm>

#include "reports/display_text.hpp"
#include "reports/render_markdown.hpp"

namespace sluice {
namespace {

constexpr std::size_t kMostColumns = 200;

std::size_t longest_run_of_backticks(std::string_view text) {
  std::size_t longest = 0, current = 0;
  for (const char c : text) {
    current = c == '`' ? current + 1 : 0;
    longest = std::max(longest, current);
  }
  return longest;
}

}  // namespace

std::string markdown_text(std::string_view text) {
  constexpr std::string_view markup = "\\`*_{}[]()<>#!|~&:@$+-=.";
  // Between the sign and what follows, so that no mention or reference is recognised after
  // unescaping.
  constexpr std::string_view zero_width_space = "\xE2\x80\x8B";
  std::string escaped;
  const std::string safe = clipped(printable(text), 5 * kMostColumns);
  for (std::size_t i = 0; i < safe.size(); ++i) {
    const char c = safe[i];
    const bool ends_word = i + 1 == safe.size() || safe[i + 1] == ' ';
    const bool plain = (c == '.' || c == ':' || c == '-') && (ends_word || c == '-') && i > 0;
    if (!plain && markup.find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
    if (c == '@' || c == '#') escaped += zero_width_space;
  }
  return escaped;
}

std::string markdown_code(std::string_view text) {
  std::string safe = clipped(printable(text), kMostColumns);
  if (safe.find_first_not_of(' ') == std::string::npos) return "` `";
  const std::string fence(longest_run_of_backticks(safe) + 1, '`');
  std::string cell;
  for (const char c : safe) {
    if (c == '|') cell += '\\';  // a table splits at it even inside a code span
    cell += c;
  }
  const bool pad = cell.front() == '`' || cell.back() == '`';
  const std::string space = pad ? " " : "";
  return fence + space + cell + space + fence;
}

}  // namespace sluice
