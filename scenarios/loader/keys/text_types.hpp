// Texts that must have a form, and JSON written in YAML.
#pragma once

#include <string>

#include "scenarios/loader/keys/key_table.hpp"

namespace sluice {

/// Printable characters without spaces, at least one.
Type<std::string> token_type(const char* what);
/// A JSON object written in YAML, as text.
Type<std::string> json_object_type(const char* what);

}  // namespace sluice
