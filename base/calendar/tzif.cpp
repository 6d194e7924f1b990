#include "base/calendar/tzif.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "base/calendar/civil_date.hpp"

namespace sluice {
namespace {

constexpr std::int64_t kDaySeconds = 86'400;
constexpr std::int64_t kLastRuleYear = 2262;

using Periods = std::vector<ClockPeriod>;

// ---- POSIX TZ texts

/// Reads from the front of a text; once it failed it stays failed.
class TzScanner {
 public:
  explicit TzScanner(std::string_view text) : text_(text) {}

  bool accept(char c) {
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool good() const { return good_; }
  bool done() const { return text_.empty(); }
  void fail() { good_ = false; }

  std::string name() {
    const bool quoted = accept('<');
    std::string name;
    while (!text_.empty() && (quoted ? text_[0] != '>' : is_letter(text_[0]))) {
      name += text_[0];
      text_.remove_prefix(1);
    }
    if ((quoted && !accept('>')) || name.empty()) fail();
    return name;
  }
  std::int64_t number(std::int64_t most) {
    std::int64_t value = 0;
    std::size_t digits = 0;
    for (; !text_.empty() && text_[0] >= '0' && text_[0] <= '9' && digits < 4; ++digits) {
      value = value * 10 + (text_[0] - '0');
      text_.remove_prefix(1);
    }
    if (digits == 0 || value > most) fail();
    return value;
  }
  /// `[+-]hh[:mm[:ss]]` in seconds; up to 167 hours, as version 3 allows.
  std::int64_t time() {
    const bool minus = accept('-');
    if (!minus) accept('+');
    std::int64_t seconds = number(167) * 3600;
    if (accept(':')) seconds += number(59) * 60;
    if (accept(':')) seconds += number(59);
    return minus ? -seconds : seconds;
  }

 private:
  static bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

  std::string_view text_;
  bool good_ = true;
};

/// When clocks are changed each year.
struct YearlyRule {
  enum class Kind : std::uint8_t { julian, day_of_year, weekday } kind = Kind::weekday;
  std::int64_t month = 1, week = 1, day = 0;
  std::int64_t local_s = 7200;  ///< since midnight, by the clocks before the change

  /// Since 1970, by the clocks before the change.
  std::int64_t local_in(std::int64_t year) const {
    const std::int64_t january = days_from_civil({year, 1, 1});
    if (kind == Kind::day_of_year) return (january + day) * kDaySeconds + local_s;
    if (kind == Kind::julian) {  // 29 February is never counted
      const bool behind_leap_day = is_leap_year(year) && day >= 60;
      return (january + day - 1 + (behind_leap_day ? 1 : 0)) * kDaySeconds + local_s;
    }
    const std::int64_t first = days_from_civil({year, month, 1});
    const std::int64_t monday_based = (day + 6) % 7;
    std::int64_t at = first + (monday_based - weekday_of(first) + 7) % 7 + (week - 1) * 7;
    while (at >= first + days_of_month({year, month, 1})) at -= 7;
    return at * kDaySeconds + local_s;
  }
};

YearlyRule scan_rule(TzScanner& scanner) {
  YearlyRule rule;
  if (!scanner.accept(',')) scanner.fail();
  if (scanner.accept('M')) {
    rule.month = scanner.number(12);
    if (!scanner.accept('.')) scanner.fail();
    rule.week = scanner.number(5);
    if (!scanner.accept('.')) scanner.fail();
    rule.day = scanner.number(6);
    if (rule.month < 1 || rule.week < 1) scanner.fail();
  } else if (scanner.accept('J')) {
    rule.kind = YearlyRule::Kind::julian;
    rule.day = scanner.number(365);
    if (rule.day < 1) scanner.fail();
  } else {
    rule.kind = YearlyRule::Kind::day_of_year;
    rule.day = scanner.number(365);
  }
  if (scanner.accept('/')) rule.local_s = scanner.time();
  return rule;
}

struct PosixTz {
  ClockPeriod standard, daylight;
  bool has_daylight = false;
  YearlyRule begin, end;  ///< of daylight saving
};

std::optional<PosixTz> scan_posix_tz(std::string_view text) {
  TzScanner scanner(text);
  PosixTz tz;
  tz.standard.name = scanner.name();
  tz.standard.offset_s = -scanner.time();
  if (scanner.good() && !scanner.done()) {
    tz.has_daylight = true;
    tz.daylight = {0, tz.standard.offset_s + 3600, scanner.name()};
    TzScanner ahead = scanner;
    if (!ahead.accept(',')) tz.daylight.offset_s = -scanner.time();
    tz.begin = scan_rule(scanner);
    tz.end = scan_rule(scanner);
  }
  return scanner.good() && scanner.done() ? std::optional(std::move(tz)) : std::nullopt;
}

// ---- bytes

/// Big-endian numbers from the front; once it failed it stays failed.
class ByteScanner {
 public:
  explicit ByteScanner(std::string_view bytes) : bytes_(bytes) {}

