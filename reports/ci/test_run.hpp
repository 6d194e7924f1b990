// What `sluice test` came to: a value, which every format for people and for CI renders.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/failure.hpp"
#include "base/shard.hpp"
#include "reports/expectations/expectation.hpp"
#include "reports/figures/figure.hpp"

namespace sluice {

/// A mistake in a scenario, or a warning, where it stands.
struct TestProblem {
  std::string file;  ///< as the loader names it; `-p` or `--set`: on the command line
  int line = 0;      ///< from 1; 0: about the file as a whole
  int column = 0;    ///< from 1; 0: about the line as a whole
  std::string message;
  std::string text;  ///< the same with place and source line, in several lines
  bool warning = false;
};

/// One thing that was asked of a file.
struct TestCase {
  enum class Kind : std::uint8_t {
    expectation,
    reach,
    baseline,  ///< a figure of an expectation held against what it was before
  };
  Kind kind = Kind::expectation;
  std::string sentence;  ///< as written; of a baseline the figure's name
  Status status = Status::inconclusive;
  std::string outcome;   ///< one line: what was measured, and how far that is from the limit
  std::string because;   ///< where the limit comes from; may be empty
  bool implied = false;  ///< no sentence of the scenario
  std::string file;      ///< where the sentence stands, `--set` included; empty: nowhere
  int line = 0;          ///< from 1; 0: about the file as a whole

  // Of expectations and baselines.
  std::string figure_name;  ///< `wait.p95{level=LOW}`, `rejected.rate over 1m`
  Unit unit{};
  Comparison comparison{};
  double limit = 0;                         ///< in the unit
  std::optional<Figure> figure;             ///< none: nothing was measured
  std::optional<double> margin;             ///< negative: on the wrong side of the limit
  Unit margin_unit{};                       ///< of a share of replications: share
  double margin_of = 0;                     ///< the limit or the share that is wanted, in that unit
  std::optional<double> wanted_share = {};  ///< `in` which share of the replications
  std::optional<ShareOfReplications> in_replications = {};
  std::optional<Figure> base = {};  ///< of a baseline: what it said

  std::uint64_t count = 0;  ///< of a reach: how often it happened
};

/// In words that JSON has as well: reports/schema/test.schema.json.
enum class TestOutcome : std::uint8_t {
  passed,
  nothing_expected,  ///< it was simulated; nothing was asked
  held,              ///< in its only replication, of something that is drawn
  broke,
  inconclusive,
  failed,
  regression,      ///< against the baseline
  bad_scenario,    ///< it could not be loaded
  internal_error,  ///< of this program
  skipped,         ///< no test
  not_run,         ///< the command was stopped before
};
std::string_view name(TestOutcome outcome);
/// "PASS", "FAIL", "REGRESSION" …: for people.
std::string_view outcome_word(TestOutcome outcome);
ExitCode exit_code_of(TestOutcome outcome);

struct TestedFile {
  std::string file;  ///< as found: relative if the user named it so
  TestOutcome outcome = TestOutcome::not_run;
  std::string summary;  ///< why, in less than a line; may be empty
  std::vector<TestCase> cases;
  std::vector<TestProblem> problems;
  double seconds = 0;  ///< of wall time

  // Of the report; empty if there is none.
  std::string scenario;
  std::string hash;  ///< of the effective scenario
  std::uint64_t seed = 0;
  std::uint32_t replications = 0;
  double confidence = 0;
  bool complete = true;  ///< false: the command was stopped meanwhile
};

/// What `--update-baseline` did.
struct BaselineUpdate {
  std::size_t written = 0;
  struct NotWritten {
    std::string file, reason;
  };
  std::vector<NotWritten> not_written;
};

struct TestRun {
  std::vector<TestedFile> files;    ///< in order of path
  std::optional<Shard> shard;       ///< of all files; none: all
  std::optional<double> tolerance;  ///< of a baseline; none: there was none
  std::optional<BaselineUpdate> update;
  bool complete = true;  ///< false: the command was stopped
  double seconds = 0;    ///< of wall time
};

/// Of all files, the first of the order that counts.
ExitCode exit_code_of(const TestRun& run);
std::size_t count_of(const TestRun& run, TestOutcome outcome);
/// "8 files: 5 passed, 2 failed, 1 inconclusive; 3 skipped".
std::string summary_text(const TestRun& run);

/// Of what passed the one with the smallest share of its limit to spare; null: none has a margin.
const TestCase* nearest_to_its_limit(const TestedFile& tested);
/// What is not met: missed ones first, then undecided ones, each in their order.
std::vector<const TestCase*> unmet_cases(const TestedFile& tested);
/// Whether there is a file behind a place, and no option of the command line.
bool is_in_a_file(std::string_view place);
/// "scenarios/office.yaml:21", ":21" left out where it is not known; empty: nowhere.
std::string place_text(const TestCase& asked);

}  // namespace sluice
