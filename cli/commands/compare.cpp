// sluice compare A.yaml B.yaml, or FILE --set …: is it worse so? Both are simulated until that is
// known. sluice compare --base FILE… --new FILE…: did it get worse? Two sets of reports, several
// repetitions each.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/failure.hpp"
#include "cli/command.hpp"
#include "cli/output/output.hpp"
#include "cli/output/output_names.hpp"
#include "cli/output/progress_line.hpp"
#include "cli/output/terminal.hpp"
#include "cli/rounds_arguments.hpp"
#include "cli/scenario_arguments.hpp"
#include "cli/stop_signals.hpp"
#include "cli/version.hpp"
#include "experiments/compare_scenarios.hpp"
#include "experiments/compared_values.hpp"
#include "experiments/store/point_files.hpp"
#include "experiments/store/point_store.hpp"
#include "reports/compare/compare_repetitions.hpp"
#include "reports/json/comparison.hpp"
#include "reports/json/read_report.hpp"
#include "reports/markdown/comparison.hpp"
#include "reports/terminal/comparison.hpp"

namespace sluice {
namespace {

struct CompareArguments {
  std::vector<std::string> scenarios;  // one or two: to be simulated
  ScenarioArguments variant;
  std::vector<std::string> base_sets;
  std::optional<std::uint64_t> seed;
  RoundsArguments rounds;
  std::string store;

  std::vector<std::string> base, changed, metrics;  // reports
  bool pairs = false;
  std::string tolerance = "5%";
  double confidence = 0.95;
  std::string json, markdown;
  bool quiet = false;
  std::string colour = "auto";
};

/// Adds its repetitions.
void read_one(const std::string& file, std::vector<ComparedReport>& set) {
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(stream), {});
  if (!stream) throw bad_input(fmt::format("cannot read {}: {}", file, std::strerror(errno)));
  const Parsed<std::vector<ComparedReport>> reports = read_repetitions(text);
  if (!reports) throw bad_input(fmt::format("{} {}", file, reports.error.message));
  for (const ComparedReport& report : *reports) {
    if (!report.validity.empty() && report.validity != "valid")
      throw UserError(ExitCode::invalid_run,
                      fmt::format("{} is a load that was not valid: {}", file, report.validity));
    set.push_back(report);
  }
}

std::string list_of_metrics() {
  std::string text;
  for (const MetricOfComparison& metric : metrics_of_comparison())
    text += (text.empty() ? "" : ", ") + std::string(info(metric.metric).name);
  return text;
}

/// Empty: the options are fine.
std::string read_options(const CompareArguments& arguments, ComparisonOptions& options) {
  options.pairs = arguments.pairs;
  options.confidence = arguments.confidence;
  const Parsed<double> tolerance = parse_share(arguments.tolerance);
  if (!tolerance)
    return fmt::format("--tolerance {}: {}", arguments.tolerance, tolerance.error.message);
  options.tolerance = *tolerance;
  for (const std::string& word : arguments.metrics) {
    const std::optional<Metric> metric = metric_named(word);
    if (!metric || !is_compared(*metric))
      return fmt::format("--metric {}: is none of {}", word, list_of_metrics());
    options.only.push_back(*metric);
  }
  return {};
}

ReportComparison compare_reports(const CompareArguments& arguments,
                                 const ComparisonOptions& options) {
  std::vector<ComparedReport> base, changed;
  for (const std::string& file : arguments.base) read_one(file, base);
  for (const std::string& file : arguments.changed) read_one(file, changed);
  if (const std::string mistake = mistake_in(base, changed, options); !mistake.empty())
    throw bad_input(mistake);
  return compare_repetitions(base, changed, options);
}

/// "scenarios/day.yaml with workers=20"
std::string side_name(const std::string& file, const std::vector<std::string>& params,
                      const std::vector<std::string>& sets) {
  std::vector<std::string> all = params;
  all.insert(all.end(), sets.begin(), sets.end());
  return all.empty() ? file : fmt::format("{} with {}", file, fmt::join(all, ", "));
}

Variants load_side(const std::string& file, LoaderOptions options,
                   const std::optional<std::uint64_t>& seed) {
  if (seed) options.sets.emplace_back("seed", std::to_string(*seed));
  Variants variants(file, std::move(options));
  print_diagnostics(variants.base());
  return variants;
}

/// Where the replications of one side are kept.
class SideStore {
 public:
  /// `folder` empty: nowhere. Throws bad_input for a store of something else, output_failed().
  SideStore(const std::string& folder, const char* side, const Variants& variants) {
    if (folder.empty()) return;
    store_.folder = (std::filesystem::path(folder) / side).string();
    const Further further = compared_figures(*variants.base().scenario);
    points_.emplace(store_.folder, store_identity(variants, further, build_id()),
                    std::string(kPointsFile));
    store_.points = &*points_;
  }
  const TrialStore* get() const { return points_ ? &store_ : nullptr; }

