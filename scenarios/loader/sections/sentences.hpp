// Sentences of `expect` and `reaches` that nothing in the scenario could decide or make true.
#pragma once

#include "scenarios/loader/sections/document.hpp"
#include "scenarios/loader/sections/names.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

/// Warns of them. The scenario has no mistake, so that its sentences are those of the document, in
/// the same order. Cost: that of submitted_levels.
void warn_undecidable(const Scenario& scenario, const Document& document,
                      const DeclaredNames& names, Problems& problems);

}  // namespace sluice
