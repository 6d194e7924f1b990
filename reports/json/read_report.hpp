// A report that is read back from its JSON.
#pragma once

#include <string_view>

#include "base/text/units.hpp"
#include "reports/compare/compared_report.hpp"

namespace sluice {

/// Figures of everything and of levels with a number as value; metrics that this version does not
/// know are left out. The error is a sentence without the file's name.
Parsed<ComparedReport> read_report(std::string_view json);

}  // namespace sluice
