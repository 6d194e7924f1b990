// sluice metrics: every metric that reports have and expectations may name.
#include <fmt/format.h>

#include <string>

#include "base/failure.hpp"
#include "base/text/display_text.hpp"
#include "cli/command.hpp"
#include "cli/output/output.hpp"
#include "reports/figures/metric.hpp"

namespace sluice {
namespace {

std::string labels_of(const MetricInfo& metric) {
  std::string text;
  for (unsigned bit = 1; bit <= label::submitter; bit *= 2) {
    const auto single = static_cast<Labels>(bit);
    if ((metric.labels & single) == 0) continue;
    if (!text.empty()) text += ", ";
    text += label_name(single);
    if ((metric.required & single) != 0) text += " (required)";
  }
  return text;
}

std::string entry(const MetricInfo& metric) {
  std::string text = fmt::format("{:<34}{:<12}{}\n", metric.name, name(metric.unit), metric.id);
  for (const std::string& line : wrapped(metric.meaning, 96)) text += "    " + line + "\n";
  const std::string labels = labels_of(metric);
  if (!labels.empty()) text += fmt::format("    by {}\n", labels);
  if (only_by_group(metric.metric)) text += "    of one group: where there are several, name it\n";
  if (metric.over_window) text += "    also over sliding windows: … over 60s\n";
  return text;
}

int list_metrics() {
  std::string text;
  for (const MetricInfo& metric : all_metrics()) text += entry(metric);
  print(text);
  return static_cast<int>(ExitCode::ok);
}

}  // namespace

void add_metrics(CLI::App& app, Action& action) {
  CLI::App* command =
      app.add_subcommand("metrics", "Lists every metric: name, unit, definition, labels");
  command->footer(
      "In `expect`: METRIC < LIMIT [over 60s] [in 95% of replications]. With `over` in each "
      "sliding\n"
      "window; with `in` each replication by itself, otherwise the mean over them.");
  command->callback([&action] { action = list_metrics; });
}

}  // namespace sluice
