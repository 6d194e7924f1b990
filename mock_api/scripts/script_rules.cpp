#include "mock_api/scripts/script_rules.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "base/text/json.hpp"
#include "mock_api/contract/error_body.hpp"

namespace sluice {
namespace {

constexpr std::size_t kMaxScriptRules = 100;

void read_name(const Json& json, const char* key, std::string& out) {
  const auto found = json.find(key);
  if (found == json.end()) return;
  if (!found->is_string() || found->get_ref<const std::string&>().empty())
    throw std::string(key) + " must be a name";
  out = found->get<std::string>();
}

}  // namespace

/// Inputs apart.
bool ScriptRules::fits(const Rule& rule, const StartingRun& run) {
  if (rule.left && *rule.left == 0) return false;
  if (rule.level && *rule.level != run.body.priority_level) return false;
  if (!rule.workspace.empty() && rule.workspace != run.workspace) return false;
  if (!rule.client_id.empty() && rule.client_id != run.body.client_id) return false;
  return rule.workflow.empty() || rule.workflow == run.workflow_id ||
         rule.workflow == run.workflow_name;
}

std::uint64_t ScriptRules::fitting(const StartingRun& run) const {
  std::optional<Json> inputs;  // read when the first rule asks for them
  for (const Rule& rule : rules_) {
    if (!fits(rule, run)) continue;
    if (!rule.inputs) return rule.number;
    if (!inputs) inputs = parse_json(run.body.inputs).value_or(Json());
    if (contains_json(*inputs, *rule.inputs)) return rule.number;
  }
  return 0;
}

std::size_t ScriptRules::place_of(std::uint64_t number) const {
  const auto rule =
      std::ranges::find_if(rules_, [number](const Rule& r) { return r.number == number; });
  SLUICE_REQUIRE(rule != rules_.end(), "there is a rule with this number");
  return static_cast<std::size_t>(rule - rules_.begin());
}

StruckScript ScriptRules::script_of(std::uint64_t rule) const {
  return {rules_[place_of(rule)].script, "rule " + std::to_string(rule)};
}

void ScriptRules::struck(std::uint64_t number) {
  Rule& rule = rules_[place_of(number)];
  ++rule.times_struck;
  if (rule.left) --*rule.left;
}

void ScriptRules::reset() {
  rules_.clear();
  next_ = 1;
}

// ---- the admin API; what is wrong is thrown as text and caught in handle()

void ScriptRules::read_match(const Json& json, Rule& rule) {
  if (!json.is_object()) throw std::string("match must be an object");
  constexpr std::string_view kKeys = " workflow workspace priority client_id inputs ";
  for (auto it = json.begin(); it != json.end(); ++it)
    if (kKeys.find(' ' + it.key() + ' ') == kKeys.npos)
      throw "match has no key `" + it.key() +
          "`: it has workflow, workspace, priority, client_id and inputs";
  read_name(json, "workflow", rule.workflow);
  read_name(json, "workspace", rule.workspace);
  read_name(json, "client_id", rule.client_id);
  std::string level;
  read_name(json, "priority", level);
  if (!level.empty() && !(rule.level = level_named(level)))
    throw std::string("priority must be one of HIGH, MEDIUM, LOW");
  if (!json.contains("inputs")) return;
  if (!json["inputs"].is_object()) throw std::string("inputs must be an object");
  rule.inputs = json["inputs"];
}

void ScriptRules::read(const Json& json, Rule& rule) {
  if (!json.is_object()) throw std::string("the body must be an object");
  for (auto it = json.begin(); it != json.end(); ++it)
    if (it.key() != "match" && it.key() != "times" && it.key() != "script")
      throw "a rule has no key `" + it.key() + "`: it has match, times and script";
  if (json.contains("match")) read_match(json["match"], rule);
  if (const auto times = json.find("times"); times != json.end()) {
    if (!times->is_number_unsigned() || *times < 1 || *times > UINT32_MAX)
      throw std::string("times must be a whole number from 1 on");
    rule.left = times->get<std::uint64_t>();
  }
  const auto script = json.find("script");
  if (script == json.end()) throw std::string("a rule needs a script");
  std::string problem;
  auto read = read_script(*script, problem);
  if (!read) throw "script: " + problem;
  rule.script = *std::move(read);
  rule.json = json;
}

Json ScriptRules::to_json(const Rule& rule) {
  Json json{{"id", std::to_string(rule.number)}, {"struck", rule.times_struck}};
  json["left"] = rule.left ? Json(*rule.left) : Json(nullptr);
  json["does"] = describe(rule.script);
  json["rule"] = rule.json;
  return json;
}

HttpReply ScriptRules::add(const HttpRequest& request) {
  const std::optional<Json> json = parse_json(request.body);
  if (!json) return bad_request_reply("the body is not valid JSON");
  if (rules_.size() == kMaxScriptRules) return bad_request_reply("there are too many rules");
  Rule rule;
  rule.number = next_;
  read(*json, rule);
  ++next_;
  rules_.push_back(std::move(rule));
  return json_reply(201, to_json(rules_.back()));
}

HttpReply ScriptRules::remove(std::string_view id) {
  const auto removed =
      std::erase_if(rules_, [id](const Rule& rule) { return std::to_string(rule.number) == id; });
  return removed > 0 ? json_reply(200, Json{{"success", true}}) : not_found_reply("Script", id);
}

HttpReply ScriptRules::list() const {
  Json all = Json::array();
  for (const Rule& rule : rules_) all.push_back(to_json(rule));
  return json_reply(200, all);
}

std::optional<HttpReply> ScriptRules::handle(const HttpRequest& request,
                                             const std::vector<std::string>& path) {
  if (path.empty() || path[0] != "scripts" || path.size() > 2) return std::nullopt;
  try {
    if (path.size() == 2)
      return request.method == "DELETE" ? remove(path[1]) : error_reply(405, "Method not allowed");
    if (request.method == "POST") return add(request);
    if (request.method == "GET") return list();
    if (request.method != "DELETE") return error_reply(405, "Method not allowed");
    rules_.clear();
    return json_reply(200, Json{{"success", true}});
  } catch (const std::string& problem) {
    return bad_request_reply(problem);
  }
}

}  // namespace sluice
