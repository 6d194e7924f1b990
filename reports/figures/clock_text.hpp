// Points in time as people say them.
#pragma once

#include <string>

#include "base/time.hpp"

namespace sluice {

struct ReportHeader;

/// A point in the report's window: `2h04m`, `3d04h05m`.
std::string clock_text(const ReportHeader& header, Time t);

}  // namespace sluice
