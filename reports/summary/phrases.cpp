#include "reports/summary/phrases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/calendar/calendar.hpp"
#include "base/text/units.hpp"
#include "reports/expectations/reach.hpp"
#include "reports/figures/clock_text.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/observable.hpp"
#include "reports/summary/columns.hpp"
#include "reports/summary/rows.hpp"
#include "reports/unseen_runs.hpp"

namespace sluice {
namespace {

/// Where arrivals recur: "2 periods of 24h", "a whole period of 24h".
std::string whole_periods_text(const ReportHeader& header) {
  const std::int64_t count = header.from.ns / header.warm_up_period.ns;
  const std::string period = format_duration(header.warm_up_period.seconds());
  if (count == 0) return "no warm-up removed: MSER-5 finds less than a period of " + period;
  return count == 1
             ? fmt::format("warm-up of a whole period of {} removed by MSER-5", period)
             : fmt::format("warm-up of {} whole periods of {} removed by MSER-5", count, period);
}

std::string warm_up_text(const ReportHeader& header) {
  if (header.warm_up == WarmUp::mser5 && header.warm_up_period.ns > 0)
    return whole_periods_text(header);
  if (header.warm_up == WarmUp::none || header.from == Time::zero()) return "no warm-up removed";
  return fmt::format("warm-up of {} removed{}", format_duration(header.from.seconds()),
                     header.warm_up == WarmUp::mser5 ? " by MSER-5" : "");
}

std::size_t figures_some_lack(const Report& report) {
  const auto entries = report.figures.entries();
  return static_cast<std::size_t>(
      std::count_if(entries.begin(), entries.end(), [&](const FigureEntry& entry) {
        return entry.figure.replications < report.header.replications;
      }));
}

/// How much chance there is in the figures, as far as it was measured.
std::string replications_text(const Report& report) {
  const ReportHeader& header = report.header;
  if (header.replications == 1) return "1 replication, chance not measured";
  const bool varied = std::ranges::any_of(
      report.figures.entries(), [](const FigureEntry& e) { return e.figure.interval.has_value(); });
  std::string sure = varied ? "± at " + format_share(header.confidence) : "all equal";
  if (varied && header.looks)
    sure += fmt::format(" ({} over at most {} looks)", format_share(header.looks->confidence),
                        header.looks->at_most);
  return fmt::format("{} replications, {}{}", header.replications, sure,
                     report.traces.empty() ? "" : ", recorded arrivals not varied");
}

/// ` Europe/Berlin (time zone data 2026a)`; empty without a `start`.
std::string zone_text(const ReportHeader& header) {
  if (!header.calendar.has_dates()) return {};
  return fmt::format(" {} (time zone data {})", header.calendar.zone().name(),
                     header.time_zone_data);
}

}  // namespace

std::string phrase(WaitPart part, std::optional<PriorityLevel> level) {
  const auto busy = [&](PriorityLevel with) {
    return fmt::format("workers busy with {}{} runs", with == level ? "other workspaces' " : "",
                       name(with));
  };
  switch (part) {
    case WaitPart::workers_high:
      return busy(PriorityLevel::HIGH);
    case WaitPart::workers_medium:
      return busy(PriorityLevel::MEDIUM);
    case WaitPart::workers_low:
      return busy(PriorityLevel::LOW);
    case WaitPart::own_workspace:
      return "workers busy with its own workspace";
    case WaitPart::worker_start_up:
      return "workers starting or cooling";
    case WaitPart::no_worker:
      return "no worker there";
    case WaitPart::held_by_policy:
      return "workers kept idle by policy";
    case WaitPart::credential_limit:
      return "a credential at its limit";
    case WaitPart::login:
      return "a login in progress";
    case WaitPart::pause:
      return "a paused group, workflow or credential";
    case WaitPart::workspace_cap:
      return "the workspace at its cap";
    case WaitPart::retry_delay:
      return "a retry delay";
    case WaitPart::api:
      return "no answer from the API";
  }
  return {};
}

std::string short_phrase(WaitPart part, std::optional<PriorityLevel> level) {
  const auto runs = [&](PriorityLevel with) {
    return fmt::format("{}{} runs", with == level ? "other " : "", name(with));
  };
  switch (part) {
    case WaitPart::workers_high:
      return runs(PriorityLevel::HIGH);
    case WaitPart::workers_medium:
      return runs(PriorityLevel::MEDIUM);
    case WaitPart::workers_low:
      return runs(PriorityLevel::LOW);
    case WaitPart::own_workspace:
      return "own workspace";
    case WaitPart::worker_start_up:
      return "worker start-up";
    case WaitPart::no_worker:
      return "no worker";
    case WaitPart::held_by_policy:
      return "policy";
    case WaitPart::credential_limit:
      return "credential limit";
    case WaitPart::login:
      return "login";
    case WaitPart::pause:
      return "pause";
    case WaitPart::workspace_cap:
      return "workspace cap";
    case WaitPart::retry_delay:
      return "retry delay";
    case WaitPart::api:
      return "API";
  }
  return {};
}

std::string shares_text(const std::vector<PartShare>& shares, PriorityLevel level, std::size_t most,
                        std::string (*phrase_of)(WaitPart, std::optional<PriorityLevel>)) {
  constexpr double kLeast = 0.01;
  std::string text;
  double rest = 1;
  for (std::size_t i = 0; i < std::min(shares.size(), most); ++i) {
    if (i > 0 && shares[i].share < kLeast) break;
    text += fmt::format("{}{} {}", i == 0 ? "" : " · ", phrase_of(shares[i].part, level),
                        rough_share(shares[i].share));
    rest -= shares[i].share;
  }
  const bool worth_a_word = !shares.empty() && rest >= kLeast;
  return worth_a_word ? text + " · rest " + rough_share(rest) : text;
}

std::string meanwhile_text(const Report& report, const DispatchedMeanwhile& meanwhile) {
  constexpr double kWorthAName = 0.01;
  std::string text;
  for (const LevelShare& level : shares_by_level(meanwhile)) {
    text += fmt::format("{}{} {} ", text.empty() ? "" : " · ", name(level.level),
                        rough_share(level.share));
    if (level.workspaces > 1 && level.most.share < kWorthAName)
      text += fmt::format("({} workspaces)", level.workspaces);
    else
      text += fmt::format(
          "({} {}{})", short_name(report.names.workspaces.at(level.most.workspace.index())),
          rough_share(level.most.share),
          level.workspaces > 1 ? fmt::format(", {} more", level.workspaces - 1) : "");
  }
  return text;
}

std::string before_acceptance_text(const Report& report, const std::vector<LevelRow>& rows) {
  std::string text;
  for (const LevelRow& row : rows) {
    const Figure* api = figure_of(report, Metric::attribution_api, row);
    if (value_or_zero(api) > 0)
      text += fmt::format("{}{} {}", text.empty() ? "mean " : " · ", row.label,
                          compact(api, Unit::seconds));
  }
  return text;
}

std::string means_text(const Report& report, Metric metric) {
  std::string text;
  for (const LevelRow& row : level_rows(report)) {
    const Figure* const mean = figure_of(report, metric, row);
    if (mean != nullptr && (mean->value > 0 || metric == Metric::wait_mean))
      text += fmt::format("{}{} {}", text.empty() ? "" : " · ", row.label,
                          compact(mean, Unit::seconds));
  }
  return text;
}

std::string sigma_text(const StabilityLine& line) {
  return (line.lower_bound ? "≥" : "") + format_number(line.sigma);
}
std::string headroom_text(const StabilityLine& line) {
  return (line.lower_bound ? "≤" : "") + format_share(line.headroom);
}
std::string needed_text(const StabilityLine& line) {
  return (line.lower_bound ? "≥" : "") + whole_servers(line.workers_needed);
}

std::string refusals_text(const Report& report) {
  const bool limited = value_or_zero(report.figures.find(Metric::api_rate_limited_count)) > 0;
  const bool errors = value_or_zero(report.figures.find(Metric::api_error_count)) > 0;
  return limited && errors ? "429 and server errors"
         : limited         ? "429"
         : errors          ? "server errors"
                           : "";
}

std::vector<std::string> pool_cells(const Report& report, PoolId pool) {
  const std::vector<CredentialId>& members = report.names.pools.at(pool.index()).members;
  const auto sum = [&](Metric metric) {
    double total = 0;
    bool any = false;
    for (const CredentialId member : members) {
      const Figure* figure = report.figures.find(metric, Subject::of(member));
      total += value_or_zero(figure);
      any = any || figure != nullptr;
    }
    return any ? compact_count(total) : "–";
  };
  double slots = 0;
  for (const CredentialId member : members) {
    const std::uint32_t limit = report.names.credential_limits.at(member.index());
    slots += limit == UINT32_MAX ? std::numeric_limits<double>::infinity() : limit;
  }
  const auto own = [&](Metric metric) {
    return column_text(report.figures.find(metric, Subject::of(pool)), metric);
  };
  return {
      compact_count(slots),           sum(Metric::credential_in_use_mean), "–",
      own(Metric::pool_runs_held),    own(Metric::pool_held_time),         sum(Metric::login_count),
      sum(Metric::login_failed_count)};
}

std::string limit_text(const Report& report, CredentialId credential) {
  const std::uint32_t limit = report.names.credential_limits.at(credential.index());
  return limit == UINT32_MAX ? "∞" : compact_count(limit);
}

std::string threshold_text(const ReportHeader& header) {
  const auto& thetas = header.starvation_threshold;
  if (std::all_of(thetas.begin(), thetas.end(), [&](Duration d) { return d == thetas[0]; }))
    return format_duration(thetas[0].seconds());
  std::string text;
  for (const PriorityLevel level : kAllLevels)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name(level),
                        format_duration(thetas[index(level)].seconds()));
  return "θ (" + text + ")";
}

