#include "load/prediction/envelope.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.hpp"

namespace sluice {
namespace {

constexpr double kEndless = std::numeric_limits<double>::infinity();
constexpr double kLeast = 1e-300;  // rank of what is farther out than can be said

/// The values of one column in order, the measured one among them or not.
class Ordered {
 public:
  Ordered(const EnvelopeColumn& column, bool with_measured)
      : values_(column.replications), tolerance_(column.tolerance), small_(column.small) {
    if (with_measured) values_.push_back(column.measured);
    std::sort(values_.begin(), values_.end());
  }

  std::size_t size() const { return values_.size(); }

  /// How many are as high as `x`, or as low, whichever are fewer.
  std::size_t as_extreme(double x) const {
    const auto low = std::lower_bound(values_.begin(), values_.end(), x - tolerance_);
    const auto high = std::upper_bound(values_.begin(), values_.end(), x + tolerance_);
    return static_cast<std::size_t>(std::min(values_.end() - low, high - values_.begin()));
  }

  /// Of `x`, one of the values.
  double continuous_rank(double x) const {
    const std::size_t count = as_extreme(x);
    if (count > 1 || size() < 2) return static_cast<double>(count);
    const bool high = x == values_.back();
    const double next = high ? values_[size() - 2] + tolerance_ : values_[1] - tolerance_;
    const double others = high ? range(0, size() - 2) : range(1, size() - 1);
    if (!(others > 0)) return 0;
    return std::max(kLeast, std::exp(-std::abs(scaled(x) - scaled(next)) / others));
  }

  /// Where a further value would have a rank above `critical`.
  Interval inside(double critical) const {
    if (critical < 0) return {0, kEndless};
    if (critical >= 1) {
      const auto k = static_cast<std::size_t>(critical);
      if (k > size()) return {0, kEndless};
      return {std::max(0.0, values_[k - 1] - tolerance_), values_[size() - k] + tolerance_};
    }
    const double width = range(0, size() - 1);
    const double further = width > 0 ? -std::log(critical) * width : 0;
    const double low = unscaled(scaled(values_.front() - tolerance_) - further);
    return {std::max(0.0, low), unscaled(scaled(values_.back() + tolerance_) + further)};
  }

 private:
  double scaled(double x) const { return std::log(std::max(x, 0.0) + small_); }
  double unscaled(double y) const { return std::exp(y) - small_; }
  double range(std::size_t first, std::size_t last) const {
    return scaled(values_[last] + tolerance_) - scaled(values_[first]);
  }

  std::vector<double> values_;
  double tolerance_, small_;
};

/// Half way between the ranks of at most the share 1 - confidence of the vectors and those of the
/// rest; -1: there is none.
double critical_rank(std::vector<double> lowest, double confidence) {
  std::sort(lowest.begin(), lowest.end());
  const auto most = static_cast<std::size_t>(
      std::floor((1 - confidence) * static_cast<double>(lowest.size()) + 1e-9));
  if (most == 0) return -1;
  std::size_t end = most;  // the vectors before it are outside: never only some of equal ones
  while (end > 0 && end < lowest.size() && lowest[end - 1] == lowest[end]) --end;
  return end == 0 ? -1 : (lowest[end - 1] + lowest[end]) / 2;
}

}  // namespace

std::size_t EnvelopeResult::outside() const {
  std::size_t count = 0;
  for (std::size_t i = 0; i < rank.size(); ++i) count += outside(i);
  return count;
}

EnvelopeResult envelope(std::span<const EnvelopeColumn> columns, double confidence) {
  EnvelopeResult result;
  if (columns.empty()) return result;
  const std::size_t replications = columns.front().replications.size();
  std::vector<double> lowest(replications + 1, kEndless);
  for (const EnvelopeColumn& column : columns) {
    SLUICE_REQUIRE(column.replications.size() == replications, "each figure of each replication");
    const Ordered all(column, true);
    for (std::size_t i = 0; i < replications; ++i)
      lowest[i] = std::min(lowest[i], all.continuous_rank(column.replications[i]));
    result.rank.push_back(all.continuous_rank(column.measured));
    lowest.back() = std::min(lowest.back(), result.rank.back());
    const auto n = static_cast<double>(all.size());
    result.p.push_back(std::min(1.0, 2 * static_cast<double>(all.as_extreme(column.measured)) / n));
  }
  const double measured = lowest.back();
  const auto as_extreme = std::count_if(lowest.begin(), lowest.end(),
                                        [measured](double rank) { return rank <= measured; });
  result.p_all = static_cast<double>(as_extreme) / static_cast<double>(lowest.size());
  result.critical = critical_rank(std::move(lowest), confidence);
  for (const EnvelopeColumn& column : columns)
    result.intervals.push_back(Ordered(column, false).inside(result.critical));
  return result;
}

}  // namespace sluice
