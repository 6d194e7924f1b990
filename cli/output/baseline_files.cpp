#include "cli/output/baseline_files.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "cli/output/output.hpp"
#include "reports/ci/baseline.hpp"
#include "scenarios/loader/yaml/sources.hpp"
#include "scenarios/loader/yaml/yaml_tree.hpp"

namespace sluice {
namespace {

namespace fs = std::filesystem;

void hold_one(const std::string& path, double tolerance, TestedFile& tested) {
  if (!has_figures(tested)) return;
  std::error_code ignored;
  if (!fs::exists(path, ignored))
    return note_missing_baseline(fmt::format("there is no baseline {}", path), tested);
  const FileText text = read_text_file(path, kMaxFileBytes);
  if (!text.text)
    return note_missing_baseline(fmt::format("the baseline {} {}", path, text.problem), tested);
  const Parsed<Baseline> baseline = read_baseline(*text.text);
  if (baseline)
    hold_against(*baseline, tolerance, tested);
  else
    note_missing_baseline(path + " " + baseline.error.message, tested);
}

/// Empty: it becomes a baseline.
std::string why_no_baseline(const TestedFile& tested) {
  if (tested.outcome != TestOutcome::passed)
    return fmt::format("it did not pass: {}", outcome_word(tested.outcome));
  return has_figures(tested) ? "" : "its expectations name no figure";
}

}  // namespace

std::string baseline_path(const std::string& folder, const std::string& file) {
  fs::path inside = fs::path(file).lexically_normal();
  std::error_code ignored;
  if (inside.is_absolute() || *inside.begin() == "..") {
    const fs::path whole = fs::weakly_canonical(fs::absolute(inside, ignored), ignored);
    const fs::path below = whole.lexically_relative(fs::current_path(ignored));
    inside = below.empty() || *below.begin() == ".." ? whole.relative_path() : below;
  }
  return (fs::path(folder) / inside).string() + ".json";
}

void hold_against_baselines(const std::string& folder, double tolerance, TestRun& run) {
  run.tolerance = tolerance;
  for (TestedFile& tested : run.files)
    hold_one(baseline_path(folder, tested.file), tolerance, tested);
}

ExitCode update_baselines(const std::string& folder, TestRun& run) {
  ExitCode code = ExitCode::ok;
  BaselineUpdate& update = run.update.emplace();
  for (const TestedFile& tested : run.files) {
    if (tested.outcome == TestOutcome::skipped) continue;
    std::string why = why_no_baseline(tested);
    const std::string path = baseline_path(folder, tested.file);
    try {
      if (why.empty()) {
        make_output_folder(fs::path(path).parent_path().string());
        write_output(path, baseline_json(baseline_of(tested)));
        ++update.written;
      }
    } catch (const UserError& error) {
      print_error(fmt::format("sluice: {}\n", error.what()));
      code = first_that_counts(code, error.code());
      why = error.what();
    }
    if (!why.empty()) update.not_written.push_back({tested.file, why});
  }
  return code;
}

}  // namespace sluice
