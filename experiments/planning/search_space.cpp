#include "experiments/planning/search_space.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/failure.hpp"
#include "experiments/settings/grid.hpp"

namespace sluice {
namespace {

bool has_sizes(const Choice& choice) {
  return std::ranges::all_of(choice.values,
                             [](const std::string& value) { return size_of(value).has_value(); });
}

std::string default_cost(const std::vector<Choice>& choices) {
  std::string name;
  for (const Choice& choice : choices) {
    if (!has_sizes(choice)) continue;
    if (!name.empty()) return {};
    name = choice.name;
  }
  return name;
}

}  // namespace

SearchSpace::SearchSpace(std::vector<Choice> choices, const Variants& variants,
                         const std::string& cost)
    : choices_(std::move(choices)), cost_text_(cost.empty() ? default_cost(choices_) : cost) {
  if (cost_text_.empty())
    throw bad_input("give what a setting costs, as in --cost 'workers*60 + accounts*25'");
  for (Choice& choice : choices_) {
    ordered_.push_back(has_sizes(choice));
    if (ordered_.back())
      std::ranges::stable_sort(choice.values, {}, [](const std::string& v) { return *size_of(v); });
  }
  std::vector<Setting> grid = grid_of(choices_);
  std::vector<double> costs;
  costs.reserve(grid.size());
  for (const Setting& setting : grid) costs.push_back(variants.cost(cost_text_, setting));
  std::vector<std::size_t> order(grid.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return costs[i]; });
  number_of_.resize(grid.size());
  for (const std::size_t place : order) {
    number_of_[place] = settings_.size();
    settings_.push_back(std::move(grid[place]));
    costs_.push_back(costs[place]);
    std::vector<std::uint32_t> ranks(choices_.size());
    std::size_t rest = place;
    for (std::size_t d = choices_.size(); d-- > 0;) {
      ranks[d] = static_cast<std::uint32_t>(rest % choices_[d].values.size());
      rest /= choices_[d].values.size();
    }
    ranks_.insert(ranks_.end(), ranks.begin(), ranks.end());
  }
}

std::optional<std::size_t> SearchSpace::moved(std::size_t number, std::size_t dimension,
                                              int steps) const {
  std::size_t place = 0;
  for (std::size_t d = 0; d < choices_.size(); ++d) {
    const std::int64_t moved_rank = std::int64_t{rank(number, d)} + (d == dimension ? steps : 0);
    if (moved_rank < 0 || moved_rank >= std::ssize(choices_[d].values)) return std::nullopt;
    place = place * choices_[d].values.size() + static_cast<std::size_t>(moved_rank);
  }
  return number_of_[place];
}

std::optional<std::size_t> SearchSpace::only_difference(std::size_t a, std::size_t b) const {
  std::optional<std::size_t> found;
  for (std::size_t d = 0; d < choices_.size(); ++d) {
    if (rank(a, d) == rank(b, d)) continue;
    if (found) return std::nullopt;
    found = d;
  }
  return found;
}

}  // namespace sluice
