#include "scenarios/loader/sections/name_index.hpp"

#include <charconv>

namespace sluice {

NameIndex::Numbered NameIndex::split(std::string_view name) {
  const std::size_t dash = name.rfind('-');
  if (dash == name.npos || dash == 0 || dash + 1 == name.size() || name[dash + 1] == '0') return {};
  std::uint32_t number = 0;
  const auto end = name.data() + name.size();
  const auto [stop, problem] = std::from_chars(name.data() + dash + 1, end, number);
  if (problem != std::errc{} || stop != end) return {};
  return {name.substr(0, dash), number};
}

bool NameIndex::add(const std::string& name) {
  const auto id = static_cast<std::uint32_t>(names_.size());
  if (!ids_.emplace(name, id).second) return false;
  names_.push_back(name);
  const Numbered numbered = split(name);
  if (numbered.number == 0) return true;
  const std::string base(numbered.base);
  if (numbered.number == 1) families_.emplace(base, std::vector<std::uint32_t>{});
  const auto family = families_.find(base);
  if (family != families_.end() && family->second.size() + 1 == numbered.number)
    family->second.push_back(id);
  return true;
}

std::vector<std::uint32_t> NameIndex::find(const std::string& name) const {
  if (const auto found = ids_.find(name); found != ids_.end()) return {found->second};
  const auto family = families_.find(name);
  return family == families_.end() ? std::vector<std::uint32_t>{} : family->second;
}

std::vector<std::string_view> NameIndex::choices() const {
  std::vector<std::string_view> names;
  for (const std::string& name : names_) {
    const Numbered numbered = split(name);
    const auto family = families_.find(std::string(numbered.base));
    const bool in_family = numbered.number > 0 && family != families_.end() &&
                           family->second.size() >= numbered.number;
    if (!in_family)
      names.push_back(name);
    else if (numbered.number == 1)
      names.push_back(family->first);
  }
  return names;
}

}  // namespace sluice
