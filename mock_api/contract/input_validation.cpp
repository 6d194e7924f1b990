#include "mock_api/contract/input_validation.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "mock_api/contract/error_body.hpp"

namespace sluice {
namespace {

constexpr unsigned bit(JsonKind kind) { return 1U << static_cast<unsigned>(kind); }

/// Bits of the kinds that a type takes; 0: unknown. A number such as `1.0` is an integer, too, but
/// only a look at its value tells.
unsigned kinds_of(const Json& type) {
  static const std::vector<std::pair<std::string, unsigned>> kTypes{
      {"null", bit(JsonKind::null)},
      {"boolean", bit(JsonKind::boolean)},
      {"integer", bit(JsonKind::integer)},
      {"number", bit(JsonKind::integer) | bit(JsonKind::number)},
      {"string", bit(JsonKind::string)},
      {"array", bit(JsonKind::array)},
      {"object", bit(JsonKind::object)}};
  unsigned kinds = 0;
  for (const Json& word : type.is_array() ? type : Json::array({type}))
    for (const auto& [name, bits] : kTypes)
      if (word == name) kinds |= bits;
  return kinds;
}

constexpr unsigned kAnyKind = 0x7F;

bool is_note(const std::string& keyword) {
  static const std::vector<std::string> kNotes{"title",  "description", "default", "examples",
                                               "format", "$comment",    "$schema", "$id"};
  return std::find(kNotes.begin(), kNotes.end(), keyword) != kNotes.end();
}

double value_of(std::string_view number) {
  double value = std::nan("");
  std::from_chars(number.data(), number.data() + number.size(), value);
  return value;
}

/// As the examples of the API write it: a missing property has no pointer.
std::string field_of(const SchemaProblem& problem) {
  return problem.keyword == "required" && problem.pointer.empty() ? "#/required" : problem.pointer;
}

}  // namespace

InputValidator::InputValidator(Json input_schema)
    : schema_(std::move(input_schema)), compiled_(schema_) {
  if (!schema_.is_object()) return;
  is_flat_ = true;
  for (auto it = schema_.begin(); it != schema_.end(); ++it) {
    if (it.key() == "type")
      is_flat_ = is_flat_ && (kinds_of(*it) & bit(JsonKind::object)) != 0;
    else if (it.key() == "additionalProperties" && it->is_boolean())
      closed_ = *it == false;
    else if (it.key() != "properties" && it.key() != "required" && it.key() != "definitions")
      is_flat_ = is_flat_ && is_note(it.key());
  }
  if (!is_flat_) return;
  const Json properties = schema_.value("properties", Json::object());
  for (auto it = properties.begin(); it != properties.end(); ++it) read_property(it.key(), *it);
  std::sort(properties_.begin(), properties_.end(),
            [](const Property& a, const Property& b) { return a.name < b.name; });
  for (const Json& name : schema_.value("required", Json::array())) {
    const auto found =
        std::find_if(properties_.begin(), properties_.end(),
                     [&name](const Property& property) { return name == property.name; });
    if (found != properties_.end())
      found->required = true;
    else
      is_flat_ = false;
  }
}

void InputValidator::read_property(const std::string& name, const Json& schema) {
  Property property;
  property.name = name;
  property.kinds = kAnyKind;
  property.is_plain = schema.is_object() || schema == true;
  if (schema.is_object())
    for (auto it = schema.begin(); it != schema.end(); ++it)
      property.is_plain = property.is_plain && take_keyword(property, it.key(), *it);
  // A limit on what may be a number, or on members, is left to the full check.
  if (!property.words.empty() && property.kinds != bit(JsonKind::string)) property.is_plain = false;
  properties_.push_back(std::move(property));
}

bool InputValidator::take_keyword(Property& property, const std::string& keyword,
                                  const Json& value) {
  if (keyword == "type") return (property.kinds = kinds_of(value)) != 0;
  if (keyword == "minLength") return property.least_length = value.get<std::size_t>(), true;
  if (keyword == "maxLength") return property.most_length = value.get<std::size_t>(), true;
  if (keyword == "minimum") return property.least = value.get<double>(), true;
  if (keyword == "maximum") return property.most = value.get<double>(), true;
  if (keyword == "minItems") return property.least_items = value.get<std::size_t>(), true;
  if (keyword == "pattern") return property.pattern.emplace(value.get<std::string>()), true;
  if (keyword == "items") return property.only_strings = value == Json{{"type", "string"}};
  if (keyword != "enum") return is_note(keyword);
  for (const Json& word : value) {
    if (!word.is_string()) return false;
    property.words.push_back(word.get<std::string>());
  }
  return true;
}

bool InputValidator::fits(const Property& property, const StartRun& run,
                          const InputVariable& variable) const {
  if (!property.is_plain || (property.kinds & bit(variable.kind)) == 0) return false;
  switch (variable.kind) {
    case JsonKind::string: {
      // No text has more code points than bytes, or less than a quarter of them.
      const std::size_t bytes = variable.text.size();
      const bool long_enough =
          property.least_length <= bytes / 4 || property.least_length <= code_points(variable.text);
      const bool short_enough =
          property.most_length >= bytes || property.most_length >= code_points(variable.text);
      const bool known = property.words.empty() ||
                         std::find(property.words.begin(), property.words.end(), variable.text) !=
                             property.words.end();
      return long_enough && short_enough && known &&
             (!property.pattern || property.pattern->matches(variable.text));
    }
    case JsonKind::integer:
    case JsonKind::number: {
      if (!property.least && !property.most) return true;
      const double value = value_of(variable.raw);
      return !(property.least && !(value >= *property.least)) &&
             !(property.most && !(value <= *property.most));
    }
    case JsonKind::array:
      if (property.only_strings)
        return variable.is_list_of_strings && variable.strings >= property.least_items;
      return property.least_items == 0 || (variable.is_list_of_strings &&
                                           run.strings_of(variable).size() >= property.least_items);
    case JsonKind::null:
    case JsonKind::boolean:
    case JsonKind::object:
      break;
  }
  return true;
}

bool InputValidator::surely_fits(const StartRun& run) const {
  if (!is_flat_) return false;
  std::size_t required = 0;
  for (const Property& property : properties_) required += property.required ? 1 : 0;
  for (const InputVariable& variable : run.variables) {
    const auto found = std::lower_bound(
        properties_.begin(), properties_.end(), variable.name,
        [](const Property& property, std::string_view name) { return property.name < name; });
    if (found == properties_.end() || found->name != variable.name) {
      if (closed_) return false;
      continue;
    }
    if (!fits(*found, run, variable)) return false;
    required -= found->required ? 1 : 0;  // names of variables are unique
  }
  return required == 0;
}

std::optional<HttpReply> InputValidator::refuse(const StartRun& run) const {
  if (surely_fits(run)) return std::nullopt;
  std::string problem;
  const std::optional<Json> inputs = parse_json(run.inputs, &problem);
  if (!inputs) return bad_request_reply("run_input_variables: " + problem);
  return refuse(*inputs);
}

std::optional<HttpReply> InputValidator::refuse(const Json& inputs) const {
  const std::optional<SchemaProblem> problem = compiled_.check(inputs);
  return problem ? std::optional(reply(*problem)) : std::nullopt;
}

HttpReply InputValidator::reply(const SchemaProblem& problem) const {
  Json error{{"field", field_of(problem)},
             {"message", problem.message},
             {"keyword", problem.keyword},
             {"expected", problem.expected}};
  const bool of_members =
      problem.keyword == "required" || problem.keyword == "additionalProperties";
  if (!of_members && problem.received != nullptr) error["received"] = *problem.received;
  return json_reply(400, Json{{"statusCode", 400},
                              {"message", "Validation failed for run_input_variables"},
                              {"run_input_variables_errors", Json::array({std::move(error)})},
                              {"input_schema", schema_}});
}

}  // namespace sluice
