#include "reports/csv/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <fstream>
#include <map>
#include <system_error>

#include "reports/csv/episodes.hpp"
#include "reports/csv/hours.hpp"
#include "reports/csv/load.hpp"
#include "reports/summary/rows.hpp"
#include "reports/summary/window_breaks.hpp"

namespace sluice {
namespace {

using Fields = std::vector<std::string>;

std::string number(double value) { return csv_number(value); }
std::string number(std::uint64_t value) { return std::to_string(value); }
std::string seconds(Duration duration) { return number(duration.seconds()); }

/// group, level, workspace, workflow, credential, pool, submitter; empty: not set.
Fields label_fields(const Subject& subject, const Names& names) {
  const auto named = [](const auto& id, const std::vector<std::string>& all) {
    return id.valid() ? all.at(id.index()) : std::string();
  };
  return {named(subject.group, names.groups),
          subject.level ? std::string(name(*subject.level)) : std::string(),
          named(subject.workspace, names.workspaces),
          named(subject.workflow, names.workflows),
          named(subject.credential, names.credentials),
          subject.pool.valid() ? names.pools.at(subject.pool.index()).name : std::string(),
          named(subject.submitter, names.submitters)};
}

const Fields kLabelColumns{"group",      "level", "workspace", "workflow",
                           "credential", "pool",  "submitter"};

Fields operator+(Fields left, const Fields& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

Fields figure_fields(const Figure& figure) {
  return {number(figure.value),
          figure.lower_bound ? "1" : "0",
          number(figure.samples),
          number(figure.censored),
          figure.interval ? number(figure.interval->low) : "",
          figure.interval ? number(figure.interval->high) : "",
          number(std::uint64_t{figure.replications}),
          figure.upper_bound ? "1" : "0"};
}

const Fields kFigureColumns{"value",        "lower_bound",   "samples",      "censored",
                            "interval_low", "interval_high", "replications", "upper_bound"};

CsvTable csv_figures(const Report& report) {
  CsvTable table{"figures.csv", Fields{"metric", "unit"} + kLabelColumns + kFigureColumns, {}};
  for (const FigureEntry& entry : report.figures.entries()) {
    const MetricInfo& metric = info(entry.key.metric);
    table.rows.push_back(Fields{std::string(metric.name), std::string(name(metric.unit))} +
                         label_fields(entry.key.subject, report.names) +
                         figure_fields(entry.figure));
  }
  return table;
}

// ---- wide tables: a row is a subject, a column a metric
// ------------------------------------------

/// Metrics that subjects with all of one of `label_sets` can have.
std::vector<Metric> possible_metrics(const std::vector<Labels>& label_sets) {
  std::vector<Metric> metrics;
  for (const MetricInfo& metric : all_metrics())
    if (std::any_of(label_sets.begin(), label_sets.end(), [&](Labels labels) {
          return (labels & ~metric.labels) == 0 && (metric.required & ~labels) == 0;
        }))
      metrics.push_back(metric.metric);
  return metrics;
}

Fields metric_columns(const std::vector<Metric>& metrics) {
  Fields columns;
  for (const Metric metric : metrics) columns.push_back(csv_column(metric));
  columns.emplace_back("lower_bounds");
  return columns;
}

Fields metric_fields(const Report& report, const std::vector<Metric>& metrics,
                     const Subject& subject) {
  Fields fields;
  std::string lower_bounds;
  for (const Metric metric : metrics) {
    const Figure* figure = report.figures.find(metric, subject);
    fields.push_back(figure ? number(figure->value) : std::string());
    if (figure && figure->lower_bound)
      lower_bounds += (lower_bounds.empty() ? "" : " ") + csv_column(metric);
  }
  fields.push_back(lower_bounds);
  return fields;
}

/// Subjects of the report with exactly one of the label sets, each once, in order.
std::vector<Subject> subjects_with(const Report& report, const std::vector<Labels>& label_sets) {
  std::vector<Subject> subjects;
  for (const FigureEntry& entry : report.figures.entries())
    if (std::find(label_sets.begin(), label_sets.end(), entry.key.subject.labels()) !=
        label_sets.end())
      subjects.push_back(entry.key.subject);
  std::sort(subjects.begin(), subjects.end());
  subjects.erase(std::unique(subjects.begin(), subjects.end()), subjects.end());
  return subjects;
}

/// `head(subject)` gives the first fields of a row, named by `head_columns`.
template <class Head>
CsvTable wide_table(const Report& report, std::string file, const std::vector<Labels>& label_sets,
                    const Fields& head_columns, Head head) {
  const std::vector<Metric> metrics = possible_metrics(label_sets);
  CsvTable table{std::move(file), head_columns + metric_columns(metrics), {}};
  for (const Subject& subject : subjects_with(report, label_sets))
    table.rows.push_back(head(subject) + metric_fields(report, metrics, subject));
  return table;
}

std::string level_field(const Subject& subject) {
  return subject.level ? std::string(name(*subject.level)) : std::string();
}

std::string group_field(const Report& report, const Subject& subject) {
  return subject.group.valid() ? report.names.groups.at(subject.group.index()) : std::string();
}

CsvTable levels_table(const Report& report) {
  return wide_table(report, "levels.csv", {label::level, label::group | label::level},
                    {"group", "level"}, [&](const Subject& subject) {
                      return Fields{group_field(report, subject), level_field(subject)};
                    });
}

CsvTable groups_table(const Report& report) {
  return wide_table(report, "groups.csv", {label::none, label::group}, {"group"},
                    [&](const Subject& subject) { return Fields{group_field(report, subject)}; });
}

CsvTable workspaces_table(const Report& report) {
  const Names& names = report.names;
  return wide_table(report, "workspaces.csv", {label::workspace, label::workspace | label::level},
                    {"workspace", "group", "level"}, [&](const Subject& subject) {
                      const std::size_t workspace = subject.workspace.index();
                      return Fields{names.workspaces.at(workspace),
                                    names.groups.at(names.group_of_workspace.at(workspace).index()),
                                    level_field(subject)};
                    });
}

CsvTable submitters_table(const Report& report) {
  return wide_table(report, "submitters.csv", {label::submitter}, {"submitter"},
                    [&](const Subject& subject) {
                      return Fields{report.names.submitters.at(subject.submitter.index())};
                    });
}

CsvTable credentials_table(const Report& report) {
  const Names& names = report.names;
  return wide_table(report, "credentials.csv", {label::credential}, {"credential", "limit"},
                    [&](const Subject& subject) {
                      const std::size_t credential = subject.credential.index();
                      const std::uint32_t limit = names.credential_limits.at(credential);
                      return Fields{names.credentials.at(credential),
                                    limit == UINT32_MAX ? "inf" : std::to_string(limit)};
                    });
}

CsvTable pools_table(const Report& report) {
  return wide_table(report, "pools.csv", {label::pool}, {"pool", "members"},
                    [&](const Subject& subject) {
                      const PoolName& pool = report.names.pools.at(subject.pool.index());
                      return Fields{pool.name, std::to_string(pool.members.size())};
                    });
}

// ---- the others
// --------------------------------------------------------------------------------------

/// Who starved whom: a row for each part of the wait of each subject.
CsvTable attribution_table(const Report& report) {
  CsvTable table{"attribution.csv", kLabelColumns + Fields{"part", "mean_s", "share_of_wait"}, {}};
  std::map<Subject, double> waits;
  for (std::size_t i = 0; i < kWaitParts; ++i)
    for (const FigureEntry& entry :
         report.figures.all(attribution_metric(static_cast<WaitPart>(i))))
      waits[entry.key.subject] +=
          static_cast<WaitPart>(i) == WaitPart::api ? 0 : entry.figure.value;
  for (const auto& [subject, wait] : waits)
    for (std::size_t i = 0; i < kWaitParts; ++i) {
      const auto part = static_cast<WaitPart>(i);
      const Figure* figure = report.figures.find(attribution_metric(part), subject);
      if (!figure) continue;
      const bool has_share = part != WaitPart::api && wait > 0;
      table.rows.push_back(label_fields(subject, report.names) +
                           Fields{std::string(name(part)), number(figure->value),
                                  has_share ? number(figure->value / wait) : std::string()});
    }
  return table;
}

CsvTable meanwhile_table(const Report& report) {
  CsvTable table{"dispatched_meanwhile.csv",
                 {"group", "starved", "level", "workspace", "dispatches", "share"},
                 {}};
  for (const DispatchedMeanwhile& meanwhile : report.dispatched_meanwhile)
    for (const auto& share : meanwhile.shares)
      table.rows.push_back({report.names.groups.at(meanwhile.group.index()),
                            std::string(name(meanwhile.starved)), std::string(name(share.level)),
                            report.names.workspaces.at(share.workspace.index()),
                            number(share.dispatches), number(share.share)});
  return table;
}

void add_stability(const Report& report, const StabilityLine& line, CsvTable& table) {
  const Subject& subject = line.subject;
  const Fields labels = label_fields(subject, report.names);
  const auto known = [&](double value) { return line.peak_sigma > 0 ? number(value) : ""; };
  table.rows.push_back({labels[0], labels[1], labels[4], labels[5], number(line.sigma),
                        number(line.headroom), number(line.servers), number(line.workers_needed),
                        number(line.arrivals_per_s), number(line.mean_service_s),
                        line.lower_bound ? "1" : "0", known(line.peak_sigma),
                        known(line.servers_at_peak), known(line.workers_needed_at_peak),
                        known(line.peak_from.seconds()), known(line.peak_until.seconds()),
                        known(line.time_at_or_above_one.seconds())});
}

CsvTable stability_table(const Report& report) {
  CsvTable table{
      "stability.csv",
      {"group", "level", "credential", "pool", "sigma", "headroom", "servers", "servers_needed",
       "arrivals_per_s", "mean_service_s", "lower_bound", "peak_sigma", "peak_servers",
       "peak_servers_needed", "peak_from_s", "peak_until_s", "overloaded_s"},
      {}};
  for (const GroupStability& group : report.stability)
    for (const StabilityLine& line : group.levels) add_stability(report, line, table);
  for (const StabilityLine& line : report.tight_resources) add_stability(report, line, table);
  return table;
}

Fields window_fields(const WindowBreaks* breaks) {
  if (breaks == nullptr) return Fields(4);
  return {number(breaks->windows), number(breaks->broken), number(breaks->times),
          breaks->first ? number(breaks->first->seconds()) : std::string()};
}

Fields share_fields(const ExpectationResult& result) {
  if (!result.expectation.in_replications) return Fields(6);
  const std::string wanted = number(*result.expectation.in_replications);
  if (!result.in_replications) return Fields{wanted} + Fields(5);
  const ShareOfReplications& share = *result.in_replications;
  return {wanted,
          std::to_string(share.held),
          std::to_string(share.missed),
          std::to_string(share.undecided),
          number(share.bounds.low),
          number(share.bounds.high)};
}

CsvTable incidents_table(const Report& report) {
  CsvTable table{"incidents.csv", {"name", "from_s", "to_s"}, {}};
  for (const IncidentTime& incident : report.incidents)
    table.rows.push_back({incident.name, number(incident.from.seconds()),
                          incident.until ? number(incident.until->seconds()) : std::string()});
  return table;
}

CsvTable expectations_table(const Report& report) {
  CsvTable table{
      "expectations.csv",
      Fields{"sentence", "status", "reason", "because", "metric", "unit"} + kLabelColumns +
          Fields{"comparison", "limit", "over_s"} + kFigureColumns +
          Fields{"windows", "windows_broken", "times_broken", "first_broken_s"} +
          Fields{"in_replications", "held", "missed", "undecided", "share_low", "share_high"},
      {}};
  for (const ExpectationResult& result : report.expectations) {
    const Expectation& expectation = result.expectation;
    const MetricInfo& metric = info(expectation.metric);
    table.rows.push_back(
        Fields{expectation.sentence, std::string(name(result.status)), result.reason,
               expectation.because, std::string(metric.name), std::string(name(metric.unit))} +
        label_fields(expectation.subject, report.names) +
        (expectation.precision
             ? Fields{std::string(), std::string()}
             : Fields{std::string(symbol(expectation.comparison)), number(expectation.limit)}) +
        Fields{expectation.over ? seconds(*expectation.over) : std::string()} +
        (result.figure ? figure_fields(*result.figure) : Fields(kFigureColumns.size())) +
        window_fields(breaks_of(report, expectation)) + share_fields(result));
  }
  return table;
}

CsvTable reaches_table(const Report& report) {
  CsvTable table{"reaches.csv", {"sentence", "status", "count"}, {}};
  for (const ReachResult& reach : report.reaches)
    table.rows.push_back({reach.sentence, std::string(name(reach.status)), number(reach.count)});
  return table;
}

/// The lines of one group, in the order of their columns.
struct LineColumn {
  Line line;
  std::optional<PriorityLevel> level;
};

std::vector<LineColumn> line_columns() {
  std::vector<LineColumn> columns;
  for (const Line line : {Line::eligible, Line::blocked, Line::dispatched, Line::starving})
    for (const PriorityLevel level : kAllLevels) columns.push_back({line, level});
  columns.push_back({Line::running, std::nullopt});
  columns.push_back({Line::present, std::nullopt});
  for (const Line line : {Line::accepted, Line::offered, Line::running, Line::oldest_age,
                          Line::since_dispatch, Line::wait_p50, Line::wait_p95, Line::wait_p99})
    for (const PriorityLevel level : kAllLevels) columns.push_back({line, level});
  return columns;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return lower;
}

std::string line_column_name(const LineColumn& column) {
  std::string text(name(column.line));
  if (column.level) text += "_" + lower_case(name(*column.level));
  switch (column.line) {
    case Line::dispatched:
    case Line::accepted:
      return text + "_per_min";
    case Line::oldest_age:
    case Line::since_dispatch:
    case Line::wait_p50:
    case Line::wait_p95:
    case Line::wait_p99:
      return text + "_s";
    default:
      return text;
  }
}

void add_group_lines(const Report& report, GroupId group, CsvTable& table) {
  const TimeLines& lines = report.time_lines;
  std::vector<const TimeLine*> columns;
  std::size_t buckets = 0;
  for (const LineColumn& column : line_columns()) {
    Subject subject = Subject::of(group);
    subject.level = column.level;
    columns.push_back(lines.find(column.line, subject));
    if (columns.back()) buckets = std::max(buckets, columns.back()->values.size());
  }
  for (std::size_t i = 0; i < buckets; ++i) {
    const Time at = lines.from + lines.bucket * static_cast<std::int64_t>(i);
    Fields row{report.names.groups.at(group.index()), number(at.seconds())};
    for (const TimeLine* line : columns)
      row.push_back(line && i < line->values.size() && !std::isnan(line->values[i])
                        ? number(line->values[i])
                        : std::string());
    table.rows.push_back(std::move(row));
  }
}

CsvTable time_lines_table(const Report& report) {
  CsvTable table{"time_lines.csv", {"group", "time_s"}, {}};
  for (const LineColumn& column : line_columns()) table.columns.push_back(line_column_name(column));
  for (std::size_t i = 0; i < report.names.groups.size(); ++i)
    add_group_lines(report, GroupId::at(i), table);
  return table;
}

/// Of credentials and workspaces, with the replications' range.
CsvTable use_lines_table(const Report& report) {
  CsvTable table{"use_lines.csv",
                 {"line", "credential", "workspace", "time_s", "value", "lowest", "highest"},
                 {}};
  const TimeLines& lines = report.time_lines;
  for (const TimeLine& line : lines.lines) {
    if (line.line != Line::in_use && line.line != Line::received && line.line != Line::fair)
      continue;
    const Fields labels = label_fields(line.subject, report.names);
    for (std::size_t i = 0; i < line.values.size(); ++i) {
      const Time at = lines.from + lines.bucket * static_cast<std::int64_t>(i);
      table.rows.push_back({std::string(name(line.line)), labels[4], labels[2],
                            number(at.seconds()), number(line.values[i]),
                            line.lowest.empty() ? std::string() : number(line.lowest[i]),
                            line.highest.empty() ? std::string() : number(line.highest[i])});
    }
  }
  return table;
}

CsvTable wait_grid_table(const Report& report) {
  CsvTable table{"wait_grid.csv", {"group", "level", "share", "wait_s"}, {}};
  for (const WaitGrid& grid : report.wait_grids)
    for (std::size_t i = 0; i < grid.values.size(); ++i)
      table.rows.push_back({group_field(report, grid.subject), level_field(grid.subject),
                            number(kWaitGrid[i]), number(grid.values[i])});
  return table;
}

constexpr std::string_view kTemporary = ".tmp";

void write_file(const std::filesystem::path& path, const std::string& text) {
  errno = 0;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file)
    throw std::system_error(errno != 0 ? errno : EIO, std::generic_category(),
                            "cannot write '" + path.string() + "'");
}

}  // namespace

std::string csv_column(Metric metric) {
  std::string column(info(metric).name);
  std::replace(column.begin(), column.end(), '.', '_');
  switch (info(metric).unit) {
    case Unit::seconds:
      return column + "_s";
    case Unit::share:
      return column.ends_with("share") ? column : column + "_share";
    case Unit::per_minute:
      return column + "_per_min";
    case Unit::count:
    case Unit::ratio:
      return column;
  }
  return column;
}

std::vector<CsvTable> csv_tables(const Report& report) {
  return {csv_figures(report),        levels_table(report),      groups_table(report),
          workspaces_table(report),   credentials_table(report), pools_table(report),
          attribution_table(report),  meanwhile_table(report),   stability_table(report),
          expectations_table(report), reaches_table(report),     time_lines_table(report),
          load_table(report),         episodes_table(report),    incidents_table(report),
          hours_table(report),        submitters_table(report),  use_lines_table(report),
          wait_grid_table(report)};
}

void write_csv(const Report& report, const std::filesystem::path& dir) {
  std::error_code error;
  std::filesystem::create_directories(dir, error);
  if (error) throw std::system_error(error, "cannot make the folder '" + dir.string() + "'");
  std::vector<std::filesystem::path> written;
  try {
    for (const CsvTable& table : csv_tables(report)) {
      written.push_back(dir / (table.file + std::string(kTemporary)));
      write_file(written.back(), csv_text(table));
    }
    for (const std::filesystem::path& file : written) {
      std::filesystem::path whole = file;
      whole.replace_extension();
      std::filesystem::rename(file, whole, error);
      if (error) throw std::system_error(error, "cannot write '" + whole.string() + "'");
    }
  } catch (...) {
    for (const std::filesystem::path& file : written) std::filesystem::remove(file, error);
    throw;
  }
}

}  // namespace sluice
