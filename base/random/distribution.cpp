#include "base/random/distribution.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <stdexcept>

#include "base/random/portable_math.hpp"

namespace sluice {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNormalP95 = 1.6448536269514722;  // 95 % quantile of the standard normal
constexpr double kLargestCv = 1000;                // beyond, no simulated time would show the mean

void require(bool holds, std::string_view rule, double value) {
  if (!holds) throw std::invalid_argument(fmt::format("{}, but it is {}", rule, value));
}

void require_quantity(std::string_view name, double value) {
  require(value >= 0 && std::isfinite(value),
          fmt::format("{} must be finite and not negative", name), value);
}

void require_positive(std::string_view name, double value) {
  require(value > 0 && std::isfinite(value),
          fmt::format("{} must be finite and greater than 0", name), value);
}

void require_cv(double cv) {
  require(
      cv >= 0 && cv <= kLargestCv,
      fmt::format("cv (standard deviation divided by mean) must lie between 0 and {}", kLargestCv),
      cv);
}

/// (1 - e^(-x t)) / x; near x = 0, where that cancels, by its series.
double one_minus_exp_over(double x, double t) {
  const double xt = x * t;
  if (std::abs(xt) < 1e-4) return t * (1 - xt / 2 * (1 - xt / 3));
  return (1 - portable::exp(-xt)) / x;
}

}  // namespace

/// Parallel arrays, one element per value, phase or part.
struct Distribution::Table {
  std::vector<double> values;       // empirical: the values; hyperexponential: the means
  std::vector<Distribution> parts;  // mixture
  std::vector<double> weights;      // as given
  std::vector<double> cumulative;   // of the weights

  explicit Table(std::vector<double> given) : values(std::move(given)) {}
  Table() = default;

  void add_weight(double weight) {
    require(weight >= 0 && std::isfinite(weight), "a weight must be finite and not negative",
            weight);
    weights.push_back(weight);
    cumulative.push_back(total() + weight);
  }
  double total() const { return cumulative.empty() ? 0 : cumulative.back(); }
  void require_some_weight(std::string_view kind) const {
    if (!(total() > 0) || !std::isfinite(total())) {
      throw std::invalid_argument(
          fmt::format("{} needs at least one part with a weight above 0", kind));
    }
  }

  std::size_t draw_part(Stream& stream) const {
    const double point = stream.uniform() * total();
    const auto after = std::upper_bound(cumulative.begin(), cumulative.end(), point);
    if (after != cumulative.end()) return static_cast<std::size_t>(after - cumulative.begin());
    // Rounded up to the total: the last part that has a weight.
    const auto last = std::lower_bound(cumulative.begin(), cumulative.end(), total());
    return static_cast<std::size_t>(last - cumulative.begin());
  }

  /// Extreme, over the parts that can come up, of what `of` says about each.
  template <class Of, class Better>
  double extreme(Of of, Better better) const {
    double best = better(0.0, 1.0) ? kInfinity : 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (weights[i] > 0 && better(of(parts[i]), best)) best = of(parts[i]);
    }
    return best;
  }
};

Distribution Distribution::constant(double value) {
  require_quantity("a constant", value);
  return {Kind::constant, value};
}

Distribution Distribution::uniform(double low, double high) {
  require_quantity("min", low);
  require_quantity("max", high);
  require(low <= high, fmt::format("min must not be greater than max ({})", high), low);
  return {Kind::uniform, low, high};
}

Distribution Distribution::exponential(double mean) {
  require_positive("the mean", mean);
  return {Kind::exponential, mean};
}

// u, v of a lognormal: mean and standard deviation of the logarithm.
Distribution Distribution::lognormal_median_p95(double median, double p95) {
  require_positive("the median", median);
  require(p95 >= median && std::isfinite(p95),
          fmt::format("p95 must not be less than the median ({})", median), p95);
  Distribution d{Kind::lognormal_by_quantiles, median, p95};
  d.u_ = portable::log(median);
  d.v_ = portable::log(p95 / median) / kNormalP95;
  return d;
}

Distribution Distribution::lognormal_mean_cv(double mean, double cv) {
  require_positive("the mean", mean);
  require_cv(cv);
  Distribution d{Kind::lognormal_by_mean, mean, cv};
  const double variance = portable::log(1 + cv * cv);
  d.u_ = portable::log(mean) - variance / 2;
  d.v_ = std::sqrt(variance);
  return d;
}

