// The report as CSV files: figures.csv holds every figure, the others are wide tables for
// spreadsheets and plots.
//
// Files, columns and units: docs/report.md. Units are in the names of the columns.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/text/csv_text.hpp"
#include "reports/figures/metric.hpp"
#include "reports/report.hpp"

namespace sluice {

/// All tables. Which tables and columns there are does not depend on the report, only the rows do.
std::vector<CsvTable> csv_tables(const Report& report);

/// Writes all tables into `dir`, which is made if it does not exist; files of the same names are
/// replaced, but not before all tables are whole. Throws std::system_error that names the file.
void write_csv(const Report& report, const std::filesystem::path& dir);

/// "wait.p95" → "wait_p95_s".
std::string csv_column(Metric metric);

}  // namespace sluice
