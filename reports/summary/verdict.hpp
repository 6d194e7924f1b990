// The verdict in words.
#pragma once

#include <string>
#include <string_view>

#include "reports/report.hpp"

namespace sluice {

/// Whether this is a report on a load that says nothing about its target.
bool invalid_load(const Report& report);
/// "PASS", "FAIL", "INCONCLUSIVE", "NO EXPECTATIONS".
std::string_view verdict_word(Verdict verdict);
/// Of the report: "INVALID" if its load is.
std::string_view verdict_word(const Report& report);
/// "1 of 3 expectations failed, 1 inconclusive"; counts `reaches` too. Runs that the API refused
/// and that are still being submitted are in it as well; of a load what its target did, or did not
/// tell, and of an invalid one why it is. Empty: nothing was expected, and none is.
std::string verdict_summary(const Report& report);

}  // namespace sluice
