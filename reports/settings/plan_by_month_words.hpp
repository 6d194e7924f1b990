// A plan by month in words that all formats for people share.
#pragma once

#include <string>
#include <vector>

#include "reports/settings/plan_by_month.hpp"
#include "reports/settings/setting_words.hpp"

namespace sluice {

/// "a setting for each of 12 months, at costs from 3 to 6".
std::string by_month_headline(const PlanByMonth& plan);
/// A line a month: load, the winner's values, cost, status, what binds.
SettingsTable months_table(const PlanByMonth& plan);
/// "2026-09: LOW.wait.p95 < 30m: no setting that was tested meets it …".
std::vector<std::string> unmet_texts(const PlanByMonth& plan);
/// How sure the table is as a whole, how the cheaper settings of all months stand, and on what that
/// rests.
std::vector<std::string> by_month_certificate_texts(const PlanByMonth& plan);

}  // namespace sluice
