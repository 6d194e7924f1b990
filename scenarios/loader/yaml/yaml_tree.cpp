#include "scenarios/loader/yaml/yaml_tree.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <exception>
#include <sstream>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "scenarios/loader/yaml/yaml_traps.hpp"

namespace sluice {
namespace {

/// Ends the parsing of a text that is over a bound or cannot mean anything.
struct GiveUp {
  Mark mark;
  std::string message;
};

class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(std::uint32_t source, TreeBudget& budget, Problems& problems)
      : source_(source), budget_(budget), problems_(problems) {}

  bool complete() const { return complete_; }
  /// The last text in quotes, which the end of the file may have ended; an offset into the text.
  const std::pair<Mark, std::size_t>& last_quote() const { return last_quote_; }
  TreeNode take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    TreeNode node;
    node.mark = at(mark, 1);
    if (anchor != 0)
      problems_.error(node.mark,
                      "`&` names the value after it, and there is none: a text that begins with "
                      "`&` needs quotes");
    add(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (anchor >= anchors_.size() || !anchors_[anchor])
      throw GiveUp{at(mark, 1), "this alias stands inside the value that it refers to"};
    if (depth_of(*anchors_[anchor]) + static_cast<int>(open_.size()) > kMaxDepth)
      throw GiveUp{at(mark, 1), "nested too deeply through an alias"};
    if (!take_copy(budget_, *anchors_[anchor])) throw too_big(at(mark, 1));
    attach(*anchors_[anchor]);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    TreeNode node;
    node.kind = TreeNode::Kind::scalar;
    node.quoted = tag != "?";
    node.text = value;
    node.mark = at(mark, static_cast<int>(value.size()) + (tag == "!" ? 2 : 0));
    if (tag == "!") last_quote_ = {node.mark, static_cast<std::size_t>(mark.pos)};
    check_tag(tag, node.mark);
    add(std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(TreeNode::Kind::list, mark, tag, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(TreeNode::Kind::map, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override {
    drop_duplicates(open_.back().node);
    merge(open_.back().node);
    close();
  }

 private:
  struct Open {
    TreeNode node;
    YAML::anchor_t anchor = 0;
    std::optional<TreeNode> key;  ///< of a map: waiting for its value
  };

  Mark at(const YAML::Mark& mark, int length) const {
    return {source_, mark.line + 1, mark.column + 1, length, nullptr};
  }

  static GiveUp too_big(const Mark& mark) {
    return {mark,
            "the scenario is too large here: values and copies made by aliases together may cost " +
                std::to_string(kMaxTreeCost)};
  }

  void check_tag(const std::string& tag, const Mark& mark) {
    if (tag.empty() || tag == "?" || tag == "!" || tag.starts_with("tag:yaml.org,2002:")) return;
    problems_.error(mark, "the tag `" + tag +
                              "` has no meaning here; scenarios need no tags, and a "
                              "text that begins with `!` needs quotes");
  }

  void open(TreeNode::Kind kind, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor) {
    if (open_.size() >= static_cast<std::size_t>(kMaxDepth))
      throw GiveUp{at(mark, 1),
                   "nested too deeply: at most " + std::to_string(kMaxDepth) + " levels"};
    Open opened;
    opened.node.kind = kind;
    opened.node.mark = at(mark, 1);
    opened.anchor = anchor;
    check_tag(tag, opened.node.mark);
    open_.push_back(std::move(opened));
  }

  void close() {
    Open closed = std::move(open_.back());
    open_.pop_back();
    add(std::move(closed.node), closed.anchor);
  }

  void add(TreeNode node, YAML::anchor_t anchor) {
    if (!budget_.take(1, node.text.size())) throw too_big(node.mark);
    if (anchor != 0) keep(node, anchor);
    attach(std::move(node));
  }

  void attach(TreeNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      complete_ = true;
      return;
    }
    Open& parent = open_.back();
    if (parent.node.is_list()) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.key) {
      if (!node.is_scalar())
        throw GiveUp{node.mark, "a key must be plain text, and this is " + what_it_is(node)};
      parent.key = std::move(node);
    } else {
      parent.node.entries.push_back({std::move(*parent.key), std::move(node)});
      parent.key.reset();
    }
  }

  void keep(const TreeNode& node, YAML::anchor_t anchor) {
    if (!take_copy(budget_, node)) throw too_big(node.mark);
    if (anchor >= anchors_.size()) anchors_.resize(anchor + 1);
    anchors_[anchor] = node;
  }

  void drop_duplicates(TreeNode& map) {
    std::unordered_set<std::string_view> seen;
    std::vector<bool> duplicate;
    bool any = false;
    for (const Entry& entry : map.entries) {
      duplicate.push_back(!seen.insert(entry.key.text).second && entry.key.text != "<<");
      any = any || duplicate.back();
    }
    if (!any) return;
    std::vector<Entry> kept;
    for (std::size_t i = 0; i < map.entries.size(); ++i) {
      Entry& entry = map.entries[i];
      if (!duplicate[i]) continue;
      problems_.error(entry.key.mark, "the key `" + entry.key.text +
                                          "` is given twice here; first in line " +
                                          std::to_string(map.find(entry.key.text)->mark.line));
    }
    for (std::size_t i = 0; i < map.entries.size(); ++i)
      if (!duplicate[i]) kept.push_back(std::move(map.entries[i]));
    map.entries = std::move(kept);
  }

  /// `<<: *base`: the keys of `base` that the map does not have itself.
  void merge(TreeNode& map) {
    const auto is_merge = [](const Entry& e) { return e.key.text == "<<" && !e.key.quoted; };
    std::vector<TreeNode> merged;
    for (Entry& entry : map.entries)
      if (is_merge(entry)) merged.push_back(std::move(entry.value));
    if (merged.empty()) return;
    std::erase_if(map.entries, is_merge);
    std::unordered_set<std::string> seen;
    for (const Entry& entry : map.entries) seen.insert(entry.key.text);
    for (TreeNode& value : merged) {
      std::vector<TreeNode> maps;
      if (value.is_list())
        maps = std::move(value.items);
      else
        maps.push_back(std::move(value));
      for (TreeNode& base : maps) take_entries(base, map, seen);
    }
  }

  void take_entries(TreeNode& base, TreeNode& map, std::unordered_set<std::string>& seen) {
    if (!base.is_map()) {
      problems_.error(base.mark,
                      "`<<` takes a map or a list of maps, and this is " + what_it_is(base));
      return;
    }
    for (Entry& entry : base.entries)
      if (seen.insert(entry.key.text).second) map.entries.push_back(std::move(entry));
  }

  std::uint32_t source_;
  TreeBudget& budget_;
  Problems& problems_;
  std::vector<Open> open_;
  std::vector<std::optional<TreeNode>> anchors_;
  TreeNode root_;
  bool complete_ = false;
  std::pair<Mark, std::size_t> last_quote_{{}, SIZE_MAX};
};

/// Length of the UTF-8 character at `at`, 0 if there is none that a scenario may hold.
std::size_t character_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return first >= 0x20 || first == '\t' || first == '\n' || first == '\r';
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool no_character =
      (first == 0xED && byte(1) >= 0xA0) || (first == 0xF4 && byte(1) >= 0x90);
  return overlong || no_character || text.substr(at, 2) == kParamOpen ? 0 : length;
}

Mark mark_at(const Sources& sources, std::uint32_t source, std::size_t offset) {
  const auto& starts = sources[source].line_starts;
  std::size_t line = 0;
  while (line + 1 < starts.size() && starts[line + 1] <= offset) ++line;
  return {source, static_cast<int>(line) + 1, static_cast<int>(offset - starts[line]) + 1, 1,
          nullptr};
}

/// The end of `${…}` that starts at `at`, or npos: a name or an expression of them, on one line.
std::size_t param_end(std::string_view text, std::size_t at) {
  if (!text.substr(at).starts_with("${")) return text.npos;
  const std::size_t begin = at + 2;
  std::size_t end = begin;
  while (end < text.size() && continues_expression(text[end])) ++end;
  return end > begin && end < text.size() && text[end] == '}' ? end + 1 : text.npos;
}

std::string with_params_hidden(std::string text) {
  for (std::size_t at = text.find("${"); at != text.npos; at = text.find("${", at + 1)) {
    const std::size_t end = param_end(text, at);
    if (end == text.npos) continue;
    text.replace(at, 2, kParamOpen);
    text[end - 1] = kParamClose;
    std::replace(text.begin() + static_cast<std::ptrdiff_t>(at),
                 text.begin() + static_cast<std::ptrdiff_t>(end), ',', ';');
  }
  return text;
}

/// The opposite, for messages.
std::string with_params_shown(std::string text) {
  for (std::size_t at = text.find(kParamOpen); at != text.npos; at = text.find(kParamOpen, at)) {
    text.replace(at, kParamOpen.size(), "${");
    const std::size_t end = text.find(kParamClose, at + 2);
    if (end == text.npos) break;
    text[end] = '}';
    std::replace(text.begin() + static_cast<std::ptrdiff_t>(at),
                 text.begin() + static_cast<std::ptrdiff_t>(end), ';', ',');
  }
  return text;
}

/// Where U+07BF is written by its number, which quotes would turn into it; npos: nowhere.
std::size_t find_escaped_mark(std::string_view text) {
  for (std::size_t at = text.find('\\'); at != text.npos; at = text.find('\\', at + 2)) {
    const bool is_long = text.substr(at + 1).starts_with("U0000");
    if (!is_long && !text.substr(at + 1).starts_with('u')) continue;
    std::string digits(text.substr(at + (is_long ? 6 : 2), 4));
    for (char& c : digits) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    if (digits == "07BF") return at;
  }
  return text.npos;
}

bool check_text(const Sources& sources, std::uint32_t source, Problems& problems) {
  const std::string& text = sources[source].text;
  if (text.size() > kMaxFileBytes) {
    problems.error({source, 0, 0, 1, nullptr},
                   "is larger than " + std::to_string(kMaxFileBytes >> 20) + " MiB");
    return false;
  }
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = character_length(text, at);
    if (length == 0) {
      problems.error(mark_at(sources, source, at), "this byte is not text in UTF-8");
      return false;
    }
    at += length;
  }
  if (const std::size_t at = find_escaped_mark(text); at != text.npos) {
    problems.error(mark_at(sources, source, at),
                   "U+07BF cannot stand in a scenario: it marks params");
    return false;
  }
  return true;
}

}  // namespace

