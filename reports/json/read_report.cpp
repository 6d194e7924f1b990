#include "reports/json/read_report.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "reports/compare/comparison.hpp"
#include "reports/json/figures.hpp"
#include "reports/json/json.hpp"
#include "reports/json/replications.hpp"

namespace sluice {
namespace {

using SortedJson = nlohmann::json;

struct WrongReplications {};

/// The member at the end of a path; null if there is none.
const SortedJson* at(const SortedJson& json, const std::vector<std::string>& path) {
  const SortedJson* place = &json;
  for (const std::string& part : path) {
    if (!place->is_object() || !place->contains(part)) return nullptr;
    place = &(*place)[part];
  }
  return place;
}

/// `key`: of whom; its metric is not looked at.
void read_figures(const SortedJson& of, ComparedFigureKey key, ComparedReport& report) {
  for (const MetricInfo& metric : all_metrics()) {
    const SortedJson* figure = at(of, json_path(metric.metric));
    if (figure == nullptr) continue;
    const SortedJson* value = at(*figure, {"value"});
    if (value == nullptr || !value->is_number()) continue;
    key.metric = metric.metric;
    report.figures[key] = value->get<double>();
  }
}

/// Of each thing in a list, if there are few: false otherwise.
bool read_things(const SortedJson& json, const char* list, std::string ComparedFigureKey::*name,
                 ComparedReport& report) {
  const SortedJson* things = at(json, {list});
  if (things == nullptr || things->size() < 2 || things->size() > kMostToldApart) return false;
  for (const SortedJson& thing : *things) {
    ComparedFigureKey key;
    key.*name = thing.at("name");
    read_figures(thing, std::move(key), report);
  }
  return true;
}

ComparedReport read(const SortedJson& json) {
  const SortedJson& scenario = json.at("scenario");
  ComparedReport report;
  report.scenario = scenario.at("name");
  report.hash = scenario.at("hash");
  report.seed = scenario.at("seed");
  report.engine = scenario.at("engine");
  report.until_s = scenario.at("until_s");
  report.complete = scenario.at("complete");
  if (const SortedJson* validity = at(json, {"load", "validity"});
      validity && validity->is_string())
    report.validity = *validity;
  read_figures(json.at("total"), {}, report);
  for (const SortedJson& entry : json.at("levels"))
    if (const SortedJson& level = entry.at("level"); level.is_string())
      if (const auto known = level_named(level.get<std::string>()))
        read_figures(entry, {{}, known}, report);
  report.tells_workspaces = read_things(json, "workspaces", &ComparedFigureKey::workspace, report);
  report.tells_submitters = read_things(json, "submitters", &ComparedFigureKey::submitter, report);
  return report;
}

std::optional<ComparedFigureKey> key_of(const SortedJson& line) {
  const std::optional<Metric> metric = metric_named(line.at("metric").get<std::string>());
  if (!metric) return std::nullopt;
  ComparedFigureKey key{*metric};
  if (line.contains("level")) key.level = level_named(line.at("level").get<std::string>());
  key.workspace = line.value("workspace", "");
  key.submitter = line.value("submitter", "");
  return key;
}

/// One of each replication; none: the report does not hold their values.
std::vector<ComparedReport> read_replications(const SortedJson& json, const ComparedReport& whole) {
  std::vector<ComparedReport> replications;
  const SortedJson* held = at(json, {"replications"});
  if (held == nullptr) return replications;
  ComparedReport one = whole;
  one.is_replication = true;
  std::erase_if(one.figures, [](const auto& figure) { return is_compared(figure.first.metric); });
  for (const SortedJson& digits : held->at("seeds")) {
    const std::optional<std::uint64_t> seed = seed_of(digits.get<std::string>());
    if (!seed) throw WrongReplications();
    replications.emplace_back(one).seed = *seed;
  }
  for (const SortedJson& line : held->at("lines")) {
    const std::optional<ComparedFigureKey> key = key_of(line);
    const SortedJson& values = line.at("values");
    if (values.size() != replications.size()) throw WrongReplications();
    for (std::size_t i = 0; key && i < values.size(); ++i)
      if (values[i].is_number()) replications[i].figures[*key] = values[i].get<double>();
  }
  return replications;
}

/// Calls `reading` with the document if it is a report of this version.
template <class Value, class Reading>
Parsed<Value> read_document(std::string_view text, const Reading& reading) {
  const SortedJson json = SortedJson::parse(text, nullptr, false);
  if (json.is_discarded()) return Parsed<Value>::wrong(0, "is not JSON");
  if (!json.is_object() || json.value("format", SortedJson()) != "sluice.report")
    return Parsed<Value>::wrong(0, "is not a report of sluice");
  if (json.value("version", SortedJson()) != kReportJsonVersion)
    return Parsed<Value>::wrong(
        0, fmt::format("is a report of version {}; this program reads version {}",
                       json.value("version", SortedJson()).dump(), kReportJsonVersion));
  try {
    return Parsed<Value>::of(reading(json));
  } catch (const SortedJson::exception&) {
    return Parsed<Value>::wrong(0, "lacks members that every report has");
  } catch (const WrongReplications&) {
    return Parsed<Value>::wrong(0, "has replications without a seed or a value for each");
  }
}

}  // namespace

Parsed<ComparedReport> read_report(std::string_view text) {
  return read_document<ComparedReport>(text, read);
}

Parsed<std::vector<ComparedReport>> read_repetitions(std::string_view text) {
  return read_document<std::vector<ComparedReport>>(text, [](const SortedJson& json) {
    ComparedReport whole = read(json);
    std::vector<ComparedReport> repetitions = read_replications(json, whole);
    if (repetitions.empty()) repetitions.push_back(std::move(whole));
    return repetitions;
  });
}

}  // namespace sluice