// u, v of a gamma: shape and scale.
Distribution Distribution::gamma_mean_cv(double mean, double cv) {
  require_positive("the mean", mean);
  require_cv(cv);
  Distribution d{Kind::gamma, mean, cv};
  d.u_ = 1 / (cv * cv);
  d.v_ = mean * cv * cv;
  return d;
}

Distribution Distribution::weibull(double shape, double scale) {
  require(shape >= 0.05 && std::isfinite(shape), "the shape must be at least 0.05", shape);
  require_positive("the scale", scale);
  Distribution d{Kind::weibull, shape, scale};
  d.u_ = 1 / shape;
  return d;
}

// u, v of a bounded Pareto: the untruncated probability of [low, high], and -1/alpha.
Distribution Distribution::bounded_pareto(double alpha, double low, double high) {
  require_positive("alpha", alpha);
  require_positive("min", low);
  require(high >= low && std::isfinite(high),
          fmt::format("max must not be less than min ({})", low), high);
  Distribution d{Kind::bounded_pareto, alpha, low, high};
  d.u_ = 1 - portable::pow(low / high, alpha);
  d.v_ = -1 / alpha;
  return d;
}

Distribution Distribution::hyperexponential(
    std::vector<std::pair<double, double>> weight_and_mean) {
  auto table = std::make_shared<Table>();
  for (const auto& [weight, mean] : weight_and_mean) {
    require_positive("the mean of a phase", mean);
    table->add_weight(weight);
    table->values.push_back(mean);
  }
  table->require_some_weight("hyperexponential");
  Distribution d{Kind::hyperexponential, 0};
  d.table_ = std::move(table);
  return d;
}

Distribution Distribution::empirical(std::vector<double> values) {
  if (values.empty()) throw std::invalid_argument("empirical needs at least one value");
  for (const double value : values) require_quantity("a value", value);
  Distribution d{Kind::empirical, 0};
  d.a_ = *std::min_element(values.begin(), values.end());
  d.b_ = *std::max_element(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  for (const double value : values) d.c_ += value / n;
  d.table_ = std::make_shared<Table>(std::move(values));
  return d;
}

Distribution Distribution::mixture(std::vector<std::pair<double, Distribution>> weight_and_part) {
  auto table = std::make_shared<Table>();
  for (auto& [weight, part] : weight_and_part) {
    table->add_weight(weight);
    table->parts.push_back(std::move(part));
  }
  table->require_some_weight("mixture");
  Distribution d{Kind::mixture, 0};
  d.a_ = table->extreme([](const Distribution& part) { return part.lowest(); }, std::less<>{});
  d.b_ = table->extreme([](const Distribution& part) { return part.highest(); }, std::greater<>{});
  d.table_ = std::move(table);
  return d;
}

double Distribution::sample_other(Stream& stream) const {
  switch (kind_) {
    case Kind::constant:
      return a_;
    case Kind::exponential:
      return a_ * stream.exponential();
    case Kind::uniform:
      return std::min(b_, a_ + (b_ - a_) * stream.uniform());
    case Kind::lognormal_by_quantiles:
    case Kind::lognormal_by_mean:
      return portable::exp(u_ + v_ * stream.normal());
    case Kind::gamma:
      return sample_gamma(stream);
    case Kind::weibull:
      return b_ * portable::pow(stream.exponential(), u_);
    case Kind::bounded_pareto:
      return std::clamp(b_ * portable::pow(1 - stream.uniform() * u_, v_), b_, c_);
    case Kind::hyperexponential: {
      const double mean = table_->values[table_->draw_part(stream)];
      return mean * stream.exponential();
    }
    case Kind::empirical:
      return table_->values[stream.below(table_->values.size())];
    case Kind::mixture:
      return table_->parts[table_->draw_part(stream)].sample(stream);
  }
  return 0;
}

/// Marsaglia, Tsang (2000): "A simple method for generating gamma variables". A shape below 1 is
/// drawn as one of shape + 1 times U^(1/shape), and -ln U is an exponential.
double Distribution::sample_gamma(Stream& stream) const {
  if (b_ == 0) return a_;
  const double shape = u_ < 1 ? u_ + 1 : u_;
  const double boost = u_ < 1 ? portable::exp(-stream.exponential() / u_) : 1;
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = stream.normal(), root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root, u = 1 - stream.uniform(), xx = x * x;
    if (u < 1 - 0.0331 * xx * xx || portable::log(u) < 0.5 * xx + d * (1 - v + portable::log(v))) {
      return d * v * v_ * boost;
    }
  }
}

