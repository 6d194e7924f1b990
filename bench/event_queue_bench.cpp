// The event queue by itself: hold model and M/M/c, beside a std::priority_queue in the same run.
//
// Hold: pop, then schedule the same event an exponential time later, with a fixed number pending.
// M/M/c: Poisson arrivals at load 0.9 and c servers; one customer is two events, so
// items_per_second is events per second. Figures of a busy machine are comparable within one run
// only.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <queue>
#include <tuple>
#include <vector>

#include "base/random/random.hpp"
#include "pipeline/event_queue.hpp"

namespace sluice {
namespace {

/// The same order and interface on the standard library's binary heap.
class PriorityQueue {
 public:
  void schedule(Time at, EventClass event_class, Event event) {
    heap_.push({at, event_class, sequence_++, event});
  }
  ScheduledEvent pop() {
    const Entry first = heap_.top();
    heap_.pop();
    return {first.at, first.event_class, first.event};
  }
  bool empty() const { return heap_.empty(); }

 private:
  struct Entry {
    Time at;
    EventClass event_class;
    std::uint64_t sequence;
    Event event;
    bool operator<(const Entry& other) const {
      return std::tie(at, event_class, sequence) >
             std::tie(other.at, other.event_class, other.sequence);
    }
  };
  std::priority_queue<Entry> heap_;
  std::uint64_t sequence_ = 0;
};

Duration exponential(Stream& stream, double mean_ns) {
  return {static_cast<std::int64_t>(stream.exponential() * mean_ns)};
}

template <class Queue>
void hold(benchmark::State& state) {
  const auto pending = static_cast<std::uint32_t>(state.range(0));
  constexpr double mean_ns = 1e9;
  Stream stream(1);
  Queue queue;
  for (std::uint32_t i = 0; i < pending; ++i) {
    queue.schedule(Time::zero() + exponential(stream, mean_ns), EventClass::timer, {0, i, 0});
  }
  const auto step = [&] {
    const ScheduledEvent e = queue.pop();
    queue.schedule(e.time + exponential(stream, mean_ns), EventClass::timer, e.event);
  };
  for (std::uint32_t i = 0; i < 3 * pending; ++i) step();
  for (auto _ : state) step();
  state.SetItemsProcessed(state.iterations());
}

template <class Queue>
class MultiServerQueue {
 public:
  explicit MultiServerQueue(std::uint32_t servers)
      : servers_(servers), mean_gap_ns_(kMeanServiceNs / (0.9 * servers)) {
    schedule_arrival(Time::zero());
  }
  void step() {
    const ScheduledEvent e = events_.pop();
    e.event.kind == kArrival ? arrive(e.time) : complete(e.time);
  }

 private:
  static constexpr std::uint32_t kArrival = 0, kCompletion = 1;
  static constexpr double kMeanServiceNs = 1e9;

  void arrive(Time now) {
    schedule_arrival(now);
    if (busy_ == servers_) {
      ++waiting_;
    } else {
      ++busy_;
      schedule_completion(now);
    }
  }
  void complete(Time now) {
    if (waiting_ == 0) {
      --busy_;
    } else {
      --waiting_;
      schedule_completion(now);
    }
  }
  void schedule_arrival(Time now) {
    events_.schedule(now + exponential(arrivals_, mean_gap_ns_), EventClass::arrival,
                     {kArrival, 0, 0});
  }
  void schedule_completion(Time now) {
    events_.schedule(now + exponential(services_, kMeanServiceNs), EventClass::completion,
                     {kCompletion, 0, 0});
  }

  Queue events_;
  Stream arrivals_{1}, services_{2};
  std::uint32_t servers_, busy_ = 0;
  std::uint64_t waiting_ = 0;
  double mean_gap_ns_;
};

template <class Queue>
void multi_server(benchmark::State& state) {
  const auto servers = static_cast<std::uint32_t>(state.range(0));
  MultiServerQueue<Queue> model(servers);
  for (std::uint32_t i = 0; i < 20 * servers; ++i) model.step();
  for (auto _ : state) model.step();
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(hold<EventQueue>)->Arg(16)->Arg(1024)->Arg(65536)->Arg(1'000'000);
BENCHMARK(hold<PriorityQueue>)->Arg(16)->Arg(1024)->Arg(65536)->Arg(1'000'000);
BENCHMARK(multi_server<EventQueue>)->RangeMultiplier(10)->Range(1, 10'000);
BENCHMARK(multi_server<PriorityQueue>)->RangeMultiplier(10)->Range(1, 10'000);

}  // namespace
}  // namespace sluice
