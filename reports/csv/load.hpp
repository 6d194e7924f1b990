// The load as a CSV file.
#pragma once

#include "base/text/csv_text.hpp"
#include "reports/report.hpp"

namespace sluice {

/// load.csv: the members of the JSON report's `load` by their paths, `requests.sent`; no rows if
/// the report is not on a load.
CsvTable load_table(const Report& report);

}  // namespace sluice
