#include "reports/html/chart_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/text/display_text.hpp"
#include "base/text/json_text.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/html/sampled_values.hpp"
#include "reports/summary/episodes.hpp"
#include "reports/summary/expectations.hpp"
#include "reports/summary/phrases.hpp"
#include "reports/summary/rows.hpp"
#include "reports/summary/stability_words.hpp"

namespace sluice {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostChartLevels = 9;
constexpr std::size_t kMostChartEpisodes = 900;
constexpr std::size_t kMostChartWorkspaces = 40;
constexpr std::size_t kMostChartIncidents = 40;
constexpr std::size_t kMostChartLimits = 40;
constexpr std::size_t kMostNarrowPoints = 240;  // of cells, which have a width

Json chart_seconds(Time time) { return rounded_number(time.seconds(), 10); }

std::vector<LevelRow> chart_rows(const Report& report) {
  std::vector<LevelRow> rows = level_rows(report);
  if (rows.size() > kMostChartLevels) rows.resize(kMostChartLevels);
  return rows;
}

const TimeLine* chart_line(const Report& report, Line line, const LevelRow& row) {
  if (const TimeLine* found = report.time_lines.find(line, row.subject)) return found;
  return report.time_lines.find(line, Subject::of(GroupId::at(0), row.level));
}

/// `pm`: half its interval in words, as the tables have it.
Json chart_figure(const Figure* figure, Unit unit = Unit::seconds) {
  if (figure == nullptr) return nullptr;
  Json json{{"v", rounded_number(figure->value)}};
  const std::string half = compact_interval(figure, unit);
  if (unit == Unit::seconds && !half.empty()) json["pm"] = half;
  if (figure->interval)
    json["ci"] = {rounded_number(figure->interval->low), rounded_number(figure->interval->high)};
  if (figure->range)
    json["range"] = {rounded_number(figure->range->low), rounded_number(figure->range->high)};
  if (figure->lower_bound) json["lower_bound"] = true;
  return json;
}

// ---- levels

void add_level_stability(const Report& report, const LevelRow& row, Json& json) {
  const StabilityLine* const line = stability_of(report, row);
  if (line == nullptr) return;
  json["sigma"] = rounded_number(line->sigma);
  if (!has_peak(report, *line)) return;
  json["peak"] = {{"sigma", rounded_number(line->peak_sigma)},
                  {"servers", rounded_number(line->servers_at_peak)},
                  {"from", chart_seconds(line->peak_from)},
                  {"to", chart_seconds(line->peak_until)}};
}

Json level_parts(const Report& report, const LevelRow& row) {
  Json parts = Json::array();
  for (const PartShare& part : wait_shares(report, row))
    parts.push_back({{"part", name(part.part)},
                     {"share", rounded_number(part.share)},
                     {"words", phrase(part.part, row.level)},
                     {"short", short_phrase(part.part, row.level)}});
  return parts;
}

Json level_waits(const Report& report, const LevelRow& row) {
  Json json{{"mean", chart_figure(figure_of(report, Metric::wait_mean, row))},
            {"p95", chart_figure(figure_of(report, Metric::wait_p95, row))},
            {"p99", chart_figure(figure_of(report, Metric::wait_p99, row))},
            {"max", chart_figure(figure_of(report, Metric::wait_max, row))},
            {"count", chart_figure(figure_of(report, Metric::wait_count, row), Unit::count)},
            {"censored", chart_figure(figure_of(report, Metric::wait_censored, row), Unit::count)},
            {"slo", chart_figure(figure_of(report, Metric::slo_attainment, row), Unit::count)}};
  for (const WaitGrid& grid : report.wait_grids)
    if (grid.subject == row.subject ||
        (grid.subject.level == row.level && !grid.subject.workspace.valid() &&
         report.names.groups.size() == 1))
      json["grid"] = rounded_numbers(grid.values, 4);
  return json;
}

Json chart_level(const Report& report, const LevelRow& row) {
  const ReportHeader& header = report.header;
  Json json{
      {"label", row.label},
      {"style", index(row.level)},
      {"group", row.group.valid() ? row.group.value : 0},
      {"theta", rounded_number(header.starvation_threshold[index(row.level)].seconds())},
      {"starved", chart_figure(figure_of(report, Metric::starvation_count, row), Unit::count)},
      {"longest", chart_figure(figure_of(report, Metric::starvation_longest, row))},
      {"oldest", chart_figure(figure_of(report, Metric::queue_age_max, row))},
      {"accepted", chart_figure(figure_of(report, Metric::accepted_rate, row), Unit::count)},
      {"dispatched", chart_figure(figure_of(report, Metric::dispatched_rate, row), Unit::count)},
      {"good", chart_figure(figure_of(report, Metric::goodput_share, row), Unit::count)},
      {"wait", level_waits(report, row)},
      {"parts", level_parts(report, row)}};
  if (const auto& slo = header.slo[index(row.level)]) json["slo"] = rounded_number(slo->seconds());
  add_level_stability(report, row, json);
  return json;
}

// ---- time lines

bool shows_spread(Line line) {
  return line == Line::eligible || line == Line::blocked || line == Line::oldest_age ||
         line == Line::since_dispatch;
}

/// Of a stack in workers, a share of the time, or a mean: what is needed of it.
Json chart_values(const TimeLine& line, std::size_t each, bool spread) {
  const SampledValues values = sample(line, each);
  Json json{{"v", rounded_numbers(values.mean, 3)}};
  if (spread && (each > 1 || !line.lowest.empty())) {
    json["lo"] = rounded_numbers(values.lowest, 3);
    json["hi"] = rounded_numbers(values.highest, 3);
  }
  return json;
}

Json level_lines(const Report& report, std::size_t each, std::size_t wide) {
  constexpr std::array kOfLevels{Line::eligible, Line::blocked,    Line::dispatched,
                                 Line::starving, Line::accepted,   Line::offered,
                                 Line::running,  Line::oldest_age, Line::since_dispatch,
                                 Line::wait_p50, Line::wait_p95,   Line::wait_p99};
  Json lines = Json::array();
  const std::vector<LevelRow> rows = chart_rows(report);
  for (const Line kind : kOfLevels)
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const TimeLine* const line = chart_line(report, kind, rows[i]);
      if (line == nullptr) continue;
      const bool of_cells = kind >= Line::wait_p50;
      Json json{{"line", name(kind)}, {"level", i}};
      json.update(chart_values(*line, of_cells ? wide : each, shows_spread(kind)));
      lines.push_back(std::move(json));
    }
  return lines;
}

