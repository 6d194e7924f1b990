#include "reports/settings/setting_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text/units.hpp"
#include "reports/figures/figure_text.hpp"

namespace sluice {
namespace {

bool has_labels(const SweepResult& sweep) {
  return std::ranges::any_of(sweep.settings,
                             [](const auto& swept) { return !swept.setting.label.empty(); });
}

/// The first columns: what the setting is.
std::vector<SettingsCell> setting_cells(const Setting& setting,
                                        const std::vector<std::string>& names, bool labels) {
  std::vector<SettingsCell> cells;
  if (labels || names.empty())
    cells.push_back({setting.values.empty() || !setting.label.empty() ? setting.text() : ""});
  for (const std::string& name : names) {
    const std::string* const value = setting.value(name);
    cells.push_back(value != nullptr ? SettingsCell{*value}
                                     : SettingsCell{"as it is", Standing::faint});
  }
  return cells;
}

std::vector<std::string> setting_headings(const std::vector<std::string>& names, bool labels) {
  std::vector<std::string> headings;
  if (labels || names.empty()) headings.emplace_back("setting");
  headings.insert(headings.end(), names.begin(), names.end());
  return headings;
}

std::string amount_text(double value, Unit unit) {
  return unit == Unit::share ? fmt::format("{:.3g} pp", value * 100) : compact(value, unit);
}

SettingsCell result_cell(const ExpectationResult* result) {
  if (result == nullptr) return {"ok", Standing::good};
  return {outcome_text(*result) + " " + std::string(standing_word(result->status)),
          standing_of(result->status)};
}

const ExpectationResult* result_of(const SweptSetting& swept, const std::string& sentence) {
  for (const ExpectationResult& result : swept.expectations)
    if (result.expectation.sentence == sentence) return &result;
  return nullptr;
}

/// The sentences of all settings: implied ones are there only where they do not hold.
std::vector<std::string> sentences_of(const SweepResult& sweep) {
  std::vector<std::string> sentences;
  for (const SweptSetting& swept : sweep.settings)
    for (const ExpectationResult& result : swept.expectations)
      if (std::ranges::find(sentences, result.expectation.sentence) == sentences.end())
        sentences.push_back(result.expectation.sentence);
  return sentences;
}

std::vector<std::string> reaches_of(const SweepResult& sweep) {
  std::vector<std::string> sentences;
  if (!sweep.settings.empty())
    for (const ReachResult& reach : sweep.settings.front().reaches)
      sentences.push_back(reach.sentence);
  return sentences;
}

}  // namespace

std::vector<std::string> varied_names(const SweepResult& sweep) {
  std::vector<std::string> names;
  for (const SweptSetting& swept : sweep.settings)
    for (const auto& [name, value] : swept.setting.values)
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  return names;
}

std::string_view standing_word(Status status) {
  if (is_met(status)) return status == Status::held ? "held" : "ok";
  if (is_missed(status)) return status == Status::broke ? "broke" : "fails";
  return "undecided";
}

Standing standing_of(Status status) {
  if (status == Status::passed) return Standing::good;
  return status == Status::failed ? Standing::bad : Standing::open;
}

std::string outcome_text(const ExpectationResult& result) {
  if (result.in_replications)
    return fmt::format("{} of {} held", result.in_replications->held,
                       result.in_replications->all());
  return value_text(result.figure, result.expectation.metric);
}

std::string value_text(const std::optional<Figure>& figure, Metric metric) {
  const Unit unit = info(metric).unit;
  if (!figure) return "–";
  const std::string interval = compact_interval(&*figure, unit);
  return compact(&*figure, unit) + (interval.empty() ? "" : " " + interval);
}

std::string difference_text(const PairedDifference& difference, Metric metric) {
  if (difference.pairs == 0) return "–";
  const Unit unit = info(metric).unit;
  const char* const sign = difference.mean > 0 ? "+" : difference.mean < 0 ? "−" : "";
  std::string text = sign + amount_text(std::abs(difference.mean), unit);
  if (difference.interval)
    text += " ±" + amount_text((difference.interval->high - difference.interval->low) / 2, unit);
  return text;
}

Standing standing_of(const PairedDifference& difference, bool lower_is_better) {
  if (!difference.interval) return Standing::plain;
  const bool rises = difference.interval->low > 0;
  const bool falls = difference.interval->high < 0;
  if (!rises && !falls) return Standing::faint;
  return rises == lower_is_better ? Standing::bad : Standing::good;
}

std::string cost_text(double cost) {
  std::string text = fmt::format("{:.2f}", cost);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

SettingsTable sweep_table(const SweepResult& sweep) {
  const std::vector<std::string> names = varied_names(sweep);
  const bool labels = has_labels(sweep);
  const std::vector<std::string> sentences = sentences_of(sweep);
  const std::vector<std::string> reaches = reaches_of(sweep);
  const bool costs = !sweep.header.cost.empty();
  const bool nothing_asked = sentences.empty() && reaches.empty();
  SettingsTable table;
  table.headings = setting_headings(names, labels);
  table.left = 1;
  if (costs) table.headings.emplace_back("cost");
  table.headings.insert(table.headings.end(), sentences.begin(), sentences.end());
  table.headings.insert(table.headings.end(), reaches.begin(), reaches.end());
  if (nothing_asked)
    for (const Measure& measure : sweep.measures) table.headings.push_back(measure.text);
  table.headings.emplace_back("n");
  table.headings.emplace_back("");
  for (const SweptSetting& swept : sweep.settings) {
    std::vector<SettingsCell> row = setting_cells(swept.setting, names, labels);
    if (costs) row.push_back({swept.cost ? cost_text(*swept.cost) : ""});
    for (const std::string& sentence : sentences)
      row.push_back(result_cell(result_of(swept, sentence)));
    for (const ReachResult& reach : swept.reaches)
      row.push_back({std::string(standing_word(reach.status)), standing_of(reach.status)});
    if (nothing_asked)
      for (std::size_t m = 0; m < sweep.measures.size(); ++m)
        row.push_back({value_text(swept.measured[m].figure, sweep.measures[m].metric)});
    row.push_back({std::to_string(swept.replications), Standing::faint});
    row.push_back({swept.undominated && !nothing_asked ? "*" : ""});
    table.rows.push_back(std::move(row));
  }
  return table;
}

namespace {

bool is_certain(const PairedDifference& difference) {
  if (!difference.interval) return difference.mean != 0;
  return difference.interval->low > 0 || difference.interval->high < 0;
}

/// Measures of expectations, and of the others those that some setting changes for certain. One
/// that is the same as an earlier one everywhere (a level of one workspace) says nothing new.
std::vector<std::size_t> telling_measures(const SweepResult& sweep) {
  const auto difference = [&](const SweptSetting& swept, std::size_t m) {
    return swept.measured[m].difference.value_or(PairedDifference{});
  };
  std::vector<std::size_t> telling;
  for (std::size_t m = 0; m < sweep.measures.size(); ++m) {
    const bool changes = std::ranges::any_of(
        sweep.settings, [&](const auto& swept) { return is_certain(difference(swept, m)); });
    const bool repeats = std::ranges::any_of(telling, [&](std::size_t other) {
      return std::ranges::all_of(sweep.settings, [&](const auto& swept) {
        return difference(swept, m).mean == difference(swept, other).mean;
      });
    });
    if ((m < sweep.expected || changes) && !repeats) telling.push_back(m);
  }
  return telling;
}

}  // namespace

SettingsTable difference_table(const SweepResult& sweep) {
  const std::vector<std::size_t> telling = telling_measures(sweep);
  SettingsTable table;
  table.headings = {"setting"};
  for (const std::size_t m : telling) table.headings.push_back(sweep.measures[m].text);
  for (std::size_t i = 0; i < sweep.settings.size(); ++i) {
    if (i == sweep.base) continue;
    const SweptSetting& swept = sweep.settings[i];
    std::vector<SettingsCell> row{{swept.setting.text()}};
    for (const std::size_t m : telling) {
      const Measure& measure = sweep.measures[m];
      const PairedDifference difference = swept.measured[m].difference.value_or(PairedDifference{});
      row.push_back({difference_text(difference, measure.metric),
                     standing_of(difference, measure.lower_is_better)});
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::string sweep_headline(const SweepResult& sweep) {
  const auto count = [&](Status status) {
    return std::ranges::count_if(sweep.settings, [status](const SweptSetting& swept) {
      return status_of(swept.expectations, swept.reaches) == status;
    });
  };
  const std::ptrdiff_t good = count(Status::passed);
  const std::ptrdiff_t bad = count(Status::failed);
  const std::ptrdiff_t all = std::ssize(sweep.settings);
  const bool asked = !sentences_of(sweep).empty() || !reaches_of(sweep).empty();
  if (!asked) return fmt::format("{} settings; nothing is expected of them", all);
  std::string text =
      fmt::format("{} of {} settings {} what is expected", good, all, good == 1 ? "holds" : "hold");
  if (bad > 0) text += fmt::format(", {} {} not", bad, bad == 1 ? "does" : "do");
  if (all > good + bad) text += fmt::format(", {} undecided", all - good - bad);
  return text;
}

std::string basis_text(const ExperimentHeader& header, const Spent& spent) {
  std::string text =
      fmt::format("{} {}, {} {} of common random numbers, {} runs, seed {}.", spent.settings,
                  spent.settings == 1 ? "setting" : "settings", spent.replications,
                  spent.replications == 1 ? "replication" : "replications",
                  format_count(static_cast<double>(spent.runs)), header.seed);
  if (header.looks > 1)
    text += fmt::format(
        " Intervals hold with {} at whichever look a setting ended: the error is spent over {} "
        "looks, so each is one of {}.",
        format_share(header.confidence), header.looks, format_share(header.nominal_confidence));
  else
    text += fmt::format(" Intervals of {}.", format_share(header.confidence));
  return text;
}

}  // namespace sluice
