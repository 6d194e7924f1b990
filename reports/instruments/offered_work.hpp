// The work that came to a group of servers and the capacity that was there, by time: for σ over
// sliding windows (T1).
//
// Time is cut into slices of a twelfth of the window. Work is known when a run ends and belongs to
// the slice in which the run came. Memory: 56 bytes a slice, at most `most` slices; if time goes on
// beyond that, slices are put together, and where one is longer than the window, windows are as
// long as a slice. O(1) per run, amortised O(1) per slice.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/check.hpp"
#include "base/time.hpp"
#include "pipeline/ids.hpp"

namespace sluice {

class OfferedWork {
 public:
  struct Level {
    std::int64_t work_ns = 0;    ///< of runs that ended, over all their attempts
    std::uint32_t attempts = 0;  ///< of those
    std::uint32_t unknown = 0;   ///< runs of which no work is known (yet)
  };
  struct Slice {
    std::array<Level, kLevels> levels{};
    std::int64_t capacity_ns = 0;  ///< server × ns
  };

  OfferedWork() = default;
  OfferedWork(const OfferedWork&) = delete;
  OfferedWork& operator=(const OfferedWork&) = delete;
  OfferedWork(OfferedWork&&) = default;  // the slices do not move
  OfferedWork& operator=(OfferedWork&&) = default;

  /// Begins anew at `now`. REQUIRES window > 0, most >= 12.
  void restart(Time now, Duration window, std::size_t most);
  bool has_begun() const { return window_.ns > 0; }
  Duration window() const { return window_; }
  Duration slice() const { return slice_; }
  Time from() const { return from_; }
  /// Slices in a window.
  std::size_t steps() const { return steps_; }

  /// REQUIRES has_begun() of these three, and that time does not go back.
  void came(Time now, std::size_t level) {
    if (now >= current_end_) [[unlikely]]
      go_on_to(now);
    ++latest_->levels[level].unknown;
  }
  /// A run that came at `accepted` has ended after it ran.
  void ended(Time accepted, std::size_t level, Duration work, std::uint32_t attempts) {
    Slice& slice = accepted >= latest_begin_ ? *latest_ : slices_[index_of(accepted)];
    Level& of = slice.levels[level];
    SLUICE_DEBUG_CHECK(of.unknown > 0, "who ends came", accepted, kNoRun);
    --of.unknown;
    of.work_ns += work.ns;
    of.attempts += attempts;
  }
  void set_servers(Time now, std::uint32_t servers);
  std::uint32_t servers() const { return servers_; }
  /// Before it begins.
  void set_servers_before(std::uint32_t servers) { servers_ = servers; }

  /// All slices until `end`, the last one with what it has so far.
  std::vector<Slice> until(Time end) const;
  /// Of a time in [from, latest call]. O(1).
  std::size_t index_of(Time t) const {
    const std::int64_t since = t.ns - from_.ns;
    auto index = static_cast<std::int64_t>(static_cast<double>(since) * per_slice_);
    index -= index * slice_.ns > since;  // what rounding may have got wrong
    index += (index + 1) * slice_.ns <= since;
    return static_cast<std::size_t>(index);
  }

 private:
  [[gnu::noinline]] void go_on_to(Time now);
  void put_together();
  void set_slice(Duration slice);
  void find_latest();
  /// Adds the capacity of the present servers in [servers_since_, now] to slices that there are.
  void add_capacity(Time now, std::vector<Slice>& slices) const;

  std::vector<Slice> slices_;
  Slice* latest_ = nullptr;  ///< the last one
  Time latest_begin_;
  Time current_end_;
  Time from_;
  Duration slice_{};
  Duration window_{};
  std::size_t steps_ = 12;
  std::size_t most_ = 0;
  double per_slice_ = 0;
  std::uint32_t servers_ = 0;
  Time servers_since_;
};

}  // namespace sluice
