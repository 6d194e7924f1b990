#include "reports/terminal_screen.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace sluice {
namespace {

constexpr std::size_t kGap = 2;

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

/// The columns' widths, the first made smaller until all fit.
std::vector<std::size_t> fitted_widths(std::vector<std::size_t> widths, std::size_t room) {
  std::size_t total = kGap * (widths.size() - 1);
  for (const std::size_t width : widths) total += width;
  constexpr std::size_t kLeast = 6;
  if (total > room && widths[0] > kLeast)
    widths[0] = std::max(kLeast, widths[0] - std::min(widths[0], total - room));
  return widths;
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

void TerminalScreen::line(const Row& cells) {
  std::string line;
  for (const Cell& cell : cells) line += toned(shown(cell.text), cell.tone);
  emit(std::move(line));
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
  widths = fitted_widths(std::move(widths), width());
  for (std::size_t r = 0; r < texts.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < texts[r].size(); ++i) {
      const Align align = i < table.columns.size() ? table.columns[i] : Align::right;
      if (i > 0) line.append(kGap, ' ');
      line += toned(padded(texts[r][i], widths[i], align), table.rows[r][i].tone);
    }
    emit(std::move(line));
  }
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
