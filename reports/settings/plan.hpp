// What a plan found: the cheapest setting of a scenario that meets all expectations, and what that
// rests on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/expectations/expectation.hpp"
#include "reports/settings/experiment.hpp"
#include "reports/settings/setting.hpp"

namespace sluice {

enum class PlanStatus : std::uint8_t {
  found,       ///< a setting passed its confirmation
  infeasible,  ///< every setting is rejected
  undecided    ///< neither, within the replications that were allowed; or ended early
};
std::string_view name(PlanStatus status);

/// How a setting stands that was looked at, or passed over.
enum class SettingStanding : std::uint8_t {
  passed,     ///< in the search: all expectations hold
  confirmed,  ///< passed again, with fresh seeds
  rejected,   ///< an expectation does not hold
  presumed,   ///< rejected without a test: see PlannedSetting::why, PlanCertificate::rests_on
  undecided,  ///< tested, as far as was allowed
  untested
};
std::string_view name(SettingStanding standing);

struct PlannedSetting {
  Setting setting;
  double cost = 0;
  SettingStanding standing = SettingStanding::untested;
  std::uint32_t replications = 0;
  std::vector<ExpectationResult> expectations;  ///< of the last judgement
  std::vector<std::optional<Figure>> figures;   ///< by PlanResult::measures; none: nothing measured
  std::string why;  ///< "LOW.wait.p95 < 30m: measured …"; of a presumed one: from what
};

/// A step of one choice away from the winner.
struct PlanStep {
  std::string choice;
  PlannedSetting setting;
  double cost_difference = 0;
  std::vector<std::string> broken;            ///< sentences that fail there
  std::vector<PairedDifference> differences;  ///< by PlanResult::measures, to the winner
};

/// "LOW.wait.p95 gets no better with fewer workers": what rejections without a test rest on.
struct MonotoneBelief {
  std::string sentence;
  std::uint32_t pairs = 0;  ///< of tested settings that show it
  std::uint64_t rests = 0;  ///< settings that are rejected by it
};

struct PlanCertificate {
  std::uint32_t confirmation = 0;  ///< the how-manieth it was
  std::uint32_t replications = 0;  ///< of it, with seeds that the search did not use
  double error = 0;       ///< of it: at most the probability with which an infeasible one passes it
  double all_errors = 0;  ///< of all confirmations together
  /// Of the cheaper settings.
  std::uint64_t cheaper = 0, rejected = 0, presumed = 0, undecided = 0, untested = 0;
  std::vector<MonotoneBelief> rests_on;
  std::vector<std::string> contradictions;  ///< where more made worse, so that nothing rests on it
};

struct PlanResult {
  ExperimentHeader header;
  PlanStatus status = PlanStatus::undecided;
  std::vector<Measure> measures;
  std::size_t expected = 0;  ///< so many of them are of expectations; the others are watched
  std::optional<PlannedSetting> winner;
  PlanCertificate certificate;
  std::vector<std::string> binding;  ///< sentences with the least room at the winner
  std::vector<PlanStep> less;        ///< one step less of each choice that has sizes
  std::vector<PlanStep> more;        ///< one step more
  std::vector<PlannedSetting>
      frontier;                        ///< passed settings that no other beats in cost and measures
  std::vector<PlannedSetting> tested;  ///< all of them, by cost
  std::vector<PlannedSetting> open;    ///< cheaper than the winner and undecided, or untested
  std::vector<std::string> got_worse;  ///< "MEDIUM.wait.p95 77m → 115m": watched, not limited
  std::vector<std::string> unmet;      ///< infeasible: which sentence no setting meets
  std::optional<double> runs_per_day;  ///< accepted while it was measured; none: nothing was tested
  Spent spent;
};

}  // namespace sluice