std::string_view missed_text(const Report& report, const ReachResult& reach) {
  const auto parsed = parse_reach(reach.sentence);
  const bool unknown = report.load && parsed && !observable_from_outside(parsed->reach.kind);
  if (!unknown && parsed && unseen_could_reach(report, parsed->reach))
    return "not known: runs were not seen to start or to end";
  return unknown ? "cannot be seen from outside" : "never happened";
}

std::string_view waiting_runs(const Report& report) {
  return report.load ? "runs" : "eligible runs";
}

std::vector<std::string> warnings(const Report& report) {
  std::vector<std::string> lines;
  const ReportHeader& header = report.header;
  if (!header.complete)
    lines.push_back(fmt::format("Incomplete: ended early; everything here is about {} only.",
                                clock_span_text(header, header.from, header.until)));
  if (header.looks && header.looks->taken == 0)
    lines.emplace_back(
        "Too large to be looked at several times by itself: `--replications 5` decides.");
  if (const std::size_t count = figures_some_lack(report))
    lines.push_back(fmt::format("{} of {} figures are means over fewer than {} replications.",
                                format_count(static_cast<double>(count)),
                                format_count(static_cast<double>(report.figures.size())),
                                header.replications));
  return lines;
}

std::string short_provenance(const Report& report) {
  const ReportHeader& header = report.header;
  return fmt::format("{} runs · seed {} · {} · window {}{}, {}",
                     format_count(static_cast<double>(header.runs)), header.seed,
                     replications_text(report), clock_span_text(header, header.from, header.until),
                     zone_text(header), warm_up_text(header));
}

std::string provenance(const Report& report) {
  return short_provenance(report) + " · scenario " + report.header.hash;
}

}  // namespace sluice
