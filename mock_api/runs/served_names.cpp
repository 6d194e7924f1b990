#include "mock_api/runs/served_names.hpp"

#include <utility>

#include "base/text/json.hpp"
#include "mock_api/scripts/run_script.hpp"

namespace sluice {
namespace {

/// What a run without a schema of its own asks for: one text.
constexpr std::string_view kAnyAnswer =
    R"({"type":"object","properties":{"answer":{"type":"string"}},"required":["answer"]})";

std::vector<std::string> required_by(const std::string& schema_text) {
  std::vector<std::string> names;
  const auto schema = parse_json(schema_text);
  if (!schema || !schema->is_object()) return names;
  const auto required = schema->find("required");
  if (required != schema->end() && required->is_array()) {
    for (const Json& name : *required)
      if (name.is_string()) names.push_back(name.get<std::string>());
  } else if (const auto all = schema->find("properties");
             all != schema->end() && all->is_object()) {
    for (const auto& property : all->items()) names.push_back(property.key());
  }
  return names;
}

/// `shown`: as GET /vault has it.
Json entry_json(const std::string& alias, const VaultEntry& entry, const Json& shown) {
  Json json{{"permissioned_user_id", entry.user_id}, {"alias", alias}, {"domain", entry.domain}};
  for (const char* field : {"user_name", "password", "tfa_secret"})
    if (const auto found = shown.find(field); found != shown.end()) json[field] = *found;
  return json;
}

}  // namespace

NodeName ServedNames::node(const ServedRun& run, std::uint32_t step) const {
  const WorkflowVersion& v = version(run);
  const WorkflowStep& node = step == kNoStep         ? v.start
                             : step < v.steps.size() ? v.steps[step]
                                                     : v.end;
  return {node.node_id, node.name, node.action, v.page};
}

bool ServedNames::dry_run_asks(const ServedRun& run) const {
  const WorkflowVersion& v = version(run);
  return !v.dry_run_end || *v.dry_run_end >= v.asks;
}

std::optional<std::uint32_t> ServedNames::step_of(const ServedRun& run,
                                                  std::string_view node_id) const {
  const WorkflowVersion& v = version(run);
  if (node_id == v.start.node_id) return 0;
  if (node_id == v.end.node_id) return static_cast<std::uint32_t>(v.steps.size());
  for (std::size_t i = 0; i < v.steps.size(); ++i)
    if (v.steps[i].node_id == node_id) return static_cast<std::uint32_t>(i);
  return std::nullopt;
}

std::string ServedNames::output(const ServedRun& run) const {
  if (run.status != RunStatus::success) return "null";
  const bool is_scripted = run.script && !run.script->script.output.empty();
  const std::string& own = is_scripted ? run.script->script.output : version(run).output;
  if (!run.settings.dry_run || run.settings.add_to_output.empty()) return own;
  auto merged = parse_json(own);
  const auto added = parse_json(run.settings.add_to_output);
  if (!merged || !added || !merged->is_object() || !added->is_object()) return own;
  merged->update(*added);
  return dump(*merged);
}

std::string ServedNames::vault_entries(const ServedRun& run) const {
  if (run.alias_count == 0 || !run.ever_started()) return "null";
  Json entries = Json::object();
  const auto& aliases = version(run).aliases;
  for (std::size_t i = 0; i < run.alias_count && i < aliases.size(); ++i)
    if (const auto entry = vault_.entry_at(run.workspace, run.held[i], run.attempts.back().start))
      entries[aliases[i].name] =
          entry_json(aliases[i].name, *entry, vault_.secrets(run.workspace, *entry));
  return dump(entries);
}

InteractionWords ServedNames::interaction(const ServedRun& run) const {
  ServedInteraction interaction = version(run).interaction;
  if (run.script && run.script->script.asks) {
    const RunScript::Question& asked = *run.script->script.asks;
    interaction.kind = asked.input_required ? ServedInteraction::Kind::input_required
                                            : ServedInteraction::Kind::user_interaction;
    if (!asked.message.empty()) interaction.message = asked.message;
    if (!asked.expected.empty()) interaction.expected = asked.expected;
  }
  InteractionWords words;
  words.message = interaction.message;
  words.expected = interaction.expected.empty() ? std::string(kAnyAnswer) : interaction.expected;
  words.missing = required_by(words.expected);
  words.input_required = interaction.kind == ServedInteraction::Kind::input_required;
  return words;
}

}  // namespace sluice