  std::string_view take(std::size_t count) {
    if (count > bytes_.size()) {
      good_ = false;
      bytes_ = {};
      return {};
    }
    const std::string_view taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
  }
  std::int64_t number(std::size_t width) {
    const std::string_view taken = take(width);
    if (taken.empty()) return 0;
    std::uint64_t value = (static_cast<unsigned char>(taken[0]) & 0x80) != 0 ? ~0ULL : 0;
    for (const char c : taken) value = value << 8 | static_cast<unsigned char>(c);
    return static_cast<std::int64_t>(value);
  }
  std::size_t count() {
    const std::int64_t value = number(4);
    if (value < 0 || value > 1'000'000) good_ = false;
    return good_ ? static_cast<std::size_t>(value) : 0;
  }
  std::string_view rest() const { return bytes_; }
  bool good() const { return good_; }

 private:
  std::string_view bytes_;
  bool good_ = true;
};

struct Counts {
  std::size_t ut, standard, leaps, times, types, characters;
};

/// The header: its counts, and the version of the file.
std::optional<Counts> scan_header(ByteScanner& scanner, char& version) {
  if (scanner.take(4) != "TZif") return std::nullopt;
  const std::string_view byte = scanner.take(1);
  version = byte.empty() ? '\0' : byte[0];
  scanner.take(15);
  Counts counts{};
  for (std::size_t* count : {&counts.ut, &counts.standard, &counts.leaps, &counts.times,
                             &counts.types, &counts.characters})
    *count = scanner.count();
  return scanner.good() ? std::optional(counts) : std::nullopt;
}

std::size_t size_of(const Counts& counts, std::size_t time_width) {
  return counts.times * (time_width + 1) + counts.types * 6 + counts.characters +
         counts.leaps * (time_width + 4) + counts.standard + counts.ut;
}

std::optional<Periods> scan_block(ByteScanner& scanner, const Counts& counts,
                                  std::size_t time_width) {
  std::vector<std::int64_t> times(counts.times);
  for (std::int64_t& time : times) time = scanner.number(time_width);
  const std::string_view types_of = scanner.take(counts.times);
  std::vector<std::pair<std::int64_t, std::size_t>> types(counts.types);  // offset, name
  for (auto& [offset, name] : types) {
    offset = scanner.number(4);
    scanner.take(1);
    name = static_cast<std::size_t>(scanner.number(1) & 0xFF);
  }
  const std::string_view characters = scanner.take(counts.characters);
  scanner.take(counts.leaps * (time_width + 4) + counts.standard + counts.ut);
  if (!scanner.good() || types.empty() || !std::is_sorted(times.begin(), times.end()))
    return std::nullopt;
  Periods periods;
  const auto add = [&](std::int64_t from, std::size_t type) {
    if (type >= types.size() || types[type].second >= characters.size()) return false;
    const std::string_view name = characters.substr(types[type].second);
    periods.push_back({from, types[type].first, std::string(name.substr(0, name.find('\0')))});
    return true;
  };
  bool good = add(INT64_MIN, 0);
  for (std::size_t i = 0; i < times.size(); ++i)
    good = good && add(times[i], static_cast<unsigned char>(types_of[i]));
  return good ? std::optional(std::move(periods)) : std::nullopt;
}

}  // namespace

std::optional<std::vector<ClockPeriod>> periods_of_posix_tz(std::string_view text,
                                                            std::int64_t after_s) {
  std::optional<PosixTz> tz = scan_posix_tz(text);
  if (!tz) return std::nullopt;
  Periods periods;
  if (!tz->has_daylight) {
    periods.push_back(std::move(tz->standard));
    periods.back().from_s = after_s;
    return periods;
  }
  for (std::int64_t year = 1970; year <= kLastRuleYear; ++year) {
    const auto add = [&](ClockPeriod period, std::int64_t from_s) {
      period.from_s = from_s;
      if (from_s > after_s) periods.push_back(std::move(period));
    };
    add(tz->daylight, tz->begin.local_in(year) - tz->standard.offset_s);
    add(tz->standard, tz->end.local_in(year) - tz->daylight.offset_s);
  }
  std::stable_sort(periods.begin(), periods.end(),
                   [](const auto& a, const auto& b) { return a.from_s < b.from_s; });
  return periods;
}

std::optional<std::vector<ClockPeriod>> parse_tzif(std::string_view bytes) {
  ByteScanner scanner(bytes);
  char version = '\0';
  std::optional<Counts> counts = scan_header(scanner, version);
  if (!counts) return std::nullopt;
  if (version == '\0') return scan_block(scanner, *counts, 4);
  scanner.take(size_of(*counts, 4));
  counts = scan_header(scanner, version);
  if (!counts) return std::nullopt;
  std::optional<Periods> periods = scan_block(scanner, *counts, 8);
  std::string_view footer = scanner.rest();
  if (!periods || !footer.starts_with('\n')) return periods;
  footer = footer.substr(1, footer.find('\n', 1) - 1);
  if (footer.empty()) return periods;
  const std::int64_t last = periods->back().from_s;
  auto more = periods_of_posix_tz(footer, last);
  if (!more) return std::nullopt;
  if (more->size() == 1 && last == INT64_MIN) return more;  // always this one
  for (ClockPeriod& period : *more)
    if (period.from_s > last) periods->push_back(std::move(period));
  return periods;
}

}  // namespace sluice
