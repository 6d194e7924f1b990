#include "reports/markdown/escape.hpp"

#include <algorithm>

#include "base/text/display_text.hpp"

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

/// Whether the sign at `i` could begin or end something other than text.
bool is_markup(std::string_view text, std::size_t i) {
  constexpr std::string_view anywhere = "\\`*_[]<>#|~&@$";
  constexpr std::string_view at_the_start = "+-=.!";
  const char c = text[i];
  const bool of_address = (c == ':' && text.substr(i).starts_with(":/")) ||
                          (c == '.' && text.substr(0, i).ends_with("www"));
  return anywhere.find(c) != std::string_view::npos || of_address ||
         (i < 10 && at_the_start.find(c) != std::string_view::npos &&
          text.substr(0, i).find_first_not_of("0123456789 ") == std::string_view::npos);
}

}  // namespace

std::string markdown_text(std::string_view text) {
  // After the sign, so that no mention or reference is recognised once the markup is gone.
  constexpr std::string_view zero_width_space = "\xE2\x80\x8B";
  std::string escaped;
  const std::string safe = clipped(printable(text), 5 * kMostColumns);
  for (std::size_t i = 0; i < safe.size(); ++i) {
    if (is_markup(safe, i)) escaped += '\\';
    escaped += safe[i];
    if (safe[i] == '@' || safe[i] == '#') escaped += zero_width_space;
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
