// One figure of a service for whoever watches it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace sluice {

/// One series of a metric; all series of one name have one kind and one help text.
struct ServiceFigure {
  enum class Kind : std::uint8_t { gauge, counter, histogram };
  struct Bucket {
    double up_to = 0;         ///< the largest value that is in it
    std::uint64_t count = 0;  ///< of values in it and in those before it
  };

  std::string name;
  std::string help;
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;  ///< of a histogram: the sum of its values
  Kind kind = Kind::gauge;
  std::vector<Bucket> buckets;  ///< of a histogram, ascending
  std::uint64_t count = 0;      ///< of a histogram: of all its values
};

}  // namespace sluice
