#include "mock_api/events/frame_store.hpp"

#include <utility>

#include "base/check.hpp"

namespace sluice {

std::uint32_t FrameStore::allocate(Time now, std::uint32_t owner, std::string_view frame,
                                   std::uint64_t run) {
  if (free_ == kNone) {
    nodes_.emplace_back();
    free_ = static_cast<std::uint32_t>(nodes_.size() - 1);
  }
  const std::uint32_t at = std::exchange(free_, nodes_[free_].next);
  Node& node = nodes_[at];
  node = {{std::string(frame), run}, now, owner, kNone, kNone, kNone, youngest_};
  (youngest_ == kNone ? oldest_ : nodes_[youngest_].younger) = at;
  youngest_ = at;
  ++size_;
  bytes_ += sizeof(Node) + node.frame.frame.size();
  return at;
}

void FrameStore::push_back(Time now, std::uint32_t owner, FrameQueue& queue, std::string_view frame,
                           std::uint64_t run) {
  const std::uint32_t at = allocate(now, owner, frame, run);
  nodes_[at].previous = queue.last;
  (queue.last == kNone ? queue.first : nodes_[queue.last].next) = at;
  queue.last = at;
  ++queue.count;
}

void FrameStore::push_front(Time now, std::uint32_t owner, FrameQueue& queue,
                            std::string_view frame, std::uint64_t run) {
  const std::uint32_t at = allocate(now, owner, frame, run);
  nodes_[at].next = queue.first;
  (queue.first == kNone ? queue.last : nodes_[queue.first].previous) = at;
  queue.first = at;
  ++queue.count;
}

UnsentFrame FrameStore::pop_front(FrameQueue& queue) {
  SLUICE_REQUIRE(queue.count > 0, "the queue has a frame");
  const std::uint32_t at = queue.first;
  bytes_ -= nodes_[at].frame.frame.size();
  UnsentFrame frame = std::exchange(nodes_[at].frame, {});
  release(at, queue);
  return frame;
}

void FrameStore::release(std::uint32_t at, FrameQueue& queue) {
  SLUICE_REQUIRE(at != kNone && queue.count > 0, "the frame is in the queue");
  Node& node = nodes_[at];
  (node.previous == kNone ? queue.first : nodes_[node.previous].next) = node.next;
  (node.next == kNone ? queue.last : nodes_[node.next].previous) = node.previous;
  (node.older == kNone ? oldest_ : nodes_[node.older].younger) = node.younger;
  (node.younger == kNone ? youngest_ : nodes_[node.younger].older) = node.older;
  bytes_ -= sizeof(Node) + node.frame.frame.size();
  node = {};
  node.next = std::exchange(free_, at);
  --queue.count;
  --size_;
}

}  // namespace sluice
