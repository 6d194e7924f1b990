// Frames that wait for a stream: one queue per client, and the age order over all clients.
//
// Both orders are linked lists through one table, so that the oldest frame of all can be given up
// in O(1), whoever's it is. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "mock_api/service.hpp"

namespace sluice {

/// One client's frames in a FrameStore, in the order in which they are to be sent.
struct FrameQueue {
  std::uint32_t first = UINT32_MAX;
  std::uint32_t last = UINT32_MAX;
  std::uint32_t count = 0;
};

class FrameStore {
 public:
  /// `owner`: whose the queue is, told again by oldest_owner().
  void push_back(Time now, std::uint32_t owner, FrameQueue& queue, std::string_view frame,
                 std::uint64_t run);
  /// Before all others of the queue; as old as what is kept last.
  void push_front(Time now, std::uint32_t owner, FrameQueue& queue, std::string_view frame,
                  std::uint64_t run);
  /// Takes the first of the queue. REQUIRES: queue.count > 0.
  UnsentFrame pop_front(FrameQueue& queue);

  std::size_t size() const { return size_; }
  /// Bytes of the frames kept, each with its part of the table.
  std::size_t bytes() const { return bytes_; }

  /// Since when the frame is kept that was kept first of all. REQUIRES: size() > 0.
  Time oldest_kept_since() const { return nodes_[oldest_].kept_since; }
  std::uint32_t oldest_owner() const { return nodes_[oldest_].owner; }
  /// Drops that frame; `queue` is its owner's. REQUIRES: size() > 0.
  void drop_oldest(FrameQueue& queue) { release(oldest_, queue); }
  /// Drops the first of the queue. REQUIRES: queue.count > 0.
  void drop_front(FrameQueue& queue) { release(queue.first, queue); }

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;
  struct Node {
    UnsentFrame frame;
    Time kept_since;
    std::uint32_t owner = kNone;
    std::uint32_t next = kNone, previous = kNone;  // in its client's queue
    std::uint32_t younger = kNone, older = kNone;  // over all clients
  };

  std::uint32_t allocate(Time now, std::uint32_t owner, std::string_view frame, std::uint64_t run);
  void release(std::uint32_t at, FrameQueue& queue);

  std::vector<Node> nodes_;
  std::uint32_t free_ = kNone;
  std::uint32_t oldest_ = kNone, youngest_ = kNone;
  std::size_t size_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace sluice
