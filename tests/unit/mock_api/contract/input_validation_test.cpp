// run_input_variables against schemas: AJV's words, and the same verdict as another validator.
#include "mock_api/contract/input_validation.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "mock_api/contract/json_schema/json_schema.hpp"
#include "tests/unit/reports/valijson_schema.hpp"

namespace sluice {
namespace {

using namespace ::testing;

const char* const kPatient = R"({
  "type": "object", "additionalProperties": false,
  "properties": {
    "USER": {"type": ["string", "array"], "items": {"type": "string"}, "minItems": 1},
    "npi_number": {"type": "string", "pattern": "^[0-9]{10}$"},
    "name": {"type": "string", "minLength": 1, "maxLength": 5},
    "age": {"type": "integer", "minimum": 0, "maximum": 150},
    "plan": {"type": "string", "enum": ["A", "B"]},
    "tags": {"type": "array", "items": {"type": "object", "required": ["id"]}}
  },
  "required": ["USER"]})";

class Inputs : public ::testing::Test {
 protected:
  Json refused(const std::string& inputs) {
    const StartRun* run =
        reader_.read(R"({"workflow_id":"w","run_input_variables":)" + inputs + "}");
    EXPECT_NE(run, nullptr) << reader_.problem();
    const auto reply = validator_.refuse(*run);
    surely_ = validator_.surely_fits(*run);
    if (!reply) return nullptr;
    EXPECT_EQ(reply->status, 400u);
    return Json::parse(reply->body);
  }
  Json problem(const std::string& inputs) {
    const Json body = refused(inputs);
    return body.is_null() ? body : body["run_input_variables_errors"][0];
  }

  StartRunReader reader_;
  InputValidator validator_{Json::parse(kPatient)};
  bool surely_ = false;
};

TEST_F(Inputs, that_fit_are_told_by_their_text) {
  EXPECT_EQ(refused(R"({"USER":"u","npi_number":"0123456789","name":"äöüßx","age":7,"plan":"A"})"),
            nullptr);
  EXPECT_TRUE(surely_);
  EXPECT_EQ(refused(R"({"USER":["u","v"],"tags":[{"id":1}]})"), nullptr);
  EXPECT_FALSE(surely_) << "lists of objects are looked at as JSON";
}

TEST_F(Inputs, that_do_not_fit_get_the_body_of_the_contract) {
  const Json body = refused(R"({"USER":"u","npi_number":"12"})");
  EXPECT_EQ(body["statusCode"], 400);
  EXPECT_EQ(body["message"], "Validation failed for run_input_variables");
  EXPECT_EQ(body["input_schema"], Json::parse(kPatient));
  EXPECT_EQ(body["run_input_variables_errors"].dump(),
            R"([{"field":"/npi_number","message":"must match pattern \"^[0-9]{10}$\"",)"
            R"("keyword":"pattern","expected":{"pattern":"^[0-9]{10}$"},"received":"12"}])");
}

TEST_F(Inputs, without_a_required_one_name_it) {
  EXPECT_EQ(problem("{}").dump(),
            R"({"field":"#/required","message":"must have required property 'USER'",)"
            R"("keyword":"required","expected":{"missingProperty":"USER"}})");
}

