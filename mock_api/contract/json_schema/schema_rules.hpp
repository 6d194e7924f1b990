// What a compiled JSON Schema is, and how a value is checked by it.
#pragma once

#include <cstddef>
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

namespace json_schema {

/// One check: where it is, and the problem that it found.
struct Walk {
  std::string pointer;
  std::optional<SchemaProblem> problem;
  std::size_t depth = 0;
  std::size_t steps = 0;
};

/// One keyword of one schema: false if the value breaks it (then the walk knows why).
using Keyword = std::function<bool(const Json& value, Walk& walk)>;
/// The keywords of one schema, in order.
using Rules = std::vector<Keyword>;
using SharedRules = std::shared_ptr<const Rules>;

/// More than a schema asks of any body that a client sends.
inline constexpr std::size_t kMaxDepth = 4 * kMaxJsonDepth;
inline constexpr std::size_t kMaxSteps = 2'000'000;

/// Notes the problem; returns false.
bool fail(const Json& value, Walk& walk, std::string keyword, std::string message,
          Json expected = Json::object());
/// Whether `value` keeps all rules.
bool run(const Rules& rules, const Json& value, Walk& walk);
/// The same for the member or item `token` of the value that the walk is at.
bool run_at(const Rules& rules, const Json& value, Walk& walk, const std::string& token);
/// The same without noting a problem.
bool fits(const Rules& rules, const Json& value, Walk& walk);

/// Equal as JSON: 1 and 1.0 are, whatever the order of members.
bool same(const Json& a, const Json& b);
bool is_integer(const Json& value);

}  // namespace json_schema
}  // namespace sluice
