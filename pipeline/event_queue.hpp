// The future event list: what happens next, in a total order.
//
// Order: (time, class, sequence number). The class puts completions before wake-ups and timers,
// those before arrivals, at one instant; the sequence number, given at scheduling, decides the
// rest. Cancelled events are not searched for: the subject's generation moved on, and whoever
// handles the event drops it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "base/time.hpp"

namespace sluice {

/// At one instant, the smaller class happens first. Dispatch comes after all of them and is not an
/// event.
enum class EventClass : std::uint8_t { completion = 0, timer = 1, arrival = 2 };

/// What is to happen: `kind` says to the handler what, `subject` to whom, `generation` whether it
/// still holds.
struct Event {
  std::uint32_t kind = 0;
  std::uint32_t subject = 0;
  std::uint32_t generation = 0;
};

/// An event with its place in the order (but for the sequence number).
struct ScheduledEvent {
  Time time;
  EventClass event_class = EventClass::completion;
  Event event;
};

/// A mistake in the program, found where it is made: what was to happen lies in the past.
class EventInThePast : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// A ladder queue (Tang, Goh, Thng 2005) whose order is exact, ties included.
///
/// The events that come next lie sorted in the *bottom*, a short array that serves small
/// populations alone. Later ones lie unsorted in the buckets of *rungs*: the deepest rung is the
/// nearest in time, and each rung's last bucket is open-ended, up to where the rung above goes on.
/// A bucket that comes up moves into the bottom, or, if it is long, becomes a rung of its own with
/// narrower buckets. Buckets divide the whole 128-bit key (time, class, sequence) and not time
/// alone, so that a million events at one instant divide as well as any.
///
/// One *arrival* is kept apart from the ladder, the one that comes first of those scheduled: each
/// is scheduled when the one before it happens and comes up soon, so the bottom would be sorted
/// anew for every one.
///
/// Cost: amortised O(1) per event whatever the spread of times; next_time() is one load. No
/// allocation in steady state; memory is proportional to the events pending. A value: movable, not
/// copyable; a moved-from queue may only be destroyed or assigned to. Not thread-safe.
class EventQueue {
 public:
  EventQueue();
  EventQueue(EventQueue&&) = default;
  EventQueue& operator=(EventQueue&&) = default;
  EventQueue(const EventQueue&) = delete;
  EventQueue& operator=(const EventQueue&) = delete;

  /// An event at Time::never() stays behind all others. One before now() is refused in every build:
  /// EventInThePast says what it was and who scheduled it, and the queue stays as it was.
  /// (`origin` is the calling function; std::source_location is not known to clang 14.)
  void schedule(Time at, EventClass event_class, Event event,
                const char* origin = __builtin_FUNCTION()) {
    if (at < last_popped_) [[unlikely]]
      refuse(at, event_class, event, origin);
    Entry entry{key_of(at, event_class, sequence_++), event, 0};
    ++size_;
    if (event_class == EventClass::arrival && entry.key < bottom_[kArrival].key)
      std::swap(entry, bottom_[kArrival]);
    if (entry.key != kNoArrival) schedule_in_ladder(entry);
    find_next();
  }

  /// Time of the event that pop() would return; Time::never() when empty.
  Time next_time() const { return time_of(bottom_[next_].key); }
  /// REQUIRES: not empty.
  EventClass next_class() const { return class_of(bottom_[next_].key); }

  /// What pop() would return next, for preparing it. REQUIRES: not empty.
  const Event& next_event() const { return bottom_[next_].event; }

  /// Takes out the first event. REQUIRES: not empty.
  ScheduledEvent pop() {
    SLUICE_REQUIRE(size_ > 0, "an event is taken from a queue that has one");
    const Entry& first = bottom_[next_];
    const ScheduledEvent result{time_of(first.key), class_of(first.key), first.event};
    last_popped_ = result.time;
    --size_;
    if (next_ == kArrival) {
      bottom_[kArrival].key = kNoArrival;
      next_ = bottom_size_;
      return result;
    }
    if (--bottom_size_ == 0 && !rungs_.empty()) refill_bottom();
    find_next();
    return result;
  }

  /// Time of the event popped last: nothing can be scheduled before it.
  Time now() const { return last_popped_; }
  /// What the kinds of its events are called where one is refused.
  using KindName = std::string_view (*)(std::uint32_t kind);
  void name_kinds(KindName name) { kind_name_ = name; }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  /// Bytes held, the object itself included.
  std::size_t memory_bytes() const;

