// Measured beside predicted in Markdown.
#pragma once

#include <string>

#include "reports/report.hpp"

namespace sluice {

/// Summary, table and explanations; the table is folded if nothing differs. Empty without a
/// prediction.
std::string markdown_prediction(const Report& report);

}  // namespace sluice
