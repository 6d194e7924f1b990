// Figures in JSON: `wait.p95` of an object is at `.wait.p95`, as `{"value": 12.5, "samples": 400}`.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "reports/expectations/share_of_replications.hpp"
#include "reports/report.hpp"

namespace sluice {

/// `value` and `samples` always; `censored`, `lower_bound`, `at_most`, `upper_bound`, `interval`
/// only if there are any; `replications` only if some lack the figure.
nlohmann::ordered_json figure_json(const Figure& figure, std::uint32_t replications);

/// Of a sentence `in` a share of replications: `wanted`; and, if it was measured, `held`, `missed`,
/// `undecided` and `interval`.
nlohmann::ordered_json share_of_replications_json(double wanted,
                                                  const std::optional<ShareOfReplications>& share);

/// The labels that are set, by name: {"group": "main", "level": "LOW"}.
nlohmann::ordered_json labels_json(const Subject& subject, const Names& names);

/// Where a metric is in JSON: "wait.p95" → {"wait", "p95"}. What follows a metric's whole name is
/// joined to it, so that no figure lies inside another: "wait.p99.9" → {"wait", "p99_9"}.
std::vector<std::string> json_path(Metric metric);

/// Adds `total`, `levels`, `groups`, `workspaces`, `workflows`, `credentials`, `pools`,
/// `submitters` and `slices`: all figures under what they are about.
void add_figures(const Report& report, nlohmann::ordered_json& json);

}  // namespace sluice
