#include "load/prediction/fit.hpp"

#include <algorithm>
#include <cmath>

#include "base/check.hpp"

namespace sluice {
namespace {

using Vector = std::vector<double>;

/// One figure cannot count for more than this many standard deviations: a model that it excludes
/// is excluded, and the others still tell the rest apart.
constexpr double kMostDeviations = 20;

/// Lower triangle by rows.
class Triangle {
 public:
  explicit Triangle(std::size_t size) : values_(size * (size + 1) / 2) {}
  double& at(std::size_t row, std::size_t column) { return values_[row * (row + 1) / 2 + column]; }
  double at(std::size_t row, std::size_t column) const {
    return values_[row * (row + 1) / 2 + column];
  }

 private:
  Vector values_;
};

/// Of a correlation matrix; it is positive definite because it was shrunk.
void cholesky(Triangle& matrix, std::size_t size) {
  constexpr double kLeastPivot = 1e-9;
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = matrix.at(i, j);
      for (std::size_t k = 0; k < j; ++k) sum -= matrix.at(i, k) * matrix.at(j, k);
      matrix.at(i, j) = i == j ? std::sqrt(std::max(sum, kLeastPivot)) : sum / matrix.at(j, j);
    }
}

class Normal {
 public:
  Normal(std::span<const Vector> sample, std::span<const double> least_sd)
      : size_(least_sd.size()), mean_(size_), sd_(size_), root_(size_) {
    const auto n = static_cast<double>(sample.size());
    for (std::size_t j = 0; j < size_; ++j) {
      for (const Vector& values : sample) mean_[j] += values[j] / n;
      double squares = 0;
      for (const Vector& values : sample)
        squares += (values[j] - mean_[j]) * (values[j] - mean_[j]);
      sd_[j] = std::max(std::sqrt(squares / (n - 1)), least_sd[j]);
    }
    std::vector<Vector> z;
    for (const Vector& values : sample) z.push_back(deviations(values));
    correlate(z);
    cholesky(root_, size_);
  }

  double squared_distance(const Vector& values) const {
    Vector z = deviations(values);
    double sum = 0;
    for (std::size_t i = 0; i < size_; ++i) {
      for (std::size_t k = 0; k < i; ++k) z[i] -= root_.at(i, k) * z[k];
      z[i] /= root_.at(i, i);
      sum += z[i] * z[i];
    }
    return sum;
  }

  double log_density(const Vector& values) const {
    double log_scale = 0;
    for (std::size_t i = 0; i < size_; ++i) log_scale += std::log(sd_[i] * root_.at(i, i));
    return -0.5 * squared_distance(values) - log_scale;
  }

 private:
  Vector deviations(std::span<const double> values) const {
    Vector z(size_);
    for (std::size_t j = 0; j < size_; ++j)
      z[j] = std::clamp((values[j] - mean_[j]) / sd_[j], -kMostDeviations, kMostDeviations);
    return z;
  }

  /// Correlations r, shrunk to (1 - λ) r with λ = Σ var(r) / Σ r² over all pairs.
  void correlate(const std::vector<Vector>& z) {
    const auto n = static_cast<double>(z.size());
    double variances = 0, squares = 0;
    for (std::size_t i = 0; i < size_; ++i)
      for (std::size_t j = 0; j < i; ++j) {
        double mean = 0, mean_square = 0;
        for (const Vector& one : z) {
          mean += one[i] * one[j] / n;
          mean_square += one[i] * one[j] * one[i] * one[j] / n;
        }
        const double r = mean * n / (n - 1);
        root_.at(i, j) = r;
        variances += (mean_square - mean * mean) * n * n / ((n - 1) * (n - 1) * (n - 1));
        squares += r * r;
      }
    constexpr double kLeastShrinkage = 0.02;  // figures that say the same stay apart
    const double shrinkage =
        squares > 0 ? std::clamp(variances / squares, kLeastShrinkage, 1.0) : 1.0;
    for (std::size_t i = 0; i < size_; ++i) {
      for (std::size_t j = 0; j < i; ++j) root_.at(i, j) *= 1 - shrinkage;
      root_.at(i, i) = 1;
    }
  }

  std::size_t size_;
  Vector mean_, sd_;
  Triangle root_;  // of the shrunk correlations
};

}  // namespace

Fit fit(std::span<const std::vector<double>> replications, std::span<const double> measured,
        std::span<const double> least_sd) {
  SLUICE_REQUIRE(replications.size() >= 8, "enough to learn from and to compare with");
  const std::size_t half = replications.size() / 2;
  const Normal model(replications.first(half), least_sd);
  const Vector figures(measured.begin(), measured.end());
  const double squared = model.squared_distance(figures);
  std::size_t as_far = 1;
  for (const Vector& held_out : replications.subspan(half))
    as_far += model.squared_distance(held_out) >= squared;
  Fit result;
  result.log_likelihood = model.log_density(figures);
  result.distance = squared / std::max<double>(1, static_cast<double>(measured.size()));
  result.p = static_cast<double>(as_far) / static_cast<double>(replications.size() - half + 1);
  return result;
}

}  // namespace sluice
