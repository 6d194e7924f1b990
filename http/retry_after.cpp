#include "http/retry_after.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "base/epoch.hpp"
#include "base/iso8601.hpp"

namespace sluice {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                "Friday", "Saturday", "Sunday"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::int64_t unix_seconds(std::int64_t unix_ns) {
  return Epoch{unix_ns}.unix_seconds(Time::zero());
}

/// What a date shows, digits as they stand.
struct DateParts {
  std::string_view day, month, time;
  std::string year;
};

/// Whether `text` has the form: `9` is a digit, `A` any other sign, everything else itself.
bool has_form(std::string_view text, std::string_view form) {
  return text.size() == form.size() &&
         std::equal(text.begin(), text.end(), form.begin(), [](char c, char expected) {
           if (expected == '9') return is_digit(c);
           return expected == 'A' ? !is_digit(c) : c == expected;
         });
}

bool is_day(std::string_view name, bool whole) {
  return std::any_of(kDays.begin(), kDays.end(), [&](std::string_view day) {
    return name == (whole ? day : day.substr(0, 3));
  });
}

std::optional<DateParts> date_parts(std::string_view text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) {
    const bool padded = text.size() > 8 && text[8] == ' ';
    if (!has_form(text, padded ? "AAA AAA  9 99:99:99 9999" : "AAA AAA 99 99:99:99 9999") ||
        !is_day(text.substr(0, 3), false))
      return std::nullopt;
    return DateParts{text.substr(padded ? 9 : 8, padded ? 1 : 2), text.substr(4, 3),
                     text.substr(11, 8), std::string(text.substr(20))};
  }
  const std::string_view name = text.substr(0, comma), rest = text.substr(comma + 1);
  if (has_form(rest, " 99 AAA 9999 99:99:99 GMT") && is_day(name, false))
    return DateParts{rest.substr(1, 2), rest.substr(4, 3), rest.substr(13, 8),
                     std::string(rest.substr(8, 4))};
  if (has_form(rest, " 99-AAA-99 99:99:99 GMT") && is_day(name, true)) {
    const std::string_view year = rest.substr(8, 2);
    return DateParts{rest.substr(1, 2), rest.substr(4, 3), rest.substr(11, 8),
                     (year < "70" ? "20" : "19") + std::string(year)};
  }
  return std::nullopt;
}

}  // namespace

std::int64_t RetryAfter::seconds_left(std::int64_t unix_ns) const {
  if (!is_date) return seconds;
  return std::max<std::int64_t>(0, seconds - unix_seconds(unix_ns));
}

std::optional<RetryAfter> parse_retry_after(std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (!std::all_of(text.begin(), text.end(), is_digit)) {
    const std::optional<std::int64_t> date = parse_http_date(text);
    return date ? std::optional(RetryAfter{*date, true}) : std::nullopt;
  }
  RetryAfter after{INT64_MAX, false};
  std::from_chars(text.data(), text.data() + text.size(), after.seconds);  // too large: as it was
  return after;
}

std::optional<std::int64_t> parse_http_date(std::string_view text) {
  const std::optional<DateParts> parts = date_parts(text);
  if (!parts) return std::nullopt;
  const auto* const month = std::find(kMonths.begin(), kMonths.end(), parts->month);
  if (month == kMonths.end()) return std::nullopt;
  const std::optional<std::int64_t> unix_ns = parse_iso8601(fmt::format(
      "{}-{:02}-{:0>2}T{}Z", parts->year, month - kMonths.begin() + 1, parts->day, parts->time));
  return unix_ns ? std::optional(unix_seconds(*unix_ns)) : std::nullopt;
}

}  // namespace sluice
