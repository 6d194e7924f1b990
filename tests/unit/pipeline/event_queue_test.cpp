#include "pipeline/event_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/random/random.hpp"

namespace sluice {
namespace {

using namespace literals;
using ::testing::AllOf;
using ::testing::HasSubstr;

/// The queue beside an obviously right one; every step compares both.
class Checked {
 public:
  void schedule(Time at, EventClass event_class) {
    const auto n = static_cast<std::uint32_t>(scheduled_++);
    queue_.schedule(at, event_class, {n, ~n, n * 3});
    model_.emplace(at.ns, event_class, n);
    compare();
  }
  void pop() {
    const auto [at, event_class, n] = *model_.begin();
    model_.erase(model_.begin());
    const ScheduledEvent popped = queue_.pop();
    now_ = popped.time;
    if (popped.time.ns != at || popped.event_class != event_class || popped.event.kind != n ||
        popped.event.subject != ~n || popped.event.generation != n * 3) {
      ADD_FAILURE() << "event " << n << " should come up at " << at << ", but event "
                    << popped.event.kind << " did at " << popped.time.ns;
      broken_ = true;
    }
    compare();
  }
  void drain() {
    while (!model_.empty() && !broken_) pop();
  }
  Time now() const { return now_; }
  bool empty() const { return model_.empty(); }
  bool broken() const { return broken_; }
  const EventQueue& queue() const { return queue_; }

 private:
  void compare() {
    const bool same = queue_.size() == model_.size() && queue_.empty() == model_.empty() &&
                      queue_.next_time().ns ==
                          (model_.empty() ? Time::never().ns : std::get<0>(*model_.begin())) &&
                      (model_.empty() || queue_.next_class() == std::get<1>(*model_.begin()));
    if (!same && !broken_) ADD_FAILURE() << "size or next event differ after " << scheduled_;
    broken_ |= !same;
  }

  EventQueue queue_;
  std::set<std::tuple<std::int64_t, EventClass, std::uint32_t>> model_;
  std::uint64_t scheduled_ = 0;
  Time now_;
  bool broken_ = false;
};

/// How far ahead events are scheduled.
struct Pattern {
  const char* name;
  std::function<Duration(Stream&)> ahead;
};

std::vector<Pattern> patterns() {
  return {
      {"exponential", [](Stream& s) { return Duration::from_seconds(s.exponential()); }},
      {"bimodal",
       [](Stream& s) {
         return Duration::from_seconds(s.chance(0.1) ? 1e4 : 1e-6 * s.exponential());
       }},
      {"constant", [](Stream&) { return 1_ms; }},
      {"within three nanoseconds",
       [](Stream& s) { return Duration{static_cast<std::int64_t>(s.below(3))}; }},
      {"all at one instant", [](Stream&) { return 0_ns; }},
      {"some never",
       [](Stream& s) {
         return s.chance(0.01) ? Duration::max() : Duration::from_seconds(s.exponential());
       }},
      {"half now",
       [](Stream& s) {
         return s.chance(0.5) ? 0_ns : Duration::from_seconds(1 / (s.uniform() + 1e-7));
       }},
      {"every magnitude", [](Stream& s) { return Duration{std::int64_t{1} << s.below(62)}; }},
      {"one outlier years ahead",
       [](Stream& s) {
         return s.chance(0.0005) ? 100'000_h : Duration{static_cast<std::int64_t>(s.below(1000))};
       }},
  };
}

/// Fills, holds for a while at about that population, drains, and does it all again.
void play(const Pattern& pattern, std::size_t population, std::uint64_t seed) {
  Stream stream(stream_key(seed, pattern.name));
  Checked checked;
  const auto schedule = [&] {
    checked.schedule(checked.now() + pattern.ahead(stream),
                     static_cast<EventClass>(stream.below(3)));
  };
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < population; ++i) schedule();
    for (std::size_t i = 0; i < 2 * population + 200 && !checked.broken(); ++i) {
      if (checked.empty() || stream.chance(0.5)) {
        schedule();
      } else {
        checked.pop();
      }
    }
    checked.drain();
  }
}

