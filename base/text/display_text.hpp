// Text on a terminal: made harmless, measured in display columns, clipped, padded and wrapped.
//
// Text is UTF-8. Widths follow Unicode's East Asian Width (UAX #11): wide and emoji take two
// columns, combining marks none. Threads: all functions are pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// A code point of UTF-8 text, and the bytes that it takes there.
struct CodePoint {
  char32_t value = 0xFFFD;
  std::size_t bytes = 1;
};
/// The first of `text`; each byte of a broken sequence is one U+FFFD. REQUIRES text not empty.
CodePoint first_code_point(std::string_view text);

/// What a user wrote, fit for one line of any terminal: control characters, line breaks,
/// bidirectional overrides, invisible characters and broken UTF-8 become U+FFFD; a tab becomes a
/// space.
std::string printable(std::string_view text);

/// The same text in ASCII: the signs that reports use in their usual spelling (`>=`, `+-`,
/// `sigma`), others `?`.
std::string to_ascii(std::string_view text);

/// Columns that `text` takes. Colour codes (ESC [ … m) take none.
std::size_t display_columns(std::string_view text);

/// At most `width` columns of `text`; what was cut is marked by `…` (or `...` if `text` is ASCII
/// only). Colour codes are kept.
std::string clipped(std::string_view text, std::size_t width);

/// The same with what was cut in the middle: the ends of names tell them apart.
std::string clipped_middle(std::string_view text, std::size_t width);

enum class Align : unsigned char { left, right };
/// Clipped and filled up with spaces to exactly `width` columns.
std::string padded(std::string_view text, std::size_t width, Align align);

/// Broken at spaces, but not before `%`, into lines of at most `width` columns; a longer word is
/// clipped.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

}  // namespace sluice
