#include "experiments/rounds/trial_runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/failure.hpp"
#include "base/in_parallel.hpp"
#include "experiments/one_replication.hpp"
#include "reports/figures/names.hpp"
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
  bool is_judged = false;
};

TrialRunner::TrialRunner(const Variants& variants, Further further, const TrialOptions& options)
    : variants_(&variants), further_(std::move(further)), options_(options) {
  if (options_.store != nullptr && options_.store->shard)
    manifest_.shards = options_.store->shard->count;
}

void TrialRunner::turn_to(const Variants& variants, std::string scope) {
  variants_ = &variants;
  scope_ = std::move(scope);
}

std::string TrialRunner::key_of(const Trial& trial) const {
  const std::string key = trial.setting.key();
  return scope_.empty() || key.empty() ? scope_ + key : scope_ + "," + key;
}

bool TrialRunner::told_to_stop() const {
  return options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed);
}

bool TrialRunner::run(std::span<Trial* const> trials, std::uint32_t count, double confidence,
                      const std::function<void(Trial&)>& judged) {
  end_ = RunEnd::done;
  for (std::size_t from = 0; from < trials.size(); from += kAtOnce) {
    const auto some = trials.subspan(from, std::min(kAtOnce, trials.size() - from));
    if (!run_some(some, count, confidence, judged)) return false;
  }
  return end_ == RunEnd::done;
}

bool TrialRunner::run_some(std::span<Trial* const> trials, std::uint32_t count, double confidence,
                           const std::function<void(Trial&)>& judged) {
  std::vector<Work> works;
  for (Trial* trial : trials) works.push_back({trial});
  const auto size = static_cast<std::uint32_t>(works.size());
  in_parallel(size, options_.threads, [&](std::uint32_t i) {
    if (!told_to_stop()) prepare(works[i], count);
  });
  const std::vector<Piece> pieces = pieces_of(works);
  want(pieces);
  if (options_.progress != nullptr) options_.progress->wanted += pieces.size();
  in_parallel(static_cast<std::uint32_t>(pieces.size()), options_.threads, [&](std::uint32_t i) {
    if (!told_to_stop()) simulate(pieces[i]);
  });
  std::atomic<bool> whole = true;
  in_parallel(size, options_.threads, [&](std::uint32_t i) {
    const bool all = std::ranges::all_of(works[i].added, [](const auto& r) { return !!r; });
    works[i].is_judged = works[i].scenario && all;
    if (works[i].is_judged)
      judge(works[i], confidence);
    else
      whole = false;
  });
  if (judged)
    for (const Work& work : works)
      if (work.is_judged) judged(*work.trial);
  if (whole) return true;
  end_ = told_to_stop() ? RunEnd::stopped : RunEnd::waiting;
  return end_ == RunEnd::waiting;  // the shard's part of the others is to be done as well
}

std::vector<TrialRunner::Piece> TrialRunner::pieces_of(std::vector<Work>& works) {
  std::vector<Piece> pieces;
  for (Work& work : works)
    for (std::uint32_t i = 0; i < work.added.size(); ++i) pieces.push_back({&work, i, position_++});
  return pieces;
}

void TrialRunner::want(const std::vector<Piece>& pieces) {
  if (options_.store == nullptr || !options_.store->shard || pieces.empty()) return;
  for (const Piece& piece : pieces) {
    const Trial& trial = *piece.work->trial;
    if (piece.index > 0) continue;
    manifest_.wanted.push_back({key_of(trial),
                                trial.first + static_cast<std::uint32_t>(trial.results.size()),
                                static_cast<std::uint32_t>(piece.work->added.size())});
  }
  const std::string& folder = options_.store->folder;
  const std::optional<StoreManifest> there = read_manifest(folder);
  if (there && there->continues(manifest_)) return;
  if (there && !manifest_.continues(*there))
    throw bad_input(
        fmt::format("{} is of another experiment, or of another number of shards: what "
                    "its {} wants is not what this one wants",
                    folder, kManifestFile));
  write_manifest(folder, manifest_);
}

