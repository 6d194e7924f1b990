// Probability distributions of non-negative quantities: times in seconds, sizes, fractions.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/random/random.hpp"
#include "base/time.hpp"

namespace sluice {

/// One distribution: an immutable value, cheap to copy, safe to share between threads.
/// Parameters are checked by the factories, which throw std::invalid_argument with a sentence that
/// names the parameter. Quantities are in the unit that the caller means; `duration()` takes them
/// as seconds. Samples are the same to the bit on every machine and compiler.
class Distribution {
 public:
  /// The constant 0.
  Distribution() = default;

  static Distribution constant(double value);
  static Distribution uniform(double low, double high);
  static Distribution exponential(double mean);
  static Distribution lognormal_median_p95(double median, double p95);
  static Distribution lognormal_mean_cv(double mean, double cv);
  static Distribution gamma_mean_cv(double mean, double cv);
  /// `shape` k, `scale` λ; mean λ Γ(1 + 1/k).
  static Distribution weibull(double shape, double scale);
  /// Pareto with tail index `alpha`, truncated to [low, high].
  static Distribution bounded_pareto(double alpha, double low, double high);
  /// Exponential with mean m_i with probability p_i; weights need not add up to 1.
  static Distribution hyperexponential(std::vector<std::pair<double, double>> weight_and_mean);
  /// Each of `values` with the same probability.
  static Distribution empirical(std::vector<double> values);
  static Distribution mixture(std::vector<std::pair<double, Distribution>> weight_and_part);

  /// Draws nothing for a constant, otherwise one or more numbers: use a stream of its own where
  /// draws must stay aligned. 3 ns (exponential) to 30 ns (Weibull).
  double sample(Stream& stream) const {
    if (kind_ == Kind::constant) return a_;
    if (kind_ == Kind::exponential) return a_ * stream.exponential();
    return sample_other(stream);
  }
  /// A sample taken as seconds.
  Duration duration(Stream& stream) const { return Duration::from_seconds(sample(stream)); }
  double mean() const;
  /// Smallest and largest value that can come out (infinity where unbounded).
  double lowest() const;
  double highest() const;
  bool always_zero() const { return kind_ == Kind::constant ? a_ == 0 : highest() == 0; }
  /// In the words of a scenario file, e.g. `lognormal: {median: 90, p95: 300}`.
  std::string describe() const;

 private:
  enum class Kind : unsigned char {
    constant,
    uniform,
    exponential,
    lognormal_by_quantiles,
    lognormal_by_mean,
    gamma,
    weibull,
    bounded_pareto,
    hyperexponential,
    empirical,
    mixture
  };
  struct Table;  // weights, values and parts of the last three kinds

  Distribution(Kind kind, double a, double b = 0, double c = 0)
      : kind_(kind), a_(a), b_(b), c_(c) {}
  double sample_other(Stream& stream) const;
  double sample_gamma(Stream& stream) const;

  Kind kind_ = Kind::constant;
  double a_ = 0, b_ = 0, c_ = 0;  // the parameters as given
  double u_ = 0, v_ = 0;          // what sampling derives from them
  std::shared_ptr<const Table> table_;
};

}  // namespace sluice