Json group_lines(const Report& report, std::size_t each) {
  Json groups = Json::array();
  for (std::size_t g = 0; g < std::min(report.names.groups.size(), kMostChartLevels); ++g) {
    Json json{{"name", short_name(report.names.groups[g])}};
    if (const TimeLine* present =
            report.time_lines.find(Line::present, Subject::of(GroupId::at(g))))
      json["present"] = chart_values(*present, each, false);
    groups.push_back(std::move(json));
  }
  return groups;
}

/// The tightest of the credentials first, then all others together.
Json credential_lines(const Report& report, std::size_t wide) {
  std::vector<std::tuple<double, std::string, Json>> all;
  Json others;
  for (const TimeLine& line : report.time_lines.lines) {
    if (line.line != Line::in_use) continue;
    Json json = chart_values(line, wide, false);
    const CredentialId id = line.subject.credential;
    if (!id.valid()) {
      others = std::move(json);
      continue;
    }
    const std::uint32_t limit = report.names.credential_limits.at(id.index());
    json["name"] = short_name(report.names.credentials.at(id.index()));
    if (limit != UINT32_MAX) json["limit"] = limit;
    for (const auto& [key, metric] : {std::pair("at_limit", Metric::credential_at_limit),
                                      std::pair("held", Metric::credential_runs_held),
                                      std::pair("mean", Metric::credential_in_use_mean)})
      json[key] = chart_figure(report.figures.find(metric, Subject::of(id)), Unit::count);
    const double held =
        value_or_zero(report.figures.find(Metric::credential_held_time, Subject::of(id)));
    all.emplace_back(-held, report.names.credentials[id.index()], std::move(json));
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return std::get<0>(a) < std::get<0>(b); });
  Json list = Json::array();
  for (auto& entry : all) list.push_back(std::move(std::get<2>(entry)));
  if (!others.is_null()) list.push_back({{"others", true}, {"v", others["v"]}});
  return list;
}

