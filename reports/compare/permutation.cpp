#include "reports/compare/permutation.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

#include "base/random/random.hpp"

namespace sluice {
namespace {

constexpr double kMostExact = 1e6;
constexpr std::uint64_t kDraws = 99'999;
constexpr std::uint64_t kSeed = 20'260'101;

/// Ways to choose `k` of `n`; exact below 2^53.
double ways(std::size_t n, std::size_t k) {
  double count = 1;
  for (std::size_t i = 1; i <= std::min(k, n - k); ++i)
    count = std::round(count * static_cast<double>(n - i + 1) / static_cast<double>(i));
  return count;
}

/// Counts sums that are as far from the expected one as the seen one, up to rounding.
class Extremes {
 public:
  Extremes(double seen, double expected, double scale)
      : expected_(expected), least_(std::abs(seen - expected) - 1e-12 * scale) {}

  void look_at(double sum) {
    ++all_;
    extreme_ += std::abs(sum - expected_) >= least_;
  }
  double share() const { return static_cast<double>(extreme_) / static_cast<double>(all_); }

 private:
  double expected_, least_;
  std::uint64_t all_ = 0, extreme_ = 0;
};

double magnitude(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += std::abs(value);
  return sum;
}

/// Every sum of `left` of the values from `from` on, added to `sum`.
void all_subsets(std::span<const double> values, std::size_t left, double sum, Extremes& extremes) {
  if (left == 0) return extremes.look_at(sum);
  for (std::size_t i = 0; i + left <= values.size(); ++i)
    all_subsets(values.subspan(i + 1), left - 1, sum + values[i], extremes);
}

void some_subsets(std::vector<double> values, std::size_t size, Extremes& extremes) {
  Stream stream(kSeed);
  for (std::uint64_t draw = 0; draw < kDraws; ++draw) {
    double sum = 0;
    for (std::size_t i = 0; i < size; ++i) {
      std::swap(values[i], values[i + stream.below(values.size() - i)]);
      sum += values[i];
    }
    extremes.look_at(sum);
  }
}

}  // namespace

double permutation_p(std::span<const double> base, std::span<const double> changed) {
  std::vector<double> all(base.begin(), base.end());
  all.insert(all.end(), changed.begin(), changed.end());
  const double seen = std::accumulate(base.begin(), base.end(), 0.0);
  const double total = std::accumulate(all.begin(), all.end(), 0.0);
  const double part = static_cast<double>(base.size()) / static_cast<double>(all.size());
  Extremes extremes(seen, total * part, magnitude(all));
  if (ways(all.size(), base.size()) <= kMostExact) {
    all_subsets(all, base.size(), 0, extremes);
  } else {
    extremes.look_at(seen);
    some_subsets(std::move(all), base.size(), extremes);
  }
  return extremes.share();
}

double sign_flip_p(std::span<const double> differences) {
  const double seen = std::accumulate(differences.begin(), differences.end(), 0.0);
  Extremes extremes(seen, 0, magnitude(differences));
  const std::size_t n = differences.size();
  const auto look_at = [&](auto flipped) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += flipped(i) ? -differences[i] : differences[i];
    extremes.look_at(sum);
  };
  if (std::pow(2.0, static_cast<double>(n)) <= kMostExact) {
    for (std::uint64_t signs = 0; signs < std::uint64_t{1} << n; ++signs)
      look_at([signs](std::size_t i) { return (signs >> i & 1) != 0; });
  } else {
    look_at([](std::size_t) { return false; });
    Stream stream(kSeed);
    for (std::uint64_t draw = 0; draw < kDraws; ++draw)
      look_at([&stream](std::size_t) { return (stream.bits() & 1) != 0; });
  }
  return extremes.share();
}

double smallest_permutation_p(std::size_t base, std::size_t changed) {
  const double all = ways(base + changed, base);
  return std::max((base == changed ? 2 : 1) / all, 1.0 / (static_cast<double>(kDraws) + 1));
}

double smallest_sign_flip_p(std::size_t pairs) {
  return std::max(std::pow(2.0, 1 - static_cast<double>(pairs)),
                  1.0 / (static_cast<double>(kDraws) + 1));
}

std::vector<double> holm(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [p](auto a, auto b) { return p[a] < p[b]; });
  std::vector<double> adjusted(p.size());
  double highest = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    highest = std::max(highest, p[order[i]] * static_cast<double>(order.size() - i));
    adjusted[order[i]] = std::min(1.0, highest);
  }
  return adjusted;
}

}  // namespace sluice
