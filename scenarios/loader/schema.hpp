// The JSON Schema of scenario files, from the tables that drive the loader.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace sluice {

/// Draft 7. Throws nothing; a few milliseconds.
nlohmann::ordered_json scenario_schema();

}  // namespace sluice
