// The tables by hour as one table.
#pragma once

#include "base/text/csv_text.hpp"
#include "reports/report.hpp"

namespace sluice {

/// hours.csv: a row is one hour of the day, or of the week, of one level.
CsvTable hours_table(const Report& report);

}  // namespace sluice
