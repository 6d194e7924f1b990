#include "mock_api/contract/json_schema/schema_compiler.hpp"

#include <array>
#include <stdexcept>
#include <string_view>

namespace sluice::json_schema {
namespace {

/// In AJV's order: type, numbers, strings, any type, arrays, objects.
constexpr std::array<std::pair<std::string_view, Make>, 30> kKeywords{{
    {"$ref", make_ref},
    {"type", make_type},
    {"maximum", make_maximum},
    {"minimum", make_minimum},
    {"exclusiveMaximum", make_exclusive_maximum},
    {"exclusiveMinimum", make_exclusive_minimum},
    {"multipleOf", make_multiple_of},
    {"maxLength", make_max_length},
    {"minLength", make_min_length},
    {"pattern", make_pattern},
    {"const", make_const},
    {"enum", make_enum},
    {"not", make_not},
    {"anyOf", make_any_of},
    {"oneOf", make_one_of},
    {"allOf", make_all_of},
    {"if", make_if},
    {"maxItems", make_max_items},
    {"minItems", make_min_items},
    {"uniqueItems", make_unique_items},
    {"items", make_items},
    {"contains", make_contains},
    {"maxProperties", make_max_properties},
    {"minProperties", make_min_properties},
    {"required", make_required},
    {"propertyNames", make_property_names},
    {"additionalProperties", make_additional_properties},
    {"dependencies", make_dependencies},
    {"properties", make_properties},
    {"patternProperties", make_pattern_properties},
}};

/// The SDKs know properties whose definition is just a type, or a list of types.
Json completed(const Json& schema) {
  return schema.is_string() || schema.is_array() ? Json{{"type", schema}} : schema;
}

}  // namespace

void Compiler::wrong(const std::string& where, const std::string& what) const {
  throw std::invalid_argument("JSON Schema" + (where.empty() ? "" : " at " + where) + ": " + what);
}

SharedRules Compiler::compile(const Json& given, const std::string& where) {
  const Json schema = completed(given);
  if (++depth_ > kMaxJsonDepth) wrong(where, "nested too deep");
  auto rules = std::make_shared<Rules>();
  if (schema == false)
    rules->push_back([](const Json& v, Walk& walk) {
      return fail(v, walk, "false schema", "boolean schema is false");
    });
  else if (schema.is_object())
    add_keywords(schema, where, *rules);
  else if (schema != true)
    wrong(where, "must be an object, true or false");
  --depth_;
  return rules;
}

void Compiler::add_keywords(const Json& schema, const std::string& where, Rules& rules) {
  for (const auto& [name, make] : kKeywords) {
    const auto value = schema.find(name);
    if (value == schema.end()) continue;
    rules.push_back(make(schema, *value, *this, where + '/' + std::string(name)));
    if (name == "$ref") return;  // what stands beside it does not count
  }
}

SharedRules Compiler::reference(const Json& target, const std::string& where) {
  if (!target.is_string()) wrong(where, "must be a string");
  const std::string text = target.get<std::string>();
  if (!text.starts_with('#')) wrong(where, "only local references are followed");
  if (const auto known = references_.find(text); known != references_.end()) return known->second;
  const auto rules = references_.emplace(text, std::make_shared<Rules>()).first->second;
  const Json* found = nullptr;
  try {
    const Json::json_pointer pointer(text.substr(1));
    found = root_.contains(pointer) ? &root_.at(pointer) : nullptr;
  } catch (const Json::exception&) {
  }
  if (found == nullptr) wrong(where, "refers to nothing: " + text);
  *rules = *compile(*found, text);
  return rules;
}

std::vector<SharedRules> Compiler::keep() const {
  std::vector<SharedRules> all;
  for (const auto& [name, rules] : references_) all.push_back(rules);
  return all;
}

std::size_t Compiler::count(const Json& value, const std::string& where) const {
  if (!is_integer(value) || value < 0) wrong(where, "must be a whole number, 0 or more");
  return static_cast<std::size_t>(value.get<double>());
}

const Json& Compiler::number(const Json& value, const std::string& where) const {
  if (!value.is_number()) wrong(where, "must be a number");
  return value;
}

std::vector<std::string> Compiler::names(const Json& value, const std::string& where) const {
  std::vector<std::string> names;
  if (!value.is_array()) wrong(where, "must be a list of names");
  for (const Json& name : value) {
    if (!name.is_string()) wrong(where, "must be a list of names");
    names.push_back(name.get<std::string>());
  }
  return names;
}

Pattern Compiler::pattern(const Json& value, const std::string& where) const {
  if (!value.is_string()) wrong(where, "must be a string");
  try {
    return Pattern(value.get<std::string>());
  } catch (const std::invalid_argument& error) {
    wrong(where, error.what());
  }
}

std::vector<SharedRules> Compiler::many(const Json& value, const std::string& where) {
  if (!value.is_array() || value.empty()) wrong(where, "must be a list of schemas");
  std::vector<SharedRules> all;
  for (std::size_t i = 0; i < value.size(); ++i)
    all.push_back(compile(value[i], where + '/' + std::to_string(i)));
  return all;
}

}  // namespace sluice::json_schema
