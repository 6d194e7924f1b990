// JSON for people and programs alike: an object or list of plain values stands on one line,
// everything around it is indented, so that a figure is one line.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace sluice {

/// Ends with a line break. Numbers are the shortest text that reads back as the same double, the
/// same on every machine; numbers that JSON cannot say (not finite) are null; broken UTF-8 becomes
/// U+FFFD.
std::string json_text(const nlohmann::ordered_json& value);

/// As JSON knows it: null for not finite; whole numbers up to 2^53 without a fraction.
nlohmann::ordered_json json_number(double value);

}  // namespace sluice
