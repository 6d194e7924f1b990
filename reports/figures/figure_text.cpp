#include "reports/figures/figure_text.hpp"

#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include "base/text/units.hpp"

namespace sluice {
namespace {

bool is_whole(double value) { return std::floor(value) == value; }

/// How wide an interval is, nobody reads to three digits.
double two_digits(double value) {
  if (!std::isfinite(value) || value <= 0) return std::isinf(value) ? value : 0;
  const double scale = std::pow(10, std::floor(std::log10(value)) - 1);
  return std::round(value / scale) * scale;
}

}  // namespace

std::string compact_count(double count) {
  if (!std::isfinite(count)) return compact(count, Unit::ratio);
  static constexpr std::array<std::string_view, 5> suffixes{"", "k", "M", "G", "T"};
  const bool whole = is_whole(count) || std::abs(count) >= 1'000;
  if (std::abs(count) < 9'999.5)
    return whole ? std::to_string(std::lround(count)) : format_number(count);
  std::size_t step = 0;
  while (std::abs(count) >= 999.5 && step + 1 < suffixes.size()) {
    count /= 1000;
    ++step;
  }
  return format_number(count).append(suffixes[step]);
}

std::string compact(double value, Unit unit) {
  if (std::isnan(value)) return "–";
  if (std::isinf(value)) return value < 0 ? "−∞" : "∞";
  switch (unit) {
    case Unit::seconds:
      return format_duration(value);
    case Unit::share:
      return format_share(value);
    case Unit::per_minute:
      return compact_count(value) + "/min";
    case Unit::count:
      return compact_count(value);
    case Unit::ratio:
      return format_number(value);
  }
  return {};
}

std::string compact(const Figure* figure, Unit unit) {
  if (figure == nullptr) return "–";
  const std::string_view bound = figure->lower_bound ? "≥" : figure->upper_bound ? "≤" : "";
  return std::string(bound) + compact(figure->value, unit);
}

std::string compact_interval(const Figure* figure, Unit unit) {
  if (figure == nullptr || !figure->interval) return {};
  double half = two_digits((figure->interval->high - figure->interval->low) / 2);
  constexpr double kMinutesSuffice = 600;
  if (unit == Unit::seconds && half >= kMinutesSuffice && std::isfinite(half))
    half = std::round(half / 60) * 60;
  if (half == 0) return {};
  return "±" + compact(half, unit);
}

std::string whole_servers(double count) {
  constexpr double kRoundingError = 1e-9;
  return compact_count(std::isfinite(count) ? std::ceil(count - kRoundingError) : count);
}

std::string rough_share(double share) {
  if (!std::isfinite(share)) return compact(share, Unit::share);
  if (share > 0 && share < 0.005) return "<1 %";
  if (share < 1 && share >= 0.995) return ">99 %";
  return format_number(std::round(share * 100)) + " %";
}

std::string measured_text(const Figure& figure, Unit unit) {
  const std::string interval = compact_interval(&figure, unit);
  return compact(&figure, unit) + (interval.empty() ? "" : " (" + interval + ")");
}

}  // namespace sluice
