// What a sweep found: settings of a scenario side by side.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/expectations/expectation.hpp"
#include "reports/report.hpp"
#include "reports/settings/experiment.hpp"
#include "reports/settings/setting.hpp"

namespace sluice {

struct SweptSetting {
  Setting setting;
  std::string hash;            ///< of the setting's effective scenario
  std::optional<double> cost;  ///< none: no cost was given
  std::uint32_t replications = 0;
  std::uint64_t runs = 0;
  std::vector<ExpectationResult> expectations;
  std::vector<ReachResult> reaches;
  Verdict verdict = Verdict::none;
  bool drawn = true;                    ///< chance has a part in it
  std::vector<MeasuredValue> measured;  ///< by SweepResult::measures
  bool undominated =
      false;  ///< no other is as good in cost and in all that is expected, and better in one
};

struct SweepResult {
  ExperimentHeader header;
  std::vector<Measure> measures;
  std::size_t expected = 0;  ///< so many of them are of expectations; the others are watched
  std::vector<SweptSetting> settings;
  std::size_t base = 0;              ///< index of the setting that differences are to
  std::vector<std::string> remarks;  ///< sentences: where more of something makes something worse
  Spent spent;
};

}  // namespace sluice
