// What no section contradicts alone: groups without workers, times after the end, runs that take no
// time, things that nobody uses.
#pragma once

#include <vector>

#include "scenarios/loader/sections/document.hpp"
#include "scenarios/loader/sections/names.hpp"
#include "scenarios/loader/sections/workflows.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

/// Reports contradictions between sections of a scenario that has all of them, or all without a
/// mistake; `document` says where they stand. Cost: that of submitted_levels.
void find_contradictions(const Scenario& scenario, const Document& document,
                         const DeclaredNames& names, const std::vector<DeclaredWorkflow>& workflows,
                         Problems& problems);

/// Warns of things that are declared and not used, in a scenario without a mistake.
void warn_unused(const Document& document, const DeclaredNames& names, Problems& problems);

}  // namespace sluice
