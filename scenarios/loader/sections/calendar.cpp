#include "scenarios/loader/sections/calendar.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/calendar/calendar.hpp"
#include "base/calendar/civil_date.hpp"
#include "base/calendar/time_zone.hpp"
#include "base/floor_div.hpp"
#include "base/text/units.hpp"
#include "scenarios/loader/keys/clock_types.hpp"
#include "scenarios/loader/keys/scalar_types.hpp"

namespace sluice {
namespace {

constexpr std::int64_t kStartSecondNs = 1'000'000'000;
constexpr std::int64_t kFirstStartYear = 1900, kLastStartYear = 2150;
constexpr std::int64_t kMostYears = 100;

TreeNode* given_key(TreeNode& root, const char* key) {
  TreeNode* node = root.is_map() ? root.find(key) : nullptr;
  return node != nullptr && !node->is_null() ? node : nullptr;
}

bool read_zone(Reader& reader, const TreeNode& node) {
  if (!is_scalar(reader, node, "the name of a time zone, such as Europe/Berlin")) return false;
  std::string problem;
  reader.time_zone = TimeZone::find(node.text, problem);
  return reader.time_zone != nullptr || reader.error(node.mark, std::move(problem));
}

bool read_start(Reader& reader, const TreeNode& node, const TimeZone& zone,
                std::int64_t& start_unix_ns) {
  std::int64_t local_ns = 0;
  std::optional<std::int64_t> offset_s;
  if (!read_date(reader, node, local_ns, offset_s)) return false;
  const std::int64_t year = civil_from_days(floor_div(local_ns, kNsPerDay)).year;
  if (year < kFirstStartYear || year > kLastStartYear)
    return reader.error(node.mark, "the years of a `start` go from " +
                                       std::to_string(kFirstStartYear) + " to " +
                                       std::to_string(kLastStartYear));
  start_unix_ns = offset_s ? local_ns - *offset_s * kStartSecondNs : zone.utc_of(local_ns).next_ns;
  return true;
}

bool read_holidays(Reader& reader, TreeNode& node, std::vector<std::int64_t>& days) {
  const Type<std::int64_t> date{[](Reader& r, TreeNode& item, std::int64_t& day) {
                                  std::int64_t local_ns = 0;
                                  std::optional<std::int64_t> offset_s;
                                  if (!read_date(r, item, local_ns, offset_s)) return false;
                                  day = floor_div(local_ns, kNsPerDay);
                                  return (!offset_s && local_ns == day * kNsPerDay) ||
                                         r.error(item.mark,
                                                 "a holiday is a whole day, such as `2026-12-25`");
                                },
                                [](Schema&) { return Json(); }};
  if (!one_or_many<std::int64_t>("a date or a list of dates", date).read(reader, node, days))
    return false;
  std::sort(days.begin(), days.end());
  return true;
}

/// `1y6mo` as months; none: another kind of length.
std::optional<std::int64_t> parse_months(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  std::int64_t months = 0;
  bool years_are_allowed = true;
  while (!text.empty()) {
    std::int64_t number = 0;
    std::size_t digits = 0;
    for (; digits < text.size() && digits < 5 && text[digits] >= '0' && text[digits] <= '9';
         ++digits)
      number = number * 10 + (text[digits] - '0');
    text.remove_prefix(digits);
    const bool years = text.starts_with('y') && years_are_allowed;
    if (digits == 0 || (!years && !text.starts_with("mo"))) return std::nullopt;
    text.remove_prefix(years ? 1 : 2);
    months += years ? number * 12 : number;
    if (!years && !text.empty()) return std::nullopt;
    years_are_allowed = false;
  }
  return months;
}

/// From time 0 to the same date and time of day so many months later.
bool read_months(Reader& reader, const TreeNode& node, std::int64_t months, Duration& length) {
  const Calendar& calendar = reader.calendar;
  if (months <= 0) return reader.error(node.mark, "must be longer than 0");
  if (months > kMostYears * 12) return reader.error(node.mark, "longer than 100 years");
  if (reader.dates_unknown) return false;  // reported already
  if (!calendar.has_dates()) {
    if (months % 12 != 0)
      return reader.error(node.mark, "how long a month is, only a `start` of the scenario says");
    return length = Duration{kNsPerDay * 365 * (months / 12)}, true;
  }
  const std::int64_t local_ns = calendar.local_ns(Time::zero());
  const std::int64_t day = floor_div(local_ns, kNsPerDay);
  const std::int64_t later = days_from_civil(plus_months(civil_from_days(day), months));
  length = calendar.time_of(later, Duration{local_ns - day * kNsPerDay}) - Time::zero();
  return true;
}

}  // namespace

void read_calendar(Reader& reader, TreeNode& root) {
  const TreeNode* zone = given_key(root, "time_zone");
  const TreeNode* start = given_key(root, "start");
  TreeNode* holidays = given_key(root, "holidays");
  reader.dates_unknown = zone != nullptr && !read_zone(reader, *zone);
  std::int64_t start_unix_ns = 0;
  const auto& used = reader.time_zone ? reader.time_zone : TimeZone::utc();
  if (start != nullptr && !read_start(reader, *start, *used, start_unix_ns))
    reader.dates_unknown = true;
  std::vector<std::int64_t> days;
  if (holidays != nullptr && !read_holidays(reader, *holidays, days)) reader.dates_unknown = true;
  if (start != nullptr && !reader.dates_unknown)
    reader.calendar = Calendar(start_unix_ns, used, std::move(days));
  if (start == nullptr && holidays != nullptr)
    reader.error(holidays->mark, "holidays say nothing without a `start` of the scenario");
}

Type<Duration> length_type() {
  Type<Duration> type = positive_duration_type();
  type.read = [read = type.read](Reader& reader, TreeNode& node, Duration& length) {
    const auto months = node.is_scalar() && !node.text.empty() ? parse_months(node.text)
                                                               : std::optional<std::int64_t>();
    const bool good =
        months ? read_months(reader, node, *months, length) : read(reader, node, length);
    if (good) reader.duration = length;
    return good;
  };
  type.schema = [schema = type.schema](Schema& all) {
    return any_of({schema(all), Json{{"type", "string"},
                                     {"pattern", "^ *[0-9]+(y([0-9]+mo)?|mo) *$"},
                                     {"description", "`1y`, `6mo`: to the same date"}}});
  };
  return type;
}

Json start_schema() {
  return scalar_schema("", {}, "^ *[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9]{2}:[0-9]{2}.*)?$");
}

Json time_zone_schema() { return scalar_schema("", {}, "^[A-Z][A-Za-z0-9_+/-]*$"); }

Json holidays_schema() {
  Json date = scalar_schema("", {}, "^ *[0-9]{4}-[0-9]{2}-[0-9]{2} *$");
  return any_of({date, Json{{"type", "array"}, {"minItems", 1}, {"items", date}}});
}

}  // namespace sluice
