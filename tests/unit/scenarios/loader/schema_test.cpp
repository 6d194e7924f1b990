// The JSON Schema: the committed file is what the tables give, and it agrees with the loader.
#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "scenarios/loader/schema.hpp"
#include "tests/unit/reports/valijson_schema.hpp"
#include "tests/unit/scenarios/loading.hpp"

namespace sluice {
namespace {

using namespace test;
using SortedJson = nlohmann::json;

const char* const kSchemaFile = SLUICE_SOURCE_DIR "/scenarios/schema/scenario.schema.json";

/// A YAML value as an editor sees it.
SortedJson to_json(const YAML::Node& node) {
  if (node.IsMap()) {
    SortedJson map = SortedJson::object();
    for (const auto& entry : node)
      if (entry.first.Scalar() == "<<")
        for (const auto& merged : entry.second) map[merged.first.Scalar()] = to_json(merged.second);
    for (const auto& entry : node)
      if (entry.first.Scalar() != "<<") map[entry.first.Scalar()] = to_json(entry.second);
    return map;
  }
  if (node.IsSequence()) {
    SortedJson list = SortedJson::array();
    for (const auto& item : node) list.push_back(to_json(item));
    return list;
  }
  if (node.IsNull()) return nullptr;
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return text;
  if (text == "true" || text == "false") return text == "true";
  const SortedJson number = SortedJson::parse(text, nullptr, false);
  return number.is_number() ? number : SortedJson(text);
}

class ScenarioSchema : public ::testing::Test {
 protected:
  std::string problems(const SortedJson& scenario) const { return schema_.violations(scenario); }

  const test::ValijsonSchema schema_{SortedJson::parse(scenario_schema().dump())};
};

/// The effective scenario: no params, includes or anchors, which a schema cannot see through.
SortedJson effective_json(const LoadedScenario& result) {
  return to_json(YAML::Load(effective_scenario(result)));
}

TEST(SchemaFile, is_what_the_tables_give) {
  const std::string generated = scenario_schema().dump(2) + "\n";
  if (std::getenv("SLUICE_UPDATE_EXPECTED") != nullptr) std::ofstream(kSchemaFile) << generated;
  EXPECT_TRUE(file_text(kSchemaFile) == generated)
      << "scenario.schema.json is old: run this test with SLUICE_UPDATE_EXPECTED=1";
}

std::vector<std::string> scenario_files() {
  std::vector<std::string> files{"tests/unit/scenarios/files/monday_batch.yaml",
                                 "tests/unit/scenarios/files/everything.yaml"};
  for (const char* folder : {"scenarios", "scenarios/incidents"})
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      if (entry.path().extension() == ".yaml") files.push_back(entry.path().string());
  return files;
}

TEST_F(ScenarioSchema, accepts_what_the_loader_accepts) {
  std::filesystem::current_path(SLUICE_SOURCE_DIR);
  for (const std::string& file : scenario_files()) {
    const LoadedScenario result = load_scenario(file);
    EXPECT_TRUE(result.scenario) << messages(result);
    EXPECT_EQ(problems(effective_json(result)), "") << file;
  }
}

/// Free JSON: what stands below is nobody's business here.
bool is_free(const std::string& key) {
  return key.ends_with("_schema") || key == "output" || key == "expected" || key == "inputs";
}

TEST_F(ScenarioSchema, does_not_demand_what_an_included_file_may_give) {
  const std::string_view part = R"(
include: base/office.yaml
resource_groups: {main: {dispatch: fifo, workers: {autoscaling: {max: 80}}}}
credentials: {portal: {login: {failure: 1%}}}
workflows: {claims: {max_retries: 3, failure: {timeout: {retry: true}}}}
submitters: {web: {priority: HIGH, arrivals: {closed_loop: {think_time: 3s}}}}
)";
  EXPECT_EQ(problems(to_json(YAML::Load(std::string(part)))), "");
  EXPECT_NE(problems(to_json(YAML::Load("include: a.yaml\nexpect: [{because: of it}]"))), "")
      << "lists are not merged";
}

/// Every change of one place of `json`, with what it does.
void for_each_change(SortedJson& root, SortedJson& here, const std::string& path,
                     const std::function<void(const std::string&)>& changed) {
  const auto with = [&](SortedJson& place, SortedJson value, const std::string& what) {
    std::swap(place, value);
    changed(path + what);
    std::swap(place, value);
  };
  if (here.is_object()) {
    SortedJson more = here;
    more["no_such_key"] = 1;
    with(here, more, ": an unknown key");
    for (const auto& key : std::vector<std::string>([&] {
           std::vector<std::string> keys;
           for (const auto& item : here.items()) keys.push_back(item.key());
           return keys;
         }())) {
      SortedJson fewer = here;
      fewer.erase(key);
      with(here, fewer, ": without " + key);
      if (!is_free(key)) for_each_change(root, here[key], path + "." + key, changed);
    }
  }
  with(here, SortedJson::array({SortedJson::array()}), ": a list of lists");
  with(here, "no such word!", ": odd text");
  if (here.is_number()) with(here, -1, ": negative");
}

/// The fuzzer reads changed scenarios under the sanitizers.
using ScenarioSchemaSlow = ScenarioSchema;

TEST_F(ScenarioSchemaSlow, agrees_with_the_loader_about_changed_scenarios) {
  std::filesystem::current_path(SLUICE_SOURCE_DIR);
  SortedJson scenario = effective_json(load_scenario("tests/unit/scenarios/files/everything.yaml"));
  const std::string name = "tests/unit/scenarios/files/everything.yaml";
  int refused_by_both = 0, only_by_schema = 0, changes = 0;
  for_each_change(scenario, scenario, "", [&](const std::string& what) {
    ++changes;
    const LoadedScenario result = load_scenario_text(scenario.dump(), name);
    const bool accepted = schema_.accepts(scenario);
    EXPECT_TRUE(!result.scenario || accepted)
        << what << ": the loader takes it; " << problems(scenario);
    only_by_schema += result.scenario && !accepted;
    refused_by_both += !result.scenario && !accepted;
    EXPECT_TRUE(!what.ends_with("a list of lists") || !accepted) << what;
  });
  EXPECT_EQ(only_by_schema, 0);
  EXPECT_GT(changes, 500);
  EXPECT_GT(refused_by_both, changes / 2);
}

void collect_properties(const SortedJson& schema, std::set<std::string>& names) {
  if (schema.is_object() && schema.contains("properties"))
    for (const auto& property : schema["properties"].items()) names.insert(property.key());
  if (schema.is_structured())
    for (const auto& part : schema) collect_properties(part, names);
}

void collect_keys(const YAML::Node& node, std::set<std::string>& names) {
  if (node.IsMap())
    for (const auto& entry : node)
      names.insert(entry.first.Scalar()), collect_keys(entry.second, names);
  if (node.IsSequence())
    for (const auto& item : node) collect_keys(item, names);
}

TEST_F(ScenarioSchema, each_key_stands_in_the_scenario_that_has_every_key) {
  std::set<std::string> known, used;
  collect_properties(SortedJson::parse(scenario_schema().dump()), known);
  collect_keys(YAML::LoadFile(source_file("tests/unit/scenarios/files/everything.yaml")), used);
  used.insert("include");
  for (const std::string& key : known) EXPECT_TRUE(used.contains(key)) << key;
}

}  // namespace
}  // namespace sluice
