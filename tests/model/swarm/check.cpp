#include "tests/model/swarm/check.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "scenarios/loader/loader.hpp"
#include "tests/model/swarm/play.hpp"
#include "tests/model/swarm/report_check.hpp"

namespace sluice::swarm {
namespace {

/// Of processor time. No scenario of the swarm takes a tenth of it, not even under a sanitizer.
constexpr rlim_t kMostSeconds = 60;

/// How far the child came: what crashes there is named by it.
enum class Stage : char { loading = 'L', playing = 'P', comparing = 'C', reporting = 'R' };

std::string_view word(Stage stage) {
  switch (stage) {
    case Stage::loading:
      return "loading";
    case Stage::playing:
      return "playing";
    case Stage::comparing:
      return "the reference";
    case Stage::reporting:
      return "reporting";
  }
  return "";
}

template <class Tell>
Verdict check(const std::string& text, const std::string& file, Tell tell) {
  Verdict verdict;
  tell(Stage::loading);
  LoadedScenario loaded = load_scenario_text(text, file);
  // What is said of one run is held against the report and the log: of that one alone.
  if (loaded.scenario && !loaded.scenario->replications) loaded.scenario->replications = 1;
  if (!loaded.scenario) {
    for (const Diagnostic& error : loaded.errors) verdict.text += error.message + "\n";
    verdict.outcome = loaded.errors.empty() ? Verdict::Outcome::faulty : Verdict::Outcome::refused;
    if (loaded.errors.empty()) verdict.kind = "refused without a word";
    return verdict;
  }
  Faults faults;
  tell(Stage::playing);
  const Played played = play(*loaded.scenario, faults);
  verdict.compared = reference_covers(*loaded.scenario);
  if (!faults.any() && verdict.compared) {
    tell(Stage::comparing);
    compare_with_reference(played, faults);
  }
  if (!faults.any()) {
    tell(Stage::reporting);
    check_reports(*loaded.scenario, played, faults);
  }
  if (!faults.any()) return verdict;
  return {Verdict::Outcome::faulty, verdict.compared, faults.kind(), faults.text()};
}

void write_all(int file, const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t wrote = write(file, text.data() + at, text.size() - at);
    if (wrote <= 0) return;
    at += static_cast<std::size_t>(wrote);
  }
}

std::string read_all(int file) {
  std::string text;
  char buffer[4096];
  for (ssize_t count = 0; (count = read(file, buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(count));
  return text;
}

/// Ends the process.
[[noreturn]] void be_the_child(int pipe, const std::string& text, const std::string& file) {
  const rlimit limit{kMostSeconds, kMostSeconds + 5};
  setrlimit(RLIMIT_CPU, &limit);
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  Verdict verdict;
  try {
    verdict = check(text, file, [pipe](Stage stage) {
      write_all(pipe, std::string(1, static_cast<char>(stage)));
    });
  } catch (const std::exception& e) {
    verdict = {Verdict::Outcome::faulty, false, "throws",
               std::string("throws: ") + e.what() + "\n"};
  }
  write_all(pipe, std::string(1, static_cast<char>(verdict.outcome)) +
                      (verdict.compared ? "+" : "-") + verdict.kind + "\n" + verdict.text);
  _exit(0);
}

/// Stages in capital letters, then the outcome and what goes with it.
Verdict read_verdict(const std::string& told, int status) {
  const std::size_t at = told.find_first_not_of("LPCR");
  if (at != told.npos && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    const std::size_t line = told.find('\n', at);
    return {static_cast<Verdict::Outcome>(told[at]), told[at + 1] == '+',
            told.substr(at + 2, line - at - 2), told.substr(line + 1)};
  }
  const Stage stage =
      told.empty() ? Stage::loading : static_cast<Stage>(told[std::min(at, told.size()) - 1]);
  const std::string how = !WIFSIGNALED(status)          ? "ends by itself"
                          : WTERMSIG(status) == SIGXCPU ? "hangs"
                                                        : "crashes";
  const std::string kind = how + " while " + std::string(word(stage));
  return {Verdict::Outcome::faulty, false, kind, kind + "\n"};
}

}  // namespace

Verdict check_scenario(const std::string& text, const std::string& file) {
  return check(text, file, [](Stage) {});
}

Verdict check_apart(const DrawnScenario& scenario, const std::string& folder) {
  const std::string text = yaml_text(scenario.tree), file = folder + "/scenario.yaml";
  std::ofstream(file) << text;
  if (!scenario.rows.empty()) std::ofstream(folder + "/" + kRowsFile) << scenario.rows;
  return check_file_apart(file);
}

Verdict check_file_apart(const std::string& file) {
  std::ifstream in(file);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  int ends[2];
  if (pipe(ends) != 0) return {Verdict::Outcome::faulty, false, "no pipe", "no pipe can be made\n"};
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    be_the_child(ends[1], text, file);
  }
  close(ends[1]);
  const std::string told = read_all(ends[0]);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  return read_verdict(told, status);
}

}  // namespace sluice::swarm
