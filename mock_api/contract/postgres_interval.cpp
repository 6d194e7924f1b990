#include "mock_api/contract/postgres_interval.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace sluice {
namespace {

constexpr double kMaxSeconds = 200 * 365.25 * 86'400;

std::string_view next_word(std::string_view& text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == text.npos) return text = {}, text;
  text.remove_prefix(begin);
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  return word;
}

std::optional<double> interval_number(std::string_view digits) {
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value,
                                            std::chars_format::fixed);
  const bool whole = !digits.empty() && digits[0] >= '0' && digits[0] <= '9' &&
                     error == std::errc() && end == digits.data() + digits.size();
  return whole ? std::optional(value) : std::nullopt;
}

/// Seconds of `HH:MM[:SS[.fff]]`.
std::optional<double> clock(std::string_view word) {
  double seconds = 0;
  int parts = 0;
  for (double unit = 3600; parts < 3; ++parts, unit /= 60) {
    const std::size_t colon = word.find(':');
    const std::optional<double> value = interval_number(word.substr(0, colon));
    if (!value || (parts > 0 && *value >= 60)) return std::nullopt;
    seconds += *value * unit;
    if (colon == word.npos) return parts > 0 ? std::optional(seconds) : std::nullopt;
    word.remove_prefix(colon + 1);
  }
  return std::nullopt;
}

std::optional<double> unit_seconds(std::string_view unit) {
  if (unit.ends_with('s') && unit.size() > 1) unit.remove_suffix(1);
  constexpr std::array<std::pair<std::string_view, double>, 8> kUnits{{{"second", 1},
                                                                       {"sec", 1},
                                                                       {"minute", 60},
                                                                       {"min", 60},
                                                                       {"hour", 3600},
                                                                       {"day", 86'400},
                                                                       {"week", 604'800},
                                                                       {"mon", 2'592'000}}};
  for (const auto& [name, seconds] : kUnits)
    if (unit == name) return seconds;
  return std::nullopt;
}

}  // namespace

std::optional<Duration> parse_postgres_interval(std::string_view text) {
  double seconds = 0;
  bool any = false;
  for (std::string_view word = next_word(text); !word.empty(); word = next_word(text), any = true) {
    if (word.find(':') != word.npos) {
      const std::optional<double> part = clock(word);
      if (!part) return std::nullopt;
      seconds += *part;
      continue;
    }
    const std::optional<double> value = interval_number(word);
    const std::optional<double> unit = unit_seconds(next_word(text));
    if (!value || !unit) return std::nullopt;
    seconds += *value * *unit;
  }
  if (!any || seconds > kMaxSeconds) return std::nullopt;
  return Duration::from_seconds(seconds);
}

std::string postgres_interval(Duration length) {
  const std::int64_t seconds = length.ns / 1'000'000'000;
  const std::int64_t days = seconds / 86'400;
  std::string text;
  if (days > 0) text = std::to_string(days) + (days == 1 ? " day " : " days ");
  const auto two = [&text](std::int64_t value) {
    text += static_cast<char>('0' + value / 10);
    text += static_cast<char>('0' + value % 10);
  };
  two(seconds % 86'400 / 3600);
  text += ':';
  two(seconds / 60 % 60);
  text += ':';
  two(seconds % 60);
  return text;
}

}  // namespace sluice
