#include "scenarios/loader/effective.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "base/random/random.hpp"
#include "base/text/json.hpp"
#include "base/text/units.hpp"
#include "scenarios/loader/sections/names.hpp"

namespace sluice {
namespace {

bool is_null_word(std::string_view text) {
  return text == "~" || text == "null" || text == "Null" || text == "NULL";
}

bool is_plain(std::string_view text) {
  constexpr std::string_view kAnywhere =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./%+-";
  if (text.empty() || is_null_word(text) || text.starts_with("...")) return false;
  if (text[0] == '-' || text[0] == '%' || text[0] == '+') return false;
  return text.find_first_not_of(kAnywhere) == text.npos;
}

/// A string of JSON is one of YAML.
std::string scalar(std::string_view text) {
  return is_plain(text) ? std::string(text) : quoted_json(text);
}

class Printer {
 public:
  /// Without sources no origins are printed.
  explicit Printer(const Sources* sources) : sources_(sources) {}

  std::string take() { return std::move(text_); }

  /// `first` and `rest`: what the first and the other lines begin with.
  void entries(const TreeNode& map, const std::string& first, const std::string& rest,
               std::string_view without = {}) {
    bool at_first = true;
    for (const Entry& entry : map.entries) {
      if (!without.empty() && entry.key.text == without) continue;
      text_ += (at_first ? first : rest) + scalar(entry.key.text) + ':';
      at_first = false;
      value(entry.value, rest);
    }
  }

  void value(const TreeNode& node, const std::string& indent) {
    if (is_one_line(node)) {
      text_ += ' ';
      inline_value(node);
      origin(node);
    } else if (node.is_map()) {
      text_ += '\n';
      entries(node, indent + "  ", indent + "  ");
    } else {
      text_ += '\n';
      items(node, indent + "  ");
    }
  }

 private:
  static bool is_one_line(const TreeNode& node) {
    if (node.is_map()) return node.entries.empty();
    if (!node.is_list()) return true;
    return std::none_of(node.items.begin(), node.items.end(),
                        [](const TreeNode& item) { return item.is_map() || item.is_list(); });
  }

  void items(const TreeNode& list, const std::string& indent) {
    for (const TreeNode& item : list.items) {
      if (item.is_map() && !item.entries.empty()) {
        entries(item, indent + "- ", indent + "  ");
      } else {
        text_ += indent + "-";
        value(item, indent);
      }
    }
  }

  void inline_value(const TreeNode& node) {
    switch (node.kind) {
      case TreeNode::Kind::null:
        text_ += '~';
        return;
      case TreeNode::Kind::scalar:
        text_ += scalar(node.text);
        return;
      case TreeNode::Kind::map:
        text_ += "{}";
        return;
      case TreeNode::Kind::list:
        break;
    }
    text_ += '[';
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      if (i > 0) text_ += ", ";
      inline_value(node.items[i]);
    }
    text_ += ']';
  }

  void origin(const TreeNode& node) {
    if (sources_ != nullptr) {
      const Mark& mark = node.is_list() && !node.items.empty() ? node.items[0].mark : node.mark;
      text_ += "  # ";
      text_ += mark.via != nullptr
                   ? mark.via->text
                   : (*sources_)[mark.source].name + ':' + std::to_string(mark.line);
    }
    text_ += '\n';
  }

  const Sources* sources_;
  std::string text_;
};

/// Sections whose entries may have a `count`.
bool has_counts(std::string_view section) {
  constexpr std::array kSections{"workspaces", "credentials", "submitters"};
  return std::find(kSections.begin(), kSections.end(), section) != kSections.end();
}

/// The names that an entry of such a section makes.
std::vector<std::string> names_made(const Entry& entry) {
  const TreeNode* count = entry.value.find("count");
  if (count == nullptr || !count->is_scalar()) return {entry.key.text};
  const Parsed<double> number = parse_number(count->text);
  if (!number || !(*number >= 1 && *number <= kMaxThings)) return {entry.key.text};
  std::vector<std::string> names;
  for (std::uint32_t i = 1; i <= static_cast<std::uint32_t>(*number); ++i)
    names.push_back(entry.key.text + "-" + std::to_string(i));
  return names;
}

std::string body(const Entry& entry, const Sources* sources) {
  Printer printer(sources);
  TreeNode value = entry.value;
  std::erase_if(value.entries, [](const Entry& e) { return e.key.text == "count"; });
  printer.value(value, "  ");
  return printer.take();
}

std::uint64_t hash_text(std::string_view text, std::uint64_t hash) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  return mix64(hash);
}

}  // namespace

std::string EffectiveTree::text() const {
  std::string text;
  for (const Entry& section : root_.entries) {
    const bool counted = has_counts(section.key.text) && !section.value.entries.empty();
    text += scalar(section.key.text) + ':';
    if (!counted) {
      Printer printer(sources_.get());
      printer.value(section.value, "");
      text += printer.take();
      continue;
    }
    text += '\n';
    for (const Entry& entry : section.value.entries) {
      const std::string rest = body(entry, sources_.get());
      for (const std::string& name : names_made(entry)) text += "  " + scalar(name) + ':' + rest;
    }
  }
  return text;
}

std::uint64_t EffectiveTree::hash() const {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const Entry& section : root_.entries) {
    if (section.key.text == "seed" || section.key.text == "replications") continue;
    hash = hash_text(section.key.text, hash);
    if (!has_counts(section.key.text)) {
      Printer printer(nullptr);
      printer.value(section.value, "");
      hash = hash_text(printer.take(), hash);
      continue;
    }
    for (const Entry& entry : section.value.entries) {
      const std::uint64_t rest = hash_text(body(entry, nullptr), 0);
      for (const std::string& name : names_made(entry)) hash = hash_text(name, hash ^ rest);
    }
  }
  return hash;
}

EffectiveTree::Place EffectiveTree::place_of(std::string_view key, std::size_t index) const {
  const TreeNode* node = root_.find(key);
  if (node != nullptr && node->is_list())
    node = index < node->items.size() ? &node->items[index] : nullptr;
  if (node == nullptr) return {};
  return {(*sources_)[node->mark.source].name, node->mark.line};
}

std::string hex(std::uint64_t hash) {
  std::array<char, 16> digits;
  digits.fill('0');
  std::array<char, 16> shown;
  const auto end = std::to_chars(shown.data(), shown.data() + shown.size(), hash, 16).ptr;
  std::copy(shown.data(), end, digits.end() - (end - shown.data()));
  return {digits.data(), digits.size()};
}

}  // namespace sluice
