#include "tests/model/swarm/shrink.hpp"

#include <cctype>
#include <string>
#include <vector>

namespace sluice::swarm {
namespace {

using Pointer = Tree::json_pointer;

/// All places in a tree, the larger parts first.
std::vector<Pointer> all_places(const Tree& tree) {
  std::vector<Pointer> all{Pointer()};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Pointer here = all[i];
    const Tree& part = tree.at(here);
    if (part.is_object())
      for (const auto& [key, value] : part.items()) all.push_back(here / key);
    else if (part.is_array())
      for (std::size_t item = 0; item < part.size(); ++item) all.push_back(here / item);
  }
  return all;
}

bool erase(Tree& tree, const Pointer& place) {
  Tree& parent = tree.at(place.parent_pointer());
  if (parent.is_object()) return parent.erase(place.back()) > 0;
  parent.erase(std::stoul(place.back()));
  return true;
}

/// "90s" → "45s"; nothing if there is no number to halve.
bool halve(Tree& value) {
  if (value.is_number_integer()) {
    if (value.get<int>() <= 1) return false;
    value = value.get<int>() / 2;
    return true;
  }
  if (!value.is_string()) return false;
  const std::string text = value.get<std::string>();
  std::size_t digits = 0;
  while (digits < text.size() && std::isdigit(static_cast<unsigned char>(text[digits])) != 0)
    ++digits;
  if (digits == 0 || digits > 9 || digits == text.size()) return false;
  const int number = std::stoi(text.substr(0, digits));
  if (number <= 1) return false;
  value = std::to_string(number / 2) + text.substr(digits);
  return true;
}

/// `{uniform: …}` → a time.
bool simplify(Tree& value) {
  if (!value.is_object() || value.size() != 1) return false;
  const std::string kind = value.begin().key();
  if (kind != "uniform" && kind != "exponential" && kind != "empirical") return false;
  value = "3s";
  return true;
}

}  // namespace

Tree shrink(Tree tree, const std::function<bool(const Tree&)>& still_fails, int most_tries) {
  int tries = 0;
  const auto keep_if_it_fails = [&](Tree smaller) {
    if (++tries > most_tries || !still_fails(smaller)) return false;
    tree = std::move(smaller);
    return true;
  };
  for (bool smaller = true; smaller && tries <= most_tries;) {
    smaller = false;
    const std::vector<Pointer> all = all_places(tree);
    for (std::size_t i = 1; i < all.size(); ++i) {
      if (!tree.contains(all[i])) continue;
      Tree without = tree;
      if (erase(without, all[i]) && keep_if_it_fails(std::move(without))) {
        smaller = true;
        continue;
      }
      Tree simpler = tree;
      if ((simplify(simpler.at(all[i])) || halve(simpler.at(all[i]))) &&
          keep_if_it_fails(std::move(simpler)))
        smaller = true;
    }
  }
  return tree;
}

}  // namespace sluice::swarm
