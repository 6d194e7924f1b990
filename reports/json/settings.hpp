// Members that the JSON of experiments with settings share.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "reports/expectations/expectation.hpp"
#include "reports/settings/experiment.hpp"
#include "reports/settings/setting.hpp"

namespace sluice {

/// {"workers": 26, "policy": "{weighted: {HIGH: 1, LOW: 1}}"}: a number if it is one, else the text
/// as it was given.
nlohmann::ordered_json settings_json(const Setting& setting);
/// "scenario", "confidence", "looks" …: what leads all of them.
nlohmann::ordered_json experiment_json(const char* format, int version,
                                       const ExperimentHeader& header);
nlohmann::ordered_json spent_json(const Spent& spent);
/// [{"sentence", "value", "interval", "status", "margin" …}]
nlohmann::ordered_json expectations_json(const std::vector<ExpectationResult>& expectations);
nlohmann::ordered_json reaches_json(const std::vector<ReachResult>& reaches);
/// null without a value.
nlohmann::ordered_json interval_json(const std::optional<Interval>& interval);
nlohmann::ordered_json difference_json(const PairedDifference& difference);
/// The only members that may differ between two runs of the same experiment: they come last.
void add_build_and_wall(nlohmann::ordered_json& json, const ExperimentHeader& header);

}  // namespace sluice
