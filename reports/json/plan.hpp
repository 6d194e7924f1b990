// A plan as JSON. docs/deciding.md describes it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "reports/settings/plan.hpp"

namespace sluice {

inline constexpr int kPlanJsonVersion = 1;

/// Ends with a line break; `build` and `wall`, the last members, are the only ones that may differ
/// between two runs.
std::string plan_json(const PlanResult& plan);
/// "status", "winner", "certificate" … "spent": what it found, without what it is of.
void add_plan_members(nlohmann::ordered_json& json, const PlanResult& plan);

}  // namespace sluice
