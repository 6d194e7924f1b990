#include "reports/json/json.hpp"

#include <array>

#include "base/calendar/calendar.hpp"
#include "base/text/json_text.hpp"
#include "reports/json/figures.hpp"
#include "reports/json/hours.hpp"
#include "reports/json/load.hpp"
#include "reports/json/prediction.hpp"
#include "reports/json/replications.hpp"
#include "reports/json/traces.hpp"
#include "reports/summary/answer.hpp"
#include "reports/summary/expectations.hpp"
#include "reports/summary/verdict.hpp"
#include "reports/summary/window_breaks.hpp"

namespace sluice {
namespace {

using Json = nlohmann::ordered_json;

#if defined(__clang__)
constexpr const char* kCompiler = "clang " __clang_version__;
#elif defined(__GNUC__)
constexpr const char* kCompiler = "gcc " __VERSION__;
#else
constexpr const char* kCompiler = "unknown";
#endif

Json by_level(const std::array<Duration, kLevels>& durations) {
  Json json;
  for (const PriorityLevel level : kAllLevels)
    json[std::string(name(level))] = json_number(durations[index(level)].seconds());
  return json;
}

Json slo_json(const ReportHeader& header) {
  Json json = Json::object();
  for (const PriorityLevel level : kAllLevels)
    if (const auto& target = header.slo[index(level)])
      json[std::string(name(level))] = json_number(target->seconds());
  return json;
}

Json header_json(const ReportHeader& header) {
  Json json{{"name", header.scenario},
            {"question", header.question},
            {"hash", header.hash},
            {"seed", header.seed},
            {"engine", name(header.engine)},
            {"from_s", json_number(header.from.seconds())},
            {"until_s", json_number(header.until.seconds())},
            {"warm_up", name(header.warm_up)},
            {"replications", header.replications},
            {"drawn", header.drawn},
            {"confidence", json_number(header.confidence)},
            {"complete", header.complete},
            {"runs", header.runs},
            {"starvation_threshold_s", by_level(header.starvation_threshold)},
            {"slo_s", slo_json(header)},
            {"fair_share_factor", json_number(header.fair_share_factor)},
            {"slowdown_bound_s", json_number(header.slowdown_bound.seconds())},
            {"stability_window_s", json_number(header.stability_window.seconds())},
            {"warm_up_period_s", json_number(header.warm_up_period.seconds())}};
  if (header.looks)
    json["looks"] = {{"taken", header.looks->taken},
                     {"at_most", header.looks->at_most},
                     {"confidence", json_number(header.looks->confidence)},
                     {"decided", header.looks->decided}};
  if (header.calendar.has_dates()) {
    json["start"] = header.calendar.iso8601(Time::zero());
    json["time_zone"] = header.calendar.zone().name();
    json["time_zone_data"] = header.time_zone_data;
  }
  return json;
}

Json breaks_json(const WindowBreaks& breaks) {
  Json json{{"measured", breaks.windows},
            {"broken", breaks.broken},
            {"times", breaks.times},
            {"replications_broken", breaks.replications}};
  if (!breaks.first) return json;
  json["first_broken_s"] = json_number(breaks.first->seconds());
  json["first_broken_mean_s"] = json_number(breaks.first_mean_s);
  return json;
}

Json expectation_json(const Report& report, const ExpectationResult& result) {
  const Expectation& expectation = result.expectation;
  Json json{{"sentence", expectation.sentence},
            {"status", name(result.status)},
            {"reason", result.reason},
            {"metric", info(expectation.metric).name},
            {"labels", labels_json(expectation.subject, report.names)}};
  if (expectation.precision) {
    json["precision"] = json_number(*expectation.precision);
  } else {
    json["comparison"] = symbol(expectation.comparison);
    json["limit"] = json_number(expectation.limit);
  }
  if (expectation.over) json["over_s"] = json_number(expectation.over->seconds());
  if (expectation.in_replications)
    json["in_replications"] =
        share_of_replications_json(*expectation.in_replications, result.in_replications);
  if (!expectation.because.empty()) json["because"] = expectation.because;
  if (result.implied) json["implied"] = true;
  if (!expectation.file.empty()) json["file"] = expectation.file;
  if (expectation.line > 0) json["line"] = expectation.line;
  if (const auto room = margin(result)) json["margin"] = json_number(*room);
  if (result.figure) json["measured"] = figure_json(*result.figure, report.header.replications);
  if (const WindowBreaks* breaks = breaks_of(report, expectation))
    json["windows"] = breaks_json(*breaks);
  return json;
}

Json expectations_json(const Report& report) {
  Json list = Json::array();
  for (const ExpectationResult& result : report.expectations)
    list.push_back(expectation_json(report, result));
  return list;
}

Json reaches_json(const Report& report) {
  Json list = Json::array();
  for (const ReachResult& reach : report.reaches)
    list.push_back(
        {{"sentence", reach.sentence}, {"status", name(reach.status)}, {"count", reach.count}});
  return list;
}

Json peak_json(const StabilityLine& line) {
  Json json{{"sigma", json_number(line.peak_sigma)},
            {"servers", json_number(line.servers_at_peak)},
            {"servers_needed", json_number(line.workers_needed_at_peak)}};
  if (line.peak_interval)
    json["interval"] = {json_number(line.peak_interval->low),
                        json_number(line.peak_interval->high)};
  if (line.peak_lower_bound) json["lower_bound"] = true;
  if (line.peak_until > line.peak_from) {
    json["from_s"] = json_number(line.peak_from.seconds());
    json["until_s"] = json_number(line.peak_until.seconds());
  }
  if (!line.subject.level) return json;
  json["overloaded_s"] = json_number(line.time_at_or_above_one.seconds());
  json["overloaded"] = Json::array();
  for (const OverloadedStretch& stretch : line.overloaded)
    json["overloaded"].push_back({{"from_s", json_number(stretch.from.seconds())},
                                  {"until_s", json_number(stretch.until.seconds())},
                                  {"sigma", json_number(stretch.sigma)}});
  return json;
}

Json stability_line_json(const Report& report, const StabilityLine& line) {
  Json json = labels_json(line.subject, report.names);
  json["sigma"] = json_number(line.sigma);
  if (line.lower_bound) json["lower_bound"] = true;
  json["headroom"] = json_number(line.headroom);
  json["servers"] = json_number(line.servers);
  json["servers_needed"] = json_number(line.workers_needed);
  json["arrivals_per_s"] = json_number(line.arrivals_per_s);
  json["mean_service_s"] = json_number(line.mean_service_s);
  if (line.peak_sigma > 0) json["peak"] = peak_json(line);
  return json;
}

Json stability_json(const Report& report) {
  Json groups = Json::array();
  for (const GroupStability& group : report.stability) {
    Json levels = Json::array();
    for (const StabilityLine& line : group.levels)
      levels.push_back(stability_line_json(report, line));
    groups.push_back(
        {{"group", report.names.groups.at(group.group.index())},
         {"first_to_starve", group.first_to_starve ? Json(name(*group.first_to_starve)) : Json()},
         {"levels", std::move(levels)}});
  }
  Json tight = Json::array();
  for (const StabilityLine& line : report.tight_resources)
    tight.push_back(stability_line_json(report, line));
  return {{"groups", std::move(groups)}, {"tight_resources", std::move(tight)}};
}

Json meanwhile_json(const Report& report) {
  Json list = Json::array();
  for (const DispatchedMeanwhile& meanwhile : report.dispatched_meanwhile) {
    Json shares = Json::array();
    for (const auto& share : meanwhile.shares)
      shares.push_back({{"level", name(share.level)},
                        {"workspace", report.names.workspaces.at(share.workspace.index())},
                        {"dispatches", share.dispatches},
                        {"share", json_number(share.share)}});
    list.push_back({{"group", report.names.groups.at(meanwhile.group.index())},
                    {"starved", name(meanwhile.starved)},
                    {"dispatches", meanwhile.dispatches},
                    {"shares", std::move(shares)}});
  }
  return list;
}

Json time_lines_json(const Report& report) {
  Json lines = Json::array();
  for (const TimeLine& line : report.time_lines.lines) {
    Json entry{{"line", name(line.line)}};
    entry.update(labels_json(line.subject, report.names));
    entry["values"] = Json::array();
    for (const double value : line.values) entry["values"].push_back(json_number(value));
    if (!line.lowest.empty()) {
      for (const double value : line.lowest) entry["lowest"].push_back(json_number(value));
      for (const double value : line.highest) entry["highest"].push_back(json_number(value));
    }
    lines.push_back(std::move(entry));
  }
  return {{"from_s", json_number(report.time_lines.from.seconds())},
          {"bucket_s", json_number(report.time_lines.bucket.seconds())},
          {"lines", std::move(lines)}};
}

Json wait_grids_json(const Report& report) {
  Json levels = Json::array();
  for (const WaitGrid& grid : report.wait_grids) {
    Json entry = labels_json(grid.subject, report.names);
    for (const double value : grid.values) entry["wait_s"].push_back(json_number(value));
    levels.push_back(std::move(entry));
  }
  Json shares = Json::array();
  for (const double share : kWaitGrid) shares.push_back(json_number(share));
  return {{"shares", std::move(shares)}, {"levels", std::move(levels)}};
}

Json incidents_json(const Report& report) {
  Json list = Json::array();
  for (const IncidentTime& incident : report.incidents) {
    list.push_back({{"name", incident.name}, {"from_s", json_number(incident.from.seconds())}});
    if (incident.until) list.back()["to_s"] = json_number(incident.until->seconds());
  }
  return list;
}

Json windows_json(const Report& report) {
  Json list = Json::array();
  for (const WindowFigure& window : report.windows)
    list.push_back({{"metric", info(window.metric).name},
                    {"labels", labels_json(window.subject, report.names)},
                    {"over_s", json_number(window.over.seconds())},
                    {"highest", figure_json(window.highest, report.header.replications)},
                    {"lowest", figure_json(window.lowest, report.header.replications)}});
  return list;
}

const char* reach_key(ReachKind kind) {
  switch (kind) {
    case ReachKind::waited_while_dispatched:
      return "waited_while_dispatched";
    case ReachKind::rate_limited:
      return "rate_limited";
    case ReachKind::parked_on_credential:
      return "parked_on_credential";
    case ReachKind::login_failed:
      return "login_failed";
    case ReachKind::sibling_stopped:
      return "sibling_stopped";
    case ReachKind::worker_lost:
      return "worker_lost";
    case ReachKind::requeued:
      return "requeued";
    case ReachKind::pool_skipped_member:
      return "pool_skipped_member";
    case ReachKind::queue_emptied:
      return "queue_emptied";
    case ReachKind::timed_out:
      return "timed_out";
    case ReachKind::expired:
      return "expired";
    case ReachKind::cancelled:
      return "cancelled";
  }
  return "";
}

Json reached_json(const ReachCounts& reached) {
  Json json;
  Json& pairs = json["waited_while_dispatched"] = Json::array();
  for (const PriorityLevel waiting : kAllLevels)
    for (const PriorityLevel dispatched : kAllLevels)
      pairs.push_back(
          {{"waiting", name(waiting)},
           {"dispatched", name(dispatched)},
           {"count", reached.waited_while_dispatched[index(waiting)][index(dispatched)]}});
  // What few scenarios can bring about is not mentioned in the others.
  constexpr auto kAlways = static_cast<std::size_t>(ReachKind::queue_emptied);
  for (std::size_t i = 1; i < kReachKinds; ++i)
    if (i <= kAlways || reached.by_kind[i] > 0)
      json[reach_key(static_cast<ReachKind>(i))] = reached.by_kind[i];
  return json;
}

/// What the figures of this report mean, so that the file explains itself.
Json metrics_json(const Report& report) {
  Json json = Json::object();
  for (const MetricInfo& metric : all_metrics())
    if (!report.figures.all(metric.metric).empty())
      json[std::string(metric.name)] = {
          {"unit", name(metric.unit)}, {"paragraph", metric.id}, {"meaning", metric.meaning}};
  return json;
}

}  // namespace

Json report_json(const Report& report, const JsonOptions& options) {
  Json json{{"format", "sluice.report"},
            {"version", kReportJsonVersion},
            {"verdict", invalid_load(report) ? "invalid" : name(report.verdict)},
            {"answer", answer(report)},
            {"scenario", header_json(report.header)},
            {"expectations", expectations_json(report)},
            {"reaches", reaches_json(report)},
            {"stability", stability_json(report)}};
  if (report.load) json["load"] = load_json(*report.load);
  add_figures(report, json);
  json["dispatched_meanwhile"] = meanwhile_json(report);
  json["windows"] = windows_json(report);
  json["reached"] = reached_json(report.reached);
  json["incidents"] = incidents_json(report);
  json["time_lines"] = time_lines_json(report);
  if (!report.wait_grids.empty()) json["wait_grid"] = wait_grids_json(report);
  if (report.hours.recorded) json["hours"] = hours_json(report);
  if (!report.replication_values.seeds.empty()) json["replications"] = replications_json(report);
  json["metrics"] = metrics_json(report);
  if (!report.traces.empty()) json["traces"] = traces_json(report.traces);
  if (report.prediction) json["prediction"] = prediction_json(report);
  if (!options.build_and_wall_time) return json;
  json["build"] = {{"id", report.header.build_id}, {"compiler", kCompiler}};
  json["wall"] = {{"seconds", json_number(report.header.wall_seconds)}};
  return json;
}

std::string render_json(const Report& report, const JsonOptions& options) {
  return json_text(report_json(report, options));
}

}  // namespace sluice
