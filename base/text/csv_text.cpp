#include "base/text/csv_text.hpp"

#include <fmt/format.h>

#include <cmath>

namespace sluice {
namespace {

bool needs_quotes(std::string_view text) {
  if (text.empty()) return false;
  constexpr std::string_view blank = " \t";
  return text.find_first_of(",\"\r\n") != std::string_view::npos ||
         blank.find(text.front()) != std::string_view::npos ||
         blank.find(text.back()) != std::string_view::npos;
}

void add_line(const std::vector<std::string>& fields, std::string& text) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) text += ',';
    text += csv_field(fields[i]);
  }
  text += '\n';
}

}  // namespace

std::string csv_field(std::string_view text) {
  if (!needs_quotes(text)) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted += '"';
}

std::string csv_number(double value) {
  if (std::isnan(value)) return {};
  return fmt::format("{}", value);
}

std::string csv_text(const CsvTable& table) {
  std::string text;
  add_line(table.columns, text);
  for (const auto& row : table.rows) add_line(row, text);
  return text;
}

}  // namespace sluice
