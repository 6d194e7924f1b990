// A count that grows, told in the log now and then.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/clock.hpp"
#include "http/server/server_log.hpp"

namespace sluice {

/// At most one warning every ten seconds of wall time, however fast it grows: the total, and how
/// much of it is new. Not thread-safe.
class GrowingCount {
 public:
  /// `event` in static storage.
  GrowingCount(const ServerLog& log, std::string_view event) : log_(log), event_(event) {}

  void reached(std::uint64_t total, SteadyTime now);
  /// What has not been told yet is told now.
  void end();

 private:
  void tell();

  const ServerLog& log_;
  std::string_view event_;
  std::uint64_t total_ = 0, told_ = 0;
  SteadyTime quiet_until_ = SteadyTime::min();
};

}  // namespace sluice
