// sluice compare --base FILE… --new FILE…: did it get worse? Two sets of reports of the same
// scenario, several repetitions each.
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/failure.hpp"
#include "cli/command.hpp"
#include "cli/output/output.hpp"
#include "cli/output/output_names.hpp"
#include "cli/output/terminal.hpp"
#include "reports/terminal/comparison.hpp"

namespace sluice {
namespace {

struct CompareArguments {
  std::vector<std::string> base, changed, metrics;
  bool pairs = false;
  std::string tolerance = "5%";
  double confidence = 0.95;
  std::string json;
  bool quiet = false;
  std::string colour = "auto";
};

ReadReport read_one(const std::string& file) {
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(stream), {});
  if (!stream) throw bad_input(fmt::format("cannot read {}: {}", file, std::strerror(errno)));
  const Parsed<ReadReport> report = read_report(text);
  if (!report) throw bad_input(fmt::format("{} {}", file, report.error.message));
  if (!report->validity.empty() && report->validity != "valid")
    throw UserError(ExitCode::invalid_run,
                    fmt::format("{} is a load that was not valid: {}", file, report->validity));
  return *report;
}

bool is_compared(Metric metric) {
  for (const MetricOfComparison& compared : metrics_of_comparison())
    if (compared.metric == metric) return true;
  return false;
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

int compare_files(const CompareArguments& arguments) {
  ComparisonOptions options;
  if (const std::string mistake = read_options(arguments, options); !mistake.empty())
    throw bad_input(mistake);
  std::vector<std::string> inputs = arguments.base;
  inputs.insert(inputs.end(), arguments.changed.begin(), arguments.changed.end());
  check_outputs({{"--json", arguments.json}}, inputs);
  std::vector<ReadReport> base, changed;
  for (const std::string& file : arguments.base) base.push_back(read_one(file));
  for (const std::string& file : arguments.changed) changed.push_back(read_one(file));
  if (const std::string mistake = mistake_in(base, changed, options); !mistake.empty())
    throw bad_input(mistake);

  const ReportComparison comparison = compare(base, changed, options);
  if (!arguments.json.empty()) write_output(arguments.json, comparison_json(comparison));
  if (!arguments.quiet && arguments.json != kStandardOutput)
    print(render_comparison(comparison, standard_output_style(arguments.colour)));
  return static_cast<int>(exit_code(comparison.verdict));
}

std::string footer() {
  std::string text = "Compared, of all or by level:\n";
  for (const MetricOfComparison& metric : metrics_of_comparison())
    text += fmt::format("  {:<22}{:<12}{} is better\n", info(metric.metric).name,
                        metric.of_levels && metric.of_all ? "all, level"
                        : metric.of_levels                ? "level"
                                                          : "all",
                        metric.lower_is_better ? "lower" : "higher");
  return text + "\n" + kExitCodesText;
}

}  // namespace

void add_compare(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<CompareArguments>();
  CLI::App* command = app.add_subcommand(
      "compare", "Compares two sets of reports: did anything get worse than noise explains?");
  command->add_option("--base", arguments->base, "Reports (JSON) of the base, one per repetition")
      ->type_name("FILE")
      ->required();
  command->add_option("--new", arguments->changed, "Reports (JSON) to hold against them")
      ->type_name("FILE")
      ->required();
  command->add_flag("--pairs", arguments->pairs,
                    "The i-th reports of both sets share a seed: compares within pairs");
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
  command->add_flag("-q,--quiet", arguments->quiet, "Prints nothing");
  command->add_option("--color,--colour", arguments->colour, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
  command->footer(footer());
  command->callback(
      [arguments, &action] { action = [arguments] { return compare_files(*arguments); }; });
}

}  // namespace sluice
