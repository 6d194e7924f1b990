// What was read of recorded workloads, in Markdown.
#pragma once

#include <string>

#include "reports/report.hpp"

namespace sluice {

/// A list; empty if nothing was replayed.
std::string traces_markdown(const Report& report);

}  // namespace sluice
