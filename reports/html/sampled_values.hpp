// Values of time lines cut to what a chart can show: at most so many points, the lowest and the
// highest of what each stands for kept.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <vector>

#include "reports/report.hpp"

namespace sluice {

/// How many buckets in a row one point stands for.
std::size_t buckets_per_point(std::size_t buckets, std::size_t most);

struct SampledValues {
  std::vector<double> mean;     ///< of the buckets of a point; NaN: none has a value
  std::vector<double> lowest;   ///< of them, and of the replications
  std::vector<double> highest;  ///< likewise
};
/// `each` buckets to a point, the last one of what is left. O(buckets).
SampledValues sample(const TimeLine& line, std::size_t each);

/// Numbers of `digits` significant digits; null for NaN.
nlohmann::ordered_json rounded_numbers(const std::vector<double>& values, int digits);
/// One of them.
nlohmann::ordered_json rounded_number(double value, int digits = 4);

}  // namespace sluice
