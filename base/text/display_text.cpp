#include "base/text/display_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <utility>

namespace sluice {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

/// Continuation bytes after the first byte of a sequence; -1: not a first byte.
int continuation_bytes(unsigned char first) {
  if (first < 0x80) return 0;
  if (first >= 0xC2 && first <= 0xDF) return 1;
  if (first >= 0xE0 && first <= 0xEF) return 2;
  if (first >= 0xF0 && first <= 0xF4) return 3;
  return -1;
}

bool is_valid(char32_t value, int continuations) {
  constexpr std::array<char32_t, 4> smallest{0, 0x80, 0x800, 0x10000};
  return value >= smallest[continuations] && value <= 0x10FFFF &&
         !(value >= 0xD800 && value <= 0xDFFF);
}

struct Range {
  char32_t first, last;
};

template <std::size_t n>
bool contains(const std::array<Range, n>& ranges, char32_t value) {
  const auto after =
      std::upper_bound(ranges.begin(), ranges.end(), value,
                       [](char32_t v, const Range& range) { return v < range.first; });
  return after != ranges.begin() && value <= std::prev(after)->last;
}

/// Neither seen nor safe: controls, format characters that move or hide text, separators, private
/// use, tags.
bool is_hostile(char32_t value) {
  static constexpr std::array<Range, 14> ranges{{{0x0000, 0x001F},
                                                 {0x007F, 0x009F},
                                                 {0x00AD, 0x00AD},
                                                 {0x034F, 0x034F},
                                                 {0x061C, 0x061C},
                                                 {0x115F, 0x1160},
                                                 {0x17B4, 0x17B5},
                                                 {0x180B, 0x180F},
                                                 {0x200B, 0x200F},
                                                 {0x2028, 0x202E},
                                                 {0x2060, 0x206F},
                                                 {0xE000, 0xF8FF},
                                                 {0xFEFF, 0xFEFF},
                                                 {0xFFF0, 0xFFFB}}};
  return contains(ranges, value) || value >= 0xE0000;
}

bool is_combining(char32_t value) {
  static constexpr std::array<Range, 40> ranges{
      {{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x05BF, 0x05BF}, {0x05C1, 0x05C2},
       {0x05C4, 0x05C5}, {0x05C7, 0x05C7}, {0x0610, 0x061A}, {0x064B, 0x065F}, {0x0670, 0x0670},
       {0x06D6, 0x06DC}, {0x06DF, 0x06E4}, {0x06E7, 0x06E8}, {0x06EA, 0x06ED}, {0x0711, 0x0711},
       {0x0730, 0x074A}, {0x07A6, 0x07B0}, {0x0816, 0x082D}, {0x0859, 0x085B}, {0x08CA, 0x0902},
       {0x093A, 0x093A}, {0x093C, 0x093C}, {0x0941, 0x0948}, {0x094D, 0x094D}, {0x0951, 0x0957},
       {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x0EB1, 0x0EB1}, {0x0EB4, 0x0EBC},
       {0x0EC8, 0x0ECD}, {0x0F71, 0x0F84}, {0x135D, 0x135F}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
       {0x20D0, 0x20F0}, {0x3099, 0x309A}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0x1D167, 0x1D169}}};
  return contains(ranges, value);
}

bool is_wide(char32_t value) {
  static constexpr std::array<Range, 38> ranges{
      {{0x1100, 0x115F}, {0x231A, 0x231B}, {0x2329, 0x232A}, {0x23E9, 0x23EC}, {0x23F0, 0x23F0},
       {0x23F3, 0x23F3}, {0x25FD, 0x25FE}, {0x2614, 0x2615}, {0x2648, 0x2653}, {0x267F, 0x267F},
       {0x2693, 0x2693}, {0x26A1, 0x26A1}, {0x26AA, 0x26AB}, {0x26BD, 0x26BE}, {0x26C4, 0x26C5},
       {0x26CE, 0x26CE}, {0x26D4, 0x26D4}, {0x26EA, 0x26EA}, {0x26F2, 0x26F5}, {0x26FA, 0x26FD},
       {0x2705, 0x2705}, {0x270A, 0x270B}, {0x2728, 0x2728}, {0x274C, 0x274E}, {0x2753, 0x2757},
       {0x2795, 0x2797}, {0x27B0, 0x27BF}, {0x2B1B, 0x2B1C}, {0x2B50, 0x2B55}, {0x2E80, 0x303E},
       {0x3041, 0x4DBF}, {0x4E00, 0xA4CF}, {0xA960, 0xA97F}, {0xAC00, 0xD7A3}, {0xF900, 0xFAFF},
       {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}}};
  return contains(ranges, value) || (value >= 0x16FE0 && value <= 0x1B2FF) ||
         (value >= 0x1F000 && value <= 0x1FAFF) || (value >= 0x20000 && value <= 0x3FFFD);
}

std::size_t columns_of(char32_t value) { return is_combining(value) ? 0 : is_wide(value) ? 2 : 1; }

/// Bytes of the colour code at the start of `text`; 0: there is none.
std::size_t colour_code(std::string_view text) {
  if (!text.starts_with("\x1b[")) return 0;
  const std::size_t end = text.find_first_not_of("0123456789;", 2);
  return end != std::string_view::npos && text[end] == 'm' ? end + 1 : 0;
}

