// Exponential function and logarithm that give the same bits everywhere.
//
// The C library's depend on its version and on the processor, and a compiler may fold them to yet
// another last bit. These use only + - * /, which IEEE 754 defines to the bit (-ffp-contract=off
// keeps them apart), so a seed gives the same samples on every machine. Errors stay within 2 units
// in the last place. About 5 ns each.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace sluice::portable {

namespace detail {
// ln 2 in two parts: the upper has so few bits that its product with an exponent is exact.
inline constexpr double kLn2Upper = 0x1.62e42fep-1;
inline constexpr double kLn2Lower = 0x1.f473de6af278fp-30;

/// 2^(j/32).
inline constexpr std::array<double, 32> kPowersOfTwo{
    0x1.0000000000000p+0, 0x1.059b0d3158574p+0, 0x1.0b5586cf9890fp+0, 0x1.11301d0125b51p+0,
    0x1.172b83c7d517bp+0, 0x1.1d4873168b9aap+0, 0x1.2387a6e756238p+0, 0x1.29e9df51fdee1p+0,
    0x1.306fe0a31b715p+0, 0x1.371a7373aa9cbp+0, 0x1.3dea64c123422p+0, 0x1.44e086061892dp+0,
    0x1.4bfdad5362a27p+0, 0x1.5342b569d4f82p+0, 0x1.5ab07dd485429p+0, 0x1.6247eb03a5585p+0,
    0x1.6a09e667f3bcdp+0, 0x1.71f75e8ec5f74p+0, 0x1.7a11473eb0187p+0, 0x1.82589994cce13p+0,
    0x1.8ace5422aa0dbp+0, 0x1.93737b0cdc5e5p+0, 0x1.9c49182a3f090p+0, 0x1.a5503b23e255dp+0,
    0x1.ae89f995ad3adp+0, 0x1.b7f76f2fb5e47p+0, 0x1.c199bdd85529cp+0, 0x1.cb720dcef9069p+0,
    0x1.d5818dcfba487p+0, 0x1.dfc97337b9b5fp+0, 0x1.ea4afa2a490dap+0, 0x1.f50765b6e4540p+0};

/// 2^exponent, for normal numbers.
constexpr double power_of_two(std::int64_t exponent) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}
}  // namespace detail

/// e^x: 2^(k/32) e^r with |r| <= ln 2 / 64, the latter by its Taylor polynomial.
constexpr double exp(double x) {
  if (!(x < 709.79)) return x != x ? x : std::numeric_limits<double>::infinity();
  if (x < -745.2) return 0;
  const double scaled = x * 0x1.71547652b82fep+5;  // 32 / ln 2
  const auto k = static_cast<std::int64_t>(scaled + (scaled < 0 ? -0.5 : 0.5));
  const auto steps = static_cast<double>(k);
  const double r =
      (x - steps * (detail::kLn2Upper * 0x1p-5)) - steps * (detail::kLn2Lower * 0x1p-5);
  const double rr = r * r;
  const double upper_terms = (1.0 / 24 + r * (1.0 / 120)) + rr * (1.0 / 720);
  const double minus_one = r + rr * ((0.5 + r * (1.0 / 6)) + rr * upper_terms);
  const double fraction = detail::kPowersOfTwo[static_cast<std::size_t>(k & 31)];
  // Two factors, since near the ends 2^exponent alone is no normal number.
  const std::int64_t exponent = k >> 5, half = exponent / 2;
  return (fraction + fraction * minus_one) * detail::power_of_two(half) *
         detail::power_of_two(exponent - half);
}

/// Natural logarithm; -infinity at 0, NaN below. With x = 2^k m and s = (m - 1) / (m + 1):
/// k ln 2 + 2 (s + s^3/3 + s^5/5 + ...).
constexpr double log(double x) {
  if (!(x > 0)) {
    return x == 0 ? -std::numeric_limits<double>::infinity()
                  : std::numeric_limits<double>::quiet_NaN();
  }
  if (x > std::numeric_limits<double>::max()) return x;
  const bool subnormal = x < std::numeric_limits<double>::min();
  const auto bits = std::bit_cast<std::uint64_t>(subnormal ? x * 0x1p54 : x);
  constexpr std::uint64_t root_half = 0x3FE6A09E667F3BCDu;  // m lies in [sqrt(1/2), sqrt(2))
  const auto k = static_cast<std::int64_t>(bits - root_half) >> 52;
  const double m = std::bit_cast<double>(bits - (static_cast<std::uint64_t>(k) << 52));
  const double s = (m - 1) / (m + 1), z = s * s, zz = z * z;
  const double odd = ((1.0 / 3 + zz * (1.0 / 7)) + (zz * zz) * (1.0 / 11 + zz * (1.0 / 15))) +
                     (zz * zz) * (zz * zz) * (1.0 / 19 + zz * (1.0 / 23));
  const double even = (1.0 / 5 + zz * (1.0 / 9)) +
                      (zz * zz) * ((1.0 / 13 + zz * (1.0 / 17)) + (zz * zz) * (1.0 / 21));
  const auto exponent = static_cast<double>(subnormal ? k - 54 : k);
  const double correction = 2 * s * z * (odd + z * even) + exponent * detail::kLn2Lower;
  return exponent * detail::kLn2Upper + (2 * s + correction);
}

/// x^y for x >= 0. The relative error grows with |y ln x|: about |y ln x| + 2 units in the last
/// place.
constexpr double pow(double x, double y) { return y == 0 ? 1 : exp(y * log(x)); }

/// Gamma function for x > 0, by Stirling's series; relative error below 1e-13 up to x = 100.
constexpr double gamma(double x) {
  double below = 1;  // gamma(x + n) = x (x + 1) ... (x + n - 1) gamma(x)
  for (; x < 16; x += 1) below *= x;
  const double w = 1 / (x * x);
  const double series = (1.0 / 12 - w * (1.0 / 360 - w * (1.0 / 1260 - w * (1.0 / 1680)))) / x;
  constexpr double half_log_of_two_pi = 0.91893853320467274178;
  return exp((x - 0.5) * log(x) - x + half_log_of_two_pi + series) / below;
}

}  // namespace sluice::portable
