#include "base/random/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace sluice {
namespace {

std::vector<double> draws(std::size_t n, const std::function<double()>& draw) {
  std::vector<double> values(n);
  std::generate(values.begin(), values.end(), draw);
  return values;
}

double mean_of_power(const std::vector<double>& values, int power) {
  double sum = 0;
  for (const double v : values) sum += std::pow(v, power);
  return sum / static_cast<double>(values.size());
}

/// Kolmogorov's statistic sqrt(n) D; above 1.95 with probability 0.001.
double kolmogorov(std::vector<double> values,
                  const std::function<double(double)>& probability_below) {
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  double distance = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double p = probability_below(values[i]), rank = static_cast<double>(i);
    distance = std::max({distance, p - rank / n, (rank + 1) / n - p});
  }
  return std::sqrt(n) * distance;
}

constexpr double kKolmogorovLimit = 1.95;
constexpr std::size_t kDraws = 1'000'000;

double uniform_probability(double x) { return x; }
double exponential_probability(double x) { return -std::expm1(-x); }
double normal_probability(double x) { return std::erfc(-x / std::sqrt(2)) / 2; }

TEST(StreamKey, IsTheSameEverywhere) {
  EXPECT_EQ(stream_key(42, std::uint64_t{0}), 0xb29ed950786f5ae3u);
  EXPECT_EQ(stream_key(42, std::uint64_t{1}), 0xd46e4e6742314566u);
  EXPECT_EQ(stream_key(42, ""), 0xd5b72fc7dedeb66eu);
  EXPECT_EQ(stream_key(42, "arrivals"), 0x893803ba94128e3fu);
  EXPECT_EQ(stream_key(42, "a submitter with a long name"), 0x818ab28f7469ea2au);
}

TEST(StreamKey, DiffersByParentNameAndIndex) {
  std::set<std::uint64_t> keys;
  std::size_t made = 0;
  for (std::uint64_t parent = 0; parent < 100; ++parent) {
    for (std::uint64_t i = 0; i < 100; ++i) keys.insert(stream_key(parent, i)), ++made;
    for (const char* name :
         {"", "a", "b", "ab", "ba", "aa", "arrivals", "arrivals2", "arrivals "}) {
      keys.insert(stream_key(parent, name)), ++made;
    }
  }
  EXPECT_EQ(keys.size(), made);
}

TEST(StreamKey, TreatsBytesBehindZeroAsPartOfTheName) {
  EXPECT_NE(stream_key(1, std::string_view("a\0b", 3)), stream_key(1, std::string_view("a\0c", 3)));
  EXPECT_NE(stream_key(1, std::string_view("a", 1)), stream_key(1, std::string_view("a\0", 2)));
}

TEST(Stream, DrawsTheSameOnEveryCompiler) {
  Stream stream(42);
  EXPECT_EQ(stream.bits(), 0xbdd732262feb6e95u);
  EXPECT_EQ(stream.uniform(), 0x1.477f199d93378p-3);
  EXPECT_EQ(stream.below(1000), 278u);
  EXPECT_EQ(stream.exponential(), 0x1.578959a7afe13p-1);
  EXPECT_EQ(stream.normal(), -0x1.b2bf0541e6071p-4);
  double exponentials = 0, normals = 0;
  for (int i = 0; i < 100'000; ++i) {
    exponentials += stream.exponential();
    normals += stream.normal();
  }
  EXPECT_EQ(exponentials, 0x1.873fa4c3bf227p+16);
  EXPECT_EQ(normals, -0x1.c7bc85b257811p+8);
}

TEST(Stream, IsAValueThatCopiesItsPosition) {
  Stream stream(7);
  stream.bits();
  Stream copy = stream;
  EXPECT_EQ(stream.bits(), copy.bits());
}

TEST(Stream, UniformIsUniform) {
  Stream stream(1);
  const auto values = draws(kDraws, [&] { return stream.uniform(); });
  EXPECT_GE(*std::min_element(values.begin(), values.end()), 0);
  EXPECT_LT(*std::max_element(values.begin(), values.end()), 1);
  EXPECT_LT(kolmogorov(values, uniform_probability), kKolmogorovLimit);
}

TEST(Stream, BelowHitsEveryNumberAlike) {
  constexpr std::uint64_t faces = 100;
  Stream stream(2);
  std::vector<double> hits(faces);
  for (std::size_t i = 0; i < kDraws; ++i) hits.at(stream.below(faces)) += 1;
  const double expected = static_cast<double>(kDraws) / faces;
  double chi_square = 0;
  for (const double h : hits) chi_square += (h - expected) * (h - expected) / expected;
  EXPECT_LT(chi_square, 148.2);  // 99 degrees of freedom, 0.001
}

TEST(Stream, ChanceDrawsNothingWhereItIsCertain) {
  Stream stream(3), untouched(3);
  EXPECT_FALSE(stream.chance(0));
  EXPECT_FALSE(stream.chance(-1));
  EXPECT_TRUE(stream.chance(1));
  EXPECT_TRUE(stream.chance(2));
  EXPECT_EQ(stream.bits(), untouched.bits());
}

