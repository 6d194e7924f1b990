#include "tests/reports/valijson_schema.hpp"

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace sluice::test {

using Adapter = valijson::adapters::NlohmannJsonAdapter;

struct ValijsonSchema::Compiled {
  valijson::Schema schema;
};

ValijsonSchema::ValijsonSchema(const nlohmann::json& schema)
    : compiled_(std::make_unique<Compiled>()) {
  valijson::SchemaParser().populateSchema(Adapter(schema), compiled_->schema);
}

ValijsonSchema::~ValijsonSchema() = default;

std::string ValijsonSchema::violations(const nlohmann::json& document) const {
  valijson::ValidationResults results;
  if (valijson::Validator().validate(compiled_->schema, Adapter(document), &results)) return {};
  std::string text = "refused:\n";
  for (valijson::ValidationResults::Error error; results.popError(error);) {
    for (const std::string& part : error.context) text += part;
    text += ": " + error.description + "\n";
  }
  return text;
}

}  // namespace sluice::test
