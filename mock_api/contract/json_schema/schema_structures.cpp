// The keywords of JSON Schema for arrays and objects.
#include <algorithm>
#include <set>
#include <string>

#include "mock_api/contract/json_schema/schema_compiler.hpp"

namespace sluice::json_schema {
namespace {

std::ptrdiff_t item_count(const Json& v) {
  return v.is_array() ? static_cast<std::ptrdiff_t>(v.size()) : -1;
}
std::ptrdiff_t member_count(const Json& v) {
  return v.is_object() ? static_cast<std::ptrdiff_t>(v.size()) : -1;
}

using PatternRules = std::vector<std::pair<Pattern, SharedRules>>;

PatternRules pattern_rules(const Json& schema, Compiler& compiler, const std::string& where) {
  PatternRules rules;
  const auto found = schema.find("patternProperties");
  if (found == schema.end()) return rules;
  if (!found->is_object()) compiler.wrong(where, "patternProperties must be an object");
  for (auto it = found->begin(); it != found->end(); ++it)
    rules.emplace_back(compiler.pattern(it.key(), where), compiler.compile(*it, where));
  return rules;
}

}  // namespace

Keyword make_max_items(const Json&, const Json& value, Compiler& c, const std::string& where) {
  return size_limit("maxItems", c.count(value, where), true, "items", item_count);
}
Keyword make_min_items(const Json&, const Json& value, Compiler& c, const std::string& where) {
  return size_limit("minItems", c.count(value, where), false, "items", item_count);
}
Keyword make_unique_items(const Json&, const Json& value, Compiler& compiler,
                          const std::string& where) {
  if (!value.is_boolean()) compiler.wrong(where, "must be true or false");
  return [wanted = value.get<bool>()](const Json& v, Walk& walk) {
    if (!wanted || !v.is_array()) return true;
    for (std::size_t i = v.size(); i-- > 1;)
      for (std::size_t j = i; j-- > 0;)
        if (++walk.steps > kMaxSteps || same(v[i], v[j]))
          return fail(v, walk, "uniqueItems",
                      "must NOT have duplicate items (items ## " + std::to_string(j) + " and " +
                          std::to_string(i) + " are identical)",
                      {{"i", i}, {"j", j}});
    return true;
  };
}

Keyword make_items(const Json& schema, const Json& value, Compiler& compiler,
                   const std::string& where) {
  if (!value.is_array())
    return [rules = compiler.compile(value, where)](const Json& v, Walk& walk) {
      if (!v.is_array()) return true;
      for (std::size_t i = 0; i < v.size(); ++i)
        if (!run_at(*rules, v[i], walk, std::to_string(i))) return false;
      return true;
    };
  std::vector<SharedRules> each;
  for (std::size_t i = 0; i < value.size(); ++i)
    each.push_back(compiler.compile(value[i], where + '/' + std::to_string(i)));
  const bool closed = schema.value("additionalItems", Json(true)) == false;
  const auto rest = compiler.compile(schema.value("additionalItems", Json(true)), where);
  return [each, rest, closed](const Json& v, Walk& walk) {
    if (!v.is_array()) return true;
    if (closed && v.size() > each.size())
      return fail(v, walk, "additionalItems",
                  "must NOT have more than " + std::to_string(each.size()) + " items",
                  {{"limit", each.size()}});
    for (std::size_t i = 0; i < v.size(); ++i)
      if (!run_at(i < each.size() ? *each[i] : *rest, v[i], walk, std::to_string(i))) return false;
    return true;
  };
}

Keyword make_contains(const Json&, const Json& value, Compiler& compiler,
                      const std::string& where) {
  return [rules = compiler.compile(value, where)](const Json& v, Walk& walk) {
    return !v.is_array() ||
           std::any_of(v.begin(), v.end(), [&](auto& item) { return fits(*rules, item, walk); }) ||
           fail(v, walk, "contains", "must contain at least 1 valid item(s)", {{"minContains", 1}});
  };
}

Keyword make_max_properties(const Json&, const Json& value, Compiler& c, const std::string& where) {
  return size_limit("maxProperties", c.count(value, where), true, "properties", member_count);
}
Keyword make_min_properties(const Json&, const Json& value, Compiler& c, const std::string& where) {
  return size_limit("minProperties", c.count(value, where), false, "properties", member_count);
}

Keyword make_required(const Json&, const Json& value, Compiler& compiler,
                      const std::string& where) {
  return [required = compiler.names(value, where)](const Json& v, Walk& walk) {
    if (!v.is_object()) return true;
    for (const std::string& name : required)
      if (!v.contains(name))
        return fail(v, walk, "required", "must have required property '" + name + '\'',
                    {{"missingProperty", name}});
    return true;
  };
}

Keyword make_property_names(const Json&, const Json& value, Compiler& compiler,
                            const std::string& where) {
  return [rules = compiler.compile(value, where)](const Json& v, Walk& walk) {
    if (!v.is_object()) return true;
    for (auto it = v.begin(); it != v.end(); ++it)
      if (!fits(*rules, Json(it.key()), walk))
        return fail(v, walk, "propertyNames", "property name must be valid",
                    {{"propertyName", it.key()}});
    return true;
  };
}

Keyword make_additional_properties(const Json& schema, const Json& value, Compiler& compiler,
                                   const std::string& where) {
  std::set<std::string> known;
  if (const auto properties = schema.find("properties"); properties != schema.end())
    for (auto it = properties->begin(); it != properties->end(); ++it) known.insert(it.key());
  return [known, patterns = pattern_rules(schema, compiler, where), closed = value == false,
          rules = compiler.compile(value, where)](const Json& v, Walk& walk) {
    if (!v.is_object()) return true;
    for (auto it = v.begin(); it != v.end(); ++it) {
      const bool matched = std::any_of(patterns.begin(), patterns.end(),
                                       [&](auto& p) { return p.first.matches(it.key()); });
      if (matched || known.contains(it.key())) continue;
      if (closed)
        return fail(v, walk, "additionalProperties", "must NOT have additional properties",
                    {{"additionalProperty", it.key()}});
      if (!run_at(*rules, *it, walk, it.key())) return false;
    }
    return true;
  };
}

std::string missing_beside(const std::string& name, const std::string& other) {
  return "must have property " + other + " when property " + name + " is present";
}

Keyword make_dependencies(const Json&, const Json& value, Compiler& compiler,
                          const std::string& where) {
  if (!value.is_object()) compiler.wrong(where, "must be an object");
  std::map<std::string, std::pair<std::vector<std::string>, SharedRules>> rules;
  for (auto it = value.begin(); it != value.end(); ++it) {
    const bool lists = it->is_array();
    rules[it.key()] = {lists ? compiler.names(*it, where) : std::vector<std::string>(),
                       compiler.compile(lists ? Json(true) : *it, where + '/' + it.key())};
  }
  return [rules](const Json& v, Walk& walk) {
    if (!v.is_object()) return true;
    for (const auto& [name, needed] : rules) {
      if (!v.contains(name)) continue;
      for (const std::string& other : needed.first)
        if (!v.contains(other))
          return fail(v, walk, "dependencies", missing_beside(name, other),
                      {{"property", name}, {"missingProperty", other}});
      if (!run(*needed.second, v, walk)) return false;
    }
    return true;
  };
}

Keyword make_properties(const Json&, const Json& value, Compiler& compiler,
                        const std::string& where) {
  if (!value.is_object()) compiler.wrong(where, "must be an object");
  std::vector<std::pair<std::string, SharedRules>> properties;
  for (auto it = value.begin(); it != value.end(); ++it)
    properties.emplace_back(it.key(), compiler.compile(*it, where + '/' + it.key()));
  return [properties](const Json& v, Walk& walk) {
    if (!v.is_object()) return true;
    for (const auto& [name, rules] : properties) {
      const auto found = v.find(name);
      if (found != v.end() && !run_at(*rules, *found, walk, name)) return false;
    }
    return true;
  };
}

Keyword make_pattern_properties(const Json& schema, const Json&, Compiler& compiler,
                                const std::string& where) {
  return [rules = pattern_rules(schema, compiler, where)](const Json& v, Walk& walk) {
    if (!v.is_object()) return true;
    for (const auto& [regex, inner] : rules)
      for (auto it = v.begin(); it != v.end(); ++it)
        if (regex.matches(it.key()) && !run_at(*inner, *it, walk, it.key())) return false;
    return true;
  };
}

}  // namespace sluice::json_schema
