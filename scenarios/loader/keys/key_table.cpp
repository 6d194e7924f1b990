#include "scenarios/loader/keys/key_table.hpp"

#include <algorithm>

#include "base/text/suggestion.hpp"

namespace sluice {
namespace {

std::string joined(const std::vector<std::string>& names, std::string_view between) {
  std::string text;
  for (const std::string& name : names)
    text += (text.empty() ? "" : std::string(between)) + '`' + name + '`';
  return text;
}

bool contains(const std::vector<std::string>& set, const std::string& key) {
  return std::find(set.begin(), set.end(), key) != set.end();
}

std::string describe(const KeySets& sets) {
  std::string text;
  for (const auto& set : sets) text += (text.empty() ? "" : ", or ") + joined(set, " and ");
  return text;
}

bool given(const TreeNode& map, const std::string& key) {
  const TreeNode* value = map.find(key);
  return value != nullptr && !value->is_null();
}

bool check_sets(Reader& reader, const TreeNode& map, const KeySets& sets, std::string_view what) {
  if (sets.empty()) return true;
  std::vector<std::string> there;  // of all the keys in sets
  for (const auto& set : sets)
    for (const std::string& key : set)
      if (given(map, key) && !contains(there, key)) there.push_back(key);
  if (there.empty()) return reader.error(map.mark, std::string(what) + " needs " + describe(sets));
  std::vector<const std::vector<std::string>*> fitting;  // that hold all of them
  for (const auto& set : sets)
    if (std::all_of(there.begin(), there.end(),
                    [&](const std::string& key) { return contains(set, key); }))
      fitting.push_back(&set);
  if (fitting.empty())
    return reader.error(map.mark,
                        std::string(what) + " takes only one of these: " + describe(sets));
  const auto complete = [&](const auto* set) { return set->size() == there.size(); };
  if (std::any_of(fitting.begin(), fitting.end(), complete)) return true;
  return reader.error(
      map.mark,
      std::string(what) + " needs " +
          (fitting.size() == 1 ? joined(*fitting[0], " and ") + " together" : describe(sets)));
}

Json one_of(const KeySets& sets) {
  Json alternatives = Json::array();
  for (const auto& set : sets) {
    Json others = Json::array();
    for (const auto& other : sets)
      for (const std::string& key : other)
        if (!contains(set, key)) others.push_back(Json{{"required", Json::array({key})}});
    Json alternative{{"required", set}};
    if (!others.empty()) alternative["not"] = Json{{"anyOf", std::move(others)}};
    alternatives.push_back(std::move(alternative));
  }
  return alternatives;
}

}  // namespace

bool Reader::wrong(const TreeNode& node, std::string_view expected) {
  return error(node.mark,
               "expected " + std::string(expected) + ", and this is " + what_it_is(node));
}

bool Reader::error(const Mark& mark, std::string message) {
  return problems.error(mark, std::move(message));
}

TreeNode Reader::default_node(const std::string& text) {
  if (const auto found = default_nodes.find(text); found != default_nodes.end())
    return found->second;
  const std::uint32_t source = sources.add("default", text);
  TreeBudget enough;
  TreeNode node = parse_yaml(sources, source, 0, enough, problems).value_or(TreeNode{});
  const auto mark_default = [&](auto& self, TreeNode& part) -> void {
    part.mark.via = sources.default_via();
    for (TreeNode& item : part.items) self(self, item);
    for (Entry& entry : part.entries) self(self, entry.value);
  };
  mark_default(mark_default, node);
  return default_nodes.emplace(text, std::move(node)).first->second;
}

Json Schema::reference(const std::string& name, const std::function<Json(Schema&)>& make) {
  if (!definitions.contains(name)) {
    definitions[name] = Json::object();  // keeps its place, and ends recursion
    Json made = make(*this);
    definitions[name] = std::move(made);
  }
  return Json{{"$ref", "#/definitions/" + name}};
}

bool check_keys(Reader& reader, const TreeNode& map, const std::vector<const KeyInfo*>& keys,
                const KeySets& sets, std::string_view what) {
  std::vector<std::string_view> names;
  names.reserve(keys.size());
  for (const KeyInfo* key : keys) names.push_back(key->name);
  bool good = true;
  for (const Entry& entry : map.entries) {
    if (std::find(names.begin(), names.end(), entry.key.text) != names.end()) {
      // Keys can become the same only when params are put in; the rest was found before.
      if (map.find(entry.key.text) == &entry.value) continue;
      good = reader.error(entry.key.mark, "the key `" + entry.key.text + "` is given twice here");
      continue;
    }
    if (reader.problems.errors() > kMaxDiagnostics) return false;
    std::string allowed;
    for (const std::string_view name : names)
      allowed += (allowed.empty() ? "" : ", ") + std::string(name);
    good = reader.error(entry.key.mark, "unknown key " + what_it_is(entry.key) + " in " +
                                            std::string(what) + suggestion(entry.key.text, names) +
                                            "; allowed: " + allowed);
  }
  return check_sets(reader, map, sets, what) && good;
}

bool as_map(Reader& reader, TreeNode& node, std::string_view what) {
  if (node.is_null()) node.kind = TreeNode::Kind::map;
  return node.is_map() || reader.wrong(node, std::string(what) + ", a map of keys");
}

TreeNode* value_or_default(Reader& reader, TreeNode& map, const KeyInfo& key) {
  TreeNode* value = map.find(key.name);
  if (value != nullptr && !value->is_null()) return value;
  if (key.default_text.empty()) return nullptr;
  TreeNode node = reader.default_node(key.default_text);
  if (!take_copy(reader.budget, node)) {
    reader.error(map.mark, "the scenario is too large with its defaults filled in");
    return nullptr;
  }
  if (value != nullptr) return &(*value = std::move(node));
  Entry entry;
  entry.key.kind = TreeNode::Kind::scalar;
  entry.key.text = key.name;
  entry.key.mark = map.mark;
  entry.value = std::move(node);
  map.entries.push_back(std::move(entry));
  return &map.entries.back().value;
}

bool missing(Reader& reader, const TreeNode& map, const KeyInfo& key, std::string_view what) {
  return reader.error(map.mark,
                      std::string(what) + " needs the key `" + key.name + "`: " + key.description);
}

Json object_schema(const std::string& description,
                   const std::vector<std::pair<KeyInfo, Json>>& keys, const KeySets& sets) {
  Json json{{"type", "object"}, {"description", description}, {"additionalProperties", false}};
  Json& properties = json["properties"] = Json::object();
  Json required = Json::array();
  for (const auto& [info, schema] : keys) {
    std::string text = info.description;
    if (!info.default_text.empty()) text += " Default: `" + info.default_text + "`.";
    // Draft 7 ignores what stands beside `$ref`, so the description goes around it.
    Json described{{"description", std::move(text)}};
    if (!info.required)
      described["anyOf"] = Json::array({Json{{"type", "null"}}, schema});
    else
      described["allOf"] = Json::array({schema});
    properties[info.name] = std::move(described);
    if (info.required) required.push_back(info.name);
  }
  if (!required.empty()) json["required"] = std::move(required);
  if (!sets.empty()) json["oneOf"] = one_of(sets);
  return json;
}

Json object_schema(Schema& schema, const std::string& description,
                   const std::vector<std::pair<const KeyInfo*, const Describe*>>& keys,
                   const KeySets& sets) {
  std::vector<std::pair<KeyInfo, Json>> described;
  described.reserve(keys.size());
  for (const auto& [info, describe] : keys) described.emplace_back(*info, (*describe)(schema));
  return object_schema(description, described, sets);
}

Json any_of(std::vector<Json> alternatives) {
  if (alternatives.size() == 1) return std::move(alternatives[0]);
  return Json{{"anyOf", std::move(alternatives)}};
}

Describe describe_entries(std::string what, Describe value, std::size_t fewest) {
  return [what = std::move(what), value = std::move(value), fewest](Schema& schema) {
    Json json{{"type", "object"}, {"description", what}};
    if (fewest > 0) json["minProperties"] = fewest;
    json["additionalProperties"] = value(schema);
    return json;
  };
}

Describe describe_list(Describe item, std::size_t fewest) {
  return [item = std::move(item), fewest](Schema& schema) {
    Json json{{"type", "array"}};
    if (fewest > 0) json["minItems"] = fewest;
    json["items"] = item(schema);
    return json;
  };
}

Describe describe_named(std::string name, Describe definition) {
  return [name = std::move(name), definition = std::move(definition)](Schema& schema) {
    return schema.reference(name, definition);
  };
}

Describe describe_shapes(std::vector<Describe> shapes) {
  return [shapes = std::move(shapes)](Schema& schema) {
    std::vector<Json> alternatives;
    for (const Describe& shape : shapes) alternatives.push_back(shape(schema));
    return any_of(std::move(alternatives));
  };
}

Describe describe_one_key(std::string what, std::vector<std::pair<KeyInfo, Describe>> kinds) {
  return [what = std::move(what), kinds = std::move(kinds)](Schema& schema) {
    std::vector<std::pair<KeyInfo, Json>> described;
    described.reserve(kinds.size());
    for (const auto& [info, describe] : kinds) described.emplace_back(info, describe(schema));
    Json json = object_schema(what, described, {});
    json["minProperties"] = json["maxProperties"] = 1;
    return json;
  };
}

}  // namespace sluice
