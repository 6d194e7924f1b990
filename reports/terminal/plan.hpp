// A plan on a terminal.
#pragma once

#include <string>
#include <vector>

#include "reports/settings/plan.hpp"
#include "reports/terminal/screen.hpp"

namespace sluice {

/// `style.brief`: without the table of all settings that were tested.
std::string render_plan(const PlanResult& plan, const TerminalStyle& style);

Tone tone_of(PlanStatus status);
/// A heading and its texts; nothing without any.
void plan_paragraphs(TerminalScreen& screen, const char* heading, const char* note,
                     const std::vector<std::string>& texts, Tone tone = Tone::plain);

}  // namespace sluice
