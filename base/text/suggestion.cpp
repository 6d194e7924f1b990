#include "base/text/suggestion.hpp"

#include <algorithm>
#include <cstddef>

namespace sluice {
namespace {

/// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1])});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(above);
    above.swap(row);
  }
  return above[b.size()];
}

}  // namespace

std::optional<std::string_view> nearest_name(std::string_view wrong,
                                             const std::vector<std::string_view>& names) {
  // A name that a person would not recognise as a typo is no help.
  constexpr std::size_t kLongest = 200;
  if (wrong.empty() || wrong.size() > kLongest) return std::nullopt;
  std::size_t best = std::max<std::size_t>(1, std::min<std::size_t>(4, wrong.size() / 3)) + 1;
  std::optional<std::string_view> nearest;
  for (const std::string_view name : names) {
    if (name.size() > wrong.size() + best || wrong.size() > name.size() + best) continue;
    const std::size_t distance = edit_distance(wrong, name);
    if (distance >= best) continue;
    best = distance;
    nearest = name;
  }
  return nearest;
}

std::string did_you_mean(std::string_view wrong, const std::vector<std::string_view>& names) {
  const auto nearest = nearest_name(wrong, names);
  return nearest ? "; did you mean '" + std::string(*nearest) + "'?" : "";
}

std::string suggestion(std::string_view wrong, const std::vector<std::string_view>& names) {
  constexpr std::size_t kLongest = 100, kMost = 1000;
  if (wrong.empty() || wrong.size() > kLongest || names.size() > kMost) return {};
  const auto nearest = nearest_name(wrong, names);
  return nearest ? "; did you mean `" + std::string(*nearest) + "`?" : std::string();
}

}  // namespace sluice