TEST(Stream, ChanceComesTrueAsOftenAsSaid) {
  Stream stream(4);
  int hits = 0;
  for (std::size_t i = 0; i < kDraws; ++i) hits += stream.chance(0.03);
  EXPECT_NEAR(hits, 30'000, 4 * std::sqrt(30'000 * 0.97));
}

TEST(Stream, ExponentialFollowsItsDistribution) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    Stream stream(stream_key(seed, "exponential"));
    const auto values = draws(kDraws, [&] { return stream.exponential(); });
    EXPECT_LT(kolmogorov(values, exponential_probability), kKolmogorovLimit) << seed;
    EXPECT_NEAR(mean_of_power(values, 1), 1, 4 * std::sqrt(1.0 / kDraws)) << seed;
    EXPECT_NEAR(mean_of_power(values, 2), 2, 4 * std::sqrt(20.0 / kDraws)) << seed;
    EXPECT_NEAR(mean_of_power(values, 3), 6, 4 * std::sqrt(684.0 / kDraws)) << seed;
  }
}

TEST(StreamSlow, ExponentialTailBeyondTheZigguratIsExponentialToo) {
  const double start = kExponentialZiggurat.edge[Ziggurat::kLayers - 1];
  Stream stream(5);
  std::vector<double> beyond;
  for (int i = 0; i < 20'000'000; ++i) {
    const double x = stream.exponential();
    if (x > start) beyond.push_back(x - start);
  }
  const double expected = 20'000'000 * std::exp(-start);
  EXPECT_NEAR(static_cast<double>(beyond.size()), expected, 4 * std::sqrt(expected));
  EXPECT_LT(kolmogorov(beyond, exponential_probability), kKolmogorovLimit);
}

TEST(Stream, NormalFollowsItsDistribution) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    Stream stream(stream_key(seed, "normal"));
    const auto values = draws(kDraws, [&] { return stream.normal(); });
    EXPECT_LT(kolmogorov(values, normal_probability), kKolmogorovLimit) << seed;
    EXPECT_NEAR(mean_of_power(values, 1), 0, 4 * std::sqrt(1.0 / kDraws)) << seed;
    EXPECT_NEAR(mean_of_power(values, 2), 1, 4 * std::sqrt(2.0 / kDraws)) << seed;
    EXPECT_NEAR(mean_of_power(values, 3), 0, 4 * std::sqrt(15.0 / kDraws)) << seed;
    EXPECT_NEAR(mean_of_power(values, 4), 3, 4 * std::sqrt(96.0 / kDraws)) << seed;
  }
}

TEST(StreamSlow, NormalTailBeyondTheZigguratHasItsShare) {
  const double start = kNormalZiggurat.edge[Ziggurat::kLayers - 1];
  Stream stream(6);
  std::vector<double> beyond;
  int below_zero = 0;
  for (int i = 0; i < 20'000'000; ++i) {
    const double x = stream.normal();
    if (std::abs(x) > start) beyond.push_back(std::abs(x)), below_zero += x < 0;
  }
  const double share = std::erfc(start / std::sqrt(2));
  const double expected = 20'000'000 * share;
  EXPECT_NEAR(static_cast<double>(beyond.size()), expected, 4 * std::sqrt(expected));
  EXPECT_NEAR(below_zero, expected / 2, 4 * std::sqrt(expected));
  const auto probability = [&](double x) { return 1 - std::erfc(x / std::sqrt(2)) / share; };
  EXPECT_LT(kolmogorov(beyond, probability), kKolmogorovLimit);
}

/// Layers that do not close at the top would bend the density near 0.
TEST(Ziggurat, TopLayerHasTheAreaOfTheOthers) {
  for (const Ziggurat* z : {&kExponentialZiggurat, &kNormalZiggurat}) {
    const double area = z->edge[2] * (z->height[1] - z->height[2]);
    EXPECT_NEAR(z->edge[1] * (1 - z->height[1]), area, 1e-13);
    EXPECT_TRUE(std::is_sorted(z->edge.begin(), z->edge.end()));
  }
}

/// First draws of streams with neighbouring keys: uniform, and not correlated with each other.
void expect_independent(const std::function<std::uint64_t(std::uint64_t)>& key) {
  std::vector<double> first;
  double products = 0;
  for (std::uint64_t i = 0; i < 200'000; ++i) {
    first.push_back(Stream(key(i)).uniform());
    if (i > 0) products += (first[i] - 0.5) * (first[i - 1] - 0.5);
  }
  const auto n = static_cast<double>(first.size());
  EXPECT_NEAR(products / n, 0, 4.0 / 12 / std::sqrt(n));
  EXPECT_LT(kolmogorov(first, uniform_probability), kKolmogorovLimit);
}

TEST(Stream, NeighbouringKeysAreIndependent) {
  expect_independent([](std::uint64_t i) { return stream_key(42, i); });
  expect_independent([](std::uint64_t i) { return stream_key(i, std::uint64_t{0}); });
  expect_independent([](std::uint64_t i) { return stream_key(i, "service"); });
  expect_independent([](std::uint64_t i) { return stream_key(1, "run" + std::to_string(i)); });
}

}  // namespace
}  // namespace sluice