 private:
  std::optional<PointStore> points_;
  TrialStore store_;
};

/// None: a scenario could not be loaded, and its errors have been printed.
std::optional<ReportComparison> compare_simulated(const CompareArguments& arguments,
                                                  const ComparisonOptions& comparing,
                                                  const StopSignals& signals) {
  const bool of_one = arguments.scenarios.size() == 1;
  const ScenarioArguments& variant = arguments.variant;
  if (of_one && variant.params.empty() && variant.sets.empty() && arguments.base_sets.empty())
    throw bad_input("a scenario is compared with another one, or with itself and --set or -p");
  // Of two files both are varied; of one the new side is.
  ScenarioArguments of_base = of_one ? ScenarioArguments{} : variant;
  of_base.sets.insert(of_base.sets.end(), arguments.base_sets.begin(), arguments.base_sets.end());
  const std::string &file = arguments.scenarios.front(), &other = arguments.scenarios.back();
  const Variants base = load_side(file, of_base.load_options(), arguments.seed);
  if (!base.base().scenario) return std::nullopt;
  const Variants changed = load_side(other, variant.load_options(), arguments.seed);
  if (!changed.base().scenario) return std::nullopt;

  const SideStore of_base_side(arguments.store, "base", base);
  const SideStore of_new_side(arguments.store, "new", changed);
  TrialProgress progress;
  SideBySideOptions options;
  options.comparison = comparing;
  options.looks = arguments.rounds.looks(kMostForMeans);
  options.trials.threads = arguments.rounds.threads;
  options.trials.stop = &signals.stop();
  options.trials.progress = &progress;
  const ProgressLine line(progress, !arguments.quiet);
  return compare_scenarios(
      {base, side_name(file, of_base.params, of_base.sets), of_base_side.get()},
      {changed, side_name(other, variant.params, variant.sets), of_new_side.get()}, options);
}

/// Reports or scenarios, and nothing that is for the others.
void check_sides(const CompareArguments& arguments) {
  const bool reports = !arguments.base.empty() || !arguments.changed.empty();
  if (reports && !arguments.scenarios.empty())
    throw bad_input("scenarios are compared, or reports (--base and --new), not both");
  if (reports && (arguments.base.empty() || arguments.changed.empty()))
    throw bad_input("reports are compared in two sets: --base FILE… --new FILE…");
  if (!reports && arguments.scenarios.empty())
    throw bad_input(
        "nothing to compare: two scenarios, one with --set or -p, or reports (--base, --new)");
  if (arguments.scenarios.size() > 2) throw bad_input("at most two scenarios are compared");
  const RoundsArguments& rounds = arguments.rounds;
  const bool simulates = arguments.seed || rounds.replications || rounds.most ||
                         rounds.threads > 0 || !arguments.base_sets.empty() ||
                         !arguments.variant.params.empty() || !arguments.variant.sets.empty() ||
                         !arguments.store.empty();
  if (reports && simulates)
    throw bad_input(
        "--seed, --replications, --most, --threads, --store, --base-set, --set and -p are for "
        "scenarios");
  if (!reports && arguments.pairs)
    throw bad_input("--pairs is for reports: scenarios are always compared within pairs");
}

ExitCode exit_code(ReportComparison::Verdict verdict) {
  switch (verdict) {
    case ReportComparison::Verdict::no_regression:
      return ExitCode::ok;
    case ReportComparison::Verdict::regression:
      return ExitCode::regression;
    case ReportComparison::Verdict::inconclusive:
      return ExitCode::inconclusive;
  }
  return ExitCode::internal_error;
}

int run_compare(const CompareArguments& arguments) {
  ComparisonOptions options;
  if (const std::string mistake = read_options(arguments, options); !mistake.empty())
    throw bad_input(mistake);
  check_sides(arguments);
  std::vector<std::string> inputs = arguments.base;
  inputs.insert(inputs.end(), arguments.changed.begin(), arguments.changed.end());
  inputs.insert(inputs.end(), arguments.scenarios.begin(), arguments.scenarios.end());
  const std::vector<NamedOutput> outputs{{"--json", arguments.json},
                                         {"--markdown", arguments.markdown}};
  check_outputs(outputs, inputs);
  const StopSignals signals;
  std::optional<OutputFile> json, markdown;
  open_if_named(json, arguments.json);
  open_if_named(markdown, arguments.markdown);
  const std::optional<ReportComparison> comparison =
      arguments.scenarios.empty() ? compare_reports(arguments, options)
                                  : compare_simulated(arguments, options, signals);
  if (!comparison) return static_cast<int>(ExitCode::bad_input);
  write_if_open(json, [&] { return comparison_json(*comparison); });
  write_if_open(markdown, [&] { return render_comparison_markdown(*comparison); });
  if (!arguments.quiet && on_standard_output(outputs).empty())
    print(render_comparison(*comparison, standard_output_style(arguments.colour)));
  if (signals.signal() != 0) return 128 + signals.signal();
  return static_cast<int>(exit_code(comparison->verdict));
}

std::string of_what(const MetricOfComparison& metric) {
  std::vector<std::string_view> words;
  if (metric.of_all) words.push_back("all");
  if (metric.of_levels) words.push_back("level");
  if (metric.of_workspaces) words.push_back("workspace");
  if (metric.of_submitters) words.push_back("submitter");
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string footer() {
  std::string text =
      "Compared, of all, by level, and by workspace and submitter where there are 2 to 16:\n";
  for (const MetricOfComparison& metric : metrics_of_comparison())
    text += fmt::format("  {:<22}{:<34}{} is better\n", info(metric.metric).name, of_what(metric),
                        metric.lower_is_better ? "lower" : "higher");
  return text + "\n" + kExitCodesText;
}

}  // namespace

void add_compare(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<CompareArguments>();
  CLI::App* command = app.add_subcommand(
      "compare",
      "Compares two scenarios, or two sets of reports: is anything worse than noise "
      "explains?");
  command
      ->add_option("SCENARIO", arguments->scenarios,
                   "Two scenario files, the base first; or one, and --set or -p for the new side: "
                   "simulated on the same draws until the comparison is settled")
      ->type_name("FILE");
  add_seed(*command, arguments->seed);
  arguments->variant.add_to(*command);
  command
      ->add_option("--base-set", arguments->base_sets, "As --set, of the base alone (repeatable)")
      ->allow_extra_args(false)
      ->type_name("PATH=VALUE");
  arguments->rounds.add_to(*command, "side", "200");
  command
      ->add_option("--store", arguments->store,
                   "Keeps each finished replication in the folders base and new of this one, and "
                   "goes on from what is there")
      ->type_name("DIR");
  command
      ->add_option("--base", arguments->base,
                   "Reports (JSON) of the base; a simulation with replications counts each of them")
      ->type_name("FILE");
  command->add_option("--new", arguments->changed, "Reports (JSON) to hold against them")
      ->type_name("FILE");
  command->add_flag("--pairs", arguments->pairs,
                    "The i-th reports of both sets share a seed: compares within pairs, as is done "
                    "anyway where the seeds of replications agree");
  command
      ->add_option(
          "--tolerance", arguments->tolerance,
          "Differences of up to this share of the base's mean do not count; 5% if not given")
      ->type_name("SHARE");
  command
      ->add_option("--confidence", arguments->confidence,
                   "Of all metrics together; 0.95 if not given")
      ->type_name("P")
      ->check(CLI::Range(0.5, 0.9999));
  command
      ->add_option("--metric", arguments->metrics,
                   "Compares only this metric (repeatable): fewer repetitions are needed")
      ->type_name("NAME");
  command
      ->add_option("--json", arguments->json, "Writes the comparison as JSON; - is standard output")
      ->type_name("FILE");
  command
      ->add_option("--markdown", arguments->markdown, "Writes it as Markdown; - is standard output")
      ->type_name("FILE");
  command->add_flag("-q,--quiet", arguments->quiet, "Prints nothing, and no progress");
  command->add_option("--color,--colour", arguments->colour, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
  command->footer(footer());
  command->callback(
      [arguments, &action] { action = [arguments] { return run_compare(*arguments); }; });
}

}  // namespace sluice
