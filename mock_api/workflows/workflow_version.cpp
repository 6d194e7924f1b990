#include "mock_api/workflows/workflow_version.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "base/text/uuid.hpp"
#include "mock_api/contract/error_body.hpp"
#include "mock_api/vault/vault.hpp"

namespace sluice {
namespace {

/// JSON that a scenario file gave as text; `otherwise` if it gave none.
Json parsed_or(const std::string& text, Json otherwise) {
  if (text.empty()) return otherwise;
  std::string problem;
  std::optional<Json> json = parse_json(text, &problem);
  if (!json) throw std::invalid_argument(problem);
  return std::move(*json);
}

// ---- aliases

/// The whole schema of run_input_variables: with the aliases, as clients need them typed to let
/// pools through.
Json with_aliases(Json schema, const std::vector<VaultAlias>& aliases) {
  if (!schema.is_object() || aliases.empty()) return schema;
  if (!schema.contains("type")) schema["type"] = "object";
  Json properties = schema.value("properties", Json::object());
  Json required = schema.value("required", Json::array());
  for (const VaultAlias& alias : aliases) {
    properties[alias.name] = {{"type", {"string", "array"}},
                              {"items", {{"type", "string"}}},
                              {"minItems", 1},
                              {"description", "permissioned_user_id, or a pool of them"}};
    if (std::find(required.begin(), required.end(), alias.name) == required.end())
      required.push_back(alias.name);
  }
  schema["properties"] = std::move(properties);
  schema["required"] = std::move(required);
  return schema;
}

Json vault_schema_of(const std::vector<VaultAlias>& aliases) {
  Json schema = Json::object();
  for (const VaultAlias& alias : aliases)
    schema[alias.name] = {
        {"type", "credential"},
        {"domain", alias.domain.empty() ? std::string(kDefaultDomain) : alias.domain}};
  return schema;
}

// ---- the graph

Json node_of(const WorkflowStep& step, Json parameters) {
  return {{"id", step.node_id},
          {"name", step.name},
          {"action", step.action},
          {"parameters", std::move(parameters)}};
}

Json expected_answer(const ServedInteraction& interaction) {
  return parsed_or(interaction.expected, {{"type", "object"},
                                          {"properties", {{"answer", {{"type", "string"}}}}},
                                          {"required", {"answer"}}});
}

/// A text or flag of a node's parameters; null if it has none.
Json parameter(const Json& node, const char* name) {
  const auto parameters = node.find("parameters");
  if (parameters == node.end() || !parameters->is_object()) return nullptr;
  return parameters->value(name, Json());
}

bool ends_dry_runs(const Json& node) {
  return node.value("end_here_on_dry_run", Json()) == true ||
         parameter(node, "end_here_on_dry_run") == true;
}

std::string downloaded_name(const Json& node, std::size_t step) {
  const Json name = parameter(node, "file_name");
  if (name.is_string() && name != "") return name.get<std::string>();
  return "file-" + std::to_string(step + 1) + ".txt";
}

/// What the nodes of `version` mean for its runs.
void read_graph(WorkflowVersion& version) {
  std::vector<bool> asks(version.steps.size());
  version.downloads.clear();
  version.dry_run_end.reset();
  version.page.clear();
  std::size_t step = 0;  // START and END are none
  for (const Json& node : version.nodes) {
    const std::string action = node["action"];
    if (action != "END" && ends_dry_runs(node) && !version.dry_run_end)
      version.dry_run_end = static_cast<std::uint32_t>(step);
    if (action == "START") {
      if (const Json url = parameter(node, "url"); url.is_string()) version.page = url;
      continue;
    }
    if (action == "END") continue;
    if (action == "FILE_DOWNLOAD")
      version.downloads.push_back({static_cast<std::uint32_t>(step), downloaded_name(node, step)});
    asks[step++] = action == "USER_INTERACTION";
  }
  const auto first = std::find(asks.begin(), asks.end(), true);
  version.asks =
      static_cast<std::uint32_t>((first == asks.end() ? asks.size() - 1 : first - asks.begin()));
}

class GraphMaker {
 public:
  GraphMaker(const WorkflowConfig& config, const std::vector<std::string>& downloads,
             WorkflowVersion& version)
      : config_(config), downloads_(downloads), version_(version) {}

