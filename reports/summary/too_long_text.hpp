// Runs that took or waited too long, in words.
#pragma once

#include <string>

#include "reports/report.hpp"

namespace sluice {

/// "12 timed out · 3 expired · 240 cancelled"; "" if none did.
std::string too_long_text(const Report& report);

}  // namespace sluice