TEST_F(Inputs, have_the_words_of_each_keyword) {
  const auto says = [this](const std::string& inputs) {
    const Json p = problem(inputs);
    return p["field"].get<std::string>() + ": " + p["message"].get<std::string>();
  };
  EXPECT_EQ(says(R"({"USER":1})"), "/USER: must be string,array");
  EXPECT_EQ(says(R"({"USER":[]})"), "/USER: must NOT have fewer than 1 items");
  EXPECT_EQ(says(R"({"USER":["a",1]})"), "/USER/1: must be string");
  EXPECT_EQ(says(R"({"USER":"u","other":1})"), ": must NOT have additional properties");
  EXPECT_EQ(says(R"({"USER":"u","name":""})"), "/name: must NOT have fewer than 1 characters");
  EXPECT_EQ(says(R"({"USER":"u","name":"123456"})"), "/name: must NOT have more than 5 characters");
  EXPECT_EQ(says(R"({"USER":"u","age":-1})"), "/age: must be >= 0");
  EXPECT_EQ(says(R"({"USER":"u","age":1.5})"), "/age: must be integer");
  EXPECT_EQ(says(R"({"USER":"u","plan":"C"})"),
            "/plan: must be equal to one of the allowed values");
  EXPECT_EQ(says(R"({"USER":"u","tags":[{"id":1},{}]})"),
            "/tags/1: must have required property 'id'");
  EXPECT_EQ(problem(R"({"USER":"u","age":1.0})"), nullptr) << "1.0 is an integer in JavaScript";
}

TEST(ASchema, follows_local_references_that_recur) {
  const JsonSchema schema(Json::parse(R"({"definitions":{"tree":{"type":"object",
      "properties":{"left":{"$ref":"#/definitions/tree"}},"additionalProperties":false}},
      "$ref":"#/definitions/tree"})"));
  EXPECT_FALSE(schema.check(Json::parse(R"({"left":{"left":{}}})")));
  EXPECT_EQ(schema.check(Json::parse(R"({"left":{"left":{"x":1}}})"))->pointer, "/left/left");
  const JsonSchema loop(Json::parse(R"({"definitions":{"a":{"$ref":"#/definitions/a"}},
                                        "$ref":"#/definitions/a"})"));
  EXPECT_TRUE(loop.check(1)) << "does not hang";
}

