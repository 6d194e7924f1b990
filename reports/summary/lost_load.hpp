// Lost load (T10) in words.
#pragma once

#include <string>

#include "reports/report.hpp"

namespace sluice {

/// "LOSES 300 of 1 100 claims runs (27 %): refused with 429, given up after 5 attempts"; empty:
/// nothing was lost.
std::string lost_load_text(const Report& report);

}  // namespace sluice
