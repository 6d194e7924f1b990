#include "scenarios/loader/schema.hpp"

#include "scenarios/loader/sections/document.hpp"

namespace sluice {

namespace {

/// Takes away what an object must have, but not what an item of a list must have: lists are not
/// merged with those of an included file.
void allow_parts(Json& schema) {
  if (!schema.is_structured()) return;
  const bool is_map = schema.is_object() && schema.contains("type") && schema["type"] == "object";
  if (is_map) schema.erase("required");
  for (auto& [key, part] : schema.items())
    if (key != "items") allow_parts(part);
}

}  // namespace

nlohmann::ordered_json scenario_schema() {
  Schema schema;
  Json scenario = document_table().schema(schema);
  Json required = std::move(scenario["required"]);
  scenario.erase("required");
  // What is required may come from an included file, at any depth. The loader knows; a schema sees
  // the included file's name at most.
  for (const char* const merged :
       {"resource_group", "credential", "workflow", "failure", "submitter", "arrivals"})
    allow_parts(schema.definitions[merged]);
  scenario["anyOf"] =
      Json::array({Json{{"required", {"include"}}}, Json{{"required", std::move(required)}}});

  Json root{{"$schema", "http://json-schema.org/draft-07/schema#"},
            {"title", "A scenario of Sluice"}};
  root.update(scenario);
  root["definitions"] = std::move(schema.definitions);
  return root;
}

}  // namespace sluice
