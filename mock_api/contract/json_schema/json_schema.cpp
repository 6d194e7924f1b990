#include "mock_api/contract/json_schema/json_schema.hpp"

#include <stdexcept>
#include <utility>

#include "mock_api/contract/json_schema/schema_compiler.hpp"

namespace sluice {

JsonSchema::JsonSchema(const Json& schema) {
  json_schema::Compiler compiler(schema);
  try {
    root_ = compiler.compile(schema, "");
  } catch (const Json::exception&) {
    throw std::invalid_argument("JSON Schema: a keyword has a value of the wrong type");
  }
  references_ = compiler.keep();
}

std::optional<SchemaProblem> JsonSchema::check(const Json& value) const {
  json_schema::Walk walk;
  if (json_schema::run(*root_, value, walk)) return std::nullopt;
  return std::move(walk.problem);
}

}  // namespace sluice
