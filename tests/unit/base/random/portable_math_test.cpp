#include "base/random/portable_math.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random/random.hpp"

namespace sluice {
namespace {

constexpr double kUnit = 0x1p-52;

double relative_error(double value, long double exact) {
  return static_cast<double>(std::abs((value - exact) / exact));
}

TEST(PortableMath, ExpAgreesWithTheLibraryInHigherPrecision) {
  Stream stream(1);
  for (int i = 0; i < 200'000; ++i) {
    const double wide = (stream.uniform() - 0.5) * 1400, near = (stream.uniform() - 0.5) * 0.1;
    ASSERT_LT(relative_error(portable::exp(wide), std::exp(static_cast<long double>(wide))),
              2 * kUnit);
    ASSERT_LT(relative_error(portable::exp(near), std::exp(static_cast<long double>(near))),
              2 * kUnit);
  }
}

TEST(PortableMath, LogAgreesWithTheLibraryInHigherPrecision) {
  Stream stream(2);
  for (int i = 0; i < 200'000; ++i) {
    const double wide = std::exp((stream.uniform() - 0.5) * 1400), near = 0.5 + stream.uniform();
    ASSERT_LT(relative_error(portable::log(wide), std::log(static_cast<long double>(wide))),
              2 * kUnit);
    if (near == 1) continue;
    ASSERT_LT(relative_error(portable::log(near), std::log(static_cast<long double>(near))),
              2 * kUnit);
  }
}

TEST(PortableMath, EndsWhereDoublesEnd) {
  const double infinity = INFINITY;
  EXPECT_EQ(portable::exp(710), infinity);
  EXPECT_EQ(portable::exp(infinity), infinity);
  EXPECT_EQ(portable::exp(-infinity), 0);
  EXPECT_TRUE(std::isnan(portable::exp(NAN)));
  EXPECT_NEAR(portable::exp(-740) / std::exp(-740.0), 1, 0.02);  // subnormal
  EXPECT_EQ(portable::log(0), -infinity);
  EXPECT_EQ(portable::log(infinity), infinity);
  EXPECT_TRUE(std::isnan(portable::log(-1)));
  EXPECT_DOUBLE_EQ(portable::log(5e-324), std::log(5e-324));
}

TEST(PortableMath, IsExactWhereItCanBe) {
  EXPECT_EQ(portable::exp(0), 1);
  EXPECT_EQ(portable::log(1), 0);
  EXPECT_EQ(portable::pow(0, 0.5), 0);
  EXPECT_EQ(portable::pow(7, 0), 1);
  EXPECT_DOUBLE_EQ(portable::pow(2, 0.5), std::sqrt(2));
}

TEST(PortableMath, GammaAgreesWithFactorials) {
  double factorial = 1;
  for (int n = 1; n < 30; factorial *= n, ++n)
    EXPECT_NEAR(portable::gamma(n) / factorial, 1, 1e-13);
  EXPECT_NEAR(portable::gamma(0.5), std::sqrt(std::acos(-1.0)), 1e-13);
}

/// Folded by the compiler and computed at run time: the same bits.
TEST(PortableMath, IsTheSameAtCompileTimeAndAtRunTime) {
  constexpr double folded = portable::exp(1.25) + portable::log(300.0 / 90) + portable::gamma(2.5);
  volatile double a = 1.25, b = 300.0 / 90, c = 2.5;
  EXPECT_EQ(portable::exp(a) + portable::log(b) + portable::gamma(c), folded);
}

}  // namespace
}  // namespace sluice
