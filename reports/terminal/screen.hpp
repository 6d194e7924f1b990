// Lines on a terminal: headings, paragraphs, tables whose columns line up, small time lines.
// Whatever text goes in, no line is wider than the style allows, and nothing but our own colour
// codes reaches the terminal.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/text/display_text.hpp"

namespace sluice {

struct TerminalStyle {
  bool colour = false;  ///< ANSI colour codes; false: plain text
  int width = 100;      ///< columns; at least 40 is needed to be of use
  bool unicode = true;  ///< false: ASCII only
  bool brief = false;   ///< what fits one screen, 40 lines, where there are few levels
};

enum class Tone : unsigned char { plain, strong, faint, good, bad, caution };

struct Cell {
  std::string text;
  Tone tone = Tone::plain;
};
using Row = std::vector<Cell>;
/// What stands over columns.
Row faint_row(std::initializer_list<std::string> texts);

/// Columns are as wide as their widest cell, two spaces apart; one of them is shortened if the
/// width does not suffice; what then still has no room stands below as a table of its own.
struct TextTable {
  std::vector<Align> columns;  ///< those not named are aligned to the right
  std::vector<Row> rows;       ///< may be ragged
  std::size_t first_column_least = 0;
  std::size_t yielding =
      0;  ///< the column that is shortened; the first one in the middle of its texts
};

/// Writes text from top to bottom. One thread at a time.
class TerminalScreen {
 public:
  explicit TerminalScreen(const TerminalStyle& style) : style_(style) {}

  void line(const Row& cells);  ///< cells one after the other, as they are
  /// A section's title, and behind it what its figures mean.
  void heading(const std::string& title, const std::string& note);
  void blank() { text_ += '\n'; }
  /// A blank line where there is room for it: a heading stands out without one, too.
  void end_section() {
    if (!style_.brief) blank();
  }
  /// Wrapped; all lines but the first begin with `indent` spaces more than the first. At most
  /// `most` lines.
  void paragraph(std::string_view text, std::size_t first_indent, std::size_t indent,
                 Tone tone = Tone::plain, std::size_t most = 6);
  /// A mark, and behind it a text that is wrapped as far to the right as it begins.
  void item(const Cell& mark, const Cell& text);
  void table(const TextTable& table);
  /// `values` as a row of bars of rising height, `columns` wide; each column shows the largest of
  /// its values.
  std::string spark_line(std::span<const double> values, std::size_t columns, double highest) const;

  bool brief() const { return style_.brief; }
  std::size_t width() const {
    return style_.width < 1 ? 1 : static_cast<std::size_t>(style_.width);
  }
  const std::string& text() const { return text_; }

 private:
  void table_in_two(const TextTable& whole, std::size_t first_part);
  std::string shown(
      std::string_view text) const;  ///< harmless, and in ASCII if that is all there is
  std::string toned(std::string text, Tone tone) const;
  void emit(std::string line);

  TerminalStyle style_;
  std::string text_;
};

}  // namespace sluice
