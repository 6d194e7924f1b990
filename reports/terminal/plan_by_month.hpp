// A plan by month on a terminal.
#pragma once

#include <string>

#include "reports/settings/plan_by_month.hpp"
#include "reports/terminal/screen.hpp"

namespace sluice {

std::string render_plan_by_month(const PlanByMonth& plan, const TerminalStyle& style);

}  // namespace sluice
