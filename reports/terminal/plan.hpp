// A plan on a terminal.
#pragma once

#include <string>

#include "reports/settings/plan.hpp"
#include "reports/terminal/screen.hpp"

namespace sluice {

/// `style.brief`: without the table of all settings that were tested.
std::string render_plan(const PlanResult& plan, const TerminalStyle& style);

}  // namespace sluice
