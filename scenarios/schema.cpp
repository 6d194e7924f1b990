// The JSON Schema of scenario files, from the tables that drive the loader.
#include "scenarios/document.hpp"
#include "scenarios/loader.hpp"

namespace sluice {

nlohmann::ordered_json scenario_schema() {
  Schema schema;
  Json scenario = document_table().schema(schema);
  Json required = std::move(scenario["required"]);
  scenario.erase("required");
  // What is required may come from an included file.
  scenario["anyOf"] =
      Json::array({Json{{"required", {"include"}}}, Json{{"required", std::move(required)}}});

  Json root{{"$schema", "http://json-schema.org/draft-07/schema#"},
            {"title", "A scenario of Sluice"}};
  root.update(scenario);
  root["definitions"] = std::move(schema.definitions);
  return root;
}

}  // namespace sluice