TEST(EventQueue, PopsInOrderForEveryPatternAndPopulation) {
  for (const Pattern& pattern : patterns()) {
    for (const std::size_t population : {0, 3, 30, 47, 48, 49, 100, 1000, 5000}) {
      for (std::uint64_t seed = 0; seed < 3 && !HasFailure(); ++seed) {
        SCOPED_TRACE(testing::Message() << pattern.name << ", " << population << ", seed " << seed);
        play(pattern, population, seed);
      }
    }
  }
}

RC_GTEST_PROP(EventQueueProperty, AgreesWithTheModel, ()) {
  Checked checked;
  const auto scale = *rc::gen::inRange(0, 62);
  const auto steps =
      *rc::gen::container<std::vector<std::tuple<bool, std::uint64_t, int>>>(rc::gen::tuple(
          rc::gen::arbitrary<bool>(), rc::gen::arbitrary<std::uint64_t>(), rc::gen::inRange(0, 3)));
  for (const auto& [pop, ahead, event_class] : steps) {
    const Duration by{static_cast<std::int64_t>(ahead >> (63 - scale))};
    if (pop && !checked.empty()) {
      checked.pop();
    } else {
      for (int copy = 0; copy <= event_class * 20; ++copy) {
        checked.schedule(checked.now() + by, static_cast<EventClass>(event_class));
      }
    }
    RC_ASSERT(!checked.broken());
  }
  checked.drain();
  RC_ASSERT(!checked.broken());
}

TEST(EventQueue, EmptyHasNothingToCome) {
  const EventQueue queue;
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.size(), 0u);
  EXPECT_EQ(queue.next_time(), Time::never());
}

TEST(EventQueue, AtOneInstantClassDecidesThenOrderOfScheduling) {
  EventQueue queue;
  const Time at = Time::from_seconds(1);
  queue.schedule(at, EventClass::arrival, {0, 1, 0});
  queue.schedule(at, EventClass::timer, {0, 2, 0});
  queue.schedule(at, EventClass::completion, {0, 3, 0});
  queue.schedule(at, EventClass::arrival, {0, 4, 0});
  queue.schedule(at, EventClass::completion, {0, 5, 0});
  EXPECT_EQ(queue.next_class(), EventClass::completion);
  std::vector<std::uint32_t> order;
  while (!queue.empty()) order.push_back(queue.pop().event.subject);
  EXPECT_EQ(order, (std::vector<std::uint32_t>{3, 5, 2, 1, 4}));
}

TEST(EventQueue, WhatIsScheduledForNowComesBeforeLaterClassesOfNow) {
  EventQueue queue;
  const Time at = Time::from_seconds(1);
  for (std::uint32_t i = 0; i < 200; ++i) queue.schedule(at, EventClass::arrival, {0, i, 0});
  EXPECT_EQ(queue.pop().event.subject, 0u);
  queue.schedule(at, EventClass::timer, {0, 1000, 0});
  queue.schedule(at, EventClass::arrival, {0, 2000, 0});
  EXPECT_EQ(queue.pop().event.subject, 1000u);
  for (std::uint32_t i = 1; i < 200; ++i) EXPECT_EQ(queue.pop().event.subject, i);
  EXPECT_EQ(queue.pop().event.subject, 2000u);
}

TEST(EventQueue, NeverStaysBehindAllOthers) {
  EventQueue queue;
  queue.schedule(Time::never(), EventClass::completion, {0, 1, 0});
  queue.schedule(Time{Time::never().ns - 1}, EventClass::arrival, {0, 2, 0});
  EXPECT_EQ(queue.pop().event.subject, 2u);
  EXPECT_EQ(queue.next_time(), Time::never());
  EXPECT_EQ(queue.size(), 1u);
}

/// What the queue says when it refuses an event.
std::string refusal(EventQueue& queue, Time at, Event event) {
  try {
    queue.schedule(at, EventClass::timer, event);
  } catch (const EventInThePast& mistake) {
    return mistake.what();
  }
  return "";
}

