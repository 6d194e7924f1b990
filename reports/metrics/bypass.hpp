// Bypass (S10): how many runs that joined a group's queue later were dispatched before a given run.
//
// Runs that wait have a place in a bitmap in order of joining. Those that joined behind a run, less
// those of them that still have their bit, were dispatched before it. Runs that leave otherwise
// keep their bit as a tombstone. The bitmap is rebuilt when it is mostly empty. Memory:
// proportional to waiting runs; leave(): a few dozen words plus one counter per 32 768 places.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/check.hpp"
#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "reports/metrics/figure_sink.hpp"
#include "reports/metrics/hears.hpp"

namespace sluice {

class AtEnd;
struct PipelineConfig;
struct Records;

/// Kept by the caller for each waiting run.
struct JoinPlace {
  std::uint32_t position = 0;
  std::uint32_t number = 0;  ///< how many had joined before, modulo 2^32
};

class JoinOrder {
 public:
  /// A run joins and leaves at once, without waiting.
  void pass() { ++joined_; }
  /// Joins at the tail. `place_of(RunSlot)` gives a reference to the JoinPlace of any waiting run
  /// (needed to rebuild).
  template <class PlaceOf>
  void join(RunSlot slot, PlaceOf place_of) {
    if (slots_.size() >= 2 * live_ + 1024) rebuild(place_of);
    JoinPlace& place = place_of(slot);
    place.position = static_cast<std::uint32_t>(slots_.size());
    place.number = static_cast<std::uint32_t>(joined_++);
    slots_.push_back(slot.value);
    ++live_;
    ++present_;
    set(place.position);
  }
  /// Dispatched: returns how many that joined later were dispatched before.
  std::uint32_t dispatch(JoinPlace place);
  /// Leaves without having been dispatched.
  void abandon(JoinPlace place);
  std::size_t waiting() const { return live_; }

 private:
  static constexpr std::uint32_t kTombstone = UINT32_MAX;
  static constexpr std::size_t kWordsPerBlock = 8;    // 512 places
  static constexpr std::size_t kBlocksPerShelf = 64;  // 32 768 places

  void set(std::uint32_t position);
  /// Bits set behind `position`.
  std::uint32_t behind(std::uint32_t position) const;
  void clear_bits();
  /// An empty queue starts over, which spares most rebuilds.
  void start_over_if_empty();

  template <class PlaceOf>
  void rebuild(PlaceOf place_of) {
    // A tombstone is forgotten by letting those before it have joined one later.
    std::uint32_t forgotten = 0;
    std::uint32_t kept = 0;
    const auto has_bit = [&](std::size_t i) { return words_[i / 64] >> (i % 64) & 1; };
    for (std::size_t i = slots_.size(); i-- > 0;) {
      if (!has_bit(i)) continue;
      if (slots_[i] == kTombstone) {
        ++forgotten;
        continue;
      }
      place_of(RunSlot{slots_[i]}).number += forgotten;
      slots_[slots_.size() - 1 - kept++] = slots_[i];
    }
    slots_.erase(slots_.begin(), slots_.end() - kept);
    clear_bits();
    for (std::uint32_t i = 0; i < kept; ++i) {
      place_of(RunSlot{slots_[i]}).position = i;
      set(i);
    }
    SLUICE_REQUIRE(kept == live_, "who waits keeps his place in the order");
    present_ = kept;
  }

  std::vector<std::uint32_t> slots_;  ///< by position
  std::vector<std::uint64_t> words_;
  std::vector<std::uint16_t> blocks_;
  std::vector<std::uint32_t> shelves_;
  std::uint64_t joined_ = 0;
  std::size_t live_ = 0;     ///< waiting
  std::size_t present_ = 0;  ///< bits set: waiting and tombstones
};

class Bypass {
 public:
  struct RunPart {
    JoinPlace place;
  };
  struct LevelPart {
    std::uint64_t total = 0;
    std::uint32_t most = 0;
  };
  struct GroupPart {
    JoinOrder joins;
  };
  static constexpr std::array kSays{MetricRange{Metric::bypass_mean, Metric::bypass_max}};
  static constexpr Hears kHears =
      hear::passed | hear::joined | hear::left_queue | hear::window_began;

  Bypass(Records&, const PipelineConfig&) {}

  void passed(Time, const auto& p) { p.group.bypass.joins.pass(); }
  void joined(Time, const auto& p) {
    p.group.bypass.joins.join(
        p.slot, [&p](RunSlot s) -> JoinPlace& { return p.records.runs[s.index()].bypass.place; });
  }
  void left_queue(Time now, const auto& p, Leaving how) {
    JoinOrder& joins = p.group.bypass.joins;
    SLUICE_CHECK(joins.waiting() > 0, "who leaves a queue was in it", now, kNoRun);
    if (how == Leaving::otherwise) return joins.abandon(p.run.bypass.place);
    const std::uint32_t bypassed = joins.dispatch(p.run.bypass.place);
    if (!p.run.counted) return;
    p.level.bypass.total += bypassed;
    p.level.bypass.most = std::max(p.level.bypass.most, bypassed);
  }
  void window_began(Time now, Records& records);

  void write(FigureSink& sink, const AtEnd& at) const;
};

}  // namespace sluice