double Distribution::mean() const {
  switch (kind_) {
    case Kind::constant:
    case Kind::exponential:
    case Kind::lognormal_by_mean:
    case Kind::gamma:
      return a_;
    case Kind::uniform:
      return a_ + (b_ - a_) / 2;
    case Kind::lognormal_by_quantiles:
      return portable::exp(u_ + v_ * v_ / 2);
    case Kind::weibull:
      return b_ * portable::gamma(1 + u_);
    case Kind::bounded_pareto:
      if (b_ == c_) return b_;
      return b_ * a_ * one_minus_exp_over(a_ - 1, portable::log(c_ / b_)) / u_;
    case Kind::empirical:
      return c_;
    case Kind::hyperexponential:
    case Kind::mixture:
      break;
  }
  double sum = 0;
  for (std::size_t i = 0; i < table_->weights.size(); ++i) {
    const double part = kind_ == Kind::mixture ? table_->parts[i].mean() : table_->values[i];
    sum += table_->weights[i] * part;
  }
  return sum / table_->total();
}

double Distribution::lowest() const {
  switch (kind_) {
    case Kind::constant:
    case Kind::uniform:
    case Kind::empirical:
    case Kind::mixture:
      return a_;
    case Kind::bounded_pareto:
      return b_;
    case Kind::lognormal_by_quantiles:
    case Kind::lognormal_by_mean:
      return v_ == 0 ? a_ : 0;
    case Kind::gamma:
      return b_ == 0 ? a_ : 0;
    default:
      return 0;
  }
}

double Distribution::highest() const {
  switch (kind_) {
    case Kind::constant:
      return a_;
    case Kind::uniform:
    case Kind::empirical:
    case Kind::mixture:
      return b_;
    case Kind::bounded_pareto:
      return c_;
    case Kind::lognormal_by_quantiles:
    case Kind::lognormal_by_mean:
      return v_ == 0 ? a_ : kInfinity;
    case Kind::gamma:
      return b_ == 0 ? a_ : kInfinity;
    default:
      return kInfinity;
  }
}

std::string Distribution::describe() const {
  constexpr std::size_t kListed = 8;
  const auto list = [this](auto part) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < table_->weights.size(); ++i) {
      parts.push_back(fmt::format("{{weight: {}, {}}}", table_->weights[i], part(i)));
    }
    return fmt::format("[{}]", fmt::join(parts, ", "));
  };
  switch (kind_) {
    case Kind::constant:
      return fmt::format("constant: {}", a_);
    case Kind::uniform:
      return fmt::format("uniform: {{min: {}, max: {}}}", a_, b_);
    case Kind::exponential:
      return fmt::format("exponential: {}", a_);
    case Kind::lognormal_by_quantiles:
      return fmt::format("lognormal: {{median: {}, p95: {}}}", a_, b_);
    case Kind::lognormal_by_mean:
      return fmt::format("lognormal: {{mean: {}, cv: {}}}", a_, b_);
    case Kind::gamma:
      return fmt::format("gamma: {{mean: {}, cv: {}}}", a_, b_);
    case Kind::weibull:
      return fmt::format("weibull: {{shape: {}, scale: {}}}", a_, b_);
    case Kind::bounded_pareto:
      return fmt::format("pareto: {{alpha: {}, min: {}, max: {}}}", a_, b_, c_);
    case Kind::hyperexponential:
      return "hyperexponential: " +
             list([this](std::size_t i) { return fmt::format("mean: {}", table_->values[i]); });
    case Kind::empirical: {
      const std::span shown(table_->values.data(), std::min(kListed, table_->values.size()));
      const auto hidden = table_->values.size() - shown.size();
      return fmt::format("empirical: {{values: [{}{}]}}", fmt::join(shown, ", "),
                         hidden > 0 ? fmt::format(", … {} more", hidden) : "");
    }
    case Kind::mixture:
      return "mixture: " +
             list([this](std::size_t i) { return "of: {" + table_->parts[i].describe() + "}"; });
  }
  return {};
}

}  // namespace sluice
