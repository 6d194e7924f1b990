#include "scenarios/loader/yaml/params.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

#include "base/text/suggestion.hpp"
#include "base/text/units.hpp"
#include "scenarios/loader/yaml/expression.hpp"

namespace sluice {
namespace {

bool is_param_name(std::string_view name) {
  return !name.empty() && starts_param_name(name[0]) &&
         std::all_of(name.begin(), name.end(), continues_param_name);
}

class Substitution {
 public:
  Substitution(TreeBudget& budget, Problems& problems) : budget_(budget), problems_(problems) {}

  void define(const std::string& name, TreeNode value, const Via* via) {
    names_.push_back(name);
    const int depth = depth_of(value);
    params_.insert_or_assign(name, Param{std::move(value), via, depth});
  }

  const std::vector<std::string>& names() const { return names_; }
  std::vector<ParamValue> values() const {
    std::vector<ParamValue> values;
    for (const std::string& name : names_)
      if (const auto found = params_.find(name); found != params_.end())
        values.emplace_back(name, found->second.value.text);
    return values;
  }

  /// `depth`: of the lists and maps around `node`.
  void visit(TreeNode& node, int depth) {
    // What a param puts here was visited when the param was defined.
    if (node.is_scalar()) return visit_scalar(node, depth);
    for (TreeNode& item : node.items) visit(item, depth + 1);
    for (Entry& entry : node.entries) {
      visit_scalar(entry.key, depth + 1);
      if (!entry.key.is_scalar()) {
        problems_.error(entry.key.mark, "a key must be plain text");
        entry.key.kind = TreeNode::Kind::scalar;
      }
      visit(entry.value, depth + 1);
    }
  }

 private:
  struct Param {
    TreeNode value;
    const Via* via = nullptr;
    int depth = 0;
  };
  struct Reference {
    std::size_t begin = 0, end = 0;
    std::string name;
  };

  static std::optional<Reference> next_reference(std::string_view text, std::size_t from) {
    const std::size_t begin = text.find(kParamOpen, from);
    if (begin == text.npos) return std::nullopt;
    const std::size_t name = begin + kParamOpen.size();
    const std::size_t close = text.find(kParamClose, name);
    if (close == text.npos) return std::nullopt;
    std::string inside(text.substr(name, close - name));
    inside.erase(inside.find_last_not_of(' ') + 1);
    inside.erase(0, inside.find_first_not_of(' '));
    return Reference{begin, close + 1, std::move(inside)};
  }

  void visit_scalar(TreeNode& node, int depth) {
    if (const std::size_t at = node.text.find("${"); at != std::string::npos) {
      problems_.error_inside(
          node.mark, node.text, at,
          "`${` begins a reference to a param, `${name}`, or to what is calculated of "
          "some, `${2 * name}`, and this is none");
      return give_up(node);
    }
    const auto first = next_reference(node.text, 0);
    if (!first) return;
    const bool alone = first->begin == 0 && first->end == node.text.size();
    if (alone && is_param_name(first->name))
      replace(node, first->name, depth);
    else
      replace_inside(node, alone);
  }

  const Param* find(const TreeNode& node, const std::string& name) {
    const auto found = params_.find(name);
    if (found != params_.end()) return &found->second;
    std::vector<std::string_view> known(names_.begin(), names_.end());
    std::string nearest = suggestion(name, known);
    if (name.find('-') != name.npos)
      nearest += "; names may hold `-`: a minus has spaces around it";
    problems_.error(node.mark, "no param is called `" + name + "`" + nearest);
    return nullptr;
  }

  /// A name's value, or what an expression comes to; none after reporting why there is none.
  std::optional<std::string> text_of(TreeNode& node, const std::string& inside) {
    const auto text_of_param = [&](const std::string& name) -> std::optional<std::string> {
      const Param* param = find(node, name);
      if (param == nullptr) return std::nullopt;
      if (!param->value.is_scalar()) {
        problems_.error(node.mark, "the param `" + name + "` is " + what_it_is(param->value) +
                                       ", which cannot stand inside a text");
        return std::nullopt;
      }
      via_ = param->via;
      return param->value.text;
    };
    if (is_param_name(inside)) return text_of_param(inside);
    const Parsed<std::string> result = evaluate(inside, text_of_param);
    if (result) return *result;
    std::string shown = inside;
    std::replace(shown.begin(), shown.end(), ';', ',');
    if (!result.error.message.empty())
      problems_.error_inside(node.mark, node.text, result.error.offset + node.text.find(inside),
                             "`${" + shown + "}`: " + result.error.message);
    return std::nullopt;
  }

  void replace(TreeNode& node, const std::string& name, int depth) {
    const Param* param = find(node, name);
    if (param == nullptr) return give_up(node);
    if (depth + param->depth > kMaxDepth) {
      problems_.error(node.mark, "nested too deeply through the param `" + name + "`");
      return give_up(node);
    }
    if (!take_copy(budget_, param->value)) return too_large(node);
    TreeNode value = param->value;
    value.mark = node.mark;
    set_via(value, param->via);
    node = std::move(value);
  }

