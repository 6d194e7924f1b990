// Measured beside predicted in JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "reports/report.hpp"

namespace sluice {

/// Agreement, every figure with what was measured and predicted, and the explanations, best first.
/// REQUIRES a prediction.
nlohmann::ordered_json prediction_json(const Report& report);

}  // namespace sluice