TEST(ASchema, that_is_none_is_refused_with_the_place) {
  const auto says = [](const char* text) -> std::string {
    try {
      JsonSchema schema(Json::parse(text));
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(says(R"({"properties":{"a":{"type":"text"}}})"),
            "JSON Schema at /properties/a/type: must be a type's name or a list of them");
  EXPECT_EQ(says(R"({"minLength":-1})"),
            "JSON Schema at /minLength: must be a whole number, 0 or more");
  EXPECT_EQ(says(R"({"$ref":"#/nowhere"})"), "JSON Schema at /$ref: refers to nothing: #/nowhere");
  EXPECT_EQ(says(R"({"pattern":"(["})"),
            "JSON Schema at /pattern: `([` is not a regular expression");
  EXPECT_EQ(says(R"({"properties":{"a":"string","b":["string","null"]}})"), "accepted");
}

// ---- the same verdict as valijson's

Json random_schema(int depth);

Json random_value(int depth) {
  switch (*rc::gen::inRange(0, depth > 0 ? 8 : 6)) {
    case 0:
      return nullptr;
    case 1:
      return *rc::gen::arbitrary<bool>();
    case 2:
      return *rc::gen::inRange(-3, 4);
    case 3:
      return *rc::gen::inRange(-3, 4) + 0.5;
    case 4:
    case 5:
      return *rc::gen::elementOf(std::vector<std::string>{"", "a", "ab", "abc", "éé"});
    case 6: {
      Json list = Json::array();
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i) list.push_back(random_value(depth - 1));
      return list;
    }
    default: {
      Json object = Json::object();
      for (const char* name : {"a", "b", "c"})
        if (*rc::gen::arbitrary<bool>()) object[name] = random_value(depth - 1);
      return object;
    }
  }
}

Json random_type() {
  return *rc::gen::elementOf(std::vector<std::string>{"null", "boolean", "integer", "number",
                                                      "string", "array", "object"});
}

int random_count() { return *rc::gen::inRange(0, 3); }

void add_flat_keyword(Json& schema) {
  static const std::vector<std::string> kCounts{"minLength", "maxLength",     "minItems",
                                                "maxItems",  "minProperties", "maxProperties"};
  static const std::vector<std::string> kPatterns{"^a", "b", "^.$"};
  switch (*rc::gen::inRange(0, 12)) {
    case 0:
      schema["type"] = random_type();
      break;
    case 1:
      schema["type"] = Json::array({random_type(), "string"});
      break;
    case 2:
      schema["minimum"] = random_count() - 1;
      break;
    case 3:
      schema["maximum"] = random_count() - 1;
      break;
    case 4:
      schema["pattern"] = *rc::gen::elementOf(kPatterns);
      break;
    case 5:
      schema["enum"] = Json::array({"a", 1, random_value(1)});
      break;
    case 6:
      schema["const"] = random_value(1);
      break;
    case 7:
      schema["uniqueItems"] = true;
      break;
    case 8:
      schema["required"] = Json::array({"a"});
      break;
    case 9:
      schema["dependencies"] = {{"a", Json::array({"b"})}};
      break;
    default:
      schema[*rc::gen::elementOf(kCounts)] = random_count();
  }
}

void add_keyword(Json& schema, int depth) {
  static const std::vector<std::string> kOfOne{"items", "contains", "not", "additionalProperties"};
  static const std::vector<std::string> kOfTwo{"allOf", "anyOf", "oneOf"};
  const auto inner = [depth] { return random_schema(depth - 1); };
  switch (*rc::gen::inRange(0, depth > 0 ? 12 : 6)) {
    case 6:
      schema["additionalProperties"] = *rc::gen::arbitrary<bool>();
      break;
    case 7:
    case 8:
      schema[*rc::gen::elementOf(kOfOne)] = inner();
      break;
    case 9:
      schema[*rc::gen::elementOf(kOfTwo)] = Json::array({inner(), inner()});
      break;
    case 10:
      schema["patternProperties"] = {{"^[ab]", inner()}};
      break;
    case 11:
      schema["properties"] = {{"a", inner()}, {"b", inner()}};
      break;
    default:
      add_flat_keyword(schema);
  }
}

Json random_schema(int depth) {
  Json schema = Json::object();
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) add_keyword(schema, depth);
  return schema;
}

bool valijson_accepts(const Json& schema_json, const Json& value_json) {
  const nlohmann::json schema = nlohmann::json::parse(schema_json.dump());
  const nlohmann::json value = nlohmann::json::parse(value_json.dump());
  return test::ValijsonSchema(schema).accepts(value);
}

RC_GTEST_PROP(ASchema, judges_as_valijson_does, ()) {
  const Json schema = random_schema(2);
  const Json value = random_value(2);
  RC_LOG() << schema.dump() << "\n" << value.dump() << "\n";
  const bool fits = !JsonSchema(schema).check(value);
  RC_CLASSIFY(fits, "fits");
  RC_ASSERT(fits == valijson_accepts(schema, value));
}

RC_GTEST_PROP(InputText, fits_surely_only_what_fits, ()) {
  Json schema{{"type", "object"}, {"properties", Json::object()}};
  for (const char* name : {"a", "b", "c"}) schema["properties"][name] = random_schema(1);
  if (*rc::gen::arbitrary<bool>()) schema["required"] = Json::array({"a"});
  if (*rc::gen::arbitrary<bool>()) schema["additionalProperties"] = false;
  Json inputs = Json::object();
  for (const char* name : {"a", "b", "c", "d"})
    if (*rc::gen::inRange(0, 4) > 0) inputs[name] = random_value(1);
  RC_LOG() << schema.dump() << "\n" << inputs.dump() << "\n";
  const InputValidator validator(schema);
  StartRunReader reader;
  const StartRun* run =
      reader.read(R"({"workflow_id":"w","run_input_variables":)" + inputs.dump() + "}");
  RC_ASSERT(run != nullptr);
  const bool surely = validator.surely_fits(*run);
  RC_CLASSIFY(surely, "surely fits");
  RC_ASSERT(!surely || valijson_accepts(schema, inputs));
  RC_ASSERT(!validator.refuse(*run) == valijson_accepts(schema, inputs));
}

}  // namespace
}  // namespace sluice
