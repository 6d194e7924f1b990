// The ids of runs that a target has given: each is to be of one run.
#pragma once

#include <cstddef>
#include <mutex>
#include <string_view>
#include <utility>

#include <boost/unordered/unordered_flat_set.hpp>

#include "load/follow/session_id.hpp"

namespace sluice {

/// Keeps hashes of 64 bits of the last one to two million ids: at most some 40 MB. Any thread;
/// O(1).
class KnownSessions {
 public:
  /// Whether it is new.
  bool add(std::string_view id) {
    const std::size_t hash = SessionId::hash_of(id);
    const std::lock_guard lock(mutex_);
    if (older_.contains(hash) || !newer_.insert(hash).second) return false;
    if (newer_.size() < kMost) return true;
    older_ = std::exchange(newer_, {});
    return true;
  }

 private:
  static constexpr std::size_t kMost = 1'000'000;

  std::mutex mutex_;
  boost::unordered_flat_set<std::size_t> newer_, older_;
};

}  // namespace sluice
