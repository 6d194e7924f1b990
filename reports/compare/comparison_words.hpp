// What a comparison comes to, in words: the same on every form.
#pragma once

#include <string>
#include <string_view>

#include "reports/compare/comparison.hpp"

namespace sluice {

/// "PASS", "REGRESSION", "INCONCLUSIVE".
std::string_view comparison_word(ReportComparison::Verdict verdict);
/// "3 of 14 metrics got worse, 1 better".
std::string comparison_headline(const ReportComparison& comparison);
/// "base: day.yaml; new: day.yaml with workers=8"; empty: of reports of one scenario.
std::string sides_text(const ReportComparison& comparison);
/// What it rests on: how many of each, which test, how sure.
std::string comparison_basis(const ReportComparison& comparison);

/// "+38 %", "×12", "from 0".
std::string signed_share(double share);
/// "WORSE", "better", "unsure" where it is large and not supported, or nothing.
std::string_view change_word(const ComparedMetric& metric);

}  // namespace sluice
