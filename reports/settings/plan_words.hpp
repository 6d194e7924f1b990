// A plan in words that all formats for people share.
#pragma once

#include <string>
#include <vector>

#include "reports/settings/plan.hpp"
#include "reports/settings/setting_words.hpp"

namespace sluice {

/// "workers 26, accounts 8 is the cheapest setting that meets all expectations: cost 1760".
std::string plan_headline(const PlanResult& plan);
/// What the winner passed, and how sure that is; how the cheaper ones stand; what that rests on.
std::vector<std::string> certificate_texts(const PlanResult& plan);
/// How the settings stand that the certificate counts, and on what that rests. `which`: "cheaper ",
/// where there is a winner.
void tell_others(const PlanCertificate& certificate, const std::string& which,
                 std::vector<std::string>& texts);
/// "LOW.wait.p95 < 30m" · "17m43s ±8m" · "12m17s to spare", · "binds": a row for each.
SettingsTable margins_table(const PlanResult& plan);
/// What a step of each choice breaks, and what it changes in what is expected.
std::vector<std::string> less_texts(const PlanResult& plan);
std::vector<std::string> more_texts(const PlanResult& plan);
/// Settings with cost and the expected measures.
SettingsTable planned_table(const PlanResult& plan, const std::vector<PlannedSetting>& settings);

}  // namespace sluice
