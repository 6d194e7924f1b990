#include "pipeline/event_queue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <string>

#include "base/prefetch.hpp"

namespace sluice {
namespace {

// Chosen by measurement: bench/event_queue_bench.cpp.
constexpr std::uint32_t kLongBucket = 36;   // longer ones become a rung instead of being sorted
constexpr std::uint32_t kShortBucket = 12;  // sorted without a branch
constexpr std::uint32_t kEntriesPerBucket = 8;
constexpr std::uint32_t kMaxDensity = 1u << 16;  // buckets for twice the span of the nearer half
constexpr std::uint32_t kHorizon = 8;            // a rung's span, in such spans
constexpr std::uint32_t kSamples = 31;

std::string_view class_name(EventClass event_class) {
  return event_class == EventClass::completion ? "completion"
         : event_class == EventClass::timer    ? "timer"
                                               : "arrival";
}

}  // namespace

EventQueue::EventQueue() {
  bottom_[0] = {key_of(Time::never(), EventClass{3}, UINT64_MAX >> 2), {}, 0};
  bottom_[kArrival].key = kNoArrival;
}

void EventQueue::refuse(Time at, EventClass event_class, Event event, const char* origin) const {
  const std::string_view name = kind_name_ != nullptr ? kind_name_(event.kind) : "";
  throw EventInThePast(fmt::format(
      "time would go back: at {} s an event was scheduled for {} s: {}, {} (kind {}, subject {}), "
      "by {}",
      last_popped_.seconds(), at.seconds(), name.empty() ? "an event" : name,
      class_name(event_class), event.kind, event.subject, origin));
}

std::size_t EventQueue::memory_bytes() const {
  return sizeof(*this) + rungs_.capacity() * sizeof(Rung) + bags_.capacity() * sizeof(Bag) +
         blocks_.capacity() * sizeof(Block);
}

inline std::uint32_t EventQueue::Rung::bucket_of(Key key) const {
  // 64 bits suffice where buckets are whole nanoseconds: `start` is one, too.
  const std::uint64_t bucket =
      shift >= 64
          ? (static_cast<std::uint64_t>(key >> 64) - static_cast<std::uint64_t>(start >> 64)) >>
                (shift - 64)
          : static_cast<std::uint64_t>(std::min<Key>((key - start) >> shift, UINT32_MAX));
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(bucket, buckets - 1));
}

inline EventQueue::Key EventQueue::Rung::bucket_end(std::uint32_t bucket) const {
  return bucket + 1 == buckets ? end : start + (Key{bucket + 1} << shift);
}

void EventQueue::schedule_in_rungs(const Entry& entry) {
  if (entry.key < bottom_end_) {
    spill_bottom();
    if (entry.key < bottom_end_) return insert_in_bottom(entry);
  }
  std::size_t depth = rungs_.size() - 1;
  while (entry.key >= rungs_[depth].end) --depth;
  const Rung& rung = rungs_[depth];
  append(bags_[rung.first_bag + rung.bucket_of(entry.key)], entry);
}

/// Moves the later half of a full bottom into a rung of a single bucket just behind it. A second
/// spill widens that same rung, which keeps the ladder short whatever the order of scheduling.
void EventQueue::spill_bottom() {
  SLUICE_REQUIRE(bottom_size_ == kBottomCapacity, "only a full bottom is spilled");
  constexpr std::uint32_t moved = kBottomCapacity / 2;
  const Key boundary = bottom_[moved].key;
  if (rungs_.empty() || rungs_.back().buckets != 1) {
    rungs_.push_back({boundary, bottom_end_, 0, static_cast<std::uint32_t>(bags_.size()), 1, 0});
    bags_.emplace_back();
  }
  rungs_.back().start = boundary;
  for (std::uint32_t i = 1; i <= moved; ++i) append(bags_.back(), bottom_[i]);
  std::copy(bottom_.begin() + moved + 1, bottom_.begin() + bottom_size_ + 1, bottom_.begin() + 1);
  bottom_size_ -= moved;
  bottom_end_ = boundary;
}

