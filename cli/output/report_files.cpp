#include "cli/output/report_files.hpp"

#include <system_error>

#include "base/failure.hpp"
#include "cli/output/terminal.hpp"
#include "reports/csv/csv.hpp"
#include "reports/html/front_end.hpp"
#include "reports/json/json.hpp"
#include "reports/markdown/markdown.hpp"
#include "reports/terminal/terminal.hpp"

namespace sluice {
void ReportArguments::add_to(CLI::App& command) {
  command.add_option("--json", json, "Writes the report as JSON; - is standard output")
      ->type_name("FILE");
  command.add_option("--csv", csv, "Writes time series and tables as CSV files")->type_name("DIR");
  command.add_option("--markdown", markdown, "Writes the report as Markdown; - is standard output")
      ->type_name("FILE");
  command
      .add_option("--html", html,
                  "Writes the report as one page for a browser; - is standard output")
      ->type_name("FILE");
  command.add_flag("-q,--quiet", quiet,
                   "No report and no progress; what is not met goes to standard error");
  command.add_flag("--full", full, "The whole report on the terminal, not what fits one screen");
  command.add_option("--color,--colour", colour, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
}

std::vector<NamedOutput> ReportArguments::outputs() const {
  return {{"--json", json}, {"--markdown", markdown}, {"--html", html}};
}

bool ReportArguments::prints_report(const std::vector<NamedOutput>& outputs) const {
  return !quiet && on_standard_output(outputs).empty();
}

void ReportArguments::print_report(const Report& report,
                                   const std::vector<NamedOutput>& outputs) const {
  if (quiet) return print_error(render_unmet(report, standard_error_style(colour)));
  if (!on_standard_output(outputs).empty()) return;
  TerminalStyle style = standard_output_style(colour);
  style.brief = !full;
  print(render_terminal(report, style));
}

ReportFiles::ReportFiles(const ReportArguments& arguments) : csv_(arguments.csv) {
  open_if_named(json_, arguments.json);
  open_if_named(markdown_, arguments.markdown);
  open_if_named(html_, arguments.html);
  if (!csv_.empty()) make_output_folder(csv_);
}

void ReportFiles::write(const Report& report, HtmlOptions origin) {
  write_if_open(json_, [&] { return render_json(report); });
  write_if_open(markdown_, [&] { return render_markdown(report); });
  write_if_open(html_, [&] {
    origin.script = front_end();
    return render_html(report, origin);
  });
  if (csv_.empty()) return;
  try {
    write_csv(report, csv_);
  } catch (const std::system_error& error) {
    throw output_failed(error.what());
  }
}

int exit_code(const Report& report, int signal) {
  if (signal != 0) return 128 + signal;
  switch (report.verdict) {
    case Verdict::failed:
      return static_cast<int>(ExitCode::expectation_failed);
    case Verdict::inconclusive:
    case Verdict::held:
    case Verdict::broke:
      return static_cast<int>(ExitCode::inconclusive);
    case Verdict::passed:
    case Verdict::none:
      break;
  }
  return static_cast<int>(ExitCode::ok);
}

}  // namespace sluice
