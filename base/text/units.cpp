#include "base/text/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace sluice {

namespace {

struct TimeUnit {
  std::string_view name;
  std::int64_t ns;
};
// Largest first. `min` is the same as `m`.
constexpr std::array<TimeUnit, 9> kUnits{{{"w", 604'800'000'000'000},
                                          {"d", 86'400'000'000'000},
                                          {"h", 3'600'000'000'000},
                                          {"min", 60'000'000'000},
                                          {"m", 60'000'000'000},
                                          {"s", 1'000'000'000},
                                          {"ms", 1'000'000},
                                          {"us", 1'000},
                                          {"ns", 1}}};
constexpr std::string_view kUnitsAllowed = "units are w, d, h, m (or min), s, ms, us, ns";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

const TimeUnit* unit_named(std::string_view name) {
  const auto found =
      std::find_if(kUnits.begin(), kUnits.end(), [&](const TimeUnit& u) { return u.name == name; });
  return found == kUnits.end() ? nullptr : &*found;
}

/// A cursor over text: number, then word.
struct Scanner {
  std::string_view text;
  std::size_t at = 0;

  bool done() const { return at == text.size(); }
  void skip_spaces() {
    while (!done() && text[at] == ' ') ++at;
  }
  std::string_view word() {
    const std::size_t from = at;
    while (!done() && is_letter(text[at])) ++at;
    return text.substr(from, at - from);
  }
  /// Digits with an optional fraction, `_` between digits, an exponent only if `exponent`.
  Parsed<double> number(bool exponent) {
    const std::size_t from = at;
    std::string digits;
    const auto take_digits = [&] {
      while (!done() && (is_digit(text[at]) || (text[at] == '_' && at > from))) {
        if (text[at] != '_') digits += text[at];
        ++at;
      }
    };
    take_digits();
    if (!done() && text[at] == '.') digits += text[at++], take_digits();
    const bool has_exponent =
        exponent && at + 1 < text.size() && (text[at] == 'e' || text[at] == 'E') &&
        !digits.empty() &&
        (is_digit(text[at + 1]) ||
         (at + 2 < text.size() && (text[at + 1] == '-' || text[at + 1] == '+') &&
          is_digit(text[at + 2])));
    if (has_exponent) {
      digits += text[at++];
      digits += text[at++];
      take_digits();
    }
    double value = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (result.ec != std::errc{} || result.ptr != digits.data() + digits.size())
      return Parsed<double>::wrong(from, "expected a number");
    return Parsed<double>::of(value);
  }
};

Parsed<Duration> too_long(std::size_t offset) {
  return Parsed<Duration>::wrong(offset, "longer than 292 years");
}

}  // namespace

Parsed<Duration> parse_duration(std::string_view text) {
  Scanner in{text};
  in.skip_spaces();
  if (in.done()) return Parsed<Duration>::wrong(0, "expected a duration such as 90s or 1h30m");
  double total_ns = 0;
  std::int64_t smallest = INT64_MAX;
  while (!in.done()) {
    const std::size_t from = in.at;
    const Parsed<double> number = in.number(false);
    if (!number) return Parsed<Duration>::wrong(from, "expected a duration such as 90s or 1h30m");
    const std::size_t unit_at = in.at;
    in.skip_spaces();
    const std::string_view word = in.word();
    if (word.empty() && *number == 0 && smallest == INT64_MAX && in.done())
      return Parsed<Duration>::of({});
    const TimeUnit* unit = unit_named(word);
    if (unit == nullptr)
      return Parsed<Duration>::wrong(
          unit_at, word.empty() ? "a unit is missing; " + std::string(kUnitsAllowed)
                                : "'" + std::string(word) + "' is no unit of time; " +
                                      std::string(kUnitsAllowed));
    if (unit->ns >= smallest)
      return Parsed<Duration>::wrong(unit_at,
                                     "units go from the largest to the smallest, each once");
    smallest = unit->ns;
    total_ns += *number * static_cast<double>(unit->ns);
    if (!(total_ns < 9.2e18)) return too_long(from);
    in.skip_spaces();
  }
  return Parsed<Duration>::of({static_cast<std::int64_t>(total_ns + 0.5)});
}

Parsed<Rate> parse_rate(std::string_view text) {
  using Result = Parsed<Rate>;
  Scanner in{text};
  in.skip_spaces();
  const Parsed<double> number = in.number(true);
  if (!number) return Result::wrong(in.at, "expected a rate such as 40/min or 5/s");
  in.skip_spaces();
  if (in.done() && *number == 0) return Result::of({0});
  if (in.done() || text[in.at] != '/')
    return Result::wrong(in.at,
                         "expected a rate such as 40/min: '/' and a unit of time are missing");
  ++in.at;
  in.skip_spaces();
  const std::size_t unit_at = in.at;
  std::string per(text.substr(in.at));
  if (!per.empty() && is_letter(per[0])) per = "1" + per;
  const Parsed<Duration> length = parse_duration(per);
  if (!length || length->ns == 0)
    return Result::wrong(unit_at,
                         "expected a length of time after '/'; " + std::string(kUnitsAllowed));
  return Result::of({*number / length->seconds()});
}

Parsed<double> parse_share(std::string_view text) {
  Scanner in{text};
  in.skip_spaces();
  Parsed<double> number = in.number(true);
  if (!number) return Parsed<double>::wrong(in.at, "expected a share such as 3% or 0.03");
  in.skip_spaces();
  if (!in.done() && text[in.at] == '%') {
    ++in.at;
    number.value = *number / 100;
  }
  in.skip_spaces();
  if (!in.done())
    return Parsed<double>::wrong(in.at, "unexpected '" + std::string(text.substr(in.at)) +
                                            "' after a share; write 3% or 0.03");
  return number;
}

Parsed<double> parse_number(std::string_view text) {
  Scanner in{text};
  in.skip_spaces();
  Parsed<double> number = in.number(true);
  if (!number) return Parsed<double>::wrong(in.at, "expected a number");
  in.skip_spaces();
  if (!in.done())
    return Parsed<double>::wrong(
        in.at, "unexpected '" + std::string(text.substr(in.at)) + "' after a number");
  return number;
}

// ---- formatting

namespace {

std::string printed(const char* format, double value) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, value);
  return buffer.data();
}

/// Three significant digits, no trailing zeros, no exponent: REQUIRES 0.001 <= value < 10^6 or 0.
std::string three_digits(double value) {
  if (value >= 99.95) return printed("%.0f", value);
  std::string text = printed(value >= 9.995 ? "%.1f" : value >= 0.9995 ? "%.2f" : "%.3g", value);
  if (text.find('.') == std::string::npos || text.find('e') != std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

/// 4m05s; 3m.
std::string two_parts(std::int64_t large, const char* large_unit, std::int64_t small,
                      const char* small_unit) {
  std::string text = std::to_string(large) + large_unit;
  if (small == 0) return text;
  return text + (small < 10 ? "0" : "") + std::to_string(small) + small_unit;
}

}  // namespace

std::string format_duration(double seconds) {
  if (seconds < 0) return "-" + format_duration(-seconds);
  if (!std::isfinite(seconds)) return "endless";
  if (seconds == 0) return "0s";
  if (seconds < 0.9995e-6) return three_digits(seconds * 1e9) + "ns";
  if (seconds < 0.9995e-3) return three_digits(seconds * 1e6) + "us";
  if (seconds < 0.9995) return three_digits(seconds * 1e3) + "ms";
  if (seconds < 59.95) return three_digits(seconds) + "s";
  if (seconds < 3599.5) {
    const std::int64_t s = std::llround(seconds);
    return two_parts(s / 60, "m", s % 60, "s");
  }
  if (seconds < 86'370) {
    const std::int64_t minutes = std::llround(seconds / 60);
    return two_parts(minutes / 60, "h", minutes % 60, "m");
  }
  const std::int64_t hours = std::llround(seconds / 3600);
  return two_parts(hours / 24, "d", hours % 24, "h");
}

std::string format_exact(Duration duration) {
  if (duration.ns == 0) return "0s";
  std::string text;
  std::int64_t left = duration.ns;
  for (const TimeUnit& unit : kUnits) {
    if (unit.name == "min" || left < unit.ns) continue;
    text += std::to_string(left / unit.ns);
    text += unit.name;
    left %= unit.ns;
  }
  return text;
}

std::string format_number(double value) {
  if (value < 0) return "-" + format_number(-value);
  if (!std::isfinite(value)) return "endless";
  if (value == 0) return "0";
  if (value >= 999'999.5 || value < 0.001) return printed("%.3g", value);
  return value >= 999.5 ? format_count(value) : three_digits(value);
}

std::string format_rate(double per_minute) {
  if (per_minute == 0 || per_minute >= 1) return format_number(per_minute) + " /min";
  if (per_minute * 60 >= 1) return format_number(per_minute * 60) + " /h";
  return format_number(per_minute * 1440) + " /d";
}

std::string format_share(double share) {
  const double percent = share * 100;
  if (percent == 0) return "0 %";
  if (percent > 0 && percent < 0.1)
    return percent < 0.01 ? "< 0.01 %" : printed("%.2f", percent) + " %";
  if (percent < 100 && percent > 99.9)
    return percent > 99.99 ? "> 99.99 %" : printed("%.2f", percent) + " %";
  std::string text = printed("%.1f", percent);
  if (text.size() > 2 && text.substr(text.size() - 2) == ".0") text.resize(text.size() - 2);
  return text + " %";
}

std::string format_count(double count) {
  std::string digits = printed("%.0f", std::abs(count));
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), 1, ' ');
  return count < 0 ? "-" + digits : digits;
}

}  // namespace sluice
