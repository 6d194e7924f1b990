// The answer in words: who starves, for how long, because of whom.
#pragma once

#include <string>

#include "reports/report.hpp"

namespace sluice {

/// Two to four plain sentences. Names are as the user wrote them.
std::string answer(const Report& report);

}  // namespace sluice
