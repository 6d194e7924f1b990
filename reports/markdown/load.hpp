// The load itself in Markdown. Each is empty if the report is not on a load.
#pragma once

#include <string>

#include "reports/report.hpp"

namespace sluice {

/// Why the load is invalid or ended early: to be read before any figure.
std::string load_cautions_markdown(const Report& report);
/// What the generator did, what it was answered and how fast.
std::string load_markdown(const Report& report);

}  // namespace sluice
