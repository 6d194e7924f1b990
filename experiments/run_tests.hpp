// Scenario files as tests: each with its replications, all in parallel.
#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "experiments/shard.hpp"
#include "experiments/test_files.hpp"
#include "reports/ci/test_run.hpp"
#include "scenarios/loader/loader.hpp"

namespace sluice {

/// How far a test run is. Any thread may read it.
struct TestProgress {
  std::atomic<std::size_t> files{0};  ///< of this run; known once it begins
  std::atomic<std::size_t> done{0};
  std::atomic<std::size_t> not_met{0};  ///< of those that are done: exit code other than 0
};

struct TestOptions {
  unsigned threads = 0;  ///< 0: one per core
  LoaderOptions loader;
  std::string build_id;
  std::optional<Shard> shard;               ///< none: all files
  const std::atomic<bool>* stop = nullptr;  ///< ends everything where it is; may be null
  TestProgress* progress = nullptr;         ///< may be null
};

/// Loads and simulates each file; those of another shard are left out. What goes wrong with one is
/// its outcome, and the others still run. Told to stop, it says what is known: the files that are
/// over, those under way as far as they came, and which were not run. The same, times apart, on any
/// number of threads. Files beyond the number of threads run one thread each; fewer share them.
TestRun run_tests(const TestFiles& files, const TestOptions& options, const Clock& clock);

}  // namespace sluice
