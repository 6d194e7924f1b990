#include "experiments/wait_causes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "experiments/rounds/measures.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/figures/wait_part.hpp"
#include "reports/summary/phrases.hpp"
#include "reports/summary/rows.hpp"

namespace sluice {
namespace {

/// Not `api`, which comes before the wait.
constexpr std::size_t kPartsOfWait = kWaitParts - 1;
static_assert(static_cast<std::size_t>(WaitPart::api) == kPartsOfWait);

Further attributed_figures(const std::vector<Measure>& measures) {
  Further further;
  for (std::size_t i = 0; i < kPartsOfWait; ++i)
    further.metrics.push_back(attribution_metric(static_cast<WaitPart>(i)));
  for (const Measure& measure : measures)
    if (measure.subject.workspace.valid()) further.subjects.push_back(measure.subject);
  return further;
}

TrialOptions without_store(TrialOptions options) {
  options.store = nullptr;
  return options;
}

bool is_wait_of_a_part(const Measure& measure) {
  return measure.metric >= Metric::wait_mean && measure.metric <= Metric::wait_max &&
         !measure.over && (measure.subject.labels() & ~(label::level | label::workspace)) == 0;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

/// By replication; a part that is not there held nobody.
std::vector<double> values_of(const Trial& trial, WaitPart part, const Subject& subject) {
  std::vector<double> values =
      values_in(trial, {{}, attribution_metric(part), subject, std::nullopt});
  for (double& value : values)
    if (!std::isfinite(value)) value = 0;
  return values;
}

void add_to(std::vector<double>& sums, const std::vector<double>& values) {
  sums.resize(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) sums[i] += values[i];
}

struct GrownPart {
  WaitPart part;
  double before, after;
};

/// Whether it grows for certain; where nothing is drawn there is no chance that it does not.
bool grows(const PairedDifference& difference, bool drawn) {
  if (difference.interval) return difference.interval->low > 0;
  return !drawn && difference.mean > 0;
}

std::string who(const Subject& subject, const std::vector<std::string>& workspaces) {
  std::string text = subject.level ? " of " + std::string(name(*subject.level)) : "";
  if (subject.workspace.valid()) text += " of " + workspaces[subject.workspace.index()];
  return text;
}

}  // namespace

WaitCauses::WaitCauses(const Variants& variants, const std::vector<Measure>& measures,
                       const TrialOptions& options, std::size_t questions)
    : runner_(variants, attributed_figures(measures), without_store(options)) {
  const Scenario& scenario = *variants.base().scenario;
  for (const WorkspaceConfig& workspace : scenario.pipeline.workspaces)
    workspaces_.push_back(workspace.name);
  confidence_ = 1 - (1 - scenario.confidence) /
                        static_cast<double>(kPartsOfWait * std::max<std::size_t>(1, questions));
}

const Trial* WaitCauses::attributed(const Setting& setting) {
  Trial& trial = trials_[setting.key()];
  if (!trial.results.empty()) return &trial;
  trial.setting = setting;
  Trial* const one = &trial;
  return runner_.run({&one, 1}, kCauseReplications, confidence_) ? &trial : nullptr;
}

std::string WaitCauses::of(const Measure& measure, const Setting& before, const Setting& after) {
  if (!is_wait_of_a_part(measure)) return {};
  const Trial* const less = attributed(before);
  const Trial* const more = attributed(after);
  if (less == nullptr || more == nullptr) return {};
  const bool drawn = less->judged.drawn || more->judged.drawn;
  std::vector<GrownPart> parts;
  std::vector<double> waited_before;
  std::vector<double> waited_after;
  for (std::size_t i = 0; i < kPartsOfWait; ++i) {
    const auto part = static_cast<WaitPart>(i);
    const std::vector<double> was = values_of(*less, part, measure.subject);
    const std::vector<double> is = values_of(*more, part, measure.subject);
    add_to(waited_before, was);
    add_to(waited_after, is);
    if (grows(paired_difference(was, is, confidence_), drawn))
      parts.push_back({part, mean_of(was), mean_of(is)});
  }
  // What grows may be outweighed by what shrinks: then they do not wait longer.
  if (!grows(paired_difference(waited_before, waited_after, confidence_), drawn)) return {};
  if (parts.empty()) return {};
  std::ranges::stable_sort(parts, std::ranges::greater{},
                           [](const GrownPart& part) { return part.after - part.before; });
  std::string text =
      fmt::format("Runs{} wait longer there: on average ", who(measure.subject, workspaces_));
  constexpr std::size_t kMostParts = 2;
  for (std::size_t i = 0; i < std::min(kMostParts, parts.size()); ++i) {
    const auto& [part, was, is] = parts[i];
    if (i > 0 && (is - was) * 4 < parts[0].after - parts[0].before) break;
    text +=
        fmt::format("{}{} ({} before) with {}", i > 0 ? ", and " : "", compact(is, Unit::seconds),
                    compact(was, Unit::seconds), phrase(part, measure.subject.level));
  }
  return text;
}

}  // namespace sluice
