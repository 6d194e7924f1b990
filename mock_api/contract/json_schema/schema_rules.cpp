#include "mock_api/contract/json_schema/schema_rules.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sluice::json_schema {
namespace {

std::string escaped_token(const std::string& name) {
  std::string token;
  for (const char c : name) token += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return token;
}

}  // namespace

bool fail(const Json& value, Walk& walk, std::string keyword, std::string message, Json expected) {
  walk.problem = SchemaProblem{walk.pointer, std::move(keyword), std::move(message),
                               std::move(expected), &value};
  return false;
}

bool run(const Rules& rules, const Json& value, Walk& walk) {
  if (walk.depth == kMaxDepth || ++walk.steps > kMaxSteps)
    return fail(value, walk, "$ref", "is too deep or too large to be checked");
  ++walk.depth;
  const bool good =
      std::all_of(rules.begin(), rules.end(), [&](const Keyword& k) { return k(value, walk); });
  --walk.depth;
  return good;
}

/// Without a trace of problems.
bool fits(const Rules& rules, const Json& value, Walk& walk) {
  Walk inner{{}, {}, walk.depth, walk.steps};
  const bool good = run(rules, value, inner);
  walk.steps = inner.steps;
  return good;
}

bool run_at(const Rules& rules, const Json& value, Walk& walk, const std::string& token) {
  const std::size_t size = walk.pointer.size();
  walk.pointer += '/' + escaped_token(token);
  const bool good = run(rules, value, walk);
  walk.pointer.resize(size);
  return good;
}

bool is_integer(const Json& value) {
  return value.is_number_integer() ||
         (value.is_number_float() && std::isfinite(value.get<double>()) &&
          std::trunc(value.get<double>()) == value.get<double>());
}

bool same(const Json& a, const Json& b) {
  if (a.is_number() && b.is_number()) return a == b;
  if (a.type() != b.type() || a.size() != b.size()) return false;
  if (a.is_array()) return std::equal(a.begin(), a.end(), b.begin(), same);
  if (!a.is_object()) return a == b;
  for (auto it = a.begin(); it != a.end(); ++it) {
    const auto other = b.find(it.key());
    if (other == b.end() || !same(*it, *other)) return false;
  }
  return true;
}

}  // namespace sluice::json_schema