// ---- episodes, incidents, fair shares, limits

std::size_t row_of(const std::vector<LevelRow>& rows, GroupId group, PriorityLevel level) {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].level == level && (!rows[i].group.valid() || rows[i].group == group)) return i;
  return rows.size();
}

Json chart_episodes(const Report& report) {
  const std::vector<LevelRow> rows = chart_rows(report);
  std::vector<const Episode*> episodes;
  for (const Episode& episode : report.starved.levels.episodes)
    if (row_of(rows, episode.group, episode.level) < rows.size()) episodes.push_back(&episode);
  const std::size_t all = episodes.size();
  std::stable_sort(episodes.begin(), episodes.end(),
                   [](const Episode* a, const Episode* b) { return a->length() > b->length(); });
  if (all > kMostChartEpisodes) episodes.resize(kMostChartEpisodes);
  Json list = Json::array();
  for (const Episode* episode : episodes) {
    Json json{{"level", row_of(rows, episode->group, episode->level)},
              {"rep", episode->replication},
              {"from", chart_seconds(episode->from)},
              {"to", chart_seconds(episode->until)},
              {"runs", episode->runs},
              {"meanwhile", meanwhile_text(report, *episode, 3)}};
    if (episode->censored) json["censored"] = true;
    list.push_back(std::move(json));
  }
  return {{"list", std::move(list)},
          {"left_out", all - std::min(all, kMostChartEpisodes) + report.starved.levels.left_out}};
}

Json chart_incidents(const Report& report) {
  Json list = Json::array();
  for (const IncidentTime& incident : report.incidents) {
    if (list.size() == kMostChartIncidents) break;
    list.push_back({{"name", short_name(incident.name)}, {"from", chart_seconds(incident.from)}});
    if (incident.until) list.back()["to"] = chart_seconds(*incident.until);
  }
  return list;
}

/// The level that most of a workspace's waiting runs have.
std::size_t level_of_workspace(const Report& report, WorkspaceId workspace) {
  std::size_t most = 0;
  double runs = -1;
  for (const PriorityLevel level : kAllLevels) {
    const Figure* const count =
        report.figures.find(Metric::wait_count, Subject::of(workspace, level));
    if (count != nullptr && count->value > runs) {
      runs = count->value;
      most = index(level);
    }
  }
  return most;
}

/// Largest received share first; those beyond the bound together.
Json chart_shares(const Report& report) {
  struct Share {
    WorkspaceId workspace;
    double received = 0, fair = 0;
  };
  std::vector<Share> shares;
  for (const FigureEntry& entry : report.figures.all(Metric::fairness_entitled)) {
    if (entry.key.subject.labels() != label::workspace) continue;
    const WorkspaceId id = entry.key.subject.workspace;
    shares.push_back(
        {id, value_or_zero(report.figures.find(Metric::fairness_received, Subject::of(id))),
         entry.figure.value});
  }
  std::stable_sort(shares.begin(), shares.end(),
                   [](const Share& a, const Share& b) { return a.received > b.received; });
  Json list = Json::array();
  for (std::size_t i = 0; i < std::min(shares.size(), kMostChartWorkspaces); ++i) {
    const Subject subject = Subject::of(shares[i].workspace);
    list.push_back({{"name", short_name(report.names.workspaces.at(shares[i].workspace.index()))},
                    {"style", level_of_workspace(report, shares[i].workspace)},
                    {"received", rounded_number(shares[i].received)},
                    {"fair", rounded_number(shares[i].fair)},
                    {"below", chart_figure(report.figures.find(
                                  Metric::fairness_share_starved_longest, subject))}});
  }
  return {{"list", std::move(list)},
          {"left_out", shares.size() - std::min(shares.size(), kMostChartWorkspaces)},
          {"factor", rounded_number(report.header.fair_share_factor)}};
}

std::string origin_of_limit(const Expectation& expectation) {
  if (!expectation.because.empty()) return expectation.because;
  if (expectation.file.empty()) return {};
  return expectation.line > 0 ? fmt::format("{}:{}", expectation.file, expectation.line)
                              : expectation.file;
}

