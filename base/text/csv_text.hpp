// Tables as comma-separated values: quoting of RFC 4180, lines end with a line feed, UTF-8 as it
// was.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice {

struct CsvTable {
  std::string file;  ///< "levels.csv"
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  ///< each as long as `columns`
};

std::string csv_text(const CsvTable& table);
/// In quotes if it holds a comma, a quote, a line break, or white space at an end.
std::string csv_field(std::string_view text);
/// Shortest text that reads back as the same number; `inf` if endless, empty if not a number.
std::string csv_number(double value);

}  // namespace sluice
