// What keeping a point costs, besides the sync of the disk and with it; what reading one back
// costs; and what a store of many points takes in memory and time to open.
//
// A point has 60 figures here, of which 40 have the bounds of a histogram: what three
// expectations on waits leave of a replication is less, everything recorded of a large scenario
// more. In a folder in memory (TMPDIR=/dev/shm) a sync costs nothing.
#include <benchmark/benchmark.h>
#include <malloc.h>
#include <stdlib.h>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>

#include "base/random/random.hpp"
#include "experiments/store/point_record.hpp"
#include "experiments/store/point_store.hpp"

namespace sluice {
namespace {

Point sample_point(PointKey key) {
  Stream stream(stream_key(1, key.replication));
  Point point{std::move(key), stream.bits(), "0123456789abcdef", {}};
  for (std::size_t i = 0; i < 60; ++i) {
    Figure figure;
    figure.value = stream.exponential() * 100;
    figure.samples = stream.below(100'000);
    if (i < 40) figure.within = Interval{figure.value * 0.996, figure.value * 1.004};
    point.result.figures.add(static_cast<Metric>(i / 4), Subject::of(WorkspaceId::at(i)), figure);
  }
  point.result.figures.seal();
  return point;
}

/// A store in a folder of its own under TMPDIR.
class TemporaryStore {
 public:
  TemporaryStore() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sluice-bench-XXXXXX").string();
    if (::mkdtemp(pattern.data()) != nullptr) folder_ = pattern;
  }
  ~TemporaryStore() { std::filesystem::remove_all(folder_); }
  PointStore open() const { return {folder_, {"monday", "1f", "bench", "waits"}, "points"}; }
  std::string file() const { return folder_ + "/points"; }

 private:
  std::string folder_;
};

void write_record(benchmark::State& state) {
  const Point point = sample_point({"accounts=8,workers=26", 3});
  for (auto _ : state) benchmark::DoNotOptimize(point_record(point));
  state.counters["bytes"] = static_cast<double>(point_record(point).size());
}
BENCHMARK(write_record);

void read_record(benchmark::State& state) {
  std::string line = point_record(sample_point({"accounts=8,workers=26", 3}));
  line.pop_back();
  for (auto _ : state) benchmark::DoNotOptimize(read_point_record(line));
}
BENCHMARK(read_record);

/// Threads share syncs: with more of them the time of a point falls.
void add_point(benchmark::State& state) {
  static TemporaryStore* folder = nullptr;
  static PointStore* store = nullptr;
  if (state.thread_index() == 0) {
    folder = new TemporaryStore;
    store = new PointStore(folder->open());
  }
  Point point = sample_point({"thread=" + std::to_string(state.thread_index()), 0});
  for (auto _ : state) {
    store->add(point);
    ++point.key.replication;
  }
  if (state.thread_index() == 0) {
    delete store;
    delete folder;
  }
}
BENCHMARK(add_point)->ThreadRange(1, 8)->UseRealTime();

/// bytes_a_point: of memory, of an opened store.
void open_store(benchmark::State& state) {
  constexpr std::uint32_t kReplications = 20;
  const TemporaryStore folder;
  const auto points = static_cast<std::uint32_t>(state.range(0));
  {
    folder.open();
    std::FILE* file = std::fopen(folder.file().c_str(), "a");
    for (std::uint32_t i = 0; i < points; ++i)
      std::fputs(
          point_record(sample_point({"accounts=8,workers=" + std::to_string(i / kReplications),
                                     i % kReplications}))
              .c_str(),
          file);
    std::fclose(file);
  }
  double grown = 0;
  for (auto _ : state) {
    const std::size_t before = ::mallinfo2().uordblks;
    const PointStore store = folder.open();
    grown = static_cast<double>(::mallinfo2().uordblks - before);
    benchmark::DoNotOptimize(store.size());
  }
  state.counters["bytes_a_point"] = grown / points;
  state.counters["points/s"] =
      benchmark::Counter(points, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(open_store)->Arg(1'000)->Arg(20'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sluice
