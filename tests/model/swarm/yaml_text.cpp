#include <algorithm>

#include "tests/model/swarm/scenario_draw.hpp"

namespace sluice::swarm {
namespace {

bool is_plain(const std::string& text) {
  constexpr std::string_view kOthers = "_./-%";
  return !text.empty() && std::isalnum(static_cast<unsigned char>(text.front())) != 0 &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                  kOthers.find(c) != kOthers.npos;
         });
}

std::string flow(const Tree& tree) {
  if (tree.is_string() && is_plain(tree.get<std::string>())) return tree.get<std::string>();
  if (!tree.is_structured()) return tree.dump();
  std::string text;
  for (const auto& [key, value] : tree.items()) {
    if (!text.empty()) text += ", ";
    if (tree.is_object()) text += key + ": ";
    text += flow(value);
  }
  return tree.is_object() ? "{" + text + "}" : "[" + text + "]";
}

}  // namespace

/// A line for each thing of a section; all below it in one.
std::string yaml_text(const Tree& tree) {
  if (!tree.is_object()) return flow(tree) + "\n";
  std::string text;
  for (const auto& [key, value] : tree.items()) {
    if (!value.is_structured() || value.empty()) {
      text += key + ": " + flow(value) + "\n";
      continue;
    }
    text += key + ":\n";
    for (const auto& [name, thing] : value.items())
      text += "  " + (value.is_array() ? "- " : name + ": ") + flow(thing) + "\n";
  }
  return text;
}

}  // namespace sluice::swarm
