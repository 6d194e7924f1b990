#include "base/iso8601.hpp"

#include <cstddef>

#include "base/calendar/civil_date.hpp"
#include "base/floor_div.hpp"

namespace sluice {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr std::int64_t kFirstYear = 1678, kLastYear = 2261;  // of 64 bits of nanoseconds

void append_digits(std::string& text, std::int64_t value, std::size_t digits) {
  const std::size_t end = text.size() + digits;
  text.resize(end);
  for (std::size_t i = 1; i <= digits; ++i, value /= 10)
    text[end - i] = static_cast<char>('0' + value % 10);
}

/// Reads from the front of a text; once it failed it stays failed.
class TimeScanner {
 public:
  explicit TimeScanner(std::string_view text) : text_(text) {}

  bool accept(char c) {
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  void expect(char c) { good_ = accept(c) && good_; }
  bool next_is_digit() const { return !text_.empty() && text_[0] >= '0' && text_[0] <= '9'; }
  std::int64_t digit() {
    if (!next_is_digit()) return good_ = false, 0;
    const std::int64_t value = text_[0] - '0';
    text_.remove_prefix(1);
    return value;
  }
  /// A number of exactly `digits` digits within [least, most].
  std::int64_t number(int digits, std::int64_t least, std::int64_t most) {
    std::int64_t value = 0;
    for (int i = 0; i < digits; ++i) value = value * 10 + digit();
    good_ = good_ && value >= least && value <= most;
    return value;
  }
  bool good() const { return good_; }
  bool done() const { return good_ && text_.empty(); }

 private:
  std::string_view text_;
  bool good_ = true;
};

/// Digits after the point as nanoseconds; those past the ninth do not count.
std::int64_t fraction(TimeScanner& scanner) {
  std::int64_t ns = 0;
  std::int64_t unit = kSecond / 10;
  do {
    ns += scanner.digit() * unit;
    unit /= 10;
  } while (scanner.next_is_digit());
  return ns;
}

std::optional<std::int64_t> offset_seconds(TimeScanner& scanner) {
  const bool minus = scanner.accept('-');
  if (!minus && !scanner.accept('+')) {
    if (scanner.accept('Z') || scanner.accept('z')) return 0;
    return std::nullopt;
  }
  std::int64_t seconds = scanner.number(2, 0, 23) * 3600;
  if (scanner.accept(':') || scanner.next_is_digit()) seconds += scanner.number(2, 0, 59) * 60;
  return minus ? -seconds : seconds;
}

}  // namespace

std::string iso8601_of_unix_ns(std::int64_t unix_ns) {
  const std::int64_t seconds = floor_div(unix_ns, kSecond);
  const std::int64_t days = floor_div(seconds, kSecondsPerDay);
  const std::int64_t of_day = seconds - days * kSecondsPerDay;
  const CivilDate date = civil_from_days(days);
  std::string text;
  text.reserve(24);
  append_digits(text, date.year, 4);
  append_digits(text += '-', date.month, 2);
  append_digits(text += '-', date.day, 2);
  append_digits(text += 'T', of_day / 3600, 2);
  append_digits(text += ':', of_day / 60 % 60, 2);
  append_digits(text += ':', of_day % 60, 2);
  append_digits(text += '.', (unix_ns - seconds * kSecond) / 1'000'000, 3);
  return text += 'Z';
}

std::optional<CalendarTime> parse_calendar_time(std::string_view text) {
  TimeScanner scanner(text);
  std::optional<std::int64_t> offset;
  CivilDate date{};
  date.year = scanner.number(4, kFirstYear, kLastYear);
  scanner.expect('-');
  date.month = scanner.number(2, 1, 12);
  scanner.expect('-');
  if (!scanner.good()) return std::nullopt;
  date.day = scanner.number(2, 1, days_of_month(date));
  std::int64_t seconds = days_from_civil(date) * kSecondsPerDay;
  std::int64_t ns = 0;
  if (scanner.accept('T') || scanner.accept('t') || scanner.accept(' ')) {
    seconds += scanner.number(2, 0, 23) * 3600;
    scanner.expect(':');
    seconds += scanner.number(2, 0, 59) * 60;
    if (scanner.accept(':')) {
      seconds += scanner.number(2, 0, 60);
      if (scanner.accept('.') || scanner.accept(',')) ns = fraction(scanner);
    }
    offset = offset_seconds(scanner);
  } else if (scanner.accept('Z')) {
    offset = 0;
  }
  if (!scanner.done()) return std::nullopt;
  return CalendarTime{seconds * kSecond + ns, offset};
}

std::string why_no_calendar_time(std::string_view text) {
  TimeScanner scanner(text);
  CivilDate date{};
  date.year = scanner.number(4, 0, 9999);
  scanner.expect('-');
  date.month = scanner.number(2, 0, 99);
  scanner.expect('-');
  date.day = scanner.number(2, 0, 99);
  if (!scanner.good()) return {};
  if (date.year < kFirstYear || date.year > kLastYear)
    return "years go from " + std::to_string(kFirstYear) + " to " + std::to_string(kLastYear);
  if (date.month < 1 || date.month > 12) return "months go from 01 to 12";
  if (date.day < 1 || date.day > days_of_month(date))
    return std::string(text.substr(0, 7)) + " has " + std::to_string(days_of_month(date)) + " days";
  if (!scanner.accept('T') && !scanner.accept('t') && !scanner.accept(' ')) return {};
  const std::int64_t hour = scanner.number(2, 0, 99);
  if (scanner.good() && hour > 23) return "hours go from 00 to 23";
  return {};
}

std::optional<std::int64_t> parse_iso8601(std::string_view text) {
  const std::optional<CalendarTime> time = parse_calendar_time(text);
  if (!time) return std::nullopt;
  return time->clock_ns - time->offset_s.value_or(0) * kSecond;
}

}  // namespace sluice
