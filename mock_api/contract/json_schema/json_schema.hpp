// JSON Schema, draft 7, compiled once and checked often, with AJV's words for what is wrong.
//
// As AJV is set up behind the API: stops at the first problem, formats are not enforced, only local
// references. Keywords are looked at in AJV's order, so that the first problem is the same. Types
// that are no type ("number or text") are refused when the schema is compiled.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/text/json.hpp"

namespace sluice {

/// What is wrong with a value, as AJV says it.
struct SchemaProblem {
  std::string pointer;             ///< JSON pointer to the value that is wrong: "/patient/age"
  std::string keyword;             ///< "pattern"
  std::string message;             ///< "must match pattern …"
  Json expected;                   ///< an object: {"pattern": …}
  const Json* received = nullptr;  ///< the value that is wrong; lives as long as what was checked
};

/// Immutable; copies share what was compiled.
class JsonSchema {
 public:
  /// Throws std::invalid_argument that says where the schema is wrong.
  explicit JsonSchema(const Json& schema);

  /// The first problem; none if `value` fits. Bounded: text and patterns cannot make it run for
  /// long or deep.
  std::optional<SchemaProblem> check(const Json& value) const;

  struct Walk;
  /// One keyword of one schema: false if the value breaks it (then the walk knows why).
  using Keyword = std::function<bool(const Json& value, Walk& walk)>;
  /// The keywords of one schema, in order.
  using Rules = std::vector<Keyword>;

 private:
  std::shared_ptr<const Rules> root_;
  std::vector<std::shared_ptr<const Rules>> references_;  ///< that rules refer to
};

}  // namespace sluice
