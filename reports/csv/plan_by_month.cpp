#include "reports/csv/plan_by_month.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text/csv_text.hpp"

namespace sluice {
namespace {

std::vector<std::string> names_of_winners(const PlanByMonth& plan) {
  std::vector<std::string> names;
  for (const PlannedMonth& month : plan.months)
    if (month.plan.winner)
      for (const auto& value : month.plan.winner->setting.values)
        if (std::ranges::find(names, value.first) == names.end()) names.push_back(value.first);
  return names;
}

std::string number_or_nothing(const std::optional<double>& number) {
  return number ? csv_number(*number) : "";
}

}  // namespace

std::string plan_by_month_csv(const PlanByMonth& plan) {
  const std::vector<std::string> names = names_of_winners(plan);
  CsvTable table;
  table.columns = {"month", "days", "runs_per_day", "load"};
  table.columns.insert(table.columns.end(), names.begin(), names.end());
  for (const char* column : {"cost", "status", "binds"}) table.columns.emplace_back(column);
  for (const PlannedMonth& month : plan.months) {
    const PlanResult& found = month.plan;
    std::vector<std::string> row{month.name, csv_number(month.days),
                                 number_or_nothing(found.runs_per_day),
                                 number_or_nothing(plan.load_of(month))};
    for (const std::string& name : names) {
      const std::string* const value = found.winner ? found.winner->setting.value(name) : nullptr;
      row.push_back(value == nullptr ? "" : *value);
    }
    row.push_back(found.winner ? csv_number(found.winner->cost) : "");
    row.emplace_back(name(found.status));
    row.push_back(fmt::format("{}", fmt::join(found.binding, "; ")));
    table.rows.push_back(std::move(row));
  }
  return csv_text(table);
}

}  // namespace sluice
