#include "reports/json/comparison.hpp"

#include <nlohmann/json.hpp>

#include "base/text/json_text.hpp"

namespace sluice {
namespace {

using Json = nlohmann::ordered_json;

Json metric_json(const ComparedMetric& metric, bool of_pairs) {
  Json json{{"metric", info(metric.key.metric).name}};
  json["level"] = metric.key.level ? Json(name(*metric.key.level)) : Json();
  if (!metric.key.workspace.empty()) json["workspace"] = metric.key.workspace;
  if (!metric.key.submitter.empty()) json["submitter"] = metric.key.submitter;
  json["better"] = metric.lower_is_better ? "lower" : "higher";
  json["base"] = json_number(metric.base);
  json["new"] = json_number(metric.changed);
  json["relative"] = json_number(metric.relative);
  json["p"] = json_number(metric.p);
  json["adjusted_p"] = json_number(metric.adjusted_p);
  if (metric.interval)
    json["difference_interval"] = {json_number(metric.interval->low),
                                   json_number(metric.interval->high)};
  json["beyond_tolerance"] = metric.large;
  json["change"] = name(metric.change);
  if (of_pairs) json["settled"] = metric.change != Change::none || metric.alike;
  return json;
}

}  // namespace

std::string comparison_json(const ReportComparison& comparison) {
  Json json{{"format", "sluice.comparison"},
            {"version", 1},
            {"verdict", name(comparison.verdict)},
            {"scenario", comparison.scenario},
            {"same_scenario", comparison.same_hash},
            {"repetitions", {{"base", comparison.base}, {"new", comparison.changed}}},
            {"needed", comparison.needed},
            {"pairs", comparison.options.pairs},
            {"confidence", json_number(comparison.options.confidence)},
            {"tolerance", json_number(comparison.options.tolerance)},
            {"equal", comparison.equal}};
  if (comparison.repetition != Repetition::report)
    json["repetition"] =
        comparison.repetition == Repetition::replication ? "replication" : "either";
  if (const auto& shared = comparison.shared_seeds) {
    json["shared_seeds"] = {{"pairs", shared->pairs}, {"left_out", shared->left_out}};
    if (shared->pairs_needed > 0) json["shared_seeds"]["pairs_needed"] = shared->pairs_needed;
  }
  if (comparison.needed_by_workspace > 0)
    json["needed_by_workspace"] = comparison.needed_by_workspace;
  if (comparison.needed_by_submitter > 0)
    json["needed_by_submitter"] = comparison.needed_by_submitter;
  if (!comparison.cause.empty()) json["cause"] = comparison.cause;
  if (const auto& simulated = comparison.simulated)
    json["simulated"] = {{"base", simulated->base},
                         {"new", simulated->changed},
                         {"confidence", json_number(simulated->stated_confidence)},
                         {"looks", simulated->looks},
                         {"same_seed", simulated->same_seed},
                         {"exact", comparison.options.exact},
                         {"complete", simulated->complete}};
  Json& metrics = json["metrics"] = Json::array();
  for (const ComparedMetric& metric : comparison.metrics)
    metrics.push_back(metric_json(metric, comparison.options.pairs));
  return json_text(json);
}

}  // namespace sluice
