// The keywords of JSON Schema for single values, and those that combine schemas.
#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>

#include "mock_api/contract/json_schema/schema_compiler.hpp"

namespace sluice::json_schema {
namespace {

bool has_type(const Json& value, std::string_view type) {
  if (type == "integer") return is_integer(value);
  if (type == "number") return value.is_number();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "object") return value.is_object();
  return type == "array" ? value.is_array() : value.is_null();
}

std::string number_text(const Json& number) {
  if (is_integer(number) && std::abs(number.get<double>()) < 1e15)
    return std::to_string(number.get<std::int64_t>());
  return number.dump();
}

template <class Holds>
Keyword limit(const Json& value, const char* keyword, const char* sign, Holds holds) {
  return [value, keyword, sign, holds](const Json& v, Walk& walk) {
    return !v.is_number() || holds(v, value) ||
           fail(v, walk, keyword, std::string("must be ") + sign + ' ' + number_text(value),
                {{"comparison", sign}, {"limit", value}});
  };
}

std::ptrdiff_t length(const Json& v) {
  return v.is_string() ? static_cast<std::ptrdiff_t>(code_points(v.get_ref<const std::string&>()))
                       : -1;
}

}  // namespace

Keyword make_ref(const Json&, const Json& value, Compiler& compiler, const std::string& where) {
  // A schema may refer to itself: rules that are referred to are owned by the schema alone.
  const Rules* rules = compiler.reference(value, where).get();
  return [rules](const Json& v, Walk& walk) { return run(*rules, v, walk); };
}

Keyword make_type(const Json&, const Json& value, Compiler& compiler, const std::string& where) {
  static const std::set<std::string> kTypes{"null",   "boolean", "integer", "number",
                                            "string", "array",   "object"};
  std::vector<std::string> types;
  for (const Json& type : value.is_array() ? value : Json::array({value})) {
    if (!type.is_string() || !kTypes.contains(type.get<std::string>()))
      compiler.wrong(where, "must be a type's name or a list of them");
    types.push_back(type.get<std::string>());
  }
  if (types.empty()) compiler.wrong(where, "must not be empty");
  std::string words;
  for (const std::string& type : types) words += (words.empty() ? "" : ",") + type;
  return [types, words, value](const Json& v, Walk& walk) {
    return std::any_of(types.begin(), types.end(), [&v](auto& t) { return has_type(v, t); }) ||
           fail(v, walk, "type", "must be " + words, {{"type", value}});
  };
}

Keyword make_maximum(const Json&, const Json& value, Compiler& c, const std::string& where) {
  return limit(c.number(value, where), "maximum",
               "<=", [](const Json& v, const Json& most) { return v <= most; });
}
Keyword make_minimum(const Json&, const Json& value, Compiler& c, const std::string& where) {
  return limit(c.number(value, where), "minimum",
               ">=", [](const Json& v, const Json& least) { return v >= least; });
}
Keyword make_exclusive_maximum(const Json&, const Json& value, Compiler& c,
                               const std::string& where) {
  return limit(c.number(value, where), "exclusiveMaximum", "<",
               [](const Json& v, const Json& most) { return v < most; });
}
Keyword make_exclusive_minimum(const Json&, const Json& value, Compiler& c,
                               const std::string& where) {
  return limit(c.number(value, where), "exclusiveMinimum", ">",
               [](const Json& v, const Json& least) { return v > least; });
}

Keyword make_multiple_of(const Json&, const Json& value, Compiler& c, const std::string& where) {
  const double divisor = c.number(value, where).get<double>();
  if (!(divisor > 0)) c.wrong(where, "must be greater than 0");
  return [value, divisor](const Json& v, Walk& walk) {
    if (!v.is_number()) return true;
    const double quotient = v.get<double>() / divisor;
    return quotient == std::trunc(quotient) ||
           fail(v, walk, "multipleOf", "must be multiple of " + number_text(value),
                {{"multipleOf", value}});
  };
}

Keyword make_max_length(const Json&, const Json& value, Compiler& c, const std::string& where) {
  return size_limit("maxLength", c.count(value, where), true, "characters", length);
}
Keyword make_min_length(const Json&, const Json& value, Compiler& c, const std::string& where) {
  return size_limit("minLength", c.count(value, where), false, "characters", length);
}

Keyword make_pattern(const Json&, const Json& value, Compiler& compiler, const std::string& where) {
  return [regex = compiler.pattern(value, where), value](const Json& v, Walk& walk) {
    return !v.is_string() || regex.matches(v.get_ref<const std::string&>()) ||
           fail(v, walk, "pattern", "must match pattern \"" + value.get<std::string>() + '"',
                {{"pattern", value}});
  };
}

Keyword make_const(const Json&, const Json& value, Compiler&, const std::string&) {
  return [value](const Json& v, Walk& walk) {
    return same(v, value) ||
           fail(v, walk, "const", "must be equal to constant", {{"allowedValue", value}});
  };
}

Keyword make_enum(const Json&, const Json& value, Compiler& compiler, const std::string& where) {
  if (!value.is_array() || value.empty()) compiler.wrong(where, "must be a list of values");
  return [value](const Json& v, Walk& walk) {
    return std::any_of(value.begin(), value.end(), [&v](const Json& a) { return same(a, v); }) ||
           fail(v, walk, "enum", "must be equal to one of the allowed values",
                {{"allowedValues", value}});
  };
}

Keyword make_not(const Json&, const Json& value, Compiler& compiler, const std::string& where) {
  return [rules = compiler.compile(value, where)](const Json& v, Walk& walk) {
    return !fits(*rules, v, walk) || fail(v, walk, "not", "must NOT be valid");
  };
}

Keyword make_any_of(const Json&, const Json& value, Compiler& compiler, const std::string& where) {
  return [all = compiler.many(value, where)](const Json& v, Walk& walk) {
    return std::any_of(all.begin(), all.end(), [&](auto& r) { return fits(*r, v, walk); }) ||
           fail(v, walk, "anyOf", "must match a schema in anyOf");
  };
}

Keyword make_one_of(const Json&, const Json& value, Compiler& compiler, const std::string& where) {
  return [all = compiler.many(value, where)](const Json& v, Walk& walk) {
    const auto passing =
        std::count_if(all.begin(), all.end(), [&](auto& r) { return fits(*r, v, walk); });
    return passing == 1 || fail(v, walk, "oneOf", "must match exactly one schema in oneOf",
                                {{"passingSchemas", passing}});
  };
}

Keyword make_all_of(const Json&, const Json& value, Compiler& compiler, const std::string& where) {
  return [all = compiler.many(value, where)](const Json& v, Walk& walk) {
    return std::all_of(all.begin(), all.end(), [&](auto& r) { return run(*r, v, walk); });
  };
}

Keyword make_if(const Json& schema, const Json& value, Compiler& compiler,
                const std::string& where) {
  const auto branch = [&](const char* name) {
    return compiler.compile(schema.value(name, Json(true)), where + "/../" + name);
  };
  return [condition = compiler.compile(value, where), yes = branch("then"), no = branch("else")](
             const Json& v, Walk& walk) {
    return run(fits(*condition, v, walk) ? *yes : *no, v, walk);
  };
}

}  // namespace sluice::json_schema
