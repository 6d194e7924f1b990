#include "base/text/suggestion.hpp"

#include <cstddef>

#include "base/text/units.hpp"

namespace sluice {

std::string suggestion(std::string_view wrong, const std::vector<std::string_view>& names) {
  constexpr std::size_t kLongest = 100, kMost = 1000;
  if (wrong.empty() || wrong.size() > kLongest || names.size() > kMost) return {};
  const auto nearest = nearest_name(wrong, names);
  return nearest ? "; did you mean `" + std::string(*nearest) + "`?" : std::string();
}

}  // namespace sluice
