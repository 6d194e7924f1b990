// What was read of recordings, for people.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/markdown/markdown.hpp"
#include "reports/markdown/traces.hpp"
#include "reports/summary/traces.hpp"
#include "reports/terminal/terminal.hpp"
#include "tests/unit/reports/sample_report.hpp"

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(TraceText, SaysWhatBecameOfEachRow) {
  const TraceImport import = test::full_report().traces.at(0);
  EXPECT_THAT(
      trace_lines(import),
      ElementsAre(
          "monday.csv: 14 149 of 14 500 rows, 2026-01-05T08:00:00.000Z to "
          "2026-01-05T15:59:58.250Z (8h)",
          "left out: 120 by `where`, 1 unreadable, 2 without a time, 3 of unknown level, 5 with "
          "the id of a row above, 8 without a duration, 13 before `from`, 21 after `to`, 34 beyond "
          "the most rows, 55 before the start, 89 after the end",
          "durations: 14 000 recorded (median 1m34s), 140 missing, 9 negative, those drawn from "
          "the workflow",
          "levels: 11 blank, 77 by `else`",
          "read as: local times of Europe/Berlin, 4 in an hour that comes twice, 2 in an hour that "
          "was skipped, `took` in milliseconds: its name says so",
          "1 warning: rows with a negative duration, which draw one from the workflow: 9, the "
          "first on line 17"));
}

TEST(TraceText, SaysOnlyWhatThereIs) {
  TraceImport import;
  import.file = "plain.csv";
  import.rows = import.kept = 2;
  import.first = "0s";
  import.last = "5s";
  import.span_s = 5;
  EXPECT_THAT(trace_lines(import), ElementsAre("plain.csv: 2 of 2 rows, 0s to 5s (5s)",
                                               "durations: none, drawn from the workflow"));
}

TEST(TraceText, IsInTheReportsForPeopleIfThereIsARecording) {
  const std::string line = "14 149 of 14 500 rows";
  Report report = test::monday_report();
  report.traces = test::full_report().traces;
  EXPECT_THAT(render_terminal(report, {}), HasSubstr(line));
  EXPECT_THAT(render_markdown(report), HasSubstr(line));
  EXPECT_THAT(render_terminal(test::monday_report(), {}), Not(HasSubstr("RECORDINGS")));
  EXPECT_EQ(traces_markdown(test::monday_report()), "");
}

}  // namespace
}  // namespace sluice
