#include "scenarios/loader/trace/recorded_time.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

#include "scenarios/loader/trace/record_file.hpp"

namespace sluice {
namespace {

constexpr std::int64_t kBillion = 1'000'000'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// Takes digits off the front; none if there are none, or too many.
std::optional<std::int64_t> take_digits(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && is_digit(text[length])) ++length;
  std::int64_t value = 0;
  if (std::from_chars(text.data(), text.data() + length, value).ec != std::errc{})
    return std::nullopt;
  text.remove_prefix(length);
  return value;
}

/// Digits as billionths; those past the ninth do not count.
std::optional<std::int32_t> take_fraction(std::string_view& text) {
  std::int32_t value = 0, unit = static_cast<std::int32_t>(kBillion) / 10;
  std::size_t length = 0;
  for (; length < text.size() && is_digit(text[length]); ++length, unit /= 10)
    value += (text[length] - '0') * unit;
  if (length == 0) return std::nullopt;
  text.remove_prefix(length);
  return value;
}

RecordedNumber negative(RecordedNumber number) {
  if (number.billionths == 0) return {-number.whole, 0};
  return {-number.whole - 1, static_cast<std::int32_t>(kBillion - number.billionths)};
}

std::optional<RecordedNumber> decimal(std::string_view text) {
  const bool minus = text.starts_with('-');
  if (minus || text.starts_with('+')) text.remove_prefix(1);
  const std::optional<std::int64_t> whole = take_digits(text);
  if (!whole) return std::nullopt;
  RecordedNumber number{*whole, 0};
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const std::optional<std::int32_t> fraction = take_fraction(text);
    if (!fraction && !text.empty()) return std::nullopt;
    number.billionths = fraction.value_or(0);
  }
  if (!text.empty()) return std::nullopt;
  return minus ? negative(number) : number;
}

struct UnitWord {
  std::string_view word;
  TimeUnit unit;
};
constexpr std::array<UnitWord, 24> kUnitWords{{{"ms", TimeUnit::milliseconds},
                                               {"msec", TimeUnit::milliseconds},
                                               {"msecs", TimeUnit::milliseconds},
                                               {"millis", TimeUnit::milliseconds},
                                               {"millisecond", TimeUnit::milliseconds},
                                               {"milliseconds", TimeUnit::milliseconds},
                                               {"us", TimeUnit::microseconds},
                                               {"usec", TimeUnit::microseconds},
                                               {"usecs", TimeUnit::microseconds},
                                               {"micros", TimeUnit::microseconds},
                                               {"microseconds", TimeUnit::microseconds},
                                               {"\xC2\xB5s", TimeUnit::microseconds},
                                               {"ns", TimeUnit::nanoseconds},
                                               {"nsec", TimeUnit::nanoseconds},
                                               {"nanos", TimeUnit::nanoseconds},
                                               {"nanoseconds", TimeUnit::nanoseconds},
                                               {"s", TimeUnit::seconds},
                                               {"sec", TimeUnit::seconds},
                                               {"secs", TimeUnit::seconds},
                                               {"second", TimeUnit::seconds},
                                               {"seconds", TimeUnit::seconds},
                                               {"minutes", TimeUnit::minutes},
                                               {"hours", TimeUnit::hours},
                                               {"mins", TimeUnit::minutes}}};

}  // namespace

std::string_view name(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::seconds:
      return "seconds";
    case TimeUnit::milliseconds:
      return "milliseconds";
    case TimeUnit::microseconds:
      return "microseconds";
    case TimeUnit::nanoseconds:
      return "nanoseconds";
    case TimeUnit::minutes:
      return "minutes";
    case TimeUnit::hours:
      return "hours";
  }
  return "";
}

double seconds_of(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::seconds:
      return 1;
    case TimeUnit::milliseconds:
      return 1e-3;
    case TimeUnit::microseconds:
      return 1e-6;
    case TimeUnit::nanoseconds:
      return 1e-9;
    case TimeUnit::minutes:
      return 60;
    case TimeUnit::hours:
      return 3600;
  }
  return 1;
}

std::optional<RecordedNumber> to_recorded_number(std::string_view text) {
  text = trim(text);
  if (const auto exact = decimal(text)) return exact;
  const std::optional<double> number = to_number(text);  // 1.5e3
  if (!number || std::abs(*number) > 9e18) return std::nullopt;
  const double whole = std::floor(*number);
  const double rest = std::min((*number - whole) * 1e9, 999'999'999.0);
  return RecordedNumber{static_cast<std::int64_t>(whole), static_cast<std::int32_t>(rest)};
}

