// The files of a report, shared by the subcommands that make one.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/output/output.hpp"
#include "cli/output/output_names.hpp"
#include "reports/html/html.hpp"
#include "reports/report.hpp"

namespace sluice {

/// Filled in by the parser.
struct ReportArguments {
  std::string json, csv, markdown, html;
  bool quiet = false;
  bool full = false;
  std::string colour = "auto";

  void add_to(CLI::App& command);
  std::vector<NamedOutput> outputs() const;
  /// Whether a file is written that shows more than the report for people does.
  bool wants_details() const { return !json.empty() || !csv.empty() || !html.empty(); }
  /// Whether it goes to standard output: not if it is not wanted, or one of `outputs` goes there.
  bool prints_report(const std::vector<NamedOutput>& outputs) const;
  /// The report for people; of one that is not wanted what is not met, on standard error.
  void print_report(const Report& report, const std::vector<NamedOutput>& outputs) const;
};

/// Made before the report's work starts, which may take an hour, so that what cannot be written is
/// found at once.
class ReportFiles {
 public:
  /// Throws output_failed().
  explicit ReportFiles(const ReportArguments& arguments);
  /// `origin`: what a page says of how to make it again; its script is added. Throws
  /// output_failed().
  void write(const Report& report, HtmlOptions origin);

 private:
  std::optional<OutputFile> json_, markdown_, html_;
  std::string csv_;
};

/// By signal and verdict.
int exit_code(const Report& report, int signal);

}  // namespace sluice
