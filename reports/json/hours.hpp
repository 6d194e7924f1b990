// The tables by hour as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "reports/report.hpp"

namespace sluice {

/// `of_day` and, if the window is long enough, `of_week`: a list of values for each figure, one
/// value an hour.
nlohmann::ordered_json hours_json(const Report& report);

void add_hours_schema(nlohmann::ordered_json& schema);

}  // namespace sluice
