// JSON Schema, draft 7, compiled once and checked often, with AJV's words for what is wrong.
//
// As AJV is set up behind the API: stops at the first problem, formats are not enforced, only local
// references. Keywords are looked at in AJV's order, so that the first problem is the same. Types
// that are no type ("number or text") are refused when the schema is compiled.
#pragma once

#include <optional>
#include <vector>

#include "base/text/json.hpp"
#include "mock_api/contract/json_schema/schema_rules.hpp"

namespace sluice {

/// Immutable; copies share what was compiled.
class JsonSchema {
 public:
  /// Throws std::invalid_argument that says where the schema is wrong.
  explicit JsonSchema(const Json& schema);

  /// The first problem; none if `value` fits. Bounded: text and patterns cannot make it run for
  /// long or deep.
  std::optional<SchemaProblem> check(const Json& value) const;

 private:
  json_schema::SharedRules root_;
  std::vector<json_schema::SharedRules> references_;  ///< that rules refer to
};

}  // namespace sluice
