#include "experiments/sweep.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "experiments/response.hpp"
#include "experiments/rounds/measures.hpp"
#include "experiments/wait_causes.hpp"

namespace sluice {
namespace {

/// Settings whose replications are in memory at once.
constexpr std::size_t kTogether = 64;

class Sweep {
 public:
  Sweep(const Variants& variants, const SweepOptions& options)
      : variants_(variants),
        options_(options),
        measures_(measures_of(*variants.base().scenario)),
        runner_(variants, further_of(measures_), options.trials),
        nominal_(options.looks.nominal(variants.base().scenario->confidence)),
        is_shard_(options.trials.store != nullptr && options.trials.store->shard) {}

  SweepResult run(std::vector<Setting> settings) {
    place_base(settings);
    SweepResult result;
    result.header = experiment_header(variants_, options_.looks, options_.cost, options_.build_id);
    result.measures = measures_.all;
    result.expected = measures_.expected;
    result.base = base_index_;
    base_.setting = settings[base_index_];
    bool complete = advance({&base_});
    // The rounds of a shard are as many as the looks, not as many for each lot.
    const std::size_t together = is_shard_ ? settings.size() : kTogether;
    for (std::size_t from = 0; complete && from < settings.size(); from += together)
      complete = sweep_some(settings, from, std::min(settings.size(), from + together), result);
    result.header.complete = complete;
    result.header.waiting = runner_.end() == RunEnd::waiting;
    mark_undominated(result);
    tell_worsenings(result);
    const std::atomic<bool>* stop = options_.trials.stop;
    if (stop != nullptr && stop->load(std::memory_order_relaxed)) result.header.complete = false;
    for (const SweptSetting& setting : result.settings) {
      ++result.spent.settings;
      result.spent.replications += setting.replications;
      result.spent.runs += setting.runs;
    }
    return result;
  }

 private:
  /// A shard has no result, and needs no causes.
  void tell_worsenings(SweepResult& result) {
    const std::vector<Worsening> found = worsenings(result, values_, nominal_);
    std::optional<WaitCauses> causes;
    if (!is_shard_ && result.header.complete)
      causes.emplace(variants_, measures_.all, options_.trials, found.size());
    for (const Worsening& worsening : found) {
      std::string text = worsening.text;
      if (!worsening.elsewhere.empty()) text += "; " + worsening.elsewhere;
      const std::string cause = causes ? causes->of(result.measures[worsening.measure],
                                                    result.settings[worsening.less].setting,
                                                    result.settings[worsening.more].setting)
                                       : "";
      if (!cause.empty()) text += ". " + cause;
      result.remarks.push_back(std::move(text));
    }
  }

  /// The scenario as it is stands first, unless one of the settings is the same.
  void place_base(std::vector<Setting>& settings) {
    const std::string& hash = variants_.base().scenario->hash;
    for (std::size_t i = 0; i < settings.size(); ++i)
      if (variants_.may_be_base(settings[i]) && variants_.load(settings[i]).hash == hash) {
        base_index_ = i;
        return;
      }
    settings.insert(settings.begin(), Setting{});
    base_index_ = 0;
  }

  /// Takes the trials through the looks until each is decided. False: see TrialRunner::end().
  bool advance(std::vector<Trial*> open) {
    const bool asked = !variants_.base().scenario->expectations.empty() ||
                       !variants_.base().scenario->reaches.empty();
    const auto is_closed = [asked](const Trial& trial) {
      return !asked || trial.judged.is_decided();
    };
    for (std::size_t look = 0; look < options_.looks.count() && !open.empty(); ++look) {
      // Differences are within pairs: the base has to have as many.
      std::vector<Trial*> all = open;
      const bool behind = base_.results.size() < options_.looks[look];
      if (behind && std::ranges::find(open, &base_) == open.end()) all.push_back(&base_);
      // A shard holds all settings at once, and has no result: it forgets what it is through with.
      const bool last = look + 1 == options_.looks.count();
      const auto forget = [&](Trial& trial) {
        if (is_shard_ && &trial != &base_ && (last || is_closed(trial)))
          trial.results = std::vector<ReplicationResult>();  // its capacity too
      };
      if (!runner_.run(all, options_.looks[look], nominal_, forget)) return false;
      std::erase_if(open, [&](const Trial* trial) { return is_closed(*trial); });
    }
    return true;
  }

  bool sweep_some(const std::vector<Setting>& settings, std::size_t from, std::size_t until,
                  SweepResult& result) {
    std::vector<Trial> trials(until - from);
    std::vector<Trial*> open;
    for (std::size_t i = from; i < until; ++i) {
      Trial& trial = trials[i - from];
      trial.setting = settings[i];
      if (i != base_index_) open.push_back(&trial);
    }
    const bool complete = advance(open);
    for (std::size_t i = from; i < until; ++i) {
      const Trial& trial = i == base_index_ ? base_ : trials[i - from];
      if (!trial.hash.empty() && !is_shard_) add_row(trial, i == base_index_, result);
    }
    return complete;
  }

  void add_row(const Trial& trial, bool is_base, SweepResult& result) {
    SweptSetting row;
    row.setting = trial.setting;
    row.hash = trial.hash;
    if (!options_.cost.empty()) row.cost = variants_.cost(options_.cost, trial.setting);
    row.replications = static_cast<std::uint32_t>(trial.results.size());
    row.runs = trial.runs;
    row.expectations = trial.judged.expectations;
    row.reaches = trial.judged.reaches;
    row.verdict = trial.judged.verdict;
    row.drawn = trial.judged.drawn;
    std::vector<std::vector<double>> values;
    for (const Measure& measure : measures_.all) {
      MeasuredValue measured{figure_in(trial, measure), std::nullopt};
      values.push_back(values_in(trial, measure));
      if (!is_base)
        measured.difference = paired_difference(values_in(base_, measure), values.back(), nominal_);
      row.measured.push_back(std::move(measured));
    }
    if (is_base) result.base = result.settings.size();
    result.settings.push_back(std::move(row));
    values_.push_back(std::move(values));
  }

  const Variants& variants_;
  const SweepOptions& options_;
  Measures measures_;
  TrialRunner runner_;
  double nominal_;
  bool is_shard_;
  Trial base_;
  std::size_t base_index_ = 0;
  std::vector<std::vector<std::vector<double>>> values_;  // setting, measure, replication
};

}  // namespace

SweepResult sweep(const Variants& variants, std::vector<Setting> settings,
                  const SweepOptions& options) {
  return Sweep(variants, options).run(std::move(settings));
}

}  // namespace sluice
