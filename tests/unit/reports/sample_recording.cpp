// What was read of a recording, made by hand.
#include "tests/unit/reports/sample_report.hpp"

namespace sluice::test {

TraceImport recorded_monday() {
  TraceImport import;
  import.submitter = "recorded";
  import.file = "monday.csv";
  import.rows = 14'500;
  import.left_out = {120, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89};
  import.kept = 14'149;
  import.first = "2026-01-05T08:00:00.000Z";
  import.last = "2026-01-05T15:59:58.250Z";
  import.span_s = 28'798.25;
  import.durations_recorded = 14'000;
  import.durations_missing = 140;
  import.durations_negative = 9;
  import.median_duration_s = 93.5;
  import.levels_by_else = 77;
  import.levels_blank = 11;
  import.times_ambiguous = 4;
  import.times_skipped = 2;
  import.time_zone = "Europe/Berlin";
  import.units = {{ "took", "milliseconds", "its name says so", true }};
  import.warnings = {
      "rows with a negative duration, which draw one from the workflow: 9, the "
      "first on line 17"};
  return import;
}

}  // namespace sluice::test
