#include "reports/figure_text.hpp"

#include <array>
#include <cmath>
#include <string_view>

#include "reports/units.hpp"

namespace sluice {
namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

bool is_whole(double value) { return std::floor(value) == value; }

}  // namespace

std::string compact_duration(double seconds) {
  std::string text = format_duration(seconds);
  replace_all(text, "min", "m");
  replace_all(text, " ", "");
  return text;
}

std::string compact_count(double count) {
  static constexpr std::array<std::string_view, 5> suffixes{"", "k", "M", "G", "T"};
  if (std::abs(count) < 10'000)
    return is_whole(count) ? std::to_string(static_cast<long>(count)) : format_number(count);
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
      return compact_duration(value);
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
  return (figure->lower_bound ? "≥" : "") + compact(figure->value, unit);
}

std::string compact_interval(const Figure* figure, Unit unit) {
  if (figure == nullptr || !figure->interval) return {};
  return "±" + compact((figure->interval->high - figure->interval->low) / 2, unit);
}

std::string measured_text(const Figure& figure, Unit unit) {
  const std::string interval = compact_interval(&figure, unit);
  return compact(&figure, unit) + (interval.empty() ? "" : " (" + interval + ")");
}

}  // namespace sluice
