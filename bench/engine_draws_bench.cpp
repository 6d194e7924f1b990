// What one random number costs: streams and distributions.
#include <benchmark/benchmark.h>

#include <string>
#include <utility>
#include <vector>

#include "base/random/distribution.hpp"
#include "base/random/random.hpp"

namespace sluice {
namespace {

template <auto kDraw>
void stream(benchmark::State& state) {
  Stream s(1);
  for (auto _ : state) benchmark::DoNotOptimize((s.*kDraw)());
}
BENCHMARK(stream<&Stream::bits>);
BENCHMARK(stream<&Stream::uniform>);
BENCHMARK(stream<&Stream::exponential>);
BENCHMARK(stream<&Stream::normal>);

void key_of_index(benchmark::State& state) {
  std::uint64_t index = 0;
  for (auto _ : state) benchmark::DoNotOptimize(stream_key(42, index++));
}
BENCHMARK(key_of_index);

void key_of_name(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(stream_key(42, "arrivals of a submitter"));
}
BENCHMARK(key_of_name);

/// As the simulator draws: a fresh stream for each run.
void first_draw_of_a_stream(benchmark::State& state) {
  std::uint64_t index = 0;
  for (auto _ : state) benchmark::DoNotOptimize(Stream(stream_key(42, index++)).exponential());
}
BENCHMARK(first_draw_of_a_stream);

void sample(benchmark::State& state, const Distribution& distribution) {
  Stream s(1);
  for (auto _ : state) benchmark::DoNotOptimize(distribution.sample(s));
}

const bool kRegistered = [] {
  using D = Distribution;
  const std::vector<std::pair<std::string, D>> all{
      {"constant", D::constant(1)},
      {"uniform", D::uniform(1, 2)},
      {"exponential", D::exponential(1)},
      {"lognormal", D::lognormal_median_p95(90, 300)},
      {"gamma/shape:4", D::gamma_mean_cv(1, 0.5)},
      {"gamma/shape:0.25", D::gamma_mean_cv(1, 2)},
      {"weibull", D::weibull(0.7, 1)},
      {"bounded_pareto", D::bounded_pareto(1.5, 1, 1000)},
      {"hyperexponential", D::hyperexponential({{9, 1}, {1, 20}})},
      {"empirical", D::empirical(std::vector<double>(1000, 1))},
      {"mixture", D::mixture({{9, D::constant(1)}, {1, D::exponential(20)}})}};
  for (const auto& [name, d] : all) {
    benchmark::RegisterBenchmark(("sample/" + name).c_str(), sample, d);
  }
  return true;
}();

}  // namespace
}  // namespace sluice
