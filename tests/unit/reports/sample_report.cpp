#include "tests/unit/reports/sample_report.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <utility>

#include "tests/unit/reports/prediction_report.hpp"

namespace sluice::test {
namespace {

using namespace sluice::literals;

constexpr auto HIGH = PriorityLevel::HIGH;
constexpr auto MEDIUM = PriorityLevel::MEDIUM;
constexpr auto LOW = PriorityLevel::LOW;

Figure figure(double value, std::uint64_t samples = 100) {
  Figure result;
  result.value = value;
  result.samples = samples;
  return result;
}

Figure at_least(double value, std::uint64_t samples, std::uint64_t censored) {
  Figure result = figure(value, samples);
  result.censored = censored;
  result.lower_bound = true;
  return result;
}

void add(Report& report, const Subject& subject,
         std::initializer_list<std::pair<Metric, double>> values) {
  for (const auto& [metric, value] : values) report.figures.add(metric, subject, figure(value));
}

Names monday_names() {
  Names names;
  names.groups = {"main"};
  names.workspaces = {"acme", "tenant-1", "tenant-2", "tenant-3", "tenant-4"};
  names.group_of_workspace.assign(5, GroupId::at(0));
  names.workflows = {"claims"};
  names.credentials = {"portal-1", "portal-2", "portal-3"};
  names.credential_limits = {4, 4, UINT32_MAX};
  names.pools = {
      {"portal-1 … portal-3 (3)", {CredentialId::at(0), CredentialId::at(1), CredentialId::at(2)}}};
  names.submitters = {"interactive", "nightly"};
  return names;
}

ReportHeader monday_header() {
  ReportHeader header;
  header.scenario = "monday-batch-starves-low";
  header.question = "Does the Monday batch starve LOW, and would ten more workers help?";
  header.hash = "3f2a9c11d04be675";
  header.seed = 42;
  header.build_id = "0.1.0";
  header.from = Time::zero() + 30_min;
  header.until = Time::zero() + 8_h;
  header.warm_up = WarmUp::mser5;
  header.starvation_threshold = {1_min, 5_min, 10_min};
  header.slo = {30_s, std::nullopt, 45_min};
  header.slowdown_bound = 10_s;
  header.stability_window = 1_h;
  header.wall_seconds = 0.42;
  header.runs = 14'105;
  return header;
}

void add_waits(Report& report, PriorityLevel level, std::array<double, 7> waits) {
  constexpr std::array metrics{Metric::wait_count,   Metric::wait_mean, Metric::wait_p50,
                               Metric::wait_p95,     Metric::wait_p99,  Metric::wait_max,
                               Metric::queue_age_max};
  for (const Subject& subject : {Subject::of(level), Subject::of(GroupId::at(0), level)})
    for (std::size_t i = 0; i < metrics.size(); ++i)
      report.figures.add(metrics[i], subject,
                         figure(waits[i], static_cast<std::uint64_t>(waits[0])));
}

void add_levels(Report& report) {
  add_waits(report, HIGH, {6'120, 1.42, 0, 8.2, 21.5, 47, 47});
  add_waits(report, MEDIUM, {2'400, 64, 4.1, 335, 611, 925, 925});
  const Subject low = Subject::of(GroupId::at(0), LOW);
  for (const Subject& subject : {Subject::of(LOW), low}) {
    add(report, subject,
        {{Metric::wait_count, 5'585},
         {Metric::wait_mean, 2'850},
         {Metric::wait_p50, 1'980},
         {Metric::queue_age_max, 10'860}});
    report.figures.add(Metric::wait_p95, subject, at_least(7'800, 5'585, 312));
    report.figures.add(Metric::wait_p99, subject, at_least(9'900, 5'585, 312));
    report.figures.add(Metric::wait_max, subject, at_least(10'860, 5'585, 312));
    report.figures.add(Metric::wait_censored, subject, figure(312, 5'585));
    report.figures.add(Metric::starvation_longest, subject, at_least(7'800, 4, 1));
    add(report, subject,
        {{Metric::starvation_count, 4},
         {Metric::starvation_total, 11'520},
         {Metric::starvation_index, 0.512}});
  }
  for (const PriorityLevel level : {HIGH, MEDIUM})
    for (const Subject& subject : {Subject::of(level), Subject::of(GroupId::at(0), level)})
      add(report, subject,
          {{Metric::wait_censored, 0},
           {Metric::starvation_count, 0},
           {Metric::starvation_total, 0},
           {Metric::starvation_longest, 12},
           {Metric::starvation_index, 0}});
}

void add_attribution(Report& report) {
  const GroupId main = GroupId::at(0);
  add(report, Subject::of(main, HIGH),
      {{Metric::attribution_workers_high, 0.6},
       {Metric::attribution_own_workspace, 0.5},
       {Metric::attribution_workers_low, 0.32}});
  add(report, Subject::of(main, MEDIUM),
      {{Metric::attribution_workers_high, 40},
       {Metric::attribution_credential_limit, 15},
       {Metric::attribution_workers_medium, 6},
       {Metric::attribution_login, 3}});
  add(report, Subject::of(main, LOW),
      {{Metric::attribution_workers_high, 2'023},
       {Metric::attribution_workers_medium, 500},
       {Metric::attribution_own_workspace, 180},
       {Metric::attribution_credential_limit, 90},
       {Metric::attribution_retry_delay, 57}});
  report.dispatched_meanwhile = {{main,
                                  LOW,
                                  2'000,
                                  {{HIGH, WorkspaceId::at(0), 1'280, 0.64},
                                   {MEDIUM, WorkspaceId::at(3), 240, 0.12},
                                   {MEDIUM, WorkspaceId::at(1), 220, 0.11},
                                   {MEDIUM, WorkspaceId::at(2), 160, 0.08},
                                   {MEDIUM, WorkspaceId::at(4), 100, 0.05}}}};
}

Episode starved(Time from, Time until, std::uint64_t runs, std::uint64_t workspaces) {
  Episode episode;
  episode.group = GroupId::at(0);
  episode.from = from;
  episode.until = until;
  episode.runs = runs;
  episode.workspaces = workspaces;
  return episode;
}

void add_episodes(Report& report) {
  const Time zero = Time::zero();
  std::vector<Episode>& episodes = report.starved.levels.episodes;
  episodes = {
      starved(zero + 64_min, zero + 75_min, 31, 1), starved(zero + 100_min, zero + 112_min, 12, 2),
      starved(zero + 3_h, zero + 198_min, 43, 3), starved(zero + 350_min, zero + 8_h, 1'404, 4)};
  episodes[2].dispatched = {{HIGH, WorkspaceId::at(0), 59}, {MEDIUM, WorkspaceId::at(1), 41}};
  episodes[3].dispatched = {{HIGH, WorkspaceId::at(0), 1'300},
                            {MEDIUM, WorkspaceId::at(3), 240},
                            {MEDIUM, WorkspaceId::at(1), 220},
                            {MEDIUM, WorkspaceId::none(), 240}};
  episodes[3].censored = true;
}

void add_workspaces(Report& report) {
  for (std::size_t i = 1; i < 5; ++i) {
    const double factor = 1 + 0.1 * static_cast<double>(i);
    const Subject subject = Subject::of(WorkspaceId::at(i), LOW);
    report.figures.add(Metric::wait_p95, subject, at_least(6'000 * factor, 1'396, 78));
    report.figures.add(Metric::starvation_longest, subject, at_least(6'500 * factor, 5, 1));
    add(report, subject,
        {{Metric::wait_count, 1'396},
         {Metric::wait_p50, 1'800 * factor},
         {Metric::wait_max, 8'000 * factor},
         {Metric::starvation_count, 5},
         {Metric::starvation_total, 9'000 * factor}});
  }
}

void add_throughput(Report& report) {
  const std::array<std::pair<Subject, double>, 4> subjects{{{Subject::all(), 1},
                                                            {Subject::of(HIGH), 0.43},
                                                            {Subject::of(MEDIUM), 0.17},
                                                            {Subject::of(LOW), 0.4}}};
  for (const auto& [subject, part] : subjects)
    add(report, subject,
        {{Metric::submitted_rate, 31.4 * part},
         {Metric::accepted_rate, 31.3 * part},
         {Metric::dispatched_rate, 29.8 * part},
         {Metric::succeeded_rate, 28.7 * part},
         {Metric::failed_rate, 0.031},
         {Metric::stopped_rate, 0.002},
         {Metric::requeued_rate, 0.044},
         {Metric::goodput_share, 0.61},
         {Metric::service_mean, 96}});
}

void add_resources(Report& report) {
  add(report, Subject::of(GroupId::at(0)),
      {{Metric::workers_mean, 39.1},
       {Metric::utilisation, 0.962},
       {Metric::workers_holding, 0},
       {Metric::workers_starting, 0.004},
       {Metric::idle_backlogged, 0},
       {Metric::idle_blocked, 0.006},
       {Metric::idle_empty, 0.028}});
  for (std::size_t i = 0; i < 3; ++i) {
    const double factor = 1 / (1 + static_cast<double>(i));
    add(report, Subject::of(CredentialId::at(i)),
        {{Metric::credential_in_use_mean, 3.6 * factor},
         {Metric::credential_at_limit, 0.71 * factor},
         {Metric::credential_runs_held, std::floor(412 * factor)},
         {Metric::credential_held_time, 46'200 * factor},
         {Metric::login_count, 120},
         {Metric::login_failed_count, 3}});
  }
  add(report, Subject::all(),
      {{Metric::api_answers, 14'312},
       {Metric::api_rate_limited_count, 180},
       {Metric::api_error_count, 14},
       {Metric::api_latency_mean, 0.041},
       {Metric::api_latency_p99, 0.12},
       {Metric::api_retries, 190},
       {Metric::gave_up_count, 4},
       {Metric::webhooks_deliveries, 28'210},
       {Metric::webhooks_attempts, 28'900},
       {Metric::webhooks_failed, 2},
       {Metric::webhooks_latency_mean, 0.2},
       {Metric::webhooks_latency_p99, 1.4}});
}

StabilityLine stability_line(const Subject& subject, double sigma, double servers) {
  StabilityLine line{
      subject, 0.17, 96, servers, sigma, 1 - sigma, std::ceil(servers * sigma / 0.8)};
  line.peak_sigma = sigma * 1.25;
  line.peak_from = Time::zero() + 2_h;
  line.peak_until = Time::zero() + 3_h;
  line.servers_at_peak = servers;
  line.workers_needed_at_peak = servers * line.peak_sigma / 0.8;
  if (!subject.level || line.peak_sigma < 1) return line;
  line.time_at_or_above_one = 150_min;
  line.overloaded = {{Time::zero() + 90_min, Time::zero() + 4_h, line.peak_sigma}};
  return line;
}

void add_stability(Report& report) {
  const GroupId main = GroupId::at(0);
  report.stability = {{main,
                       {stability_line(Subject::of(main, HIGH), 0.42, 40),
                        stability_line(Subject::of(main, MEDIUM), 0.78, 40),
                        stability_line(Subject::of(main, LOW), 1.12, 40)},
                       LOW}};
  report.tight_resources = {stability_line(Subject::of(CredentialId::at(0)), 0.97, 4),
                            stability_line(Subject::of(CredentialId::at(1)), 0.91, 4),
                            stability_line(Subject::of(PoolId::at(0)), 0.55, 12)};
}

void add_time_lines(Report& report) {
  constexpr std::size_t buckets = 90;
  report.time_lines = {report.header.from, 5_min, {}};
  const auto add_line = [&](Line line, const Subject& subject, double height, double phase) {
    TimeLine& values = report.time_lines.lines.emplace_back(TimeLine{line, subject, {}});
    for (std::size_t i = 0; i < buckets; ++i) {
      const double x = static_cast<double>(i) / buckets;
      values.values.push_back(std::max(0.0, std::round(height * std::sin(3.1 * x + phase))));
    }
  };
  const GroupId main = GroupId::at(0);
  for (const PriorityLevel level : kAllLevels)
    add_line(Line::eligible, Subject::of(main, level),
             std::pow(12, static_cast<double>(index(level))) * 6 - 6, -0.2);
  for (const PriorityLevel level : kAllLevels)
    add_line(Line::blocked, Subject::of(main, level), 14 * static_cast<double>(index(level)), 0.4);
  add_line(Line::running, Subject::of(main), 40, 0.9);
  add_line(Line::present, Subject::of(main), 40, 1.5);
  for (const PriorityLevel level : kAllLevels)
    add_line(Line::dispatched, Subject::of(main, level), 12, 0.5);
}

Report unsealed_monday_report() {
  Report report;
  report.header = monday_header();
  report.names = monday_names();
  add_stability(report);
  add_levels(report);
  add_attribution(report);
  add_episodes(report);
  add_workspaces(report);
  add_throughput(report);
  add_resources(report);
  add_time_lines(report);
  report.reached.waited_while_dispatched[2][0] = 5'120;
  report.reaches = {{"a LOW run waited while a HIGH run was dispatched", 5'120, Status::passed},
                    {"a worker was lost", 0, Status::failed}};
  return report;
}

bool can_be_about(const MetricInfo& metric, const Subject& subject) {
  const Labels labels = subject.labels();
  return (labels & ~metric.labels) == 0 && (metric.required & ~labels) == 0;
}

/// A figure with all that a figure can have.
Figure complete_figure() {
  Figure full = at_least(1.5, 10, 2);
  full.interval = Interval{1, 2};
  full.range = Interval{0.5, 2.5};
  full.replications = 3;
  full.at_most = 2;
  full.upper_bound = true;
  return full;
}

/// Every metric of the table of `subject`, as if it could be about it.
void add_every_metric(Report& report, const Subject& subject) {
  for (const MetricInfo& metric : all_metrics()) {
    if (!can_be_about(metric, subject)) continue;
    report.figures.add(metric.metric, subject, complete_figure());
  }
}

/// Names and values that try to break out, drawn from one seed: the same by every compiler, one
/// draw a statement, since arguments are evaluated in any order.
class Hostility {
 public:
  explicit Hostility(std::uint64_t seed) : state_(seed * 2 + 1) {}

  std::uint64_t draw(std::uint64_t n) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return (state_ >> 33) % n;
  }
  std::string name(std::size_t i) {
    static const std::array<std::string, 10> nasty{
        "\x1b[31mred\x1b[0m\r\n\a",
        "a|b*c_d`e`<script>&amp;</details>",
        "@everyone #1 http://example.com/x",
        "漢字かな交じり文字列の名前です漢字かな交じり文字列の名前です",
        "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301 zalgo",
        "\xff\xfe broken \xc3",
        std::string(5'000, 'x'),
        "\u202Egnp.exe \u200Bhidden\u2028line",
        "👩‍💻🚀 \t tab, comma, \"quote\"",
        ""};
    return nasty[draw(nasty.size())] + std::to_string(i);
  }
  double value() {
    static constexpr std::array<double, 10> values{0,       1e-9,     0.5, 1,    59.99,
                                                   3'599.9, 86'399.5, 1e9, 1e18, INFINITY};
    return values[draw(values.size())];
  }
  void add_figures(Report& report, const Subject& subject) {
    for (const MetricInfo& metric : all_metrics()) {
      if (!can_be_about(metric, subject) || draw(8) == 0) continue;
      const std::uint64_t samples = 1 + draw(1'000'000);
      Figure any = figure(value(), samples);
      any.lower_bound = draw(3) == 0;
      if (any.lower_bound && draw(2) == 0) any.at_most = any.value + 1;
      if (report.header.replications > 1 && draw(4) > 0) any.interval = Interval{0, value()};
      report.figures.add(metric.metric, subject, any);
    }
  }

 private:
  std::uint64_t state_;
};

void name_everything(Report& report, Hostility& hostility) {
  report.header.scenario = hostility.name(0);
  report.header.question = hostility.name(1) + " ";
  report.header.question += hostility.name(2) + "?";
  Names& names = report.names;
  for (std::size_t i = 0; i < 3; ++i) names.groups.push_back(hostility.name(i));
  for (std::size_t i = 0; i < 300; ++i) {
    names.workspaces.push_back(hostility.name(i));
    names.group_of_workspace.push_back(GroupId::at(hostility.draw(4)));
  }
  for (std::size_t i = 0; i < 3'000; ++i) {
    names.credentials.push_back(hostility.name(i));
    names.credential_limits.push_back(static_cast<std::uint32_t>(hostility.draw(9)));
  }
}

void add_hostile_figures(Report& report, Hostility& hostility) {
  hostility.add_figures(report, Subject::all());
  for (std::size_t g = 0; g < 4; ++g) {
    hostility.add_figures(report, Subject::of(GroupId::at(g)));
    for (const PriorityLevel level : kAllLevels)
      hostility.add_figures(report, Subject::of(GroupId::at(g), level));
  }
  for (std::size_t w = 0; w < 305; ++w)
    hostility.add_figures(report, Subject::of(WorkspaceId::at(w), LOW));
  for (std::size_t c = 0; c < 3'003; ++c)
    hostility.add_figures(report, Subject::of(CredentialId::at(c)));
  report.figures.seal();
}

}  // namespace

void expect_failure(Report& report, const std::string& sentence, const std::string& because,
                    Metric metric, const Subject& subject, double limit) {
  ExpectationResult result;
  result.expectation = {sentence, because, metric, subject, Comparison::less, limit, std::nullopt};
  result.status = Status::failed;
  if (const Figure* measured = report.figures.find(metric, subject)) result.figure = *measured;
  result.reason = "measured more than the limit";
  report.expectations.push_back(std::move(result));
  report.verdict = Verdict::failed;
}

Report monday_report() {
  Report report = unsealed_monday_report();
  report.figures.seal();
  expect_failure(report, "LOW.wait.p95 < 45m", "support promise of 2026-10", Metric::wait_p95,
                 Subject::of(LOW), 2'700);
  ExpectationResult held;
  held.expectation = {
      "HIGH.wait.p95 < 30s", "", Metric::wait_p95, Subject::of(HIGH), Comparison::less, 30, {}};
  held.status = Status::passed;
  held.figure = *report.figures.find(Metric::wait_p95, Subject::of(HIGH));
  held.reason = "8.2s";
  report.expectations.push_back(held);
  ExpectationResult open;
  open.expectation = {"starvation.longest{workspace=tenant-4} < 30m",
                      "",
                      Metric::starvation_longest,
                      Subject::of(WorkspaceId::at(4)),
                      Comparison::less,
                      1'800,
                      1_h};
  open.reason = "no samples";
  report.expectations.push_back(open);
  return report;
}

Report replicated_report() {
  Report plain = monday_report();
  Report report = plain;
  report.figures = {};
  report.header.replications = 10;
  for (const FigureEntry& entry : plain.figures.entries()) {
    Figure figure = entry.figure;
    figure.replications = 10;
    if (entry.key.metric != Metric::wait_count) {
      figure.interval = Interval{figure.value * 0.93, figure.value * 1.07};
      figure.range = Interval{figure.value * 0.8, figure.value * 1.2};
    }
    report.figures.add(entry.key.metric, entry.key.subject, figure);
  }
  Figure rare = figure(10'500, 900);
  rare.replications = 3;
  report.figures.add(Metric::wait_p999, Subject::of(LOW), rare);
  report.figures.seal();
  return report;
}

Report empty_report() {
  Report report;
  report.header = monday_header();
  report.header.question.clear();
  report.header.runs = 0;
  report.names = monday_names();
  report.figures.seal();
  return report;
}

namespace {

/// LOW waits in the night of Monday; a workspace of it as well.
HourTables hours_of_a_week() {
  HourTables tables;
  tables.recorded = true;
  HourLine line{Subject::of(GroupId::at(0), LOW), std::vector<HourFigures>(kHoursOfWeek)};
  for (std::size_t i = 0; i < 6; ++i) {
    const auto hour = static_cast<double>(i);
    line.hours[i] = {40 + hour, 41, 60 * hour, 600 * hour, i == 5, 0.5 + 0.12 * hour, 20 + hour};
  }
  tables.week = {line};
  line.hours.resize(kHoursOfDay);
  tables.day = {line, line};
  tables.day[1].subject = Subject::of(WorkspaceId::at(1), LOW);
  for (HourFigures& hour : tables.day[1].hours) hour.sigma_peak = hour.workers_needed = {};
  return tables;
}

WindowBreaks breaks_of(const Expectation& expected) {
  WindowBreaks breaks;
  breaks.first = Time::zero() + 3_h;
  breaks.windows = 450;
  breaks.broken = 45;
  breaks.times = 2;
  breaks.replications = 1;
  breaks.comparison = expected.comparison;
  breaks.limit = expected.limit;
  return breaks;
}

ReplicationValues two_replications() {
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  return {{7, UINT64_MAX},
          {{Metric::wait_p95, Subject::of(LOW), {61.5, nothing}},
           {Metric::wait_mean, Subject::of(WorkspaceId::at(0)), {12, 14}},
           {Metric::wait_mean, Subject::of(SubmitterId::at(0)), {11, 0.1}}}};
}

}  // namespace

Report full_report() {
  Report report = monday_report();
  report.figures = {};
  const auto mark = [](StabilityLine& line) {
    line.lower_bound = line.peak_lower_bound = true;
    line.peak_interval = Interval{line.peak_sigma * 0.9, line.peak_sigma * 1.1};
  };
  for (StabilityLine& line : report.stability[0].levels) mark(line);
  for (StabilityLine& line : report.tight_resources) mark(line);
  const auto add_with_levels = [&](Subject subject) {
    add_every_metric(report, subject);
    add_every_metric(report, subject.at(LOW));
  };
  add_with_levels(Subject::all());
  add_with_levels(Subject::of(GroupId::at(0)));
  add_with_levels(Subject::of(WorkspaceId::at(0)));
  add_with_levels(Subject::of(WorkflowId::at(0)));
  add_with_levels(Subject::of(CredentialId::at(0)));
  add_with_levels(Subject::of(PoolId::at(0)));
  add_with_levels(Subject::of(SubmitterId::at(0)));
  Subject slice = Subject::of(WorkspaceId::at(0), LOW);
  slice.workflow = WorkflowId::at(0);
  for (const MetricInfo& metric : all_metrics())
    report.figures.add(metric.metric, slice, complete_figure());
  Subject everything = slice;
  everything.group = GroupId::at(0);
  everything.credential = CredentialId::at(0);
  everything.pool = PoolId::at(0);
  everything.submitter = SubmitterId::at(0);
  report.figures.add(Metric::wait_mean, everything, figure(1));
  report.figures.seal();
  report.traces = {recorded_monday()};
  report.prediction = monday_prediction();
  report.prediction->figures.push_back({Metric::wait_mean, everything, complete_figure()});
  report.expectations.at(0).expectation.subject = everything;
  report.expectations.at(0).expectation.over = 1_min;
  report.expectations.at(0).expectation.file = "monday.yaml";
  report.expectations.at(0).expectation.line = 12;
  report.expectations.at(0).expectation.in_replications = 0.95;
  report.expectations.at(0).in_replications = ShareOfReplications{17, 1, 2, {0.6211, 0.9987}};
  report.expectations.at(0).implied = true;
  report.expectations.at(0).figure = complete_figure();
  report.header.slo = {30_s, 2_min, 45_min};
  report.starved.workspaces_recorded = true;
  report.starved.workspaces.episodes = {report.starved.levels.episodes.back()};
  report.starved.workspaces.episodes[0].workspace = WorkspaceId::at(0);
  report.hours = hours_of_a_week();
  report.wait_grids = {{Subject::of(GroupId::at(0), LOW), {60, 120, 300, 600}}};
  TimeLine used{Line::in_use, Subject::of(CredentialId::at(0)), {1, 2}, {0, 1}, {2, 3}};
  report.time_lines.lines.push_back(used);
  used.line = Line::fair;
  used.subject = Subject::of(WorkspaceId::at(0));
  report.time_lines.lines.push_back(used);
  report.load = invalid_live_report().load;
  report.replication_values = two_replications();
  report.windows = {
      {Metric::rejected_rate, everything, 1_min, complete_figure(), complete_figure()}};
  const Expectation& expected = report.expectations.at(0).expectation;
  report.windows.push_back({expected.metric,
                            everything,
                            1_min,
                            complete_figure(),
                            complete_figure(),
                            {breaks_of(expected)}});
  report.incidents = {{"deploy", Time::zero() + 2_h, Time::zero() + 140_min},
                      {"outage", Time::zero() + 5_h, std::nullopt}};
  for (const ReachKind kind : {ReachKind::timed_out, ReachKind::expired, ReachKind::cancelled})
    report.reached.by_kind[static_cast<std::size_t>(kind)] = 3;
  return report;
}

Report hostile_report(std::uint64_t seed) {
  Hostility hostility(seed);
  Report report = unsealed_monday_report();
  report.figures = {};
  report.header.complete = hostility.draw(2) == 0;
  report.header.replications = 1 + static_cast<std::uint32_t>(hostility.draw(3));
  name_everything(report, hostility);
  add_hostile_figures(report, hostility);
  for (std::size_t g = 1; g < 4; ++g) {
    GroupStability stability = report.stability[0];
    stability.group = GroupId::at(g);
    for (StabilityLine& line : stability.levels) line.sigma = hostility.value();
    report.stability.push_back(stability);
    report.dispatched_meanwhile.push_back(
        {GroupId::at(g), LOW, 10, {{HIGH, WorkspaceId::at(hostility.draw(300)), 10, 1}}});
  }
  for (std::size_t i = 0; i < 20; ++i) {
    const std::string because = hostility.name(i);
    expect_failure(report, hostility.name(i), because, Metric::wait_p95,
                   Subject::of(GroupId::at(0), LOW), 1);
  }
  return report;
}

}  // namespace sluice::test
