// The episodes of starvation as a table.
#pragma once

#include "base/text/csv_text.hpp"
#include "reports/report.hpp"

namespace sluice {

/// episodes.csv: a row is an episode of a level, or of a level of a workspace.
CsvTable episodes_table(const Report& report);

}  // namespace sluice
