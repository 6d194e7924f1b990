#include "reports/ci/junit.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <set>
#include <vector>

#include "base/text/display_text.hpp"

namespace sluice {
namespace {

enum class JunitResult : std::uint8_t { passed, failure, error, skipped };

struct JunitCase {
  std::string name, file;
  int line = 0;
  JunitResult result = JunitResult::passed;
  std::string type, message, text;
};

JunitResult result_of(Status status) {
  switch (status) {
    case Status::passed:
      return JunitResult::passed;
    case Status::failed:
      return JunitResult::failure;
    case Status::inconclusive:
    case Status::held:
    case Status::broke:
      break;
  }
  return JunitResult::skipped;
}

/// What is said of a status that decides nothing.
std::string junit_message(const TestCase& asked) {
  const bool once = asked.status == Status::held || asked.status == Status::broke;
  if (!once) return asked.outcome;
  return fmt::format("{} in the only replication, which decides nothing: {}", name(asked.status),
                     asked.outcome);
}

JunitCase junit_case(const TestedFile& tested, const TestCase& asked) {
  const bool baseline = asked.kind == TestCase::Kind::baseline;
  JunitCase made;
  made.name = baseline ? asked.sentence + " against the baseline" : asked.sentence;
  made.file = is_in_a_file(asked.file) ? asked.file : tested.file;
  made.line = is_in_a_file(asked.file) ? asked.line : 0;
  made.result = result_of(asked.status);
  if (made.result == JunitResult::passed) return made;
  made.type = baseline ? "regression" : name(asked.status);
  made.message = junit_message(asked);
  made.text = made.name + "\n" + made.message;
  if (!asked.because.empty()) made.text += "\nbecause: " + asked.because;
  if (const std::string place = place_text(asked); !place.empty()) made.text += "\n" + place;
  return made;
}

/// Of a file about which nothing can be said but how it went as a whole.
JunitCase junit_case(const TestedFile& tested) {
  JunitCase made;
  made.name = "simulates";
  made.file = tested.file;
  switch (tested.outcome) {
    case TestOutcome::bad_scenario:
    case TestOutcome::internal_error:
      made.name = tested.outcome == TestOutcome::bad_scenario ? "loads" : "simulates";
      made.result = JunitResult::error;
      made.type = name(tested.outcome);
      made.message = made.text = tested.summary;
      break;
    case TestOutcome::not_run:
      made.result = JunitResult::skipped;
      made.message = made.text = "not run: the command was stopped";
      break;
    default:
      break;
  }
  for (const TestProblem& problem : tested.problems) {
    if (problem.warning) continue;
    if (made.line == 0 && problem.file == tested.file) made.line = problem.line;
    made.text += "\n" + problem.text;
  }
  return made;
}

std::vector<JunitCase> junit_cases(const TestedFile& tested) {
  std::vector<JunitCase> cases;
  std::multiset<std::string> names;
  for (const TestCase& asked : tested.cases) {
    JunitCase made = junit_case(tested, asked);
    names.insert(made.name);
    // Readers know a case by its name.
    if (const std::size_t times = names.count(made.name); times > 1)
      made.name += fmt::format(" ({})", times);
    cases.push_back(std::move(made));
  }
  const bool decided =
      tested.outcome != TestOutcome::bad_scenario && tested.outcome != TestOutcome::internal_error;
  if (cases.empty() || !decided) cases.push_back(junit_case(tested));
  return cases;
}

std::string element_of(const TestedFile& tested, const JunitCase& made, double seconds) {
  std::string text = fmt::format(
      R"(    <testcase name="{}" classname="{}" time="{:.3f}" file="{}")", xml_escaped(made.name),
      xml_escaped(tested.file), seconds, xml_escaped(made.file));
  if (made.line > 0) text += fmt::format(R"( line="{}")", made.line);
  if (made.result == JunitResult::passed) return text + "/>\n";
  text += ">\n";
  if (made.result == JunitResult::skipped)
    return text + fmt::format("      <skipped message=\"{}\">{}</skipped>\n    </testcase>\n",
                              xml_escaped(made.message), xml_escaped(made.text));
  const char* const element = made.result == JunitResult::error ? "error" : "failure";
  return text + fmt::format("      <{0} message=\"{1}\" type=\"{2}\">{3}</{0}>\n    </testcase>\n",
                            element, xml_escaped(made.message), xml_escaped(made.type),
                            xml_escaped(made.text));
}

struct JunitCounts {
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;
  void add(JunitResult result) {
    ++tests;
    failures += result == JunitResult::failure;
    errors += result == JunitResult::error;
    skipped += result == JunitResult::skipped;
  }
  std::string attributes(double seconds) const {
    return fmt::format(R"(tests="{}" failures="{}" errors="{}" skipped="{}" time="{:.3f}")", tests,
                       failures, errors, skipped, seconds);
  }
};

}  // namespace

std::string xml_escaped(std::string_view text) {
  std::string escaped;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    const std::string_view bytes = text.substr(0, point.bytes);
    text.remove_prefix(point.bytes);
    const char32_t c = point.value;
    if (c == '&')
      escaped += "&amp;";
    else if (c == '<')
      escaped += "&lt;";
    else if (c == '>')
      escaped += "&gt;";
    else if (c == '"')
      escaped += "&quot;";
    else if (c == '\t' || c == '\n' || c == '\r')
      escaped += fmt::format("&#{};", static_cast<unsigned>(c));
    else if (c < 0x20 || c == 0xFFFD || c == 0xFFFE || c == 0xFFFF)
      escaped += "\xEF\xBF\xBD";
    else
      escaped += bytes;
  }
  return escaped;
}

std::string junit_xml(const TestRun& run) {
  JunitCounts all;
  std::string suites;
  for (const TestedFile& tested : run.files) {
    if (tested.outcome == TestOutcome::skipped) continue;
    const std::vector<JunitCase> cases = junit_cases(tested);
    JunitCounts counts;
    std::string elements;
    for (const JunitCase& made : cases) {
      counts.add(made.result);
      all.add(made.result);
      elements += element_of(tested, made, tested.seconds / static_cast<double>(cases.size()));
    }
    suites += fmt::format("  <testsuite name=\"{0}\" file=\"{0}\" {1}>\n{2}  </testsuite>\n",
                          xml_escaped(tested.file), counts.attributes(tested.seconds), elements);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"sluice test\" {}>\n"
      "{}</testsuites>\n",
      all.attributes(run.seconds), suites);
}

}  // namespace sluice
