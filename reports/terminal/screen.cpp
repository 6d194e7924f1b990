#include "reports/terminal/screen.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace sluice {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kLeastYielding = 14;

std::string_view colour_of(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return {};
    case Tone::strong:
      return "\x1b[1m";
    case Tone::faint:
      return "\x1b[2m";
    case Tone::good:
      return "\x1b[1;32m";
    case Tone::bad:
      return "\x1b[1;31m";
    case Tone::caution:
      return "\x1b[1;33m";
  }
  return {};
}

/// How the columns share the width.
struct Layout {
  std::vector<std::size_t> widths;
  std::size_t gap = kGap;

  std::size_t total() const {
    std::size_t sum = gap * (widths.size() - 1);
    for (const std::size_t width : widths) sum += width;
    return sum;
  }
};

/// Closer together if there is no room, then with `yielding` made smaller.
Layout laid_out(std::vector<std::size_t> widths, std::size_t yielding, std::size_t room) {
  Layout layout{std::move(widths)};
  if (yielding >= layout.widths.size() || layout.total() <= room) return layout;
  std::size_t& width = layout.widths[yielding];
  if (layout.total() - room + kLeastYielding > width) layout.gap = 1;
  const std::size_t excess = layout.total() - std::min(layout.total(), room);
  if (width > kLeastYielding) width = std::max(kLeastYielding, width - std::min(width, excess));
  return layout;
}

/// How many columns stand side by side when they are as close as can be and `yielding` is as small
/// as can be; at least two.
std::size_t columns_that_fit(std::vector<std::size_t> widths, std::size_t yielding,
                             std::size_t room) {
  if (yielding < widths.size()) widths[yielding] = std::min(widths[yielding], kLeastYielding);
  std::size_t used = 0;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    used += widths[i] + (i == 0 ? 0 : 1);
    if (used > room && i >= 2) return i;
  }
  return widths.size();
}

void drop_trailing_spaces(std::string& line) { line.erase(line.find_last_not_of(' ') + 1); }

}  // namespace

std::string TerminalScreen::shown(std::string_view text) const {
  const std::string safe = printable(text);
  return style_.unicode ? safe : to_ascii(safe);
}

std::string TerminalScreen::toned(std::string text, Tone tone) const {
  const std::string_view colour = colour_of(tone);
  if (!style_.colour || colour.empty() || text.empty()) return text;
  return std::string(colour) + text + "\x1b[0m";
}

void TerminalScreen::emit(std::string line) {
  drop_trailing_spaces(line);
  text_ += clipped(line, width());
  text_ += '\n';
}

Row faint_row(std::initializer_list<std::string> texts) {
  Row row;
  for (const std::string& text : texts) row.push_back({text, Tone::faint});
  return row;
}

void TerminalScreen::line(const Row& cells) {
  std::string line;
  for (const Cell& cell : cells) line += toned(shown(cell.text), cell.tone);
  emit(std::move(line));
}

void TerminalScreen::heading(const std::string& title, const std::string& note) {
  const Row row{{title, Tone::strong}, {"  " + note, Tone::faint}};
  if (display_columns(shown(title)) + 2 + display_columns(shown(note)) <= width()) return line(row);
  line({row[0]});
  paragraph(note, 2, 2, Tone::faint);
}

void TerminalScreen::paragraph(std::string_view text, std::size_t first_indent, std::size_t indent,
                               Tone tone, std::size_t most) {
  const std::size_t room = width() - std::min(width() - 1, std::max(first_indent, indent));
  std::vector<std::string> lines = wrapped(shown(text), room);
  if (lines.size() > most) {
    lines.resize(most);
    lines.back() = clipped(lines.back() + " " + std::string(room, '.'), room);
  }
  for (std::size_t i = 0; i < lines.size(); ++i)
    emit(std::string(i == 0 ? first_indent : indent, ' ') + toned(lines[i], tone));
}

void TerminalScreen::item(const Cell& mark, const Cell& text) {
  const std::string first = shown(mark.text);
  const std::size_t indent = display_columns(first);
  const std::vector<std::string> lines =
      wrapped(shown(text.text), std::max(width(), indent + 1) - indent);
  for (std::size_t i = 0; i < lines.size(); ++i)
    emit((i == 0 ? toned(first, mark.tone) : std::string(indent, ' ')) +
         toned(lines[i], text.tone));
}

void TerminalScreen::table(const TextTable& table) {
  std::vector<std::size_t> widths{table.first_column_least};
  std::vector<std::vector<std::string>> texts;
  for (const Row& row : table.rows) {
    auto& line = texts.emplace_back();
    for (const Cell& cell : row) line.push_back(shown(cell.text));
    if (widths.size() < line.size()) widths.resize(line.size());
    for (std::size_t i = 0; i < line.size(); ++i)
      widths[i] = std::max(widths[i], display_columns(line[i]));
  }
  const std::size_t fits = columns_that_fit(widths, table.yielding, width());
  if (fits < widths.size()) return table_in_two(table, fits);
  const Layout layout = laid_out(std::move(widths), table.yielding, width());
  for (std::size_t r = 0; r < texts.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < texts[r].size(); ++i) {
      const Align align = i < table.columns.size() ? table.columns[i] : Align::right;
      if (i > 0) line.append(layout.gap, ' ');
      const std::string text = i == 0 && table.yielding == 0
                                   ? clipped_middle(texts[r][i], layout.widths[i])
                                   : texts[r][i];
      line += toned(padded(text, layout.widths[i], align), table.rows[r][i].tone);
    }
    emit(std::move(line));
  }
}

/// The first column stands in both parts.
void TerminalScreen::table_in_two(const TextTable& whole, std::size_t first_part) {
  TextTable left = whole, right = whole;
  for (std::size_t r = 0; r < whole.rows.size(); ++r) {
    Row& row = left.rows[r];
    row.resize(std::min(row.size(), first_part));
    Row& rest = right.rows[r];
    const auto cut = static_cast<std::ptrdiff_t>(std::min(rest.size(), first_part));
    if (cut > 1) rest.erase(rest.begin() + 1, rest.begin() + cut);
  }
  if (right.columns.size() > 1) right.columns.resize(1);
  std::erase_if(right.rows, [](const Row& row) {
    return std::all_of(row.begin(), row.end(), [](const Cell& cell) { return cell.text.empty(); });
  });
  table(left);
  table(right);
}

std::string TerminalScreen::spark_line(std::span<const double> values, std::size_t columns,
                                       double highest) const {
  static constexpr std::array<std::string_view, 9> bars{" ", "▁", "▂", "▃", "▄",
                                                        "▅", "▆", "▇", "█"};
  static constexpr std::array<std::string_view, 9> ascii{" ", ".", ":", "-", "=",
                                                         "+", "*", "#", "@"};
  const auto& signs = style_.unicode ? bars : ascii;
  std::string line;
  columns = std::min(columns, values.size());
  for (std::size_t i = 0; i < columns; ++i) {
    const auto first = values.begin() + static_cast<std::ptrdiff_t>(i * values.size() / columns);
    const auto last =
        values.begin() + static_cast<std::ptrdiff_t>((i + 1) * values.size() / columns);
    const double value = *std::max_element(first, last);
    const bool seen = value > 0 && highest > 0 && std::isfinite(value);
    const double height = seen ? std::ceil(8 * value / highest) : 0;
    line += signs[static_cast<std::size_t>(std::clamp(height, 0.0, 8.0))];
  }
  return line;
}

}  // namespace sluice
