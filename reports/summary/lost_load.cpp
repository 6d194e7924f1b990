#include "reports/summary/lost_load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/text/units.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/summary/phrases.hpp"
#include "reports/summary/rows.hpp"

namespace sluice {
namespace {

struct Loser {
  WorkspaceId workspace;
  double lost = 0;
};

/// Workspaces that lost runs, most first.
std::vector<Loser> losers(const Report& report) {
  std::vector<Loser> all;
  for (const FigureEntry& entry : report.figures.all(Metric::lost_load_count)) {
    const Subject& subject = entry.key.subject;
    if (subject.labels() == label::workspace && entry.figure.value > 0)
      all.push_back({subject.workspace, entry.figure.value});
  }
  std::ranges::stable_sort(all, [](const Loser& a, const Loser& b) { return a.lost > b.lost; });
  return all;
}

std::string count_text(double count) {
  constexpr double kWholeRunsFrom = 100;
  if (count >= kWholeRunsFrom) return format_count(std::round(count));
  return count == std::floor(count) ? format_count(count) : compact_count(count);
}

std::string runs_of(double count, double all, const std::string& whose) {
  return fmt::format("LOSES {} of {} {}runs ({})", count_text(count), count_text(all),
                     whose.empty() ? "" : whose + " ", rough_share(all > 0 ? count / all : 1));
}

/// "given up after 5 attempts", "given up after 2.4 attempts on average", "given up at once".
std::string given_up_text(const Report& report) {
  const double attempts = value_or_zero(report.figures.find(Metric::gave_up_attempts));
  if (attempts <= 1) return "given up at once";
  const bool whole = attempts == std::floor(attempts);
  return fmt::format("given up after {} attempts{}", format_number(attempts),
                     whole ? "" : " on average");
}

std::string reasons(const Report& report) {
  std::string text;
  const auto add = [&](const std::string& reason) { text += (text.empty() ? "" : ", ") + reason; };
  if (value_or_zero(report.figures.find(Metric::gave_up_count)) > 0) {
    if (const std::string with = refusals_text(report); !with.empty()) add("refused with " + with);
    add(given_up_text(report));
  }
  if (value_or_zero(report.figures.find(Metric::cancelled_count)) > 0)
    add("cancelled while they waited");
  if (value_or_zero(report.figures.find(Metric::expired_count)) > 0) add("expired");
  return text;
}

}  // namespace

std::string lost_load_text(const Report& report) {
  const Figure* const lost = report.figures.find(Metric::lost_load_count);
  if (value_or_zero(lost) <= 0) return {};
  const std::vector<Loser> all = losers(report);
  const auto name_of = [&](const Loser& loser) {
    return short_name(report.names.workspaces.at(loser.workspace.index()));
  };
  const auto submitted = [&](const Subject& subject) {
    return value_or_zero(report.figures.find(Metric::submitted_count, subject));
  };
  std::string text;
  if (all.size() == 1 && report.names.workspaces.size() > 1) {
    text = runs_of(lost->value, submitted(Subject::of(all[0].workspace)), name_of(all[0]));
  } else {
    text = runs_of(lost->value, submitted({}), "");
    if (all.size() > 1)
      text += fmt::format(", {} of them of {}", count_text(all[0].lost), name_of(all[0]));
  }
  if (lost->interval) text += " on average";
  const std::string why = reasons(report);
  return why.empty() ? text : text + ": " + why;
}

}  // namespace sluice
