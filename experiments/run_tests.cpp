#include "experiments/run_tests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <thread>
#include <utility>
#include <vector>

#include "base/in_parallel.hpp"
#include "experiments/replications.hpp"
#include "reports/ci/test_cases.hpp"
#include "scenarios/loader/effective.hpp"

namespace sluice {
namespace {

double seconds_between(SteadyTime begin, SteadyTime end) {
  return std::chrono::duration<double>(end - begin).count();
}

void add_problems(const std::vector<Diagnostic>& diagnostics, TestedFile& tested) {
  for (const Diagnostic& found : diagnostics)
    tested.problems.push_back(
        {found.file, found.line, found.column, found.message, found.to_string(), found.warning});
}

/// Loads, simulates, judges; `threads` for its replications.
void test_file(const TestOptions& options, unsigned threads, TestedFile& tested) {
  const LoadedScenario loaded = load_scenario(tested.file, options.loader);
  add_problems(loaded.errors, tested);
  add_problems(loaded.warnings, tested);
  if (!loaded.scenario) {
    const std::size_t mistakes = loaded.errors.size();
    tested.outcome = TestOutcome::bad_scenario;
    tested.summary =
        fmt::format("{} mistake{} in the scenario", mistakes, mistakes == 1 ? "" : "s");
    return;
  }
  if (loaded.scenario->submitters.empty()) {
    tested.outcome = TestOutcome::skipped;
    tested.summary = "it has no submitters: to be served";
    return;
  }
  ExperimentOptions experiment;
  experiment.threads = threads;
  experiment.build_id = options.build_id;
  experiment.stop = options.stop;
  const Report report = run_experiment(*loaded.scenario, experiment);
  std::vector<SentencePlace> reaches;
  for (std::size_t i = 0; i < report.reaches.size(); ++i) {
    const auto [file, line] = loaded.effective->place_of("reaches", i);
    reaches.push_back({file, line});
  }
  add_report(report, reaches, tested);
}

/// The files of a run, dealt out to threads.
class Testing {
 public:
  Testing(std::vector<TestedFile>& files, const TestOptions& options, const Clock& clock)
      : files_(files), options_(options), clock_(clock) {
    threads_ =
        options.threads > 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
    left_ = files.size();
  }

  void run() {
    in_parallel(static_cast<std::uint32_t>(files_.size()), threads_,
                [this](std::uint32_t number) { run_one(files_[number]); });
  }

 private:
  void run_one(TestedFile& tested) {
    const bool stopped = options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed);
    if (!stopped) {
      const SteadyTime begin = clock_.now();
      // Those that are left, this one and others under way among them, share the threads.
      const auto share = static_cast<unsigned>(threads_ / std::max<std::size_t>(1, left_.load()));
      try {
        test_file(options_, std::max(1u, share), tested);
      } catch (const std::exception& error) {
        tested.outcome = TestOutcome::internal_error;
        tested.summary = error.what();
      }
      tested.seconds = seconds_between(begin, clock_.now());
    }
    --left_;
    if (options_.progress == nullptr) return;
    ++options_.progress->done;
    if (exit_code_of(tested.outcome) != ExitCode::ok) ++options_.progress->not_met;
  }

  std::vector<TestedFile>& files_;
  const TestOptions& options_;
  const Clock& clock_;
  unsigned threads_ = 1;
  std::atomic<std::size_t> left_{0};
};

std::vector<TestedFile> files_of_shard(const std::vector<std::string>& files,
                                       const std::optional<Shard>& shard) {
  std::vector<TestedFile> own;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (shard && !shard->owns(i)) continue;
    own.emplace_back().file = files[i];
  }
  return own;
}

TestedFile skipped_part(const TestFiles::Part& part) {
  TestedFile skipped;
  skipped.file = part.file;
  skipped.outcome = TestOutcome::skipped;
  skipped.summary = "a part of " + part.of;
  return skipped;
}

}  // namespace

TestRun run_tests(const TestFiles& files, const TestOptions& options, const Clock& clock) {
  const SteadyTime begin = clock.now();
  TestRun run;
  run.shard = options.shard;
  run.files = files_of_shard(files.tests, options.shard);
  if (options.progress != nullptr) options.progress->files = run.files.size();
  Testing(run.files, options, clock).run();
  run.complete = std::ranges::all_of(run.files, [](const TestedFile& tested) {
    return tested.complete && tested.outcome != TestOutcome::not_run;
  });
  // Parts are the same for all shards: the first one names them.
  if (!options.shard || options.shard->index == 1)
    for (const TestFiles::Part& part : files.parts) run.files.push_back(skipped_part(part));
  std::ranges::sort(run.files, {}, &TestedFile::file);
  run.seconds = seconds_between(begin, clock.now());
  return run;
}

}  // namespace sluice
