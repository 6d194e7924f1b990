// The whole report as JSON: every figure, table and time line, versioned, in a stable order of
// keys.
//
// docs/report.md describes it, reports/schema/report.schema.json is its schema
// (reports/json/schema.hpp).
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "reports/report.hpp"

namespace sluice {

/// Changes when a reader of the previous version would go wrong; new keys alone do not change it.
inline constexpr int kReportJsonVersion = 2;

struct JsonOptions {
  /// The two last members, `build` and `wall`, are the only ones that may differ between two runs
  /// of the same scenario and seed; without them the bytes can be compared.
  bool build_and_wall_time = true;
};

nlohmann::ordered_json report_json(const Report& report, const JsonOptions& options = {});
/// The same as text that ends with a line break. The same bytes for the same report on every
/// machine.
std::string render_json(const Report& report, const JsonOptions& options = {});

}  // namespace sluice