std::optional<std::int64_t> to_ns(RecordedNumber number, TimeUnit unit) {
  std::int64_t factor = 1, part = 0;
  switch (unit) {
    case TimeUnit::nanoseconds:
      break;
    case TimeUnit::microseconds:
      factor = 1'000, part = number.billionths / 1'000'000;
      break;
    case TimeUnit::milliseconds:
      factor = 1'000'000, part = number.billionths / 1'000;
      break;
    case TimeUnit::seconds:
      factor = kBillion, part = number.billionths;
      break;
    case TimeUnit::minutes:
      factor = 60 * kBillion, part = std::int64_t{number.billionths} * 60;
      break;
    case TimeUnit::hours:
      factor = 3600 * kBillion, part = std::int64_t{number.billionths} * 3600;
      break;
  }
  std::int64_t ns = 0;
  if (__builtin_mul_overflow(number.whole, factor, &ns) || __builtin_add_overflow(ns, part, &ns))
    return std::nullopt;
  return ns;
}

std::optional<TimeUnit> unit_of_epoch(std::int64_t number) {
  constexpr std::int64_t kFirst = 300'000'000, kLast = 4'200'000'000;  // seconds: 1979 to 2103
  if (number >= kFirst * kBillion && number < kLast * kBillion) return TimeUnit::nanoseconds;
  if (number >= kFirst * 1'000'000 && number < kLast * 1'000'000) return TimeUnit::microseconds;
  if (number >= kFirst * 1'000 && number < kLast * 1'000) return TimeUnit::milliseconds;
  return std::nullopt;
}

std::optional<TimeUnit> unit_in_name(std::string_view column) {
  // The last word, in brackets or behind a space, an underscore or a dash.
  while (!column.empty() && (column.back() == ')' || column.back() == ']' || column.back() == ' '))
    column.remove_suffix(1);
  const std::size_t before = column.find_last_of(" ([_-.");
  if (before == column.npos) return std::nullopt;
  std::string word(column.substr(before + 1));
  for (char& c : word)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  for (const UnitWord& known : kUnitWords)
    if (word == known.word) return known.unit;
  return std::nullopt;
}

std::optional<Duration> parse_clock_duration(std::string_view text) {
  text = trim(text);
  std::array<std::int64_t, 3> fields{};  // as many as there are, the first one first
  std::size_t count = 0;
  std::int64_t days = 0;
  const std::size_t dash = text.find('-');
  const bool with_days = dash != text.npos && dash > 0;
  if (with_days) {
    const std::optional<std::int64_t> number = take_digits(text);
    if (!number || !text.starts_with('-')) return std::nullopt;
    text.remove_prefix(1);
    days = *number;
  }
  do {
    if (count > 0) text.remove_prefix(1);
    const std::optional<std::int64_t> number = take_digits(text);
    if (!number || count == fields.size()) return std::nullopt;
    fields[count++] = *number;
  } while (text.starts_with(':'));
  std::int32_t fraction = 0;
  if (const bool to_seconds = with_days ? count == 3 : count >= 2;
      to_seconds && text.starts_with('.')) {
    text.remove_prefix(1);
    const std::optional<std::int32_t> part = take_fraction(text);
    if (!part) return std::nullopt;
    fraction = *part;
  }
  if (!text.empty() || (!with_days && count < 2)) return std::nullopt;
  if (!with_days && count == 2) fields = {0, fields[0], fields[1]};  // MM:SS
  const bool minutes_alone = !with_days && count == 2;
  constexpr std::int64_t kMost = 1'000'000;  // of anything: more is a mistake
  if (days > kMost || fields[0] > (with_days ? 23 : kMost) ||
      fields[1] > (minutes_alone ? kMost : 59) || fields[2] > 59)
    return std::nullopt;
  const std::int64_t seconds = ((days * 24 + fields[0]) * 60 + fields[1]) * 60 + fields[2];
  std::int64_t ns = 0;
  if (__builtin_mul_overflow(seconds, kBillion, &ns) || __builtin_add_overflow(ns, fraction, &ns))
    return std::nullopt;
  return Duration{ns};
}

}  // namespace sluice
