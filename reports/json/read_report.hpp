// A report that is read back from its JSON.
#pragma once

#include <string_view>
#include <vector>

#include "base/text/units.hpp"
#include "reports/compare/compared_report.hpp"

namespace sluice {

/// Figures of everything, of levels, and of 2 to 16 workspaces and submitters, with a number as
/// value; metrics that this version does not know are left out. The error is a sentence without the
/// file's name.
Parsed<ComparedReport> read_report(std::string_view json);
/// The repetitions in it: of a simulation with several replications each of them, with its own
/// seed, or else the one report. What is only known of all of them together (the parts of waits) is
/// in each.
Parsed<std::vector<ComparedReport>> read_repetitions(std::string_view json);

}  // namespace sluice