std::string what_it_is(const TreeNode& node) {
  constexpr std::size_t kShown = 60;
  switch (node.kind) {
    case TreeNode::Kind::null:
      return "nothing";
    case TreeNode::Kind::list:
      return "a list";
    case TreeNode::Kind::map:
      return "a map";
    case TreeNode::Kind::scalar:
      break;
  }
  const std::string text = with_params_shown(node.text);
  if (text.size() <= kShown) return '`' + text + '`';
  std::size_t cut = kShown;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
  return '`' + text.substr(0, cut) + "…`";
}

bool starts_param_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool continues_param_name(char c) {
  return starts_param_name(c) || std::isdigit(static_cast<unsigned char>(c)) || c == '-' ||
         c == '.';
}
bool continues_expression(char c) {
  return continues_param_name(c) || std::string_view(" +*/()%,").find(c) != std::string_view::npos;
}

bool TreeBudget::take(std::size_t nodes, std::size_t bytes) {
  const std::size_t cost = nodes + bytes / 64;
  if (cost > left) {
    left = 0;
    return false;
  }
  left -= cost;
  return true;
}

int depth_of(const TreeNode& node) {
  if (!node.is_list() && !node.is_map()) return 0;
  int deepest = 0;
  for (const TreeNode& item : node.items) deepest = std::max(deepest, depth_of(item));
  for (const Entry& entry : node.entries) deepest = std::max(deepest, depth_of(entry.value));
  return deepest + 1;
}

