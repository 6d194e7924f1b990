// Which build this is.
#pragma once

#include <string>

namespace sluice {

/// "sluice 0.1.0".
std::string version_text();
/// Version, compiler and kind of build, for the report's header.
std::string build_id();

}  // namespace sluice