void EventQueue::refill_bottom() {
  if (size_ == (bottom_[kArrival].key != kNoArrival)) {  // nothing in the ladder
    rungs_.clear();
    bags_.clear();
    bottom_end_ = kEndless;
    return;
  }
  while (bottom_size_ == 0) {
    SLUICE_REQUIRE(!rungs_.empty(), "what is left lies in a rung");
    const Bag bag = take_next_bucket();
    if (bag.count > kLongBucket) {
      split_into_rung(bag, bottom_end_);
    } else {
      move_to_bottom(bag);
    }
  }
  prefetch_next_bucket();
}

/// It will be drained after a few events.
inline void EventQueue::prefetch_next_bucket() const {
  if (rungs_.empty()) return;
  const Bag& bag = bags_[rungs_.back().first_bag + rungs_.back().next];
  if (bag.count == 0) return;
  for (const Entry& entry : blocks_[bag.newest].entries) fetch_ahead(&entry);
}

/// The deepest rung's next bucket that is not empty, or an empty one if the rung has none left.
EventQueue::Bag EventQueue::take_next_bucket() {
  Rung& rung = rungs_.back();
  SLUICE_REQUIRE(rung.next < rung.buckets, "a rung has a bucket that was not taken");
  const Bag* const bags = &bags_[rung.first_bag];
  std::uint32_t at = rung.next;
  while (at + 1 < rung.buckets && bags[at].count == 0) ++at;
  const Bag bag = bags[at];
  bottom_end_ = rung.bucket_end(at);
  rung.next = at + 1;
  if (rung.next == rung.buckets) {
    bags_.resize(rung.first_bag);
    rungs_.pop_back();
  }
  return bag;
}

void EventQueue::move_to_bottom(Bag bag) {
  if (bag.count <= kShortBucket) return rank_into_bottom(bag);
  drain(bag, [this](const Entry& entry) { insert_in_bottom(entry); });
}

/// Compares each with each, which for so few costs less than the branches of an insertion sort.
void EventQueue::rank_into_bottom(Bag bag) {
  SLUICE_REQUIRE(bottom_size_ == 0, "a bucket is ranked into an empty bottom");
  std::array<Entry, kShortBucket> entries;
  std::array<std::uint32_t, kShortBucket> later{};  // how many come after each
  std::uint32_t count = 0;
  drain(bag, [&](const Entry& entry) {
    for (std::uint32_t i = 0; i < count; ++i) {
      const bool before = entries[i].key < entry.key;
      later[i] += before;
      later[count] += !before;
    }
    entries[count++] = entry;
  });
  for (std::uint32_t i = 0; i < count; ++i) bottom_[later[i] + 1] = entries[i];
  bottom_size_ = count;
}

void EventQueue::split_into_rung(Bag bag, Key end) {
  if (rungs_.empty()) release_unused_memory(bag);
  const Rung rung = plan_rung(bag, end);
  SLUICE_REQUIRE(rung.start < end, "what is split comes before the rung's end");
  rungs_.push_back(rung);
  bags_.resize(rung.first_bag + rung.buckets);
  drain(bag, [this, &rung](const Entry& entry) {
    append(bags_[rung.first_bag + rung.bucket_of(entry.key)], entry);
  });
}