/// Calls f(bytes, columns) for each code point or colour code, until it returns false.
template <class F>
void for_each_sign(std::string_view text, F f) {
  while (!text.empty()) {
    std::size_t bytes = colour_code(text);
    std::size_t columns = 0;
    if (bytes == 0) {
      const CodePoint point = first_code_point(text);
      bytes = point.bytes;
      columns = columns_of(point.value);
    }
    if (!f(text.substr(0, bytes), columns)) return;
    text.remove_prefix(bytes);
  }
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
}

std::string_view ascii_spelling(char32_t value) {
  static constexpr std::array<std::pair<char32_t, std::string_view>, 17> spellings{{{U'σ', "sigma"},
                                                                                    {U'θ', "theta"},
                                                                                    {U'φ', "phi"},
                                                                                    {U'τ', "tau"},
                                                                                    {U'≥', ">="},
                                                                                    {U'≤', "<="},
                                                                                    {U'±', "+-"},
                                                                                    {U'·', "-"},
                                                                                    {U'…', "..."},
                                                                                    {U'→', "->"},
                                                                                    {U'−', "-"},
                                                                                    {U'–', "-"},
                                                                                    {U'÷', "/"},
                                                                                    {U'×', "x"},
                                                                                    {U'✓', "ok"},
                                                                                    {U'∞', "inf"},
                                                                                    {U'∅', "0"}}};
  for (const auto& [sign, spelling] : spellings)
    if (sign == value) return spelling;
  return "?";
}

/// The last `limit` columns of `text`, which holds no colour codes.
std::string last_columns(std::string_view text, std::size_t limit) {
  std::size_t skip = display_columns(text) - std::min(display_columns(text), limit);
  std::size_t bytes_skipped = 0;
  for_each_sign(text, [&](std::string_view bytes, std::size_t columns) {
    if (skip == 0 && columns > 0) return false;
    bytes_skipped += bytes.size();
    skip -= std::min(skip, columns);
    return true;
  });
  return std::string(text.substr(bytes_skipped));
}

/// The first `limit` columns of `text`, and all its colour codes.
std::string first_columns(std::string_view text, std::size_t limit) {
  std::string kept;
  std::size_t used = 0;
  bool full = false;
  for_each_sign(text, [&](std::string_view bytes, std::size_t columns) {
    full = full || used + columns > limit;
    const bool code = bytes.size() > 1 && bytes[0] == '\x1b';
    if (!full || code) kept += bytes;
    if (!full) used += columns;
    return true;
  });
  return kept;
}

/// A per cent sign stays with its number.
std::size_t end_of_word(std::string_view text) {
  std::size_t end = std::min(text.find(' '), text.size());
  if (end > 0 && text.substr(end).starts_with(" %"))
    end = std::min(text.find(' ', end + 1), text.size());
  return end;
}

}  // namespace

CodePoint first_code_point(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const int more = continuation_bytes(first);
  if (more == 0) return {first, 1};
  if (more < 0 || text.size() <= static_cast<std::size_t>(more)) return {};
  char32_t value = first & (0x3F >> more);
  for (int i = 1; i <= more; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0) != 0x80) return {};
    value = (value << 6) | (byte & 0x3F);
  }
  return is_valid(value, more) ? CodePoint{value, static_cast<std::size_t>(more) + 1} : CodePoint{};
}

std::string printable(std::string_view text) {
  constexpr int kMostMarks = 3;  // on one sign; more would climb over other lines
  std::string safe;
  safe.reserve(text.size());
  int marks = 0;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    marks = is_combining(point.value) ? marks + 1 : 0;
    if (marks > kMostMarks) {
      text.remove_prefix(point.bytes);
      continue;
    }
    if (point.value == '\t')
      safe += ' ';
    else if (is_hostile(point.value) || point.value == kReplacement)
      safe += "\xEF\xBF\xBD";
    else
      safe += text.substr(0, point.bytes);
    text.remove_prefix(point.bytes);
  }
  return safe;
}

std::string to_ascii(std::string_view text) {
  std::string ascii;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    if (point.value < 0x80)
      ascii += static_cast<char>(point.value);
    else if (!is_combining(point.value))
      ascii += ascii_spelling(point.value);
    text.remove_prefix(point.bytes);
  }
  return ascii;
}

std::size_t display_columns(std::string_view text) {
  std::size_t total = 0;
  for_each_sign(text, [&](std::string_view, std::size_t columns) {
    total += columns;
    return true;
  });
  return total;
}

std::string clipped(std::string_view text, std::size_t width) {
  if (display_columns(text) <= width) return std::string(text);
  const std::string_view mark = is_ascii(text) ? "..." : "…";
  const std::size_t room = display_columns(mark);
  if (width < room) return first_columns(text, width);
  return first_columns(text, width - room).append(mark);
}

std::string clipped_middle(std::string_view text, std::size_t width) {
  if (display_columns(text) <= width) return std::string(text);
  const std::string_view mark = is_ascii(text) ? "..." : "…";
  const std::size_t room = width - std::min(width, display_columns(mark));
  if (room < 4) return clipped(text, width);
  const std::size_t tail = room / 2;
  return first_columns(text, room - tail).append(mark).append(last_columns(text, tail));
}

std::string padded(std::string_view text, std::size_t width, Align align) {
  std::string fitted = clipped(text, width);
  const std::string fill(width - display_columns(fitted), ' ');
  return align == Align::left ? fitted + fill : fill + fitted;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const std::size_t end = end_of_word(text);
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    if (!lines.back().empty() && display_columns(lines.back()) + 1 + display_columns(word) > width)
      lines.emplace_back();
    if (!lines.back().empty()) lines.back() += ' ';
    lines.back() += clipped(word, width);
  }
  return lines;
}

}  // namespace sluice