  void make() {
    version_.nodes = Json::array();
    version_.edges = Json::object();
    const std::string url = version_.aliases.empty() || version_.aliases[0].domain.empty()
                                ? std::string(kDefaultDomain)
                                : version_.aliases[0].domain;
    version_.start = add("Start", "START", {{"url", url}});
    for (std::uint32_t i = 1; i <= config_.steps; ++i)
      version_.steps.push_back(has_question() && i == config_.steps ? add_interaction(i)
                                                                    : add_step(i));
    version_.end = add("End", "END", Json::object());
  }

 private:
  /// A wait for a person is the end of a run's work, and so its last step.
  bool has_question() const {
    return config_.interaction &&
           version_.interaction.kind == ServedInteraction::Kind::user_interaction;
  }

  /// The name of the file that step `number` (from 1) downloads; null: none.
  const std::string* download(std::uint32_t number) const {
    const std::uint32_t last = config_.steps - (config_.interaction ? 1 : 0);
    const auto behind = static_cast<std::size_t>(last) - number;
    if (number > last || behind >= downloads_.size()) return nullptr;
    return &downloads_[downloads_.size() - 1 - behind];
  }

  Json flagged(Json node, std::uint32_t number) const {
    const std::uint32_t end = steps_done_by(config_.dry_run_fraction, config_.steps);
    if (config_.dry_run_fraction < 1 && !config_.interaction && number == end)
      node["end_here_on_dry_run"] = true;
    return node;
  }

