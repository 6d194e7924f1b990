#include "reports/summary/fair_share.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/text/units.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/summary/rows.hpp"

namespace sluice {
namespace {

struct Victim {
  WorkspaceId workspace;
  double received = 0;
  double entitled = 0;
  double longest_s = 0;

  double part() const { return received / entitled; }
};

double value_of(const Report& report, Metric metric, WorkspaceId workspace) {
  return value_or_zero(report.figures.find(metric, Subject::of(workspace)));
}

/// Below φ of their share for longer than θ at a time, and on the whole; worst first.
std::vector<Victim> victims(const Report& report) {
  std::vector<Victim> all;
  for (const FigureEntry& entry : report.figures.all(Metric::fairness_share_starved)) {
    const Subject& subject = entry.key.subject;
    if (subject.labels() != label::workspace || entry.figure.value <= 0) continue;
    const WorkspaceId w = subject.workspace;
    const Victim victim{w, value_of(report, Metric::fairness_received, w),
                        value_of(report, Metric::fairness_entitled, w),
                        value_of(report, Metric::fairness_share_starved_longest, w)};
    if (victim.entitled > 0 && victim.part() < report.header.fair_share_factor)
      all.push_back(victim);
  }
  std::ranges::stable_sort(all,
                           [](const Victim& a, const Victim& b) { return a.part() < b.part(); });
  return all;
}

struct Holder {
  WorkspaceId workspace;
  double share = 0;  ///< of the workers of the group
};

/// Who of the victim's group had most of its workers; none: nobody had as much as the victim.
std::optional<Holder> holder(const Report& report, const Victim& victim) {
  const GroupId group = report.names.group_of_workspace.at(victim.workspace.index());
  const Figure* workers = report.figures.find(Metric::workers_mean, Subject::of(group));
  if (workers == nullptr) workers = report.figures.find(Metric::workers_mean);
  if (value_or_zero(workers) <= 0) return std::nullopt;
  std::optional<Holder> most;
  for (const FigureEntry& entry : report.figures.all(Metric::running_mean)) {
    const Subject& subject = entry.key.subject;
    if (subject.labels() != label::workspace || subject.workspace == victim.workspace ||
        report.names.group_of_workspace.at(subject.workspace.index()) != group)
      continue;
    const double share = entry.figure.value / workers->value;
    if (share > victim.received && (!most || share > most->share))
      most = Holder{subject.workspace, share};
  }
  return most;
}

}  // namespace

std::string fair_share_sentence(const Report& report) {
  const std::vector<Victim> all = victims(report);
  if (all.empty()) return {};
  const Victim& worst = all.front();
  const auto name_of = [&](WorkspaceId id) {
    return short_name(report.names.workspaces.at(id.index()));
  };
  const std::string half = report.header.fair_share_factor == 0.5
                               ? "half"
                               : format_share(report.header.fair_share_factor);
  std::string text;
  if (all.size() > 1)
    text = fmt::format(
        " {} workspaces get less than {} of a fair share of the workers:", all.size(), half);
  text += fmt::format(" {} gets {} of {} where {} would be fair, for up to {}",
                      name_of(worst.workspace), format_share(worst.received),
                      all.size() > 1 ? "them" : "the workers", format_share(worst.entitled),
                      compact(worst.longest_s, Unit::seconds));
  if (const auto most = holder(report, worst))
    text += fmt::format("; {} holds {}", name_of(most->workspace), format_share(most->share));
  return text + ".";
}

}  // namespace sluice
