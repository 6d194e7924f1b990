#include "experiments/settings/grid.hpp"

#include <algorithm>
#include <string>

#include "base/check.hpp"

namespace sluice {

std::size_t size_of_grid(std::span<const Choice> choices) {
  std::size_t size = 1;
  for (const Choice& choice : choices)
    size = std::min(kMostSettings + 1, size * choice.values.size());
  return size;
}

std::vector<Setting> grid_of(std::span<const Choice> choices) {
  const std::size_t size = size_of_grid(choices);
  SLUICE_REQUIRE(size <= kMostSettings, "a grid of settings is bounded");
  std::vector<Setting> grid(size);
  for (std::size_t i = 0; i < size; ++i) {
    grid[i].values.resize(choices.size());
    std::size_t rest = i;
    for (std::size_t c = choices.size(); c-- > 0;) {
      const std::vector<std::string>& values = choices[c].values;
      grid[i].values[c] = {choices[c].name, values[rest % values.size()]};
      rest /= values.size();
    }
  }
  return grid;
}

}  // namespace sluice
