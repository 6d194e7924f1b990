#include "mock_api/server/stream_queue.hpp"

#include <iterator>
#include <utility>

namespace sluice {
namespace {

constexpr std::uint64_t kNotOfARun = UINT64_MAX;

}  // namespace

void StreamQueue::write(std::string_view frame, std::uint64_t run) {
  written_.push_back({this, std::string(frame), run, false});
}

void StreamQueue::end() { written_.push_back({this, {}, kNotOfARun, true}); }

void StreamQueue::opened() {
  const std::lock_guard lock(mutex_);
  max_bytes_ += bytes_;
}

void StreamQueue::push(std::string frame, std::uint64_t run) {
  {
    const std::lock_guard lock(mutex_);
    bytes_ += frame.size();
    frames_.push_back({std::move(frame), run});
    ++unsent_frames_;
  }
  wake();
}

void StreamQueue::push_end() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  wake();
}

void StreamQueue::wake() {
  if (!woken_.exchange(true) && wake_) wake_();
}

StreamQueue::Taken StreamQueue::take(SteadyTime now, std::size_t max_bytes) {
  woken_ = false;
  Taken taken;
  const std::lock_guard lock(mutex_);
  std::size_t bytes = 0, count = 0;
  for (; count < frames_.size() && bytes < max_bytes; ++count) {
    const UnsentFrame& next = frames_[count];
    if (next.run != kNotOfARun && (taken.more_at = held_.free_at(next.run, now, wake_)) > now)
      break;
    bytes += next.frame.size();
  }
  taken.frames = take_first(count);
  bytes_ -= bytes;
  if (frames_.empty()) taken.more_at = SteadyTime::max();
  taken.ended = ended_ && frames_.empty();
  return taken;
}

void StreamQueue::close(std::vector<UnsentFrame> unsent) {
  sent(unsent.size());
  closed_(std::move(unsent));
}

bool StreamQueue::overflowed() {
  const std::lock_guard lock(mutex_);
  return bytes_ > max_bytes_;
}

std::vector<UnsentFrame> StreamQueue::take_first(std::size_t count) {
  if (count == frames_.size()) return std::exchange(frames_, {});
  const auto end = frames_.begin() + static_cast<std::ptrdiff_t>(count);
  std::vector<UnsentFrame> first(std::make_move_iterator(frames_.begin()),
                                 std::make_move_iterator(end));
  frames_.erase(frames_.begin(), end);
  return first;
}

std::vector<UnsentFrame> StreamQueue::take_all() {
  const std::lock_guard lock(mutex_);
  bytes_ = 0;
  sent(frames_.size());
  return std::exchange(frames_, {});
}

}  // namespace sluice
