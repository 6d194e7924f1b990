// Figures in JSON: `wait.p95` of an object is at `.wait.p95`, as `{"value": 12.5, "samples": 400}`.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "reports/report.hpp"

namespace sluice {

/// `value` and `samples` always; `censored`, `lower_bound`, `interval` only if there are any;
/// `replications` only if some lack the figure.
nlohmann::ordered_json figure_json(const Figure& figure, std::uint32_t replications);

/// The labels that are set, by name: {"group": "main", "level": "LOW"}.
nlohmann::ordered_json labels_json(const Subject& subject, const Names& names);

/// "wait.p95" → {"wait", "p95"}.
std::vector<std::string_view> name_parts(std::string_view metric_name);

/// Adds `total`, `levels`, `groups`, `workspaces`, `workflows`, `credentials`, `pools`,
/// `submitters` and `slices`: all figures under what they are about.
void add_figures(const Report& report, nlohmann::ordered_json& json);

}  // namespace sluice
