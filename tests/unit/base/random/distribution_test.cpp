#include "base/random/distribution.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>
#include <vector>

namespace sluice {
namespace {

using namespace literals;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<double> sorted_samples(const Distribution& d, std::size_t n, std::uint64_t seed = 1) {
  Stream stream(stream_key(seed, "samples"));
  std::vector<double> values(n);
  std::generate(values.begin(), values.end(), [&] { return d.sample(stream); });
  std::sort(values.begin(), values.end());
  return values;
}

/// What theory says: standard deviation, and values with the probability of lying below them.
struct Theory {
  const char* name;
  Distribution distribution;
  double mean;
  double deviation;
  std::vector<std::pair<double, double>> value_and_probability;
};

std::ostream& operator<<(std::ostream& out, const Theory& theory) { return out << theory.name; }

class AgainstTheory : public testing::TestWithParam<Theory> {};

TEST_P(AgainstTheory, MeanDeviationAndQuantilesAgree) {
  const Theory& theory = GetParam();
  constexpr std::size_t n = 1'000'000;
  const auto values = sorted_samples(theory.distribution, n);
  double sum = 0, squares = 0;
  for (const double v : values) sum += v, squares += (v - theory.mean) * (v - theory.mean);
  EXPECT_NEAR(theory.distribution.mean(), theory.mean, 1e-6 * theory.mean);
  EXPECT_NEAR(sum / n, theory.mean, 4 * theory.deviation / std::sqrt(n));
  EXPECT_NEAR(std::sqrt(squares / n), theory.deviation, 0.03 * theory.deviation);
  for (const auto& [value, probability] : theory.value_and_probability) {
    const auto below = std::lower_bound(values.begin(), values.end(), value) - values.begin();
    const double sd = std::sqrt(probability * (1 - probability) / n);
    EXPECT_NEAR(static_cast<double>(below) / n, probability, 4 * sd) << value;
  }
  EXPECT_GE(values.front(), theory.distribution.lowest());
  EXPECT_LE(values.back(), theory.distribution.highest());
}

const double kLog10 = std::log(10.0);

INSTANTIATE_TEST_SUITE_P(
    Distributions, AgainstTheory,
    testing::Values(
        Theory{"uniform",
               Distribution::uniform(1, 4),
               2.5,
               3 / std::sqrt(12),
               {{1.3, 0.1}, {3.7, 0.9}}},
        Theory{"exponential",
               Distribution::exponential(20),
               20,
               20,
               {{20 * std::log(2.0), 0.5}, {20 * kLog10, 0.9}, {60 * kLog10, 0.999}}},
        Theory{"lognormal_median_p95",
               Distribution::lognormal_median_p95(90, 300),
               117.647744888,
               99.045458,
               {{90, 0.5}, {300, 0.95}}},
        Theory{"lognormal_mean_cv",
               Distribution::lognormal_mean_cv(90, 0.5),
               90,
               45,
               {{90 / std::sqrt(1.25), 0.5}}},
        Theory{"gamma_of_shape_4", Distribution::gamma_mean_cv(8, 0.5), 8, 4, {{8, 0.5665299}}},
        Theory{"gamma_of_shape_1", Distribution::gamma_mean_cv(8, 1), 8, 8, {{8 * kLog10, 0.9}}},
        Theory{"gamma_of_shape_a_quarter", Distribution::gamma_mean_cv(1, 2), 1, 2, {}},
        // Half the square of a normal.
        Theory{"gamma_of_shape_a_half",
               Distribution::gamma_mean_cv(0.5, std::sqrt(2.0)),
               0.5,
               std::sqrt(0.5),
               {{0.5, 0.6826895}, {2, 0.9544997}}},
        Theory{"weibull_of_shape_2",
               Distribution::weibull(2, 3),
               2.658680776,
               1.389747,
               {{3, 0.6321206}, {3 * std::sqrt(kLog10), 0.9}}},
        Theory{"weibull_of_shape_0.7",
               Distribution::weibull(0.7, 3),
               3.797470518,
               5.5617,
               {{3, 0.6321206}}},
        Theory{"bounded_pareto_of_alpha_1",
               Distribution::bounded_pareto(1, 1, 100),
               100 / 99.0 * std::log(100.0),
               std::sqrt(100 - std::pow(100 / 99.0 * std::log(100.0), 2)),
               {{2, 0.5 * 100 / 99}, {10, 0.9 * 100 / 99}}},
        Theory{"bounded_pareto_of_alpha_2",
               Distribution::bounded_pareto(2, 3, 30),
               6 * 0.9 / 0.99,
               std::sqrt(18 * kLog10 / 0.99 - std::pow(6 * 0.9 / 0.99, 2)),
               {{6, 0.75 / 0.99}}},
        Theory{"hyperexponential",
               Distribution::hyperexponential({{9, 1}, {1, 20}}),
               2.9,
               std::sqrt(2 * (0.9 + 0.1 * 400) - 2.9 * 2.9),
               {{5, 1 - 0.9 * std::exp(-5) - 0.1 * std::exp(-0.25)}}},
        Theory{"empirical",
               Distribution::empirical({4, 1, 1, 2}),
               2,
               std::sqrt(1.5),
               {{1.5, 0.5}, {3, 0.75}}},
        Theory{"mixture",
               Distribution::mixture({{1, Distribution::constant(2)},
                                      {3, Distribution::uniform(0, 1)}}),
               0.875,
               std::sqrt(5.0 / 4 - 0.875 * 0.875),
               {{0.5, 0.375}, {1.5, 0.75}}}),
    [](const auto& info) {
      std::string name = info.param.name;
      std::replace(name.begin(), name.end(), '.', '_');
      return name;
    });

TEST(Distribution, IsZeroUnlessSaidOtherwise) {
  Stream stream(1);
  EXPECT_EQ(Distribution().sample(stream), 0);
  EXPECT_TRUE(Distribution().always_zero());
  EXPECT_TRUE(Distribution::uniform(0, 0).always_zero());
  EXPECT_FALSE(Distribution::exponential(1).always_zero());
}

TEST(Distribution, ConstantsDrawNothing) {
  Stream stream(1), untouched(1);
  EXPECT_EQ(Distribution::constant(3.5).sample(stream), 3.5);
  EXPECT_EQ(Distribution::constant(3.5).duration(stream), 3500_ms);
  EXPECT_EQ(stream.bits(), untouched.bits());
}

TEST(Distribution, WithoutSpreadIsConstant) {
  Stream stream(1);
  for (const Distribution& d :
       {Distribution::gamma_mean_cv(5, 0), Distribution::uniform(5, 5),
        Distribution::bounded_pareto(2, 5, 5), Distribution::lognormal_mean_cv(5, 0),
        Distribution::lognormal_median_p95(5, 5)}) {
    EXPECT_EQ(d.lowest(), 5) << d.describe();
    EXPECT_EQ(d.highest(), 5) << d.describe();
    EXPECT_DOUBLE_EQ(d.mean(), 5) << d.describe();
    EXPECT_DOUBLE_EQ(d.sample(stream), 5) << d.describe();
  }
}

TEST(Distribution, BoundedParetoStaysWithinItsBounds) {
  for (const double alpha : {0.05, 0.5, 1.0, 1.000001, 3.0, 50.0}) {
    const auto values = sorted_samples(Distribution::bounded_pareto(alpha, 2, 1e6), 100'000);
    EXPECT_GE(values.front(), 2) << alpha;
    EXPECT_LE(values.back(), 1e6) << alpha;
  }
}

TEST(Distribution, ParetosMeanIsContinuousAtAlphaOne) {
  const double at_one = Distribution::bounded_pareto(1, 1, 1000).mean();
  for (const double off : {1e-3, 1e-5, 1e-6, 1e-9, 1e-13}) {
    EXPECT_NEAR(Distribution::bounded_pareto(1 + off, 1, 1000).mean(), at_one, 20 * off + 1e-8);
    EXPECT_NEAR(Distribution::bounded_pareto(1 - off, 1, 1000).mean(), at_one, 20 * off + 1e-8);
  }
}

TEST(Distribution, EmpiricalDrawsItsValuesAlike) {
  std::map<double, int> hits;
  for (const double v : sorted_samples(Distribution::empirical({3, 1, 2}), 30'000)) ++hits[v];
  EXPECT_EQ(hits.size(), 3u);
  for (const auto& [value, n] : hits) EXPECT_NEAR(n, 10'000, 400) << value;
}

TEST(Distribution, MixturesPartsComeUpByWeight) {
  const auto d = Distribution::mixture({{0, Distribution::constant(9)},
                                        {2, Distribution::constant(1)},
                                        {6, Distribution::constant(2)},
                                        {0, Distribution::exponential(9)}});
  std::map<double, int> hits;
  for (const double v : sorted_samples(d, 80'000)) ++hits[v];
  ASSERT_EQ(hits.size(), 2u);
  EXPECT_NEAR(hits[1], 20'000, 600);
  EXPECT_EQ(d.lowest(), 1);
  EXPECT_EQ(d.highest(), 2);
  EXPECT_DOUBLE_EQ(d.mean(), 1.75);
}

TEST(Distribution, BoundsOfTheUnboundedAreZeroAndInfinity) {
  for (const Distribution& d : {Distribution::exponential(2), Distribution::gamma_mean_cv(1, 1),
                                Distribution::weibull(1, 1), Distribution::lognormal_mean_cv(1, 1),
                                Distribution::hyperexponential({{1, 1}})}) {
    EXPECT_EQ(d.lowest(), 0) << d.describe();
    EXPECT_EQ(d.highest(), kInfinity) << d.describe();
  }
}

TEST(Distribution, CopiesShareTheirValuesAndSampleAlike) {
  const auto d = Distribution::empirical({1, 2, 3, 4, 5});
  const Distribution copy = d;
  EXPECT_EQ(sorted_samples(d, 100), sorted_samples(copy, 100));
}

TEST(Distribution, DescribesItselfAsInAScenario) {
  EXPECT_EQ(Distribution::constant(3).describe(), "constant: 3");
  EXPECT_EQ(Distribution::uniform(1, 2.5).describe(), "uniform: {min: 1, max: 2.5}");
  EXPECT_EQ(Distribution::exponential(0.1).describe(), "exponential: 0.1");
  EXPECT_EQ(Distribution::lognormal_median_p95(90, 300).describe(),
            "lognormal: {median: 90, p95: 300}");
  EXPECT_EQ(Distribution::lognormal_mean_cv(90, 1).describe(), "lognormal: {mean: 90, cv: 1}");
  EXPECT_EQ(Distribution::gamma_mean_cv(9, 2).describe(), "gamma: {mean: 9, cv: 2}");
  EXPECT_EQ(Distribution::weibull(2, 3).describe(), "weibull: {shape: 2, scale: 3}");
  EXPECT_EQ(Distribution::bounded_pareto(1.5, 2, 3).describe(),
            "pareto: {alpha: 1.5, min: 2, max: 3}");
  EXPECT_EQ(Distribution::hyperexponential({{0.9, 1}, {0.1, 20}}).describe(),
            "hyperexponential: [{weight: 0.9, mean: 1}, {weight: 0.1, mean: 20}]");
  EXPECT_EQ(Distribution::empirical({3, 1}).describe(), "empirical: {values: [3, 1]}");
  EXPECT_EQ(Distribution::empirical(std::vector<double>(10, 1)).describe(),
            "empirical: {values: [1, 1, 1, 1, 1, 1, 1, 1, … 2 more]}");
  EXPECT_EQ(Distribution::mixture({{1, Distribution::constant(2)}}).describe(),
            "mixture: [{weight: 1, of: {constant: 2}}]");
}

template <class Make>
std::string error_of(Make make) {
  try {
    make();
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "no error";
}

TEST(Distribution, SaysWhichParameterIsWrong) {
  using D = Distribution;
  const double nan = std::nan("");
  EXPECT_EQ(error_of([] { D::constant(-1); }),
            "a constant must be finite and not negative, but it is -1");
  EXPECT_EQ(error_of([] { D::uniform(2, 1); }),
            "min must not be greater than max (1), but it is 2");
  EXPECT_EQ(error_of([] { D::exponential(0); }),
            "the mean must be finite and greater than 0, but it is 0");
  EXPECT_EQ(error_of([] { D::lognormal_median_p95(3, 2); }),
            "p95 must not be less than the median (3), but it is 2");
  EXPECT_EQ(error_of([] { D::gamma_mean_cv(3, -2); }),
            "cv (standard deviation divided by mean) must lie between 0 and 1000, but it is -2");
  EXPECT_EQ(error_of([] { D::weibull(0, 1); }), "the shape must be at least 0.05, but it is 0");
  EXPECT_EQ(error_of([] { D::bounded_pareto(1, 3, 2); }),
            "max must not be less than min (3), but it is 2");
  EXPECT_EQ(error_of([] {
              D::hyperexponential({{-1, 2}});
            }),
            "a weight must be finite and not negative, but it is -1");
  EXPECT_EQ(error_of([] { D::mixture({}); }),
            "mixture needs at least one part with a weight above 0");
  EXPECT_EQ(error_of([] {
              D::mixture({{0, D::constant(1)}});
            }),
            "mixture needs at least one part with a weight above 0");
  EXPECT_EQ(error_of([] { D::empirical({}); }), "empirical needs at least one value");
  for (const double bad : {nan, kInfinity, -kInfinity, -1.0}) {
    EXPECT_THROW(D::constant(bad), std::invalid_argument);
    EXPECT_THROW(D::uniform(0, bad), std::invalid_argument);
    EXPECT_THROW(D::exponential(bad), std::invalid_argument);
    EXPECT_THROW(D::lognormal_median_p95(bad, 1), std::invalid_argument);
    EXPECT_THROW(D::lognormal_median_p95(1, bad), std::invalid_argument);
    EXPECT_THROW(D::lognormal_mean_cv(1, bad), std::invalid_argument);
    EXPECT_THROW(D::gamma_mean_cv(bad, 1), std::invalid_argument);
    EXPECT_THROW(D::weibull(bad, 1), std::invalid_argument);
    EXPECT_THROW(D::weibull(1, bad), std::invalid_argument);
    EXPECT_THROW(D::bounded_pareto(bad, 1, 2), std::invalid_argument);
    EXPECT_THROW(D::bounded_pareto(1, 1, bad), std::invalid_argument);
    EXPECT_THROW(D::hyperexponential({{1, bad}}), std::invalid_argument);
    EXPECT_THROW(D::empirical({1, bad}), std::invalid_argument);
    EXPECT_THROW(D::mixture({{bad, D::constant(1)}}), std::invalid_argument);
  }
}

TEST(Distribution, SamplesAreTheSameOnEveryCompiler) {
  Stream stream(42);
  EXPECT_EQ(Distribution::uniform(1, 4).sample(stream), 0x1.9cc2cb3947e12p+1);
  EXPECT_EQ(Distribution::exponential(20).sample(stream), 0x1.0e64c1a075ebbp-1);
  EXPECT_EQ(Distribution::lognormal_median_p95(90, 300).sample(stream), 0x1.1805b67a869bdp+6);
  EXPECT_EQ(Distribution::gamma_mean_cv(8, 0.5).sample(stream), 0x1.5551cd87d8e05p+2);
  EXPECT_EQ(Distribution::gamma_mean_cv(8, 2).sample(stream), 0x1.30703a30ca13bp+3);
  EXPECT_EQ(Distribution::weibull(0.7, 3).sample(stream), 0x1.bbb9b1fc69e87p+1);
  EXPECT_EQ(Distribution::bounded_pareto(1.1, 1, 100).sample(stream), 0x1.308837f305625p+1);
}

}  // namespace
}  // namespace sluice