/// By its place in the table of expectations.
Json chart_limits(const Report& report) {
  const std::vector<LevelRow> rows = chart_rows(report);
  Json list = Json::array();
  for (const ExpectationResult* result : worst_first(report)) {
    if (list.size() == kMostChartLimits) break;
    const Expectation& e = result->expectation;
    if (e.precision) continue;
    Json json{{"metric", info(e.metric).name},
              {"sentence", clipped(printable(e.sentence), 120)},
              {"origin", clipped(printable(origin_of_limit(e)), 120)},
              {"limit", rounded_number(e.limit)},
              {"more", wants_more(e.comparison)},
              {"met", is_met(result->status)},
              {"measured", chart_figure(result->figure ? &*result->figure : nullptr, Unit::count)}};
    if (e.in_replications) json["in_replications"] = true;
    if (e.subject.level && !e.subject.workspace.valid()) {
      const std::size_t level = row_of(
          rows, e.subject.group.valid() ? e.subject.group : GroupId::at(0), *e.subject.level);
      if (level < rows.size()) json["level"] = level;
    }
    list.push_back(std::move(json));
  }
  return list;
}

Json chart_hours(const Report& report) {
  const std::vector<LevelRow> rows = chart_rows(report);
  const auto table = [&](const std::vector<HourLine>& lines) {
    Json list = Json::array();
    for (const HourLine& line : lines) {
      if (!line.subject.group.valid() || !line.subject.level) continue;
      const std::size_t level = row_of(rows, line.subject.group, *line.subject.level);
      if (level == rows.size()) continue;
      Json p95 = Json::array();
      for (const HourFigures& hour : line.hours)
        p95.push_back(hour.waits > 0 ? rounded_number(hour.wait_p95_s, 3) : Json(nullptr));
      list.push_back({{"level", level}, {"p95", std::move(p95)}});
    }
    return list;
  };
  Json json{{"day", table(report.hours.day)}};
  if (!report.hours.week.empty()) json["week"] = table(report.hours.week);
  return json;
}

Json chart_header(const Report& report) {
  const ReportHeader& header = report.header;
  Json json{{"format", "sluice.page"},
            {"scenario", short_name(header.scenario)},
            {"from", chart_seconds(header.from)},
            {"until", chart_seconds(header.until)},
            {"replications", header.replications},
            {"confidence", rounded_number(header.confidence)},
            {"live", report.load.has_value()}};
  if (!header.calendar.has_dates()) return json;
  json["start_ms"] = header.calendar.start_unix_ns() / 1'000'000;
  json["zone"] = header.calendar.zone().name();
  return json;
}

}  // namespace

Json chart_data(const Report& report, std::size_t points) {
  const std::vector<LevelRow> rows = chart_rows(report);
  const TimeLines& lines = report.time_lines;
  std::size_t buckets = 0;
  for (const TimeLine& line : lines.lines) buckets = std::max(buckets, line.values.size());
  const std::size_t most = rows.size() <= kLevels ? points : points * kLevels / rows.size();
  const std::size_t each = buckets_per_point(buckets, most);
  const std::size_t wide = buckets_per_point(buckets, std::min(most, kMostNarrowPoints));
  Json json = chart_header(report);
  json["levels"] = Json::array();
  for (const LevelRow& row : rows) json["levels"].push_back(chart_level(report, row));
  json["first"] = chart_seconds(lines.from);
  json["bucket"] = rounded_number(lines.bucket.seconds() * static_cast<double>(each), 10);
  json["wide_bucket"] = rounded_number(lines.bucket.seconds() * static_cast<double>(wide), 10);
  json["lines"] = level_lines(report, each, wide);
  json["groups"] = group_lines(report, each);
  json["credentials"] = credential_lines(report, wide);
  json["episodes"] = chart_episodes(report);
  json["incidents"] = chart_incidents(report);
  json["shares"] = chart_shares(report);
  json["limits"] = chart_limits(report);
  json["wait_grid"] = rounded_numbers({kWaitGrid.begin(), kWaitGrid.end()}, 6);
  if (report.hours.recorded) json["hours"] = chart_hours(report);
  return json;
}

}  // namespace sluice