  /// `alone`: an expression that is all there is. What it comes to is no text in quotes.
  void replace_inside(TreeNode& node, bool alone) {
    std::string text;
    std::size_t at = 0;
    via_ = nullptr;
    for (auto next = next_reference(node.text, 0); next; next = next_reference(node.text, at)) {
      text += node.text.substr(at, next->begin - at);
      at = next->end;
      const std::optional<std::string> value = text_of(node, next->name);
      if (!value) return give_up(node);
      if (!budget_.take(0, value->size() + 64)) return too_large(node);
      text += *value;
    }
    if (via_ != nullptr) node.mark.via = via_;
    if (alone) node.quoted = false;
    node.text = text + node.text.substr(at);
  }

  void too_large(TreeNode& node) {
    problems_.error(node.mark, "the scenario becomes too large with the params put in");
    give_up(node);
  }

  static void give_up(TreeNode& node) {
    node.text.clear();
    node.kind = TreeNode::Kind::scalar;
    node.mark.via = Sources::broken();
  }

  static void set_via(TreeNode& node, const Via* via) {
    node.mark.via = via;
    for (TreeNode& item : node.items) set_via(item, via);
    for (Entry& entry : node.entries) {
      entry.key.mark.via = via;
      set_via(entry.value, via);
    }
  }

  TreeBudget& budget_;
  Problems& problems_;
  const Via* via_ = nullptr;  // of the last param that was put into the text under way
  std::map<std::string, Param> params_;
  std::vector<std::string> names_;
};

struct GivenParam {
  std::string name;
  Mark mark;
  std::optional<TreeNode> value;
};

std::vector<GivenParam> parse_given(const std::vector<std::pair<std::string, std::string>>& given,
                                    Sources& sources, TreeBudget& budget, Problems& problems) {
  std::vector<GivenParam> parsed;
  parsed.reserve(given.size());
  for (const auto& [name, value] : given) {
    const std::uint32_t source = sources.add("-p", std::string(name).append("=").append(value));
    const Mark mark{source, 1, 1, static_cast<int>(name.size()), nullptr};
    parsed.push_back({name, mark, parse_yaml(sources, source, name.size() + 1, budget, problems)});
  }
  return parsed;
}

/// The last value given for `name` on the command line, if any.
const GivenParam* find_given(const std::vector<GivenParam>& given, const std::string& name) {
  const auto found = std::find_if(given.rbegin(), given.rend(),
                                  [&](const GivenParam& param) { return param.name == name; });
  return found == given.rend() ? nullptr : &*found;
}

void define(Entry& entry, const std::vector<GivenParam>& given, Sources& sources,
            Substitution& substitution, Problems& problems) {
  const std::string& name = entry.key.text;
  if (!is_param_name(name)) {
    problems.error(entry.key.mark,
                   "`" + name + "` cannot be the name of a param: letters, digits, `_`, `-`, `.`");
    return;
  }
  if (const GivenParam* param = find_given(given, name); param != nullptr && param->value) {
    TreeNode value = *param->value;
    substitution.visit(value, 0);
    substitution.define(name, std::move(value),
                        sources.add_via(Via::Kind::param, "param " + name + ", -p"));
    return;
  }
  substitution.visit(entry.value, 0);
  const Mark& mark = entry.value.mark;
  const std::string place = mark.via != nullptr && mark.via->kind == Via::Kind::set
                                ? "--set"
                                : sources[mark.source].name + ":" + std::to_string(mark.line);
  substitution.define(name, entry.value,
                      sources.add_via(Via::Kind::param, "param " + name + ", " + place));
}

}  // namespace

std::vector<ParamValue> substitute_params(
    TreeNode& root, const std::vector<std::pair<std::string, std::string>>& given, Sources& sources,
    TreeBudget& budget, Problems& problems) {
  Substitution substitution(budget, problems);
  const std::vector<GivenParam> parsed = parse_given(given, sources, budget, problems);
  if (TreeNode* params = root.find("params")) {
    if (!params->is_map() && !params->is_null())
      problems.error(params->mark, "`params` is a map of names and default values, and this is " +
                                       what_it_is(*params));
    for (Entry& entry : params->entries) define(entry, parsed, sources, substitution, problems);
    std::erase_if(root.entries, [](const Entry& entry) { return entry.key.text == "params"; });
  }
  const std::vector<std::string>& names = substitution.names();
  for (const GivenParam& param : parsed) {
    if (std::find(names.begin(), names.end(), param.name) != names.end()) continue;
    const std::vector<std::string_view> known(names.begin(), names.end());
    problems.error(param.mark, no_such_param(param.name, known));
  }
  substitution.visit(root, 0);
  return substitution.values();
}

std::string no_such_param(const std::string& name, const std::vector<std::string_view>& known) {
  return "the scenario has no param `" + name + "`" +
         (known.empty() ? "; it has none at all" : suggestion(name, known));
}

}  // namespace sluice
