#include "scenarios/loader/keys/clock_types.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "base/iso8601.hpp"
#include "base/text/units.hpp"
#include "scenarios/loader/keys/scalar_types.hpp"

namespace sluice {
namespace {

constexpr const char* kTimeOfDayPattern = "^ *[0-2]?[0-9]:[0-5][0-9](:[0-5][0-9])? *$";
constexpr const char* kDatePattern = "^ *[0-9]{4}-[0-9]{2}-[0-9]{2}";
constexpr const char* kDaysPattern = "^ *[A-Za-z]{3,9}( *[-,] *[A-Za-z]{3,9})* *$";
constexpr const char* kGrowthPattern = "^ *-?[0-9.][0-9_.eE+-]* *%? */ *[0-9.]* *[wdhms]";

constexpr std::int64_t kNsOfSecond = 1'000'000'000;
constexpr std::array<std::string_view, 7> kWeekdayNames{
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

bool is_time_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view bare_time(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

bool looks_like_time_of_day(std::string_view text) {
  text = bare_time(text);
  const std::size_t colon = text.find(':');
  return colon != text.npos && colon > 0 && is_time_digit(text[0]);
}

/// Takes one or two digits of at most `most` off the front.
std::optional<std::int64_t> take_two_digits(std::string_view& text, std::int64_t most) {
  std::int64_t value = 0;
  std::size_t digits = 0;
  for (; digits < 2 && digits < text.size() && is_time_digit(text[digits]); ++digits)
    value = value * 10 + (text[digits] - '0');
  text.remove_prefix(digits);
  return digits > 0 && value <= most ? std::optional(value) : std::nullopt;
}

bool read_time_of_day(Reader& reader, const TreeNode& node, Time& value) {
  const auto of_day = parse_time_of_day(node.text);
  if (!of_day) return reader.wrong(node, "a time of day from `00:00` to `23:59`");
  value = Time::zero() + *of_day;
  return true;
}

/// The first such time of day from the start on.
Time first_at(const Calendar& calendar, Duration of_day) {
  std::int64_t day = calendar.local_day(Time::zero());
  while (calendar.time_of(day, of_day) < Time::zero()) ++day;
  return calendar.time_of(day, of_day);
}

bool read_time_on_calendar(Reader& reader, const TreeNode& node, Time& value) {
  std::int64_t local_ns = 0;
  std::optional<std::int64_t> offset_s;
  if (!read_date(reader, node, local_ns, offset_s)) return false;
  if (reader.dates_unknown) return false;  // reported already
  if (!reader.calendar.has_dates())
    return reader.error(node.mark,
                        "a date says nothing without a `start` of the scenario, its time 0");
  const Calendar& calendar = reader.calendar;
  const std::int64_t unix_ns =
      offset_s ? local_ns - *offset_s * kNsOfSecond : calendar.zone().utc_of(local_ns).next_ns;
  if (unix_ns < calendar.start_unix_ns())
    return reader.error(node.mark,
                        "lies before the `start` of the scenario, " + calendar.text(Time::zero()));
  std::int64_t since_start = 0;
  const bool too_late = __builtin_sub_overflow(unix_ns, calendar.start_unix_ns(), &since_start);
  value = too_late ? Time::never() : Time{since_start};
  return true;
}

Json time_schema() {
  return scalar_schema(
      "A time: since the start `90s`, `2d`; a date `2026-03-12T08:00`; the first `08:00`.",
      {Json{{"const", 0}}, Json{{"type", "string"}, {"pattern", kTimeOfDayPattern}},
       Json{{"type", "string"}, {"pattern", kDatePattern}}},
      kDurationPattern);
}

// ---- days of the week

/// 0 … 6; none: no day.
std::optional<int> day_named(std::string_view word) {
  std::string lower;
  for (const char c : word) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (std::size_t i = 0; i < kWeekdayNames.size(); ++i)
    if (lower == kWeekdayNames[i] || lower == kWeekdayNames[i].substr(0, 3))
      return static_cast<int>(i);
  return std::nullopt;
}

/// `mon`, `mon-fri`, `fri-mon`.
std::optional<Weekdays> parse_range(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = day_named(bare_time(text.substr(0, dash)));
  const auto last = dash == text.npos ? first : day_named(bare_time(text.substr(dash + 1)));
  if (!first || !last) return std::nullopt;
  unsigned days = 0;
  for (int day = *first;; day = (day + 1) % 7) {
    days |= 1U << static_cast<unsigned>(day);
    if (day == *last) return static_cast<Weekdays>(days);
  }
}

bool read_days(Reader& reader, const TreeNode& node, Weekdays& days) {
  constexpr const char* kExpected = "days such as `mon-fri` or `sat,sun`";
  if (!node.is_scalar()) return reader.wrong(node, kExpected);
  std::string_view rest = node.text;
  unsigned all = 0;
  for (bool more = true; more;) {
    const std::size_t comma = rest.find(',');
    const auto range = parse_range(rest.substr(0, comma));
    if (!range) return reader.wrong(node, kExpected);
    all |= *range;
    more = comma != rest.npos;
    if (more) rest.remove_prefix(comma + 1);
  }
  days = static_cast<Weekdays>(all);
  return true;
}

// ---- growth

bool read_growth(Reader& reader, const TreeNode& node, Growth& growth) {
  constexpr const char* kExpected = "a growth such as `5%/30d`";
  if (!node.is_scalar()) return reader.wrong(node, kExpected);
  std::string_view text = bare_time(node.text);
  const bool shrinks = text.starts_with('-');
  if (shrinks || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t slash = text.find('/');
  if (slash == text.npos) return reader.wrong(node, kExpected);
  const Parsed<double> share = parse_share(text.substr(0, slash));
  std::string per(bare_time(text.substr(slash + 1)));
  if (!per.empty() && !is_time_digit(per[0]) && per[0] != '.') per = "1" + per;
  const Parsed<Duration> length = parse_duration(per);
  if (!share || !length || *length <= Duration::zero()) return reader.wrong(node, kExpected);
  growth = {shrinks ? -*share : *share, *length};
  if (growth.share > -1 && growth.share <= 1000) return true;
  return reader.error(node.mark, growth.share < 0 ? "less than nothing would be left"
                                                  : "grows more than a thousandfold each time");
}

}  // namespace

std::optional<Duration> parse_time_of_day(std::string_view text) {
  text = bare_time(text);
  std::int64_t seconds = 0;
  const auto hours = take_two_digits(text, 23);
  if (!hours || text.size() < 3 || text[0] != ':' || !is_time_digit(text[2])) return std::nullopt;
  text.remove_prefix(1);
  const auto minutes = take_two_digits(text, 59);
  if (!minutes) return std::nullopt;
  seconds = *hours * 3600 + *minutes * 60;
  if (text.size() == 3 && text[0] == ':' && is_time_digit(text[2])) {
    text.remove_prefix(1);
    const auto more = take_two_digits(text, 59);
    if (!more) return std::nullopt;
    seconds += *more;
  }
  return text.empty() ? std::optional(Duration{seconds * kNsOfSecond}) : std::nullopt;
}

bool looks_like_date(std::string_view text) {
  text = bare_time(text);
  return text.size() > 4 && text[4] == '-' &&
         std::all_of(text.begin(), text.begin() + 4, is_time_digit);
}

bool read_date(Reader& reader, const TreeNode& node, std::int64_t& local_ns,
               std::optional<std::int64_t>& offset_s) {
  const std::string_view text = bare_time(node.text);
  const auto date = node.is_scalar() ? parse_calendar_time(text) : std::nullopt;
  if (!date) {
    const std::string why = node.is_scalar() ? why_no_calendar_time(text) : std::string();
    return reader.wrong(node, "a date such as `2026-01-05` or `2026-01-05T08:00`" +
                                  (why.empty() ? why : " (" + why + ")"));
  }
  local_ns = date->clock_ns;
  offset_s = date->offset_s;
  return true;
}

Type<ClockOrTime> clock_or_time_type() {
  auto read = [](Reader& reader, TreeNode& node, ClockOrTime& value) {
    if (node.is_scalar() && looks_like_date(node.text))
      return read_time_on_calendar(reader, node, value.at);
    if (node.is_scalar() && looks_like_time_of_day(node.text)) {
      value.of_day = true;
      return read_time_of_day(reader, node, value.at);
    }
    Duration since_start{};
    const bool good = duration_type().read(reader, node, since_start);
    value.at = Time::zero() + since_start;
    return good;
  };
  return named<ClockOrTime>("time", {std::move(read), [](Schema&) { return time_schema(); }});
}

Type<Time> time_type() {
  Type<ClockOrTime> type = clock_or_time_type();
  auto read = [read = std::move(type.read)](Reader& reader, TreeNode& node, Time& value) {
    ClockOrTime given;
    if (!read(reader, node, given)) return false;
    value = given.of_day ? first_at(reader.calendar, given.at - Time::zero()) : given.at;
    return true;
  };
  return {std::move(read), std::move(type.schema)};
}

Type<Time> time_of_day_type() {
  auto read = [](Reader& reader, TreeNode& node, Time& value) {
    if (node.is_scalar() && looks_like_time_of_day(node.text))
      return read_time_of_day(reader, node, value);
    Duration since_midnight{};
    if (!duration_type().read(reader, node, since_midnight)) return false;
    value = Time::zero() + since_midnight;
    return since_midnight.ns < kNsPerDay ||
           reader.error(node.mark, "lies outside the day, which has 24 h");
  };
  return {std::move(read), [](Schema&) {
            return scalar_schema(
                "A time of day: `09:00` or `9h`.",
                {Json{{"const", 0}}, Json{{"type", "string"}, {"pattern", kTimeOfDayPattern}}},
                kDurationPattern);
          }};
}

Type<Weekdays> day_range_type() {
  return {
      [](Reader& reader, TreeNode& node, Weekdays& days) { return read_days(reader, node, days); },
      [](Schema&) {
        return scalar_schema("Days: `mon-fri`, `sat`, `mon,wed,fri`; a holiday is a sunday.", {},
                             kDaysPattern);
      }};
}

Type<Weekdays> days_type() {
  return named<Weekdays>(
      "days", converted<std::vector<Weekdays>, Weekdays>(
                  one_or_many<Weekdays>("days such as `mon-fri`, or a list", day_range_type()),
                  [](const std::vector<Weekdays>& ranges) {
                    unsigned all = 0;
                    for (const Weekdays range : ranges) all |= range;
                    return static_cast<Weekdays>(all);
                  }));
}

Type<Growth> growth_type() {
  return {[](Reader& reader, TreeNode& node, Growth& growth) {
            return read_growth(reader, node, growth);
          },
          [](Schema&) {
            return scalar_schema("A growth: `5%/30d`; compounding; below zero it shrinks.", {},
                                 kGrowthPattern);
          }};
}

}  // namespace sluice
