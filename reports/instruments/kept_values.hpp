// Values that are kept one by one beside a histogram, so that a quantile among them is exact: all
// of them, or those of some buckets of the histogram, such as the one that holds a limit.
//
// Cost of a value that is not wanted: a look at the buckets. Of one that is: O(log values kept).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "base/time.hpp"

namespace sluice {

/// How many different values may still be kept, by all that share it.
struct KeptRoom {
  std::size_t left = 0;
  bool lacked = false;  ///< there was none for a value: those that were kept are not all
};

class KeptValues {
 public:
  using Counts = std::map<std::int64_t, std::uint64_t>;  ///< by ns

  /// Keeps all values, however many there are.
  KeptValues() = default;
  /// Keeps those of the buckets that are named later. Keeps the reference.
  explicit KeptValues(KeptRoom& room) : room_(&room) {}
  KeptValues(const KeptValues&) = delete;
  KeptValues& operator=(const KeptValues&) = delete;

  bool all() const { return room_ == nullptr; }
  /// A bucket of LogHistogram. REQUIRES !all(), and that no value of it was added before.
  void want(std::size_t bucket);
  /// An empty one that keeps the same.
  std::unique_ptr<KeptValues> another() const;

  void add(Duration value) {
    if (wanted(value)) insert(value);
  }
  /// Takes a value out again that was added.
  void remove(Duration value) {
    if (wanted(value)) erase(value);
  }
  void clear();

  /// Whether none is missing of those that are wanted.
  bool complete() const { return all() || !room_->lacked; }
  const Counts& counts() const { return counts_; }

 private:
  bool wanted(Duration value) const;
  void insert(Duration value);
  void erase(Duration value);

  KeptRoom* room_ = nullptr;
  std::vector<std::size_t> buckets_;
  Counts counts_;
};

}  // namespace sluice
