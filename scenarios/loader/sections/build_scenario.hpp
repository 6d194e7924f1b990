// Document → Scenario: counts become things, names become ids, recordings are read, contradictions
// are found.
#pragma once

#include <optional>

#include "scenarios/loader/keys/key_table.hpp"
#include "scenarios/loader/sections/document.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

/// None if there is any problem, here or before, which has been reported then. Cost: linear in the
/// things declared and in the recordings.
std::optional<Scenario> build_scenario(Reader& reader, Document document);

}  // namespace sluice
