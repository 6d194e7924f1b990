// The section of a page about a load of a live target: what was sent, and what the model gives.
#pragma once

#include <string>

#include "reports/html/section.hpp"
#include "reports/report.hpp"

namespace sluice {

/// REQUIRES report.load.
PageSection what_the_load_did(const Report& report);
/// Why it is invalid or ended early, above all figures; empty: nothing of the kind.
std::string load_cautions_html(const Report& report);

}  // namespace sluice
