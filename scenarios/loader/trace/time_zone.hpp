// A time zone of the system's database (IANA names), with its daylight saving.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace sluice {

/// Where a local time is in UTC. `earlier` and `later` differ where clocks were put back and showed
/// it twice; a time that clocks skipped is read as if they had not been put forward yet.
struct LocalTime {
  std::int64_t earlier_ns = 0, later_ns = 0;
  bool ambiguous = false, skipped = false;
};

/// Not thread-safe: it keeps what it looked up last.
class TimeZone {
 public:
  /// Null: there is no such zone, and `problem` says so, with the nearest name.
  static std::unique_ptr<TimeZone> find(const std::string& name, std::string& problem);
  ~TimeZone();

  /// Amortised O(1) while times lie between the same two changes of the clock.
  LocalTime utc_of(std::int64_t local_ns);

 private:
  struct Zone;
  explicit TimeZone(std::unique_ptr<Zone> zone);
  std::unique_ptr<Zone> zone_;
};

}  // namespace sluice
