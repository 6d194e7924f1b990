#include "reports/csv/plan.hpp"

#include "base/text/csv_text.hpp"

namespace sluice {

std::string plan_csv(const PlanResult& plan) {
  CsvTable table;
  table.columns = {"setting", "cost",  "standing", "replications",
                   "measure", "value", "low",      "high"};
  for (const PlannedSetting& planned : plan.tested)
    for (std::size_t m = 0; m < planned.figures.size(); ++m) {
      const std::optional<Figure>& figure = planned.figures[m];
      const bool interval = figure && figure->interval;
      table.rows.push_back({planned.setting.text(), csv_number(planned.cost),
                            std::string(name(planned.standing)),
                            std::to_string(planned.replications), plan.measures[m].text,
                            figure ? csv_number(figure->value) : "",
                            interval ? csv_number(figure->interval->low) : "",
                            interval ? csv_number(figure->interval->high) : ""});
    }
  return csv_text(table);
}

}  // namespace sluice
