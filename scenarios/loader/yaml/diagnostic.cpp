#include "scenarios/loader/yaml/diagnostic.hpp"

#include <algorithm>

namespace sluice {
namespace {

constexpr std::size_t kShownLine = 300;  // characters; longer lines are cut around the place

bool starts_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

std::string cut_characters(const std::string& text, std::size_t from, std::size_t count) {
  std::size_t character = 0;
  std::string cut;
  for (const char byte : text) {
    if (starts_character(byte)) ++character;
    if (character > from && character <= from + count) cut += byte == '\t' ? ' ' : byte;
  }
  return cut;
}

}  // namespace

std::string Diagnostic::to_string() const {
  std::string text = file;
  if (line > 0) text += ':' + std::to_string(line);
  if (line > 0 && column > 0) text += ':' + std::to_string(column);
  text += warning ? ": warning: " : ": error: ";
  text += message;
  if (source_line.empty()) return text;

  const auto before = static_cast<std::size_t>(std::max(column - 1, 0));
  const std::size_t cut = before < kShownLine ? 0 : before - kShownLine / 2;
  const std::string number = std::to_string(line);
  const std::string shown = cut_characters(source_line, cut, kShownLine);
  text += "\n  " + number + " | " + shown;
  if (column <= 0) return text;
  const auto characters =
      static_cast<std::size_t>(std::count_if(shown.begin(), shown.end(), starts_character));
  const std::size_t room = characters > before - cut ? characters - (before - cut) : 1;
  const auto underlined = std::min(static_cast<std::size_t>(std::max(length, 1)), room);
  text += "\n  " + std::string(number.size(), ' ') + " | " + std::string(before - cut, ' ') + '^' +
          std::string(underlined - 1, '~');
  return text;
}

}  // namespace sluice
