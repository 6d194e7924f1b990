#include "reports/settings/plan_by_month_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "base/text/units.hpp"
#include "reports/settings/plan_words.hpp"

namespace sluice {
namespace {

/// The first month with a winner says what is chosen.
std::vector<std::string> chosen_names(const PlanByMonth& plan) {
  std::vector<std::string> names;
  for (const PlannedMonth& month : plan.months) {
    if (!month.plan.winner) continue;
    for (const auto& value : month.plan.winner->setting.values) names.push_back(value.first);
    break;
  }
  return names;
}

std::string costs_text(const PlanByMonth& plan) {
  double low = INFINITY;
  double high = -INFINITY;
  for (const PlannedMonth& month : plan.months) {
    if (!month.plan.winner) continue;
    low = std::min(low, month.plan.winner->cost);
    high = std::max(high, month.plan.winner->cost);
  }
  if (low == high) return ", at a cost of " + cost_text(low);
  return fmt::format(", at costs from {} to {}", cost_text(low), cost_text(high));
}

bool has_open_ones(const PlanResult& plan) {
  return plan.status == PlanStatus::found &&
         plan.certificate.undecided + plan.certificate.untested > 0;
}

SettingsCell status_cell(const PlanResult& plan) {
  if (has_open_ones(plan)) return {"found, cheaper ones open", Standing::open};
  const std::string text(name(plan.status));
  if (plan.status == PlanStatus::found) return {text, Standing::good};
  return {text, plan.status == PlanStatus::infeasible ? Standing::bad : Standing::open};
}

std::string binding_text(const PlanResult& plan) {
  return fmt::format("{}", fmt::join(plan.binding, "; "));
}

PlanCertificate sum_of(const PlanByMonth& plan) {
  PlanCertificate sum;
  std::map<std::string, MonotoneBelief> beliefs;
  for (const PlannedMonth& month : plan.months) {
    const PlanCertificate& one = month.plan.certificate;
    if (!month.plan.winner) continue;
    sum.cheaper += one.cheaper;
    sum.rejected += one.rejected;
    sum.presumed += one.presumed;
    sum.undecided += one.undecided;
    sum.untested += one.untested;
    for (const MonotoneBelief& belief : one.rests_on) {
      MonotoneBelief& all = beliefs[belief.sentence];
      all.sentence = belief.sentence;
      all.pairs += belief.pairs;
      all.rests += belief.rests;
    }
  }
  for (auto& [sentence, belief] : beliefs) sum.rests_on.push_back(std::move(belief));
  return sum;
}

}  // namespace

std::string by_month_headline(const PlanByMonth& plan) {
  const std::size_t found = plan.count(PlanStatus::found);
  if (found == plan.planned)
    return fmt::format("a setting for each of {} months{}", found, costs_text(plan));
  std::string text = fmt::format("a setting for {} of {} months", found, plan.planned);
  if (found > 0) text += costs_text(plan);
  if (const std::size_t none = plan.count(PlanStatus::infeasible); none > 0)
    text +=
        fmt::format("; {} {} none that meets all expectations", none, none == 1 ? "has" : "have");
  if (const std::size_t open = plan.count(PlanStatus::undecided); open > 0)
    text += fmt::format("; {} undecided", open);
  return plan.header.complete ? text : "ended early: " + text;
}

SettingsTable months_table(const PlanByMonth& plan) {
  const std::vector<std::string> names = chosen_names(plan);
  SettingsTable table;
  table.headings = {"month", "days", "runs/day", "load"};
  table.headings.insert(table.headings.end(), names.begin(), names.end());
  for (const char* heading : {"cost", "status", "binds"}) table.headings.emplace_back(heading);
  for (const PlannedMonth& month : plan.months) {
    const PlanResult& found = month.plan;
    const std::optional<double> load = plan.load_of(month);
    std::vector<SettingsCell> row{{month.name}, {cost_text(month.days), Standing::faint}};
    row.push_back({found.runs_per_day ? format_count(std::round(*found.runs_per_day)) : "–"});
    row.push_back({load ? fmt::format("{:.2f}", *load) : "–"});
    for (const std::string& name : names) {
      const std::string* const value = found.winner ? found.winner->setting.value(name) : nullptr;
      row.push_back({value != nullptr ? *value : "–"});
    }
    row.push_back({found.winner ? cost_text(found.winner->cost) : "–"});
    row.push_back(status_cell(found));
    row.push_back({binding_text(found), Standing::faint});
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::vector<std::string> unmet_texts(const PlanByMonth& plan) {
  std::vector<std::string> texts;
  for (const PlannedMonth& month : plan.months)
    for (const std::string& unmet : month.plan.unmet) texts.push_back(month.name + ": " + unmet);
  return texts;
}

std::vector<std::string> by_month_certificate_texts(const PlanByMonth& plan) {
  std::vector<std::string> texts;
  if (plan.count(PlanStatus::found) > 0)
    texts.push_back(fmt::format(
        "Each setting was confirmed by replications with seeds that the search did not use. The "
        "error is shared out over {} months: that any setting of the table does not meet its "
        "expectations has a probability of at most {}.",
        plan.planned, format_share(plan.all_errors())));
  const PlanCertificate sum = sum_of(plan);
  if (sum.cheaper > 0) tell_others(sum, "cheaper ", texts);
  return texts;
}

}  // namespace sluice