/// Buckets as wide as the nearer half of the entries asks for, so that no outlier can spoil the
/// width; enough of them for some times that half's span, since in steady state the later part
/// fills up while it approaches.
EventQueue::Rung EventQueue::plan_rung(const Bag& bag, Key end) const {
  const auto [least, median] = least_and_median(bag);
  const std::uint32_t density = std::min(kMaxDensity, std::bit_ceil(bag.count / kEntriesPerBucket));
  const Key width = std::max<Key>(1, (median - least) / (density / 2));
  const auto upper = static_cast<std::uint64_t>(width >> 64);
  const auto lower = static_cast<std::uint64_t>(width);
  Rung rung{least, end, 0, static_cast<std::uint32_t>(bags_.size()), 0, 0};
  rung.shift = static_cast<std::uint32_t>(upper != 0 ? 63 + std::bit_width(upper)
                                                     : std::bit_width(lower) - 1);
  if (rung.shift >= 64) rung.start = least >> 64 << 64;
  const Key until_end = ((end - rung.start) >> rung.shift) + 1;
  rung.buckets = static_cast<std::uint32_t>(std::min<Key>(until_end, Key{density} * kHorizon));
  return rung;
}

/// The median is that of a sample.
std::pair<EventQueue::Key, EventQueue::Key> EventQueue::least_and_median(Bag bag) const {
  std::array<Key, kSamples> samples{};
  const std::uint32_t stride = std::max(1u, bag.count / kSamples);
  std::uint32_t taken = 0;
  Key least = kEndless;
  while (bag.count > 0) {
    const Block& block = blocks_[bag.newest];
    bag.newest = block.entries[0].link;
    do {
      const Key key = block.entries[--bag.count % kBlockEntries].key;
      least = std::min(least, key);
      if (bag.count % stride == 0 && taken < kSamples) samples[taken++] = key;
    } while (bag.count % kBlockEntries != 0);
  }
  const auto middle = samples.begin() + taken / 2;
  std::nth_element(samples.begin(), middle, samples.begin() + taken);
  return {least, *middle};
}

/// Called where all other blocks are free: rewrites the bag into fresh blocks if most of the memory
/// is idle.
void EventQueue::release_unused_memory(Bag& bag) {
  if (blocks_.capacity() < 1024 || blocks_.capacity() / 16 < blocks_in_use_) return;
  std::vector<Entry> entries;
  entries.reserve(bag.count);
  drain(bag, [&entries](const Entry& entry) { entries.push_back(entry); });
  SLUICE_REQUIRE(blocks_in_use_ == 0, "all other blocks are free");
  std::vector<Block>().swap(blocks_);
  std::vector<Bag>().swap(bags_);
  free_block_ = kNone;
  bag = {};
  for (const Entry& entry : entries) append(bag, entry);
}

inline void EventQueue::append(Bag& bag, const Entry& entry) {
  const std::uint32_t slot = bag.count++ % kBlockEntries;
  if (slot != 0) {
    blocks_[bag.newest].entries[slot] = entry;
    return;
  }
  const std::uint32_t block = allocate_block();
  blocks_[block].entries[0] = entry;
  blocks_[block].entries[0].link = bag.newest;
  bag.newest = block;
}

inline std::uint32_t EventQueue::allocate_block() {
  ++blocks_in_use_;
  if (free_block_ == kNone) {
    blocks_.emplace_back();
    return static_cast<std::uint32_t>(blocks_.size() - 1);
  }
  const std::uint32_t block = free_block_;
  SLUICE_REQUIRE(block < blocks_.size(), "a free block is one of the blocks");
  free_block_ = blocks_[block].entries[0].link;
  return block;
}

template <class Take>
void EventQueue::drain(Bag bag, Take take) {
  while (bag.count > 0) {
    SLUICE_REQUIRE(blocks_in_use_ > 0, "only a block in use is freed");
    const std::uint32_t used = (bag.count - 1) % kBlockEntries + 1;
    const Block block = blocks_[bag.newest];  // a copy: `take` may move the blocks, reuse this one
    blocks_[bag.newest].entries[0].link = free_block_;
    free_block_ = bag.newest;
    --blocks_in_use_;
    bag.newest = block.entries[0].link;
    bag.count -= used;
    for (std::uint32_t i = 0; i < used; ++i) take(block.entries[i]);
  }
}

}  // namespace sluice
