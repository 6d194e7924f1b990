#include "mock_api/contract/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "scenarios/iso8601.hpp"

namespace sluice {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kLongest_s = INT64_MAX / kSecond / 2;
constexpr int kLastYear = 2261;  // of 64 bits of nanoseconds
constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

bool is_digits_only(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string two_digits(std::size_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

/// The parts of a date as they were written: `6` or `06`, `Nov`, `1994` or `94`, `08:49:37`.
std::optional<std::int64_t> unix_seconds_of(std::string_view day, std::string_view month,
                                            std::string_view year, std::string_view clock) {
  const auto* const named = std::find(kMonths.begin(), kMonths.end(), month);
  if (named == kMonths.end() || !is_digits_only(day) || day.size() > 2 || !is_digits_only(year) ||
      (year.size() != 2 && year.size() != 4) || clock.size() != 8)
    return std::nullopt;
  int number = 0;
  std::from_chars(year.data(), year.data() + year.size(), number);
  if (year.size() == 2) number += number < 70 ? 2000 : 1900;
  const std::string text = std::to_string(std::min(number, kLastYear)) + '-' +
                           two_digits(static_cast<std::size_t>(named - kMonths.begin()) + 1) + '-' +
                           (day.size() == 1 ? "0" : "") + std::string(day) + 'T' +
                           std::string(clock) + 'Z';
  const std::optional<std::int64_t> unix_ns = parse_iso8601(text);
  if (!unix_ns) return std::nullopt;
  return *unix_ns / kSecond;
}

/// What stands before `mark`, which is taken off together with it.
std::string_view take_until(std::string_view& text, char mark) {
  const std::size_t at = std::min(text.find(mark), text.size());
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return part;
}

/// `06 Nov 1994 08:49:37 GMT`, or with `-` for `mark` and two digits of the year.
std::optional<std::int64_t> date_with_zone(std::string_view text, char mark) {
  const std::string_view day = take_until(text, mark), month = take_until(text, mark),
                         year = take_until(text, ' '), clock = take_until(text, ' ');
  return text == "GMT" ? unix_seconds_of(day, month, year, clock) : std::nullopt;
}

/// `Nov  6 08:49:37 1994`.
std::optional<std::int64_t> asctime_date(std::string_view text) {
  const std::string_view month = take_until(text, ' ');
  if (text.starts_with(' ')) text.remove_prefix(1);
  const std::string_view day = take_until(text, ' '), clock = take_until(text, ' ');
  return unix_seconds_of(day, month, text, clock);
}

}  // namespace

std::optional<std::int64_t> parse_http_date(std::string_view text) {
  if (std::find(kDays.begin(), kDays.end(), text.substr(0, 3)) == kDays.end()) return std::nullopt;
  if (text.size() > 3 && text[3] == ' ') return asctime_date(text.substr(4));
  take_until(text, ',');
  if (!text.starts_with(' ')) return std::nullopt;
  text.remove_prefix(1);
  return date_with_zone(text, text.size() > 2 && text[2] == '-' ? '-' : ' ');
}

std::optional<Duration> parse_retry_after(std::string_view value, std::int64_t unix_ns_now) {
  if (is_digits_only(value)) {
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (error != std::errc()) seconds = kLongest_s;
    return Duration{std::min(seconds, kLongest_s) * kSecond};
  }
  const std::optional<std::int64_t> until_s = parse_http_date(value);
  if (!until_s) return std::nullopt;
  std::int64_t wait = 0;
  if (__builtin_sub_overflow(*until_s * kSecond, unix_ns_now, &wait)) return std::nullopt;
  return Duration{std::max<std::int64_t>(wait, 0)};
}

}  // namespace sluice
