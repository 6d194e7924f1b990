// A grid: all settings of some choices.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "experiments/settings/choice.hpp"
#include "reports/settings/setting.hpp"

namespace sluice {

inline constexpr std::size_t kMostSettings = 100'000;

/// All settings of the choices, the last choice fastest; of no choices the scenario as it is.
/// REQUIRES at most kMostSettings of them.
std::vector<Setting> grid_of(std::span<const Choice> choices);
/// How many they are; kMostSettings + 1 where they are more.
std::size_t size_of_grid(std::span<const Choice> choices);

}  // namespace sluice
