// The settings that a plan chooses from: a grid of choices, each setting with its cost.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/settings/choice.hpp"
#include "experiments/settings/variants.hpp"
#include "reports/settings/setting.hpp"

namespace sluice {

/// Immutable. Settings are numbered by cost, equal costs in the order of the choices.
class SearchSpace {
 public:
  /// `cost`: an expression; empty: the size of the only choice that has sizes. Throws bad_input if
  /// there is none or there are several.
  SearchSpace(std::vector<Choice> choices, const Variants& variants, const std::string& cost);

  std::size_t size() const { return settings_.size(); }
  std::size_t dimensions() const { return choices_.size(); }
  const Choice& choice(std::size_t dimension) const { return choices_[dimension]; }
  /// Whether all values of the choice are sizes: less and more mean something.
  bool is_ordered(std::size_t dimension) const { return ordered_[dimension]; }
  const Setting& setting(std::size_t number) const { return settings_[number]; }
  double cost(std::size_t number) const { return costs_[number]; }
  const std::string& cost_text() const { return cost_text_; }
  /// Rank of the setting's value of a choice: by size, of one without sizes as given.
  std::uint32_t rank(std::size_t number, std::size_t dimension) const {
    return ranks_[number * choices_.size() + dimension];
  }
  /// The setting with another rank of one choice.
  std::optional<std::size_t> moved(std::size_t number, std::size_t dimension, int steps) const;
  /// The only choice in which two settings differ; none: no such.
  std::optional<std::size_t> only_difference(std::size_t a, std::size_t b) const;

 private:
  std::vector<Choice> choices_;  // ordered ones by size
  std::vector<bool> ordered_;
  std::vector<Setting> settings_;
  std::vector<double> costs_;
  std::vector<std::uint32_t> ranks_;    // setting × choice
  std::vector<std::size_t> number_of_;  // by place in the grid
  std::string cost_text_;
};

}  // namespace sluice
