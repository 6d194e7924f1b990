// All runs in the system, in slots that are reused. Addresses are stable; memory follows the peak
// of runs at once.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

#include "base/prefetch.hpp"
#include "pipeline/run.hpp"

namespace sluice {

class RunTable {
 public:
  Run& operator[](RunSlot slot) { return (*chunks_[slot.index() / kChunk])[slot.index() % kChunk]; }
  const Run& operator[](RunSlot slot) const {
    return (*chunks_[slot.index() / kChunk])[slot.index() % kChunk];
  }

  /// A free slot; its generation has moved on, so events of earlier owners are void.
  Run& allocate() {
    if (free_.empty()) add_chunk();
    Run& run = (*this)[free_.back()];
    free_.pop_back();
    return run;
  }
  void release(Run& run) {
    run.state = RunState::free;
    ++run.generation;
    free_.push_back(run.slot);
  }
  /// Begins to load what handling an event of `slot` needs. Any number is fine.
  void prefetch(std::uint32_t slot) const {
    if (slot >= slot_count()) return;
    const Run* run = &(*this)[RunSlot{slot}];
    fetch_ahead(run);
    fetch_ahead(reinterpret_cast<const char*>(run) + 64);
    fetch_ahead(reinterpret_cast<const char*>(run) + 128);
    fetch_ahead(reinterpret_cast<const char*>(run) + 192);
  }
  std::size_t slot_count() const { return chunks_.size() * kChunk; }

 private:
  static constexpr std::size_t kChunk = 1024;

  void add_chunk() {
    const std::size_t first = slot_count();
    chunks_.push_back(std::make_unique<std::array<Run, kChunk>>());
    for (std::size_t i = kChunk; i-- > 0;) {
      const RunSlot slot = RunSlot::at(first + i);
      (*this)[slot].slot = slot;
      free_.push_back(slot);
    }
  }

  std::vector<std::unique_ptr<std::array<Run, kChunk>>> chunks_;
  std::vector<RunSlot> free_;  // last in, first out: the slot used last is still in the cache
};

}  // namespace sluice
