// How expectations respond to choices, as seen between tested settings: the only ground on which a
// setting is rejected that was not tested.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "experiments/planning/search_space.hpp"
#include "reports/settings/experiment.hpp"

namespace sluice {

/// What more of a choice does to a measure, by what was seen so far.
enum class Response : std::uint8_t {
  unseen,  ///< no pair of tested settings, or none that differs: taken for `better` in the search
  better,  ///< never seen worse
  worse,   ///< never seen better
  mixed    ///< both: nothing follows from less or more
};

/// By measure and choice.
class Responses {
 public:
  Responses(std::size_t measures, std::size_t dimensions)
      : dimensions_(dimensions), seen_(measures * dimensions) {}

  /// A pair of settings that differ in one choice, the second with more of it.
  void note(std::size_t measure, std::size_t dimension, const PairedDifference& difference,
            bool lower_is_better);
  /// A setting that was presumed to be rejected by the measure passed: nothing follows any more.
  void contradict(std::size_t measure, std::size_t dimension);

  Response of(std::size_t measure, std::size_t dimension) const;
  /// Pairs in which the measure differed.
  std::uint32_t pairs(std::size_t measure, std::size_t dimension) const;

  /// Whether `other` must fail the measure as well if `failed` does: in each choice it is the same
  /// or on the worse side.
  bool follows(std::size_t measure, const SearchSpace& space, std::size_t failed,
               std::size_t other) const;

 private:
  struct Seen {
    std::uint32_t better = 0, worse = 0;
    bool contradicted = false;
  };
  std::size_t dimensions_;
  std::vector<Seen> seen_;
};

}  // namespace sluice
