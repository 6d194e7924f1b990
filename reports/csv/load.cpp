#include "reports/csv/load.hpp"

#include <string>

#include "reports/json/load.hpp"

namespace sluice {
namespace {

using Json = nlohmann::ordered_json;

void add_rows(const Json& json, const std::string& path, CsvTable& table) {
  if (json.is_structured()) {
    std::size_t i = 0;
    for (const auto& item : json.items()) {
      const std::string part = json.is_array() ? std::to_string(++i) : item.key();
      add_rows(item.value(), path.empty() ? part : path + "." + part, table);
    }
    return;
  }
  table.rows.push_back({path, json.is_string()   ? json.get<std::string>()
                              : json.is_number() ? csv_number(json.get<double>())
                                                 : std::string()});
}

}  // namespace

CsvTable load_table(const Report& report) {
  CsvTable table{"load.csv", {"key", "value"}, {}};
  if (report.load) add_rows(load_json(*report.load), {}, table);
  return table;
}

}  // namespace sluice
