#include "cli/output/experiment_files.hpp"

namespace sluice {
namespace {

void open_if_named(std::optional<OutputFile>& file, const std::string& name) {
  if (!name.empty()) file.emplace(name);
}

void write_if_open(std::optional<OutputFile>& file, const std::function<std::string()>& text) {
  if (!file) return;
  file->stream() << text();
  file->commit();
}

}  // namespace

void ExperimentArguments::add_to(CLI::App& command) {
  command.add_option("FILE", file, "Scenario file")->required();
  add_seed(command, seed);
  command
      .add_option("--replications", replications,
                  "So many of each setting, instead of as many as decide")
      ->type_name("N")
      ->check(CLI::Range(1u, 100'000u));
  command
      .add_option("--most", most_replications,
                  "At most so many replications of a setting; 200 if not given")
      ->type_name("N")
      ->check(CLI::Range(1u, 100'000u));
  command.add_option("--threads", threads, "Threads; one per core if not given")
      ->type_name("N")
      ->check(CLI::Range(1u, 1024u));
  scenario.add_to(command);
  command.add_option("--json", json, "Writes what was found as JSON; - is standard output")
      ->type_name("FILE");
  command.add_option("--csv", csv, "Writes it as CSV; - is standard output")->type_name("FILE");
  command.add_option("--markdown", markdown, "Writes it as Markdown; - is standard output")
      ->type_name("FILE");
  command.add_flag("-q,--quiet", quiet, "Prints nothing, and no progress");
  command.add_flag("--full", full, "All rows on the terminal");
  command.add_option("--color,--colour", colour, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
}

LoaderOptions ExperimentArguments::load_options() const {
  LoaderOptions options = scenario.load_options();
  if (seed) options.sets.emplace_back("seed", std::to_string(*seed));
  return options;
}

std::vector<NamedOutput> ExperimentArguments::outputs() const {
  return {{"--json", json}, {"--csv", csv}, {"--markdown", markdown}};
}

bool ExperimentArguments::prints() const { return !quiet && on_standard_output(outputs()).empty(); }

ExperimentFiles::ExperimentFiles(const ExperimentArguments& arguments) {
  open_if_named(json_, arguments.json);
  open_if_named(csv_, arguments.csv);
  open_if_named(markdown_, arguments.markdown);
}

void ExperimentFiles::write(const std::function<std::string()>& json,
                            const std::function<std::string()>& csv,
                            const std::function<std::string()>& markdown) {
  write_if_open(json_, json);
  write_if_open(csv_, csv);
  write_if_open(markdown_, markdown);
}

}  // namespace sluice