bool take_copy(TreeBudget& budget, const TreeNode& node) {
  if (!budget.take(1, node.text.size())) return false;
  for (const TreeNode& item : node.items)
    if (!take_copy(budget, item)) return false;
  for (const Entry& entry : node.entries)
    if (!take_copy(budget, entry.key) || !take_copy(budget, entry.value)) return false;
  return true;
}

std::optional<TreeNode> parse_yaml(const Sources& sources, std::uint32_t source,
                                   std::size_t skip_bytes, TreeBudget& budget, Problems& problems) {
  if (!check_text(sources, source, problems)) return std::nullopt;
  TreeBuilder builder(source, budget, problems);
  const Mark whole{source, 0, 0, 1, nullptr};
  try {
    std::string text = with_params_hidden(sources[source].text);
    text.replace(0, skip_bytes, skip_bytes, ' ');
    std::istringstream stream(std::move(text));
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder) || !builder.complete()) return TreeNode{};
    if (!quote_is_closed(sources[source].text, builder.last_quote().second)) {
      problems.error(builder.last_quote().first, "not YAML: a quote is never closed");
      return std::nullopt;
    }
    TreeNode root = builder.take();
    TreeBuilder rest(source, budget, problems);
    if (parser.HandleNextDocument(rest)) {
      problems.error(rest.complete() ? rest.take().mark : whole,
                     "a second document begins here; a scenario is one document");
      return std::nullopt;
    }
    return root;
  } catch (const GiveUp& end) {
    problems.error(end.mark, end.message);
  } catch (const YAML::Exception& e) {
    const Mark mark{source, e.mark.line + 1, e.mark.column + 1, 1, nullptr};
    problems.error(e.mark.is_null() ? whole : mark,
                   "not YAML: " + cause_of_yaml_error(sources[source].text,
                                                      static_cast<std::size_t>(e.mark.pos), e.msg));
  } catch (const std::exception& e) {
    problems.error(whole, std::string("not YAML: ") + e.what());
  }
  return std::nullopt;
}

}  // namespace sluice
