// The script that draws the page's charts: reports/web, as it was built into this program.
#pragma once

#include <string>

namespace sluice {

/// Empty: the program was built without it, and pages have words and tables only.
std::string front_end();

}  // namespace sluice