void TrialRunner::prepare(Work& work, std::uint32_t count) const {
  Trial& trial = *work.trial;
  work.scenario = variants_->load(trial.setting);
  const bool drawn = draws_anything(*work.scenario) || jitters(*work.scenario);
  const auto there = static_cast<std::uint32_t>(trial.results.size());
  const std::uint32_t wanted = drawn ? count : 1;
  if (wanted > there) work.added.resize(wanted - there);
  for (std::uint32_t i = 0; i < work.added.size(); ++i)
    work.added[i] = stored(work, trial.first + there + i);

  work.warm_up = trial.warm_up;
  // Another replication of the setting knows what its pilot found.
  const auto known = std::ranges::find_if(work.added, [](const auto& r) { return !!r; });
  if (trial.hash.empty() && known != work.added.end() && work.scenario->warm_up.automatic)
    work.warm_up = {(*known)->from, WarmUp::mser5};
  else if (trial.hash.empty())
    work.warm_up = find_warm_up(*work.scenario, {options_.stop, nullptr});
  work.config = recorder_config(*work.scenario, work.warm_up.time, further_.metrics);
  work.config.time_line_buckets = 0;
  for (const Subject& subject : further_.subjects)
    if (subject.submitter.valid()) add_slice(work.config, subject);
}

void TrialRunner::simulate(const Piece& piece) const {
  Work& work = *piece.work;
  std::optional<ReplicationResult>& result = work.added[piece.index];
  if (!result) {
    const std::optional<Shard> shard =
        options_.store == nullptr ? std::nullopt : options_.store->shard;
    if (shard && !shard->owns(piece.position)) return;
    const auto number =
        work.trial->first + static_cast<std::uint32_t>(work.trial->results.size()) + piece.index;
    Replication replication =
        replicate(*work.scenario, work.config, number, {options_.stop, nullptr});
    if (replication.came_to < Time::zero() + work.scenario->duration) return;  // told to stop
    result = asked_for(std::move(replication.result), *work.scenario, further_);
    store(work, number, *result);
  }
  if (options_.progress == nullptr) return;
  ++options_.progress->replications;
  options_.progress->runs += result->runs;
}

std::optional<ReplicationResult> TrialRunner::stored(const Work& work, std::uint32_t number) const {
  if (options_.store == nullptr) return std::nullopt;
  std::optional<Point> point = options_.store->points->read({key_of(*work.trial), number});
  if (!point) return std::nullopt;
  if (point->scenario_hash != work.scenario->hash ||
      point->seed != replication_seed(work.scenario->seed, number))
    throw bad_input(fmt::format("{}: {} is there of another scenario than {} stands for now",
                                options_.store->folder, name(point->key),
                                work.trial->setting.text()));
  return std::move(point->result);
}

void TrialRunner::store(const Work& work, std::uint32_t number,
                        const ReplicationResult& result) const {
  if (options_.store == nullptr) return;
  options_.store->points->add({{key_of(*work.trial), number},
                               replication_seed(work.scenario->seed, number),
                               work.scenario->hash,
                               result});
}

void TrialRunner::judge(Work& work, double confidence) const {
  Trial& trial = *work.trial;
  const Scenario& scenario = *work.scenario;
  trial.hash = scenario.hash;
  trial.warm_up = work.warm_up;
  for (std::optional<ReplicationResult>& result : work.added) {
    trial.runs += result->runs;
    trial.results.push_back(std::move(*result));
  }
  Report report =
      report_on(scenario, work.config, {.warm_up = trial.warm_up.method, .confidence = confidence},
                trial.results);
  trial.judged = {std::move(report.expectations), std::move(report.reaches), report.verdict,
                  std::move(report.figures), report.header.drawn};
}

StoreIdentity store_identity(const Variants& variants, const Further& further,
                             const std::string& build_id) {
  const Scenario& scenario = *variants.base().scenario;
  // The hash is that of all seeds.
  std::string recorded = fmt::format("seed {}: sentences", scenario.seed);
  for (const Metric metric : further.metrics) recorded.append(", ").append(info(metric).name);
  const Names names = names_of(scenario.pipeline, submitter_names(scenario));
  for (const Subject& subject : further.subjects) recorded += labels_text(subject, names);
  return {scenario.name, scenario.hash, build_id, std::move(recorded)};
}

ExperimentHeader experiment_header(const Variants& variants, const Looks& looks, std::string cost,
                                   std::string build_id) {
  const Scenario& scenario = *variants.base().scenario;
  ExperimentHeader header;
  header.scenario = scenario.name;
  header.question = scenario.question;
  header.file = variants.file();
  header.hash = scenario.hash;
  header.seed = scenario.seed;
  header.build_id = std::move(build_id);
  header.confidence = scenario.confidence;
  header.nominal_confidence = looks.nominal(scenario.confidence);
  header.looks = static_cast<std::uint32_t>(looks.count());
  header.cost = std::move(cost);
  return header;
}

}  // namespace sluice