  WorkflowStep add_step(std::uint32_t number) {
    if (const std::string* file = download(number))
      return add("Step " + std::to_string(number), "FILE_DOWNLOAD", {{"file_name", *file}}, number);
    constexpr std::array<const char*, 4> kActions{"NAVIGATE", "INPUT_TEXT", "CLICK",
                                                  "EXTRACT_DATAMODEL"};
    const std::string text = std::to_string(number);
    return add("Step " + text, kActions[(number - 1) % kActions.size()],
               {{"selector", "//*[@id='step-" + text + "']"}, {"wait_time", 15'000}}, number);
  }

  WorkflowStep add_interaction(std::uint32_t number) {
    Json parameters{{"message", version_.interaction.message},
                    {"expected_datamodel", expected_answer(version_.interaction)}};
    if (config_.interaction->timeout != Duration::max())
      parameters["timeout"] = config_.interaction->timeout.ns / 1'000'000;
    return add("Step " + std::to_string(number), "USER_INTERACTION", std::move(parameters), number);
  }

  /// `number`: of a step, from 1; 0: START or END.
  WorkflowStep add(std::string name, const char* action, Json parameters,
                   std::uint32_t number = 0) {
    WorkflowStep step{
        uuid_of_name("node", version_.id + '/' + std::to_string(version_.nodes.size())),
        std::move(name), action};
    if (!version_.nodes.empty())
      version_.edges[version_.nodes.back()["id"].get<std::string>()] = {{"to", step.node_id}};
    version_.nodes.push_back(flagged(node_of(step, std::move(parameters)), number));
    return step;
  }

  const WorkflowConfig& config_;
  const std::vector<std::string>& downloads_;
  WorkflowVersion& version_;
};

Json default_flags(const WorkflowVersion& version) {
  Json keys = Json::array();
  for (const VaultAlias& alias : version.aliases) keys.push_back(alias.name);
  return {{"enable_popup_handling", true},         {"enable_xpath_recovery", true},
          {"enable_error_code_generation", true},  {"enable_service_unavailable_recovery", true},
          {"enable_action_timing_recovery", true}, {"encrypted_keys", std::move(keys)}};
}

WorkflowVersion checked_version_of(const WorkflowConfig& config, const ServedWorkflow& served) {
  WorkflowVersion version;
  version.id = served.id.empty() ? uuid_of_name("workflow", config.name) : served.id;
  version.version_id = uuid_of_name("workflow version", version.id + "/1");
  version.created_by = "scenario";
  version.name = config.name;
  version.description = served.description;
  version.max_retries = config.max_retries;
  version.interaction = served.interaction;
  version.dry_run_fraction = config.dry_run_fraction;
  for (const std::string& alias : config.aliases) {
    const auto domain = served.domains.find(alias);
    const std::string text = domain == served.domains.end() ? "" : domain->second;
    version.aliases.push_back({alias, text, normal_domain(text)});
  }
  version.input_schema =
      parsed_or(served.input_schema, {{"type", "object"}, {"properties", Json::object()}});
  version.output_schema = parsed_or(served.output_schema, {{"type", "object"}});
  version.vault_schema = vault_schema_of(version.aliases);
  version.output = dump(parsed_or(served.output, {{"result", config.name + " done"}}));
  version.flags = default_flags(version);
  version.validator = InputValidator(with_aliases(version.input_schema, version.aliases));
  JsonSchema(version.output_schema).check(Json::object());
  JsonSchema(expected_answer(version.interaction)).check(Json::object());
  GraphMaker(config, served.downloads, version).make();
  read_graph(version);
  return version;
}

// ---- what a client puts

struct Wrong {
  std::string why;
};

const Json& given(const Json& body, const char* field, Json::value_t type, const char* what) {
  const auto found = body.find(field);
  if (found == body.end()) throw Wrong{std::string(field) + " should not be empty"};
  if (found->type() != type) throw Wrong{std::string(field) + " must be " + what};
  return *found;
}

std::vector<VaultAlias> aliases_of(const Json& schema) {
  std::vector<VaultAlias> aliases;
  if (!schema.is_object()) throw Wrong{"vault_schema must be an object"};
  for (auto it = schema.begin(); it != schema.end(); ++it) {
    const Json domain = it->is_object() ? it->value("domain", Json()) : Json();
    if (!domain.is_string()) throw Wrong{"vault_schema." + it.key() + ".domain must be a string"};
    aliases.push_back(
        {it.key(), domain.get<std::string>(), normal_domain(domain.get<std::string>())});
  }
  if (aliases.size() > kMaxNeeds)
    throw Wrong{"vault_schema has more than " + std::to_string(kMaxNeeds) + " aliases"};
  return aliases;
}

WorkflowStep step_of(const Json& node) {
  WorkflowStep step;
  for (const auto& [name, member] :
       {std::pair("id", &WorkflowStep::node_id), std::pair("name", &WorkflowStep::name),
        std::pair("action", &WorkflowStep::action)}) {
    if (!node.is_object() || !node.contains(name) || !node[name].is_string())
      throw Wrong{"each value in nodes must have id, name and action"};
    step.*member = node[name].get<std::string>();
  }
  return step;
}

void take_graph(const Json& nodes, WorkflowVersion& version) {
  std::size_t starts = 0;
  version.steps.clear();
  version.end = {};
  for (const Json& node : nodes) {
    WorkflowStep step = step_of(node);
    if (step.action == "START")
      ++starts, version.start = std::move(step);
    else if (step.action == "END")
      version.end = std::move(step);
    else
      version.steps.push_back(std::move(step));
  }
  if (starts != 1) throw Wrong{"nodes must have exactly one START"};
  if (version.end.node_id.empty()) version.end = version.start;
  if (version.steps.empty()) version.steps.push_back(version.start);
}

/// A graph that ends its dry runs where that of `before` does takes as much of their time.
double dry_run_fraction_of(const WorkflowVersion& version, const WorkflowVersion& before) {
  if (version.dry_run_end == before.dry_run_end && version.steps.size() == before.steps.size())
    return before.dry_run_fraction;
  if (!version.dry_run_end) return before.dry_run_end ? 1 : before.dry_run_fraction;
  return (*version.dry_run_end + 1.0) / static_cast<double>(version.steps.size());
}

void take_flags(const Json& body, Json& flags) {
  for (const char* name :
       {"use_native_actions", "video_record_session", "extract_network_urls", "encrypted_keys",
        "popup_xpaths", "proxy_setting", "proxy_value", "enable_popup_handling",
        "enable_action_timing_recovery", "enable_xpath_recovery", "enable_error_code_generation",
        "enable_service_unavailable_recovery", "enable_network_listener"})
    if (body.contains(name)) flags[name] = body[name];
}

void take_texts(const Json& body, WorkflowVersion& version) {
  const auto text = [&body](const char* name, std::string& out) {
    const auto found = body.find(name);
    if (found == body.end() || found->is_null()) return;
    if (!found->is_string()) throw Wrong{std::string(name) + " must be a string"};
    out = found->get<std::string>();
  };
  version.name = given(body, "name", Json::value_t::string, "a string").get<std::string>();
  version.note.clear();
  text("description", version.description);
  text("version_note", version.note);
}

std::uint32_t max_retries_of(const Json& body) {
  const auto found = body.find("max_retries");
  const bool good =
      found != body.end() && found->is_number_integer() && *found >= 0 && *found <= 1'000'000;
  if (!good) throw Wrong{"max_retries must be a whole number not less than 0"};
  return found->get<std::uint32_t>();
}

}  // namespace

std::uint32_t steps_done_by(double fraction, std::uint32_t steps) {
  constexpr double kRounding = 1e-9;  // 25 × 0.28 is a little more than 7
  return std::max(1u, static_cast<std::uint32_t>(std::ceil(steps * fraction - kRounding)));
}

WorkflowVersion version_of_scenario(const WorkflowConfig& config, const ServedWorkflow& served) {
  try {
    return checked_version_of(config, served);
  } catch (const std::exception& error) {
    throw std::invalid_argument("workflow `" + config.name + "`: " + error.what());
  }
}

std::variant<WorkflowVersion, HttpReply> version_of_body(const Json& body,
                                                         const WorkflowVersion& before) {
  try {
    WorkflowVersion version = before;
    take_texts(body, version);
    version.nodes = given(body, "nodes", Json::value_t::array, "an array");
    version.edges = given(body, "edges", Json::value_t::object, "an object");
    version.input_schema = given(body, "input_schema", Json::value_t::object, "an object");
    version.output_schema = given(body, "output_schema", Json::value_t::object, "an object");
    version.max_retries = max_retries_of(body);
    if (body.contains("vault_schema") && !body["vault_schema"].is_null()) {
      version.vault_schema = body["vault_schema"];
      version.aliases = aliases_of(version.vault_schema);
    }
    take_graph(version.nodes, version);
    read_graph(version);
    version.dry_run_fraction = dry_run_fraction_of(version, before);
    take_flags(body, version.flags);
    JsonSchema(version.input_schema).check(Json::object());
    JsonSchema(version.output_schema).check(Json::object());
    version.validator = InputValidator(with_aliases(version.input_schema, version.aliases));
    version.number = before.number + 1;
    version.created_by = "api";
    return version;
  } catch (const Wrong& wrong) {
    return bad_request_reply(wrong.why);
  } catch (const std::invalid_argument& error) {
    return bad_request_reply(error.what());
  } catch (const Json::exception&) {
    return bad_request_reply("a schema is malformed");
  }
}

bool same_for_pipeline(const WorkflowVersion& a, const WorkflowVersion& b) {
  const auto same_name = [](const VaultAlias& x, const VaultAlias& y) { return x.name == y.name; };
  return a.steps.size() == b.steps.size() && a.max_retries == b.max_retries &&
         a.dry_run_fraction == b.dry_run_fraction &&
         std::equal(a.aliases.begin(), a.aliases.end(), b.aliases.begin(), b.aliases.end(),
                    same_name);
}

}  // namespace sluice
