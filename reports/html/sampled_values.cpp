#include "reports/html/sampled_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <limits>
#include <span>

#include "base/text/json_text.hpp"

namespace sluice {
namespace {

constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();

double mean_of_known(std::span<const double> values) {
  double sum = 0;
  std::size_t known = 0;
  for (const double value : values)
    if (!std::isnan(value)) {
      sum += value;
      ++known;
    }
  return known == 0 ? kNoValue : sum / static_cast<double>(known);
}

/// By `better`; NaN if none is known.
template <class Better>
double extreme_of_known(std::span<const double> values, Better better) {
  double extreme = kNoValue;
  for (const double value : values)
    if (!std::isnan(value) && (std::isnan(extreme) || better(value, extreme))) extreme = value;
  return extreme;
}

}  // namespace

std::size_t buckets_per_point(std::size_t buckets, std::size_t most) {
  return std::max<std::size_t>(1, (buckets + most - 1) / std::max<std::size_t>(1, most));
}

SampledValues sample(const TimeLine& line, std::size_t each) {
  SampledValues sampled;
  const std::span values(line.values);
  const std::span lowest(line.lowest.empty() ? line.values : line.lowest);
  const std::span highest(line.highest.empty() ? line.values : line.highest);
  for (std::size_t at = 0; at < values.size(); at += each) {
    const std::size_t count = std::min(each, values.size() - at);
    sampled.mean.push_back(mean_of_known(values.subspan(at, count)));
    sampled.lowest.push_back(extreme_of_known(lowest.subspan(at, count), std::less<>()));
    sampled.highest.push_back(extreme_of_known(highest.subspan(at, count), std::greater<>()));
  }
  return sampled;
}

nlohmann::ordered_json rounded_number(double value, int digits) {
  if (!std::isfinite(value)) return nullptr;
  return json_number(std::strtod(fmt::format("{:.{}g}", value, digits).c_str(), nullptr));
}

nlohmann::ordered_json rounded_numbers(const std::vector<double>& values, int digits) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const double value : values) list.push_back(rounded_number(value, digits));
  return list;
}

}  // namespace sluice
