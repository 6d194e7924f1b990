#include "reports/csv/sweep.hpp"

#include "base/text/csv_text.hpp"
#include "reports/settings/setting_words.hpp"

namespace sluice {
namespace {

using Fields = std::vector<std::string>;

void add_interval(Fields& fields, const std::optional<Interval>& interval) {
  fields.push_back(interval ? csv_number(interval->low) : "");
  fields.push_back(interval ? csv_number(interval->high) : "");
}

Fields row_of(const SweptSetting& swept, const Fields& choices, const Measure& measure,
              const MeasuredValue& measured) {
  Fields fields{swept.setting.text()};
  for (const std::string& choice : choices) {
    const std::string* const value = swept.setting.value(choice);
    fields.push_back(value == nullptr ? "" : *value);
  }
  fields.push_back(swept.cost ? csv_number(*swept.cost) : "");
  fields.push_back(std::to_string(swept.replications));
  fields.push_back(measure.text);
  fields.push_back(measured.figure ? csv_number(measured.figure->value) : "");
  add_interval(fields, measured.figure ? measured.figure->interval : std::nullopt);
  const bool differs = measured.difference && measured.difference->pairs > 0;
  fields.push_back(differs ? csv_number(measured.difference->mean) : "");
  add_interval(fields, differs ? measured.difference->interval : std::nullopt);
  fields.emplace_back(name(swept.verdict));
  fields.emplace_back(swept.undominated ? "1" : "0");
  return fields;
}

}  // namespace

std::string sweep_csv(const SweepResult& sweep) {
  const Fields choices = varied_names(sweep);
  CsvTable table;
  table.columns = {"setting"};
  table.columns.insert(table.columns.end(), choices.begin(), choices.end());
  for (const char* column :
       {"cost", "replications", "measure", "value", "low", "high", "difference", "difference_low",
        "difference_high", "verdict", "undominated"})
    table.columns.emplace_back(column);
  for (const SweptSetting& swept : sweep.settings)
    for (std::size_t m = 0; m < sweep.measures.size(); ++m)
      table.rows.push_back(row_of(swept, choices, sweep.measures[m], swept.measured[m]));
  return csv_text(table);
}

}  // namespace sluice
