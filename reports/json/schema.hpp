// The JSON Schema (draft 7) of the JSON report, made from the registry of metrics so that the two
// cannot drift apart. reports/schema/report.schema.json holds the same text.
#pragma once

#include <string>

namespace sluice {

/// The text of the schema. The same for every report.
std::string report_schema();

}  // namespace sluice
