#include "tests/unit/reports/sample_test_run.hpp"

#include "reports/figures/figure_text.hpp"

namespace sluice::test {
namespace {

TestOutcome outcome_with(Status status) {
  switch (status) {
    case Status::passed:
      return TestOutcome::passed;
    case Status::failed:
      return TestOutcome::failed;
    case Status::inconclusive:
      return TestOutcome::inconclusive;
    case Status::held:
      return TestOutcome::held;
    case Status::broke:
      return TestOutcome::broke;
  }
  return TestOutcome::internal_error;
}

TestedFile unloadable_file() {
  TestedFile tested;
  tested.file = "broken.yaml";
  tested.outcome = TestOutcome::bad_scenario;
  tested.summary = "2 mistakes in the scenario";
  tested.problems = {
      {"broken.yaml", 3, 1, "unknown key 'duraton'",
       "broken.yaml:3:1: error: unknown key 'duraton'\n  3 | duraton: 8h\n    | ^~~~~~~"},
      {"--set", 1, 1, "no such path", "--set:1:1: error: no such path"}};
  return tested;
}

TestedFile file_without_cases(const std::string& file, TestOutcome outcome,
                              const std::string& summary) {
  TestedFile tested;
  tested.file = file;
  tested.outcome = outcome;
  tested.summary = summary;
  return tested;
}

TestedFile regressed_file() {
  TestedFile tested = sample_file("regressed.yaml", Status::passed, 300);
  tested.outcome = TestOutcome::regression;
  tested.summary = "1 of 1 figure worse than the baseline";
  TestCase worse = sample_case(Status::failed, 300);
  worse.kind = TestCase::Kind::baseline;
  worse.sentence = worse.figure_name;
  worse.outcome = "5m (n = 5), baseline 4m (n = 5): 25 % more, allowed 10 % more";
  worse.because.clear();
  worse.base = *worse.figure;
  worse.base->value = 240;
  worse.limit = 264;
  worse.margin = -36;
  tested.cases.push_back(worse);
  return tested;
}

}  // namespace

TestCase sample_case(Status status, double value) {
  TestCase asked;
  asked.sentence = "LOW.wait.p95 < 10m";
  asked.status = status;
  asked.outcome = "measured " + compact(value, Unit::seconds);
  asked.because = "support promise";
  asked.file = "office.yaml";
  asked.line = 20;
  asked.figure_name = "wait.p95{level=LOW}";
  asked.unit = Unit::seconds;
  asked.limit = 600;
  asked.figure.emplace();
  asked.figure->value = value;
  asked.figure->samples = 1000;
  asked.figure->replications = 5;
  asked.figure->interval = Interval{value - 10, value + 10};
  asked.margin = 600 - value;
  asked.margin_unit = Unit::seconds;
  asked.margin_of = asked.limit;
  return asked;
}

TestedFile sample_file(const std::string& file, Status status, double value) {
  TestedFile tested;
  tested.file = file;
  tested.outcome = outcome_with(status);
  tested.summary = "its expectation " + std::string(name(status));
  tested.cases = {sample_case(status, value)};
  tested.seconds = 0.25;
  tested.scenario = "office";
  tested.hash = "0123456789abcdef";
  tested.seed = 42;
  tested.replications = 5;
  tested.confidence = 0.95;
  return tested;
}

TestRun sample_test_run() {
  TestRun run;
  run.files = {sample_file("passes.yaml", Status::passed, 300),
               sample_file("fails.yaml", Status::failed, 900),
               sample_file("broke.yaml", Status::broke, 900),
               sample_file("held.yaml", Status::held, 300),
               sample_file("undecided.yaml", Status::inconclusive, 600),
               unloadable_file(),
               regressed_file(),
               file_without_cases("crashed.yaml", TestOutcome::internal_error, "not enough memory"),
               file_without_cases("later.yaml", TestOutcome::not_run, ""),
               file_without_cases("part.yaml", TestOutcome::skipped, "a part of passes.yaml")};
  TestCase reach;
  reach.kind = TestCase::Kind::reach;
  reach.sentence = "a login failed";
  reach.status = Status::failed;
  reach.outcome = "never happened";
  reach.file = "fails.yaml";
  reach.line = 30;
  run.files[1].cases.push_back(reach);
  TestedFile nothing = sample_file("nothing.yaml", Status::passed, 0);
  nothing.outcome = TestOutcome::nothing_expected;
  nothing.cases.clear();
  nothing.summary.clear();
  run.files.push_back(nothing);
  run.shard = Shard{1, 2};
  run.tolerance = 0.1;
  run.update = BaselineUpdate{1, {{"fails.yaml", "it did not pass: FAIL"}}};
  run.complete = false;
  run.seconds = 2.5;
  return run;
}

TestRun hostile_test_run() {
  const std::string hostile =
      "<&\"'>]]> %0A ::error::x\r\n|`*[a](b) @team\x01\x1b[31m \xff\xfe \xEF\xBF\xBE "
      "\xE2\x80\xAE,:";
  TestRun run;
  for (const Status status : {Status::passed, Status::failed, Status::inconclusive}) {
    TestedFile tested = sample_file(hostile, status, 300);
    tested.summary = hostile;
    for (TestCase& asked : tested.cases) {
      asked.sentence = asked.outcome = asked.because = asked.file = asked.figure_name = hostile;
    }
    tested.cases.push_back(tested.cases.front());
    tested.problems = {{hostile, 1, 1, hostile, hostile}};
    run.files.push_back(tested);
  }
  run.files.push_back(unloadable_file());
  run.files.back().file = run.files.back().problems[0].file = hostile;
  run.files.back().problems[0].message = run.files.back().problems[0].text = hostile;
  return run;
}

}  // namespace sluice::test
