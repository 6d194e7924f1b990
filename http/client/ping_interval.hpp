// How often an event stream speaks when it has nothing to tell, and when it has been silent for too
// long.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <optional>

namespace sluice {

/// What is supposed of a stream's pings.
struct PingSettings {
  std::chrono::nanoseconds assumed = std::chrono::seconds(15);  ///< until its own are known
  std::chrono::nanoseconds patience = std::chrono::seconds(3);  ///< no shorter silence is too long
};

/// Learnt from the pings of one stream: the median of the last times between two of them. (Pings
/// may come at an interval or after so much silence: in both cases no silence of a stream that
/// works is longer.)
class PingInterval {
 public:
  using Nanoseconds = std::chrono::nanoseconds;
  using At = std::chrono::steady_clock::time_point;

  explicit PingInterval(const PingSettings& settings) : settings_(settings) {}

  void ping(At at) {
    if (last_) between_[count_++ % between_.size()] = at - *last_;
    last_ = at;
  }
  /// The next ping is that of another connection.
  void break_off() { last_.reset(); }

  Nanoseconds interval() const {
    if (count_ == 0) return settings_.assumed;
    auto sorted = between_;
    const auto end = sorted.begin() + static_cast<std::ptrdiff_t>(std::min(count_, sorted.size()));
    std::sort(sorted.begin(), end);
    return sorted[std::min(count_, sorted.size()) / 2];
  }
  /// A stream that says nothing for so long is not one any more: three intervals, but machines are
  /// held up as well.
  Nanoseconds too_long() const { return std::max(3 * interval(), settings_.patience); }

 private:
  const PingSettings settings_;
  std::array<Nanoseconds, 5> between_{};
  std::size_t count_ = 0;
  std::optional<At> last_;
};

}  // namespace sluice
