#include "reports/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <iterator>
#include <numeric>

#include "base/check.hpp"

namespace sluice {

std::optional<Interval> student_t_interval(std::span<const double> values, double confidence) {
  if (values.size() < 2) return std::nullopt;
  if (std::ranges::count(values, values[0]) == std::ssize(values)) return std::nullopt;
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  const double standard_error = std::sqrt(squares / (n - 1) / n);
  const boost::math::students_t distribution(n - 1);
  const double half = boost::math::quantile(distribution, 0.5 + confidence / 2) * standard_error;
  return Interval{mean - half, mean + half};
}

std::size_t mser5(std::span<const double> values) {
  constexpr std::size_t kBatch = 5;
  const std::size_t n = values.size() / kBatch;
  std::vector<double> batches(n);
  for (std::size_t i = 0; i < n; ++i)
    batches[i] = std::accumulate(&values[i * kBatch], &values[i * kBatch] + kBatch, 0.0) / kBatch;

  // From the back: squares about the mean of what remains (Welford's update).
  std::size_t best = 0;
  double least = INFINITY;
  double mean = 0;
  double squares = 0;
  for (std::size_t left = n; left-- > 0;) {
    const auto count = static_cast<double>(n - left);
    const double delta = batches[left] - mean;
    mean += delta / count;
    squares += delta * (batches[left] - mean);
    if (left > n / 2) continue;
    const double error = squares / (count * count);
    if (error <= least) {
      least = error;
      best = left;
    }
  }
  return best * kBatch;
}

Time warm_up_by_mser5(const ReplicationResult& pilot) {
  std::vector<double> in_system;
  for (const TimeLine& line : pilot.time_lines.lines) {
    if (line.line != Line::eligible && line.line != Line::blocked && line.line != Line::running)
      continue;
    in_system.resize(std::max(in_system.size(), line.values.size()));
    for (std::size_t i = 0; i < line.values.size(); ++i) in_system[i] += line.values[i];
  }
  const auto buckets = static_cast<std::int64_t>(mser5(in_system));
  return std::min(pilot.time_lines.from + pilot.time_lines.bucket * buckets, pilot.until);
}

Time whole_periods(Time steady, Duration period) {
  SLUICE_REQUIRE(period.ns > 0, "what recurs does so after a time");
  return Time::zero() + period * (steady.ns / period.ns);
}

}  // namespace sluice
