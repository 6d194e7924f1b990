// What all experiments with settings of a scenario say alike: of what, how sure, measured by what.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "reports/expectations/expectation.hpp"
#include "reports/figures/figure.hpp"

namespace sluice {

/// A figure that settings are compared by: one that an expectation is about, or one that is watched
/// besides.
struct Measure {
  std::string text;  ///< "LOW.wait.p95", "wait.p95{workspace=claims}"
  Metric metric{};
  Subject subject;
  std::optional<Duration> over;  ///< the worst sliding window of this length
  bool lower_is_better = true;
  bool operator==(const Measure&) const = default;
};

/// Whether the measure is what the expectation is held against.
bool is_about(const Measure& measure, const Expectation& expectation);

/// Of all sentences together: failed before inconclusive before passed. What held or broke in one
/// replication of something drawn is not decided.
Status status_of(const std::vector<ExpectationResult>& expectations,
                 const std::vector<ReachResult>& reaches);

/// Setting minus base, over replications with the same draws; in the unit of the metric.
struct PairedDifference {
  double mean = 0;
  std::optional<Interval> interval;
  std::uint32_t pairs = 0;
};

struct MeasuredValue {
  std::optional<Figure> figure;                ///< none: nothing was measured
  std::optional<PairedDifference> difference;  ///< to the base; none: it is the base
};

/// Spent on an experiment.
struct Spent {
  std::uint64_t settings = 0, replications = 0, runs = 0;
};

/// What scenario, and how sure.
struct ExperimentHeader {
  std::string scenario;
  std::string question;
  std::string file;
  std::string hash;  ///< of the scenario as it is
  std::uint64_t seed = 0;
  std::string build_id;
  double confidence = 0.95;
  double nominal_confidence = 0.95;  ///< of each interval: the error is spent over the looks
  std::uint32_t looks = 1;           ///< at most, at each setting
  std::string cost;                  ///< the expression; empty: none
  bool complete = true;              ///< false: ended early
  bool waiting = false;              ///< a shard: other shards have to go on before it can
  double wall_seconds = 0;
};

}  // namespace sluice
