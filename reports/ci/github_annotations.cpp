#include "reports/ci/github_annotations.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "base/text/display_text.hpp"

namespace sluice {
namespace {

struct Annotation {
  bool is_error = true;
  std::string file;
  int line = 0, column = 0;
  std::string title, message;
};

std::string github_escaped(std::string_view text, std::string_view which) {
  std::string escaped;
  for (const char c : text) {
    if (which.find(c) == which.npos)
      escaped += c;
    else
      escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return escaped;
}

std::string command_of(const Annotation& note) {
  std::string properties = " file=" + github_property(printable(note.file));
  if (note.line > 0) properties += fmt::format(",line={}", note.line);
  if (note.line > 0 && note.column > 0) properties += fmt::format(",col={}", note.column);
  properties += ",title=" + github_property(printable(note.title));
  return fmt::format("::{}{}::{}\n", note.is_error ? "error" : "warning", properties,
                     github_data(note.message));
}

/// At the place if it is in a file, else at the file as a whole.
Annotation annotation_at(const TestedFile& tested, const std::string& file, int line, int column) {
  Annotation note;
  const bool placed = is_in_a_file(file);
  note.file = std::filesystem::path(placed ? file : tested.file).lexically_normal().string();
  note.line = placed ? line : 0;
  note.column = placed ? column : 0;
  return note;
}

std::string github_title(const TestCase& asked) {
  const bool baseline = asked.kind == TestCase::Kind::baseline;
  switch (asked.status) {
    case Status::failed:
      return baseline ? asked.sentence + " is worse than the baseline"
                      : asked.sentence + " does not hold";
    case Status::broke:
      return asked.sentence + " broke in the only replication";
    case Status::held:
    case Status::inconclusive:
    case Status::passed:
      break;
  }
  return asked.sentence + " is not decided";
}

Annotation annotation_of(const TestedFile& tested, const TestCase& asked) {
  Annotation note = annotation_at(tested, asked.file, asked.line, 0);
  note.is_error = asked.status == Status::failed;
  note.title = github_title(asked);
  note.message = printable(asked.outcome);
  if (!asked.because.empty()) note.message += "\nbecause: " + printable(asked.because);
  if (note.file != tested.file) note.message += "\nin " + printable(tested.file);
  return note;
}

}  // namespace

std::string github_data(std::string_view text) { return github_escaped(text, "%\r\n"); }
std::string github_property(std::string_view text) { return github_escaped(text, "%\r\n:,"); }

std::string github_annotations(const TestRun& run) {
  std::string text;
  for (const TestedFile& tested : run.files) {
    for (const TestProblem& problem : tested.problems) {
      Annotation note = annotation_at(tested, problem.file, problem.line, problem.column);
      note.is_error = !problem.warning;
      note.title = problem.warning ? "a scenario that may mislead" : "a scenario with a mistake";
      note.message = printable(problem.message);
      text += command_of(note);
    }
    if (tested.outcome == TestOutcome::internal_error) {
      Annotation note = annotation_at(tested, tested.file, 0, 0);
      note.title = "an internal error of sluice";
      note.message = printable(tested.summary);
      text += command_of(note);
    }
    for (const TestCase* asked : unmet_cases(tested))
      text += command_of(annotation_of(tested, *asked));
    // One replication only: what held is a single warning.
    if (tested.outcome == TestOutcome::held) {
      Annotation note = annotation_at(tested, tested.file, 0, 0);
      note.is_error = false;
      note.title = "one replication decides nothing";
      note.message = printable(tested.summary);
      text += command_of(note);
    }
  }
  return text;
}

}  // namespace sluice
