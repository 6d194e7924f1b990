#include "experiments/rounds/trial_runner.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/in_parallel.hpp"
#include "experiments/one_replication.hpp"
#include "sim/chance.hpp"
#include "sim/scenario_report.hpp"

namespace sluice {
namespace {

/// So many scenarios are in memory at once.
constexpr std::size_t kAtOnce = 64;

}  // namespace

struct TrialRunner::Work {
  Trial* trial = nullptr;
  std::optional<Scenario> scenario = {};
  RecorderConfig config = {};
  WarmUpEnd warm_up = {};
  std::vector<std::optional<ReplicationResult>> added = {};  // behind those that the trial has
};

TrialRunner::TrialRunner(const Variants& variants, TrialOptions options)
    : variants_(variants), options_(std::move(options)) {}

bool TrialRunner::told_to_stop() const {
  return options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed);
}

bool TrialRunner::run(std::span<Trial* const> trials, std::uint32_t count, double confidence) {
  for (std::size_t from = 0; from < trials.size(); from += kAtOnce) {
    const auto some = trials.subspan(from, std::min(kAtOnce, trials.size() - from));
    if (!run_some(some, count, confidence)) return false;
  }
  return true;
}

bool TrialRunner::run_some(std::span<Trial* const> trials, std::uint32_t count, double confidence) {
  std::vector<Work> works;
  for (Trial* trial : trials) works.push_back({trial});
  const auto size = static_cast<std::uint32_t>(works.size());
  in_parallel(size, options_.threads, [&](std::uint32_t i) {
    if (!told_to_stop()) prepare(works[i], count);
  });
  struct Piece {
    Work* work;
    std::uint32_t index;
  };
  std::vector<Piece> pieces;
  for (Work& work : works)
    for (std::uint32_t i = 0; i < work.added.size(); ++i) pieces.push_back({&work, i});
  if (options_.progress != nullptr) options_.progress->wanted += pieces.size();
  in_parallel(static_cast<std::uint32_t>(pieces.size()), options_.threads, [&](std::uint32_t i) {
    if (!told_to_stop()) simulate(*pieces[i].work, pieces[i].index);
  });
  in_parallel(size, options_.threads, [&](std::uint32_t i) {
    const bool whole = std::ranges::all_of(works[i].added, [](const auto& r) { return !!r; });
    if (works[i].scenario && whole) judge(works[i], confidence);
  });
  return !told_to_stop();
}

void TrialRunner::prepare(Work& work, std::uint32_t count) const {
  Trial& trial = *work.trial;
  work.scenario = variants_.load(trial.setting);
  work.warm_up = trial.warm_up;
  if (trial.hash.empty()) work.warm_up = find_warm_up(*work.scenario, {options_.stop, nullptr});
  work.config = recorder_config(*work.scenario, work.warm_up.time, options_.further.metrics);
  work.config.time_line_buckets = 0;
  for (const Subject& subject : options_.further.subjects)
    if (std::ranges::find(work.config.slices, subject) == work.config.slices.end())
      work.config.slices.push_back(subject);
  const bool drawn = draws_anything(*work.scenario) || jitters(*work.scenario);
  const auto there = static_cast<std::uint32_t>(trial.results.size());
  const std::uint32_t wanted = drawn ? count : 1;
  if (wanted > there) work.added.resize(wanted - there);
}

void TrialRunner::simulate(Work& work, std::uint32_t index) const {
  const Trial& trial = *work.trial;
  const auto number = trial.first + static_cast<std::uint32_t>(trial.results.size()) + index;
  Replication replication =
      replicate(*work.scenario, work.config, number, {options_.stop, nullptr});
  if (replication.came_to < Time::zero() + work.scenario->duration) return;  // told to stop
  work.added[index] = asked_for(std::move(replication.result), *work.scenario, options_.further);
  if (options_.progress == nullptr) return;
  ++options_.progress->replications;
  options_.progress->runs += work.added[index]->runs;
}

void TrialRunner::judge(Work& work, double confidence) const {
  Trial& trial = *work.trial;
  Scenario& scenario = *work.scenario;
  trial.hash = scenario.hash;
  trial.warm_up = work.warm_up;
  for (std::optional<ReplicationResult>& result : work.added) {
    trial.runs += result->runs;
    trial.results.push_back(std::move(*result));
  }
  scenario.confidence = confidence;
  Report report =
      report_on(scenario, work.config, {.warm_up = trial.warm_up.method}, trial.results);
  trial.judged = {std::move(report.expectations), std::move(report.reaches), report.verdict,
                  std::move(report.figures), report.header.drawn};
}

}  // namespace sluice
