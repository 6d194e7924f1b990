#include "tests/unit/reports/valijson_schema.hpp"

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

bool ValijsonSchema::accepts(const nlohmann::json& document) const {
  return valijson::Validator().validate(compiled_->schema, Adapter(document), nullptr);
}

std::string ValijsonSchema::violations(const nlohmann::json& document) const {
  if (accepts(document)) return {};
  valijson::ValidationResults results;
  valijson::Validator().validate(compiled_->schema, Adapter(document), &results);
  std::string text = "refused:\n";
  for (valijson::ValidationResults::Error error; results.popError(error);) {
    for (const std::string& part : error.context) text += part;
    text += ": " + error.description + "\n";
  }
  return text;
}

}  // namespace sluice::test
