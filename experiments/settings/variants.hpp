// A scenario file and its variants: loads the one that a setting stands for.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "experiments/settings/choice.hpp"
#include "reports/settings/setting.hpp"
#include "scenarios/loader/loader.hpp"

namespace sluice {

/// Immutable; any thread.
class Variants {
 public:
  /// Loads the file as it is; of one that cannot be loaded `base()` has the errors.
  Variants(std::string file, LoaderOptions options);

  const LoadedScenario& base() const { return base_; }
  const std::string& file() const { return file_; }

  /// Throws bad_input if one of the names is neither a param nor a path of the scenario, or is
  /// there twice. REQUIRES that the file could be loaded, like what follows.
  void check(std::span<const Choice> choices) const;
  /// The scenario with the setting's values. Throws bad_input, naming the setting and the first
  /// mistake.
  Scenario load(const Setting& setting) const;

  /// The same file with another value at a path, and its variants. Throws bad_input.
  Variants with(const std::string& path, const std::string& value) const;

  /// False: the setting surely differs from the scenario as it is. O(values), loads nothing.
  bool may_be_base(const Setting& setting) const;

  /// What a setting costs, by an expression over params and what the setting gives, such as
  /// `workers*60 + accounts*25`. Throws bad_input.
  double cost(std::string_view expression, const Setting& setting) const;

 private:
  bool is_param(const std::string& name) const;
  LoaderOptions options_of(const Setting& setting) const;

  std::string file_;
  LoaderOptions options_;
  LoadedScenario base_;
};

}  // namespace sluice
