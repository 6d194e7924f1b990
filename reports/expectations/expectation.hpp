// Expectations: sentences that a person can read, parsed; and what they came to.
//
//   [LEVEL.]metric[{label=value, …}] (< | <= | > | >= | ==) limit [over window]
//     [in share of replications]
//   LOW.wait.p95 < 10m · rejected.rate < 1% over 60s · starvation.longest{level=LOW,
//   workspace=acme} < 30m · drain.time < 2h in 85% of replications
//
// Labels: group, level, workspace, workflow, credential, submitter. The limit is written in the
// metric's unit (base/text/units.hpp). `over D`: must hold in every sliding window of length D
// inside the observation window; windows move in steps of D/60. Without `in`, the limit is for the
// mean over replications; with it, each replication is judged by itself, and the sentence must hold
// in that share of all that there could be.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text/units.hpp"
#include "base/time.hpp"
#include "reports/expectations/reach.hpp"
#include "reports/expectations/share_of_replications.hpp"
#include "reports/figures/figure.hpp"
#include "reports/figures/names.hpp"

namespace sluice {

enum class Comparison : std::uint8_t { less, less_equal, greater, greater_equal, equal };
std::string_view symbol(Comparison comparison);
bool holds(Comparison comparison, double value, double limit);
/// Whether more is on the good side: `>`, `>=`.
bool wants_more(Comparison comparison);

struct Expectation {
  std::string sentence;  ///< as written
  std::string because;   ///< origin of the limit; may be empty
  Metric metric{};
  Subject subject;
  Comparison comparison = Comparison::less;
  double limit = 0;              ///< in the metric's unit
  std::optional<Duration> over;  ///< sliding window
  /// In which share of the replications it must hold, more than 0 and at most 1; none: the mean
  /// over them must.
  std::optional<double> in_replications;
  /// No limit is held against it: the half width of its interval must be at most this share of it.
  std::optional<double> precision;
  std::string file;  ///< where it stands; empty: nowhere
  int line = 0;      ///< from 1
};

/// Error offsets are into `sentence`; messages say what is allowed and the nearest name.
Parsed<Expectation> parse_expectation(std::string_view sentence, const Names& names);
/// How precisely a figure is wanted: `LOW.wait.p95: 5%`. Error offsets are into `sentence`.
Parsed<Expectation> parse_precision(std::string_view sentence, const Names& names);

/// held, broke: passed and failed in the only replication of something that chance has a part in.
/// They say what happened in that one, and no more.
enum class Status : std::uint8_t { passed, failed, inconclusive, held, broke };
std::string_view name(Status status);
/// passed or held; failed or broke.
bool is_met(Status status);
bool is_missed(Status status);

struct ExpectationResult {
  Expectation expectation;
  Status status = Status::inconclusive;
  /// What it was held against; of a sentence `in` a share of replications their mean. None: no
  /// samples.
  std::optional<Figure> figure;
  /// What such a sentence was held against instead; none: another sentence, or measured only once.
  std::optional<ShareOfReplications> in_replications;
  std::string reason;    ///< one line: measured value, or why it cannot be decided
  bool implied = false;  ///< no sentence of the scenario: see judge()
};

struct ReachResult {
  std::string sentence;
  std::uint64_t count = 0;  ///< how often, over all replications
  Status status = Status::failed;
};

}  // namespace sluice