 private:
  /// Time in the upper half; class in the two bits below; then the sequence number.
  __extension__ typedef unsigned __int128 Key;
  static constexpr Key kEndless = Key{1} << 127;  // beyond every time
  static constexpr Key kNoArrival = ~Key{0};
  static constexpr std::uint32_t kBottomCapacity = 48;
  static constexpr std::uint32_t kArrival = kBottomCapacity + 1;  // its place beside the bottom
  static constexpr std::uint32_t kBlockEntries = 8;
  static constexpr std::uint32_t kNone = UINT32_MAX;

  struct Entry {
    Key key;
    Event event;
    std::uint32_t link;  // of a block's first entry: the block before it in the same bag
  };
  struct Block {
    std::array<Entry, kBlockEntries> entries;
  };
  /// Unordered entries: a chain of blocks, of which only the newest may be partly filled.
  struct Bag {
    std::uint32_t newest = kNone;
    std::uint32_t count = 0;
  };
  /// Buckets of 2^shift keys from `start` on, of which the last is open up to `end`; they are
  /// bags_[first_bag, first_bag + buckets). Buckets before `next` have been taken.
  struct Rung {
    Key start;
    Key end;
    std::uint32_t shift;
    std::uint32_t first_bag;
    std::uint32_t buckets;
    std::uint32_t next;

    std::uint32_t bucket_of(Key key) const;
    Key bucket_end(std::uint32_t bucket) const;
  };

  static Key key_of(Time at, EventClass event_class, std::uint64_t sequence) {
    const std::uint64_t low = static_cast<std::uint64_t>(event_class) << 62 | sequence;
    return Key{static_cast<std::uint64_t>(at.ns)} << 64 | low;
  }
  static Time time_of(Key key) { return {static_cast<std::int64_t>(key >> 64)}; }
  static EventClass class_of(Key key) {
    return static_cast<EventClass>(static_cast<std::uint64_t>(key) >> 62);
  }

  void find_next() {
    next_ = bottom_[kArrival].key < bottom_[bottom_size_].key ? kArrival : bottom_size_;
  }
  void schedule_in_ladder(const Entry& entry) {
    if (entry.key < bottom_end_ && bottom_size_ < kBottomCapacity) return insert_in_bottom(entry);
    schedule_in_rungs(entry);
  }
  void insert_in_bottom(const Entry& entry) {
    std::uint32_t at = bottom_size_++;
    for (; bottom_[at].key < entry.key; --at) bottom_[at + 1] = bottom_[at];
    bottom_[at + 1] = entry;
  }
  [[noreturn, gnu::cold]] void refuse(Time at, EventClass event_class, Event event,
                                      const char* origin) const;
  void schedule_in_rungs(const Entry& entry);
  void spill_bottom();
  void refill_bottom();
  void prefetch_next_bucket() const;
  Bag take_next_bucket();
  void move_to_bottom(Bag bag);
  void rank_into_bottom(Bag bag);
  void split_into_rung(Bag bag, Key end);
  Rung plan_rung(const Bag& bag, Key end) const;
  std::pair<Key, Key> least_and_median(Bag bag) const;
  void release_unused_memory(Bag& bag);

  void append(Bag& bag, const Entry& entry);
  std::uint32_t allocate_block();
  /// Hands every entry of the bag to `take` and frees its blocks; `take` may append to other bags.
  template <class Take>
  void drain(Bag bag, Take take);

  /// Latest first, so that pop() shortens it; entry 0 is a sentinel beyond all others. At the end,
  /// the arrival that is kept apart.
  std::array<Entry, kBottomCapacity + 2> bottom_;
  std::uint32_t bottom_size_ = 0;
  std::uint32_t next_ = 0;  // place of the event that comes first
  std::uint32_t free_block_ = kNone;
  std::uint32_t blocks_in_use_ = 0;
  Key bottom_end_ = kEndless;  // keys before this one belong in the bottom
  std::size_t size_ = 0;
  std::uint64_t sequence_ = 0;
  Time last_popped_ = Time::zero();
  KindName kind_name_ = nullptr;
  std::vector<Rung> rungs_;  // the nearest in time at the back
  std::vector<Bag> bags_;    // a stack, in the order of the rungs
  std::vector<Block> blocks_;
};

}  // namespace sluice
