#include "reports/settings/plan_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/text/units.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/summary/expectations.hpp"

namespace sluice {
namespace {

std::string count_text(std::uint64_t count, const std::string& one, const std::string& many) {
  return fmt::format("{} {}", format_count(static_cast<double>(count)), count == 1 ? one : many);
}

std::string step_name(const PlanStep& step) {
  return step.choice + " " + *step.setting.setting.value(step.choice);
}

std::string room_text(const ExpectationResult& result) {
  const std::optional<double> room = margin(result);
  if (!room) return "";
  const Unit unit = result.in_replications ? Unit::share : info(result.expectation.metric).unit;
  const std::string amount = compact(std::abs(*room), unit);
  return *room >= 0 ? amount + " to spare" : amount + " over";
}

std::string cost_change(double difference) {
  return (difference < 0 ? "−" : "+") + cost_text(std::abs(difference));
}

/// The expected measures that change for certain.
std::string changes_text(const PlanResult& plan, const PlanStep& step) {
  std::string text;
  for (std::size_t m = 0; m < plan.expected; ++m) {
    const PairedDifference& difference = step.differences[m];
    const bool known =
        difference.interval && (difference.interval->low > 0 || difference.interval->high < 0);
    if (!known) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", plan.measures[m].text,
                        difference_text(difference, plan.measures[m].metric));
  }
  return text.empty() ? "no difference beyond chance" : text;
}

}  // namespace

void tell_others(const PlanCertificate& certificate, const std::string& which,
                 std::vector<std::string>& texts) {
  if (certificate.cheaper == 0) {
    texts.emplace_back("No setting is cheaper.");
    return;
  }
  std::string text = fmt::format(
      "Of {}: {} rejected by a test",
      count_text(certificate.cheaper, which + "setting", which + "settings"), certificate.rejected);
  if (certificate.presumed > 0)
    text += fmt::format(", {} without one, by what the tested ones show", certificate.presumed);
  if (certificate.undecided > 0)
    text += fmt::format(", {} undecided after all replications that were allowed",
                        certificate.undecided);
  if (certificate.untested > 0) text += fmt::format(", {} not tested", certificate.untested);
  texts.push_back(text + ".");
  for (const MonotoneBelief& belief : certificate.rests_on)
    texts.push_back(
        fmt::format("{} on this: {}; {}.",
                    count_text(belief.rests, "rejection rests", "rejections rest"), belief.sentence,
                    belief.pairs == 0 ? "no pair of tested settings shows it or the contrary"
                                      : count_text(belief.pairs, "pair of tested settings shows it",
                                                   "pairs of tested settings show it")));
}

std::string plan_headline(const PlanResult& plan) {
  switch (plan.status) {
    case PlanStatus::found: {
      const bool open = plan.certificate.undecided + plan.certificate.untested > 0;
      return fmt::format("{} meets all expectations and costs {}{}", plan.winner->setting.text(),
                         cost_text(plan.winner->cost),
                         open ? "; cheaper ones are not all decided" : ", the least that does");
    }
    case PlanStatus::infeasible:
      return "no setting meets all expectations";
    case PlanStatus::undecided:
      break;
  }
  return plan.header.complete ? "undecided: no setting was confirmed, and not all are rejected"
                              : "ended early: undecided";
}

std::vector<std::string> certificate_texts(const PlanResult& plan) {
  const PlanCertificate& certificate = plan.certificate;
  std::vector<std::string> texts;
  if (plan.status == PlanStatus::found) {
    std::string text =
        fmt::format("Confirmed by {} with seeds that the search did not use",
                    count_text(certificate.replications, "replication", "replications"));
    if (certificate.replications > 1)
      text += fmt::format(
          "; it was confirmation {}, which a setting that does not meet them passes with a "
          "probability of at most {}, all confirmations together {}",
          certificate.confirmation, format_share(certificate.error),
          format_share(certificate.all_errors));
    else
      text += ": nothing is drawn, so one says it all";
    texts.push_back(text + ".");
  }
  tell_others(certificate, plan.winner ? "cheaper " : "", texts);
  for (const std::string& contradiction : certificate.contradictions)
    texts.push_back("Seen: " + contradiction + "; nothing rests on the contrary.");
  return texts;
}

SettingsTable margins_table(const PlanResult& plan) {
  SettingsTable table;
  table.headings = {"expectation", "measured", "", "", ""};
  if (!plan.winner) return table;
  for (const ExpectationResult& result : plan.winner->expectations) {
    const bool binds =
        std::ranges::find(plan.binding, result.expectation.sentence) != plan.binding.end();
    table.rows.push_back({{result.expectation.sentence},
                          {outcome_text(result)},
                          {room_text(result)},
                          {std::string(standing_word(result.status)), standing_of(result.status)},
                          {binds ? "binds" : "", Standing::faint}});
  }
  return table;
}

std::vector<std::string> less_texts(const PlanResult& plan) {
  std::vector<std::string> texts;
  for (const PlanStep& step : plan.less) {
    std::string text = fmt::format("{} ({}): ", step_name(step), cost_change(step.cost_difference));
    if (!step.setting.why.empty())
      text += (step.broken.empty() ? "undecided: " : "breaks ") + step.setting.why;
    else
      text += "holds as well: " + changes_text(plan, step);
    texts.push_back(std::move(text));
  }
  return texts;
}

std::vector<std::string> more_texts(const PlanResult& plan) {
  std::vector<std::string> texts;
  for (const PlanStep& step : plan.more) {
    std::string text = fmt::format("{} ({}): {}", step_name(step),
                                   cost_change(step.cost_difference), changes_text(plan, step));
    if (!step.broken.empty()) text += "; breaks " + step.setting.why;
    texts.push_back(std::move(text));
  }
  return texts;
}

SettingsTable planned_table(const PlanResult& plan, const std::vector<PlannedSetting>& settings) {
  SettingsTable table;
  table.headings = {"setting", "cost"};
  for (std::size_t m = 0; m < plan.expected; ++m) table.headings.push_back(plan.measures[m].text);
  table.headings.emplace_back("n");
  table.headings.emplace_back("");
  for (const PlannedSetting& planned : settings) {
    std::vector<SettingsCell> row{{planned.setting.text()}, {cost_text(planned.cost)}};
    for (std::size_t m = 0; m < plan.expected; ++m)
      row.push_back({planned.figures.empty()
                         ? "–"
                         : value_text(planned.figures[m], plan.measures[m].metric)});
    row.push_back({std::to_string(planned.replications), Standing::faint});
    const bool good = planned.standing == SettingStanding::passed ||
                      planned.standing == SettingStanding::confirmed;
    row.push_back({std::string(name(planned.standing)),
                   good                                            ? Standing::good
                   : planned.standing == SettingStanding::rejected ? Standing::bad
                                                                   : Standing::open});
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace sluice
