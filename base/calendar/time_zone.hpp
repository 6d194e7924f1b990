// A time zone of the system's database (IANA names), with its daylight saving.
//
// Files are TZif (RFC 8536), version 1 to 4. Behind the last change that a file lists, its footer
// says how it goes on, so daylight saving does not end with the year 2037.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sluice {

/// Where a local time is in UTC. `earlier` and `later` differ where clocks were put back and showed
/// it twice; a time that clocks skipped is read as if they had not been put forward yet, and
/// `next_ns` is when they were.
struct LocalTime {
  std::int64_t earlier_ns = 0, later_ns = 0;
  std::int64_t next_ns = 0;  ///< the first instant at which clocks show this time or a later one
  bool ambiguous = false, skipped = false;
};

/// Immutable; any thread.
class TimeZone {
 public:
  /// What clocks show from `from_s` on.
  struct Period {
    std::int64_t from_s = 0;    ///< Unix seconds; the first period has always been
    std::int64_t offset_s = 0;  ///< east of Greenwich
    std::string name{};         ///< `CET`
  };

  /// Null: there is no such zone, and `problem` says so, with the nearest name. Reads a file;
  /// `UTC` needs none.
  static std::shared_ptr<const TimeZone> find(const std::string& name, std::string& problem);
  static const std::shared_ptr<const TimeZone>& utc();
  /// REQUIRES at least one period, ascending.
  TimeZone(std::string name, std::vector<Period> periods);

  const std::string& name() const { return name_; }
  /// O(log periods).
  const Period& period_at(std::int64_t unix_s) const { return periods_[index_at(unix_s)]; }
  /// O(log periods).
  LocalTime utc_of(std::int64_t local_ns) const;

 private:
  std::size_t index_at(std::int64_t unix_s) const;

  std::string name_;
  std::vector<Period> periods_;
};

/// The version of the system's database, `2026a`; "unknown" where it does not say. Read once.
const std::string& time_zone_data_version();

}  // namespace sluice
