// The JSON Schemas (draft 7) of sweeps and plans;
// reports/schema/{sweep,plan,plan_by_month}.schema.json hold the same texts.
#pragma once

#include <string>

namespace sluice {

std::string sweep_schema();
std::string plan_schema();
std::string plan_by_month_schema();

}  // namespace sluice