TEST(EventQueue, RefusesWhatWouldHappenBeforeNow) {
  EventQueue queue;
  EXPECT_THAT(refusal(queue, Time{-1}, {}), HasSubstr("at 0 s"));
  queue.schedule(Time::zero() + 2_s, EventClass::arrival, {0, 1, 0});
  queue.schedule(Time::zero() + 90_s, EventClass::arrival, {0, 2, 0});
  queue.schedule(Time::zero() + 95_s, EventClass::arrival, {0, 3, 0});
  EXPECT_EQ(refusal(queue, Time::zero() + 1_s, {}), "") << "nothing has happened yet";
  for (int i = 0; i < 3; ++i) queue.pop();
  EXPECT_EQ(queue.now(), Time::zero() + 90_s);

  const Time before = Time::zero() + Duration{89'500'000'000};
  EXPECT_THAT(refusal(queue, before, {7, 42, 0}),
              AllOf(HasSubstr("at 90 s an event was scheduled for 89.5 s"),
                    HasSubstr("an event, timer (kind 7, subject 42)"), HasSubstr("refusal")))
      << "when, what, and by whom";
  queue.name_kinds([](std::uint32_t kind) { return kind == 7 ? std::string_view("a tick") : ""; });
  EXPECT_THAT(refusal(queue, before, {7, 42, 0}), HasSubstr("a tick, timer (kind 7, subject 42)"));

  EXPECT_EQ(queue.size(), 1u);
  EXPECT_EQ(refusal(queue, queue.now(), {}), "") << "now is not before now";
  EXPECT_EQ(queue.pop().time, Time::zero() + 90_s);
  EXPECT_EQ(queue.pop().event.subject, 3u);
}

TEST(EventQueue, MovesWithItsEvents) {
  EventQueue first;
  for (std::uint32_t i = 0; i < 1000; ++i)
    first.schedule(Time{1000 - i}, EventClass::timer, {0, i, 0});
  EventQueue second = std::move(first);
  first = EventQueue();
  EXPECT_TRUE(first.empty());
  for (std::uint32_t i = 0; i < 1000; ++i) EXPECT_EQ(second.pop().event.subject, 999 - i);
}

TEST(EventQueue, GivesMemoryBackWhenThePopulationShrinks) {
  EventQueue queue;
  Stream stream(1);
  const auto schedule = [&](Time now) {
    queue.schedule(now + Duration::from_seconds(stream.exponential()), EventClass::timer, {});
  };
  for (int i = 0; i < 500'000; ++i) schedule(Time::zero());
  EXPECT_LT(queue.memory_bytes(), 500'000u * 150);
  while (queue.size() > 1000) queue.pop();
  for (int i = 0; i < 100'000; ++i) schedule(queue.pop().time);
  EXPECT_LT(queue.memory_bytes(), 1'000'000u);
}

/// Steps that would be quadratic in a queue without care: a million events end in a second or so.
TEST(EventQueueSlow, StaysFastForAwkwardOrders) {
  constexpr int n = 1'000'000;
  const std::vector<std::pair<std::string, std::function<Time(int)>>> orders{
      {"one instant", [](int) { return Time::from_seconds(5); }},
      {"forwards", [](int i) { return Time{i}; }},
      {"backwards", [](int i) { return Time{n - i}; }},
      {"one far ahead",
       [](int i) { return i == 0 ? Time::from_seconds(3e8) : Time{std::int64_t{i} * 7919 % n}; }},
      {"near and far in turn", [](int i) { return i % 2 ? Time{std::int64_t{i} << 40} : Time{i}; }},
  };
  for (const auto& [name, at] : orders) {
    SCOPED_TRACE(name);
    EventQueue queue;
    for (int i = 0; i < n; ++i) queue.schedule(at(i), static_cast<EventClass>(i % 3), {});
    ScheduledEvent last;
    bool ordered = true;
    // Each event of the first half schedules one more at its own instant.
    for (int i = 0; !queue.empty(); ++i) {
      const ScheduledEvent next = queue.pop();
      ordered &= next.time >= last.time;
      last = next;
      if (i < n / 2) queue.schedule(next.time, EventClass::arrival, {});
    }
    EXPECT_TRUE(ordered);
  }
}

}  // namespace
}  // namespace sluice
