#include "load/prediction/predict.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "load/prediction/alternatives.hpp"
#include "load/prediction/compared_figures.hpp"
#include "load/prediction/envelope.hpp"
#include "load/prediction/fit.hpp"
#include "load/prediction/replications.hpp"

namespace sluice {
namespace {

using Agreement = PredictedFigure::Agreement;
using Rows = std::vector<std::vector<double>>;

constexpr double kEnoughPresent = 0.9;
constexpr std::size_t kFewestToFit = 16;

double median_of(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

/// What all replications say of figure `number`; those that lack it are left out.
std::vector<double> column_of(const Rows& rows, std::size_t number) {
  std::vector<double> values;
  for (const auto& row : rows)
    if (std::isfinite(row[number])) values.push_back(row[number]);
  return values;
}

/// Replications that lack a figure get its median, which says nothing. False: too many lack it.
bool fill_gaps(Rows& rows, std::size_t number) {
  const std::vector<double> present = column_of(rows, number);
  const auto all = static_cast<double>(rows.size());
  if (rows.empty() || static_cast<double>(present.size()) < kEnoughPresent * all) return false;
  const double median = median_of(present);
  for (auto& row : rows)
    if (!std::isfinite(row[number])) row[number] = median;
  return true;
}

class Predicting {
 public:
  Predicting(const Scenario& scenario, const Report& measured, const PredictionOptions& options)
      : scenario_(scenario),
        measured_(measured),
        options_(options),
        chosen_(compared_figures(scenario, measured, options.resolution)) {
    load_.seed = measured.header.seed;
    load_.from = measured.header.from;
    load_.until = measured.header.until;
    load_.from_outside = measured.header.engine == Engine::load;
    load_.threads = options.threads;
    load_.stop = options.stop;
    load_.one_is_over = [this] { count_one(); };
    if (options.explain != PredictionOptions::Explain::never)
      alternatives_ = alternatives(scenario);
    planned_ = options.replications +
               alternatives_.size() * std::uint64_t{options.explaining_replications};
  }

  Prediction run() {
    Prediction prediction;
    prediction.confidence = options_.confidence;
    rows_ = replicate(scenario_, options_.replications, chosen_, load_);
    prediction.replications = static_cast<std::uint32_t>(rows_.size());
    choose();
    compare(prediction);
    const bool explain = options_.explain == PredictionOptions::Explain::always ||
                         prediction.agreement == Agreement::differs;
    if (explain && options_.explain != PredictionOptions::Explain::never)
      explain_by_rules(prediction);
    if (options_.progress) options_.progress(1);
    return prediction;
  }

 private:
  void count_one() {
    const std::uint64_t over = ++over_;
    if (options_.progress && planned_ > 0)
      options_.progress(static_cast<double>(over) / static_cast<double>(planned_));
  }

  /// Which figures can be decided.
  void choose() {
    for (std::size_t i = 0; i < chosen_.size(); ++i) {
      const Figure* figure = measured_.figures.find(chosen_[i].key.metric, chosen_[i].key.subject);
      const bool enough = figure != nullptr && figure->samples >= chosen_[i].least_samples;
      if (fill_gaps(rows_, i) && enough) decided_.push_back(i);
    }
  }

  std::vector<EnvelopeColumn> columns(const Rows& rows) const {
    std::vector<EnvelopeColumn> all;
    for (const std::size_t i : decided_)
      all.push_back({column_of(rows, i), read(measured_.figures, chosen_[i]), chosen_[i].tolerance,
                     scale(i)});
    return all;
  }

  /// Differences count in proportion to a figure's usual size, but not below what is small for it.
  double scale(std::size_t i) const {
    return chosen_[i].small + chosen_[i].tolerance + 0.1 * median_of(column_of(rows_, i));
  }

  void compare(Prediction& prediction) const {
    const EnvelopeResult result = envelope(columns(rows_), options_.confidence);
    for (std::size_t i = 0; i < chosen_.size(); ++i) prediction.figures.push_back(undecided(i));
    for (std::size_t column = 0; column < decided_.size(); ++column) {
      PredictedFigure& figure = prediction.figures[decided_[column]];
      figure.p = result.p[column];
      if (result.critical < 0) continue;
      figure.predicted = result.intervals[column];
      figure.agreement = result.outside(column) ? Agreement::differs : Agreement::agrees;
    }
    if (decided_.empty() || result.critical < 0) return;
    prediction.agreement = result.outside() > 0 ? Agreement::differs : Agreement::agrees;
  }

  PredictedFigure undecided(std::size_t i) const {
    PredictedFigure figure;
    figure.metric = chosen_[i].key.metric;
    figure.subject = chosen_[i].key.subject;
    const Figure* measured = measured_.figures.find(figure.metric, figure.subject);
    if (measured != nullptr) figure.measured = *measured;
    figure.predicted_median = median_of(column_of(rows_, i));
    return figure;
  }

  // ---- explanations

  struct Candidate {
    std::string change;
    bool as_is = false;
    Rows rows;  // of the figures that are decided
  };

  void explain_by_rules(Prediction& prediction) const {
    std::vector<Candidate> candidates = simulate_candidates();
    if (candidates.empty() || decided_.empty()) return;
    const std::vector<double> least_sd = least_deviations(candidates);
    const std::vector<double> measured = scaled(measured_row());
    std::vector<std::pair<double, Explanation>> ranked;
    for (const Candidate& candidate : candidates) {
      Rows rows;
      for (const auto& row : candidate.rows) rows.push_back(scaled(row));
      const Fit how_well = fit(rows, measured, least_sd);
      ranked.emplace_back(how_well.log_likelihood,
                          Explanation{candidate.change, candidate.as_is, how_well.distance,
                                      how_well.p, differing(candidate.rows)});
    }
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    // Where nothing differs from the scenario, nothing speaks for another rule, however likely it
    // is.
    if (prediction.agreement == PredictedFigure::Agreement::agrees)
      std::stable_partition(ranked.begin(), ranked.end(),
                            [](const auto& one) { return one.second.as_is; });
    for (auto& [likelihood, explanation] : ranked)
      prediction.explanations.push_back(std::move(explanation));
  }

  std::vector<Candidate> simulate_candidates() const {
    std::vector<Candidate> candidates;
    const auto add = [&](std::string change, bool as_is, Rows rows) {
      for (const std::size_t i : decided_)
        if (!fill_gaps(rows, i)) return;
      if (rows.size() < kFewestToFit) return;
      Rows decided;
      for (const auto& row : rows) {
        auto& values = decided.emplace_back();
        for (const std::size_t i : decided_) values.push_back(row[i]);
      }
      candidates.push_back({std::move(change), as_is, std::move(decided)});
    };
    add("as in the scenario", true,
        {rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(
                                            rows_.size(), options_.explaining_replications))});
    for (const Alternative& alternative : alternatives_)
      add(alternative.change, false,
          replicate(alternative.scenario, options_.explaining_replications, chosen_, load_));
    return candidates;
  }

  std::vector<double> measured_row() const {
    std::vector<double> row;
    for (const std::size_t i : decided_) row.push_back(read(measured_.figures, chosen_[i]));
    return row;
  }

  std::vector<double> scaled(const std::vector<double>& row) const {
    std::vector<double> values;
    for (std::size_t k = 0; k < row.size(); ++k)
      values.push_back(std::log(std::max(0.0, row[k]) + scale(decided_[k])));
    return values;
  }

  /// A figure that a variant makes nearly constant excludes nobody by its last digit: a twentieth
  /// of the mean deviation of all variants is the least.
  std::vector<double> least_deviations(const std::vector<Candidate>& candidates) const {
    constexpr double kShare = 0.05, kLeast = 0.01;
    std::vector<double> least(decided_.size());
    for (std::size_t k = 0; k < decided_.size(); ++k) {
      double sum = 0;
      for (const Candidate& candidate : candidates) sum += deviation(candidate.rows, k);
      const double mean = sum / static_cast<double>(candidates.size());
      const double scale_here = scale(decided_[k]);
      const double by_clock = chosen_[decided_[k]].tolerance / scale_here;
      least[k] = std::max({kShare * mean, kLeast, by_clock});
    }
    return least;
  }

  double deviation(const Rows& rows, std::size_t k) const {
    const auto n = static_cast<double>(rows.size());
    double sum = 0, squares = 0;
    for (const auto& row : rows) {
      const double value = std::log(std::max(0.0, row[k]) + scale(decided_[k]));
      sum += value;
      squares += value * value;
    }
    return std::sqrt(std::max(0.0, (squares - sum * sum / n) / (n - 1)));
  }

  std::uint32_t differing(const Rows& decided_rows) const {
    std::vector<EnvelopeColumn> all;
    const std::vector<double> measured = measured_row();
    for (std::size_t k = 0; k < decided_.size(); ++k)
      all.push_back({column_of(decided_rows, k), measured[k], chosen_[decided_[k]].tolerance,
                     scale(decided_[k])});
    return static_cast<std::uint32_t>(envelope(all, options_.confidence).outside());
  }

  const Scenario& scenario_;
  const Report& measured_;
  const PredictionOptions& options_;
  std::vector<ComparedFigure> chosen_;
  std::vector<Alternative> alternatives_;
  LoadRepetition load_;
  std::uint64_t planned_ = 0;
  std::atomic<std::uint64_t> over_{0};
  Rows rows_;                         // by replication, then as chosen_
  std::vector<std::size_t> decided_;  // of chosen_, those that can be compared
};

}  // namespace

Prediction predict(const Scenario& scenario, const Report& measured,
                   const PredictionOptions& options) {
  return Predicting(scenario, measured, options).run();
}

}  // namespace sluice
