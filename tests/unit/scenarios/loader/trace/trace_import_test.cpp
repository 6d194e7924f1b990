// What is said about a recording that was read: counts, warnings, units, time zones, unknown
// values.
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>

#include "scenarios/loader/trace/trace.hpp"
#include "tests/unit/scenarios/loading.hpp"

namespace sluice {
namespace {

using namespace literals;
using namespace test;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class TraceImports : public ::testing::Test {
 protected:
  TraceImports()
      : file_(std::filesystem::temp_directory_path() /
              ("sluice-import-" + std::to_string(::getpid()))) {}
  ~TraceImports() override { std::filesystem::remove(file_); }

  LoadedScenario replay(const std::string& text, const std::string& keys,
                        const std::string& duration, const char* kind = "csv") const {
    std::ofstream(file_) << text;
    return load("duration: " + duration +
                "\n"
                "resource_groups: {main: {workers: 1}}\n"
                "workspaces: {a: }\n"
                "workflows: {w: {time: 7s}}\n"
                "submitters: {T: {workspace: a, arrivals: {trace: {" +
                std::string(kind) + ": " + file_.string() + (keys.empty() ? "" : ", ") + keys +
                "}}}}\n");
  }
  /// The messages with the file called FILE.
  std::string said(const LoadedScenario& result) const {
    std::string text = messages(result);
    for (std::size_t at = text.find(file_.string()); at != text.npos;
         at = text.find(file_.string()))
      text.replace(at, file_.string().size(), "FILE");
    return text;
  }
  static TraceImport import_of(const LoadedScenario& result) {
    const Scenario scenario = loaded(result);
    EXPECT_EQ(scenario.traces.size(), 1u);
    return scenario.traces.empty() ? TraceImport{} : scenario.traces[0];
  }
  static std::vector<double> times_of(const LoadedScenario& result) {
    std::vector<double> times;
    const Scenario scenario = loaded(result);
    if (scenario.submitters.empty()) return times;
    for (const TraceRow& row : *std::get<TraceArrivals>(scenario.submitters[0].arrivals).rows)
      times.push_back(row.at.seconds());
    return times;
  }

  std::filesystem::path file_;
};

std::string minutes_of_an_hour() {
  std::string text;
  for (int i = 0; i < 60; ++i)
    text += "2026-01-05T10:" + std::string(i < 10 ? "0" : "") + std::to_string(i) + ":00Z,300\n";
  return text;
}

TEST_F(TraceImports, a_row_that_moves_all_others_behind_the_end_is_an_error) {
  const std::string text = "time,duration\n1970-01-01T00:00:00Z,1\n" + minutes_of_an_hour();
  const std::string told = said(replay(text, "", "48h"));
  EXPECT_THAT(told, HasSubstr("FILE:2: error: 60 of 61 rows come after the end, because the replay "
                              "begins with this one: 1970-01-01T00:00:00.000Z"));
  EXPECT_THAT(told, HasSubstr("before line 3 and those behind it"));
  const LoadedScenario without = replay(text, "where: {duration: '!= 1'}", "48h");
  EXPECT_EQ(import_of(without).kept, 60u);
  EXPECT_EQ(import_of(without).left(LeftOut::filtered), 1u);
  EXPECT_THAT(without.warnings, IsEmpty());
}

TEST_F(TraceImports, an_odd_row_behind_all_others_is_a_warning) {
  const LoadedScenario result =
      replay("time,duration\n" + minutes_of_an_hour() + "2099-12-31T00:00:00Z,1\n", "", "48h");
  EXPECT_THAT(said(result), HasSubstr("FILE:62: warning: rows more than a year from the median ("));
  EXPECT_THAT(said(result), HasSubstr("): 1, the first on line 62: 2099-12-31T00:00:00.000Z"));
  EXPECT_EQ(import_of(result).kept, 60u);
  EXPECT_EQ(import_of(result).left(LeftOut::after_end), 1u);
}

TEST_F(TraceImports, a_long_recording_may_be_cut_short) {
  const LoadedScenario result = replay("time,duration\n" + minutes_of_an_hour(), "", "10m");
  EXPECT_THAT(result.warnings, IsEmpty());
  EXPECT_EQ(import_of(result).kept, 11u) << "the one at the end as well";
  EXPECT_EQ(import_of(result).left(LeftOut::after_end), 49u);
}

TEST_F(TraceImports, numbers_as_large_as_dates_are_read_in_their_unit) {
  const auto recording = [](const std::string& zeros) {
    std::string text = "time,duration\n";
    for (int i = 0; i < 120; ++i) text += std::to_string(1'767'225'600 + i) + zeros + ",1\n";
    return text;
  };
  const std::vector<std::pair<std::string, std::string>> units{
      {"000", "milliseconds"}, {"000000", "microseconds"}, {"000000000", "nanoseconds"}};
  for (const auto& [zeros, unit] : units) {
    const LoadedScenario result = replay(recording(zeros), "", "2m");
    const TraceImport import = import_of(result);
    EXPECT_EQ(import.kept, 120u);
    EXPECT_EQ(import.span_s, 119);
    EXPECT_EQ(import.first, "2026-01-01T00:00:00.000Z");
    EXPECT_EQ(import.last, "2026-01-01T00:01:59.000Z");
    EXPECT_THAT(
        said(result),
        HasSubstr("FILE:2:1: warning: the numbers of `time` are read as " + unit +
                  ": 120 of 120 numbers are as large as dates in it; `time_format: " + unit));
    EXPECT_THAT(replay(recording(zeros), "time_format: " + unit, "2m").warnings, IsEmpty());
  }
  const LoadedScenario seconds = replay(recording(""), "", "2m");
  EXPECT_EQ(import_of(seconds).kept, 120u);
  EXPECT_THAT(seconds.warnings, IsEmpty());
  EXPECT_THAT(said(replay(recording("000"), "time_format: seconds", "2m")),
              HasSubstr("`1767225600000` seconds are more than 292 years"));
}

TEST_F(TraceImports, odd_rows_are_counted_and_warned_of_once_for_each_kind) {
  const LoadedScenario result = replay(
      "time,\"Duration (ms)\",priority,id\n"
      "0,60000,P1,r-0\n60,40000,P1,r-1\n120,20000,P3,r-2\n180,40000,,r-3\n240,,P2,r-4\n"
      "300,-20000,P2,r-5\n360,90000,P3,r-0\n420,90000,P3,r-0\n480,,P2,r-6\n",
      "columns: {duration: Duration (ms), level: priority}, "
      "levels: {P1: HIGH, P2: MEDIUM, P3: LOW, else: LOW}",
      "3h");
  const TraceImport import = import_of(result);
  EXPECT_EQ(import.rows, 9u);
  EXPECT_EQ(import.kept, 7u);
  EXPECT_EQ(import.left(LeftOut::duplicate_id), 2u);
  EXPECT_EQ(import.durations_recorded, 4u);
  EXPECT_EQ(import.durations_missing, 2u);
  EXPECT_EQ(import.durations_negative, 1u);
  EXPECT_EQ(import.levels_blank, 1u);
  EXPECT_EQ(import.levels_by_else, 1u);
  EXPECT_EQ(import.median_duration_s, 40);
  const std::string told = said(result);
  EXPECT_THAT(told, HasSubstr("FILE:6: warning: rows without a duration, which draw one"));
  EXPECT_THAT(told, HasSubstr("FILE:7:5: warning: rows with a negative duration"));
  EXPECT_THAT(told, HasSubstr("FILE:8:14: warning: rows left out because they have the `id` of a "
                              "row above: 2, the first on line 8"));
  EXPECT_THAT(told, HasSubstr("FILE:1: warning: the numbers of `Duration (ms)` are read as "
                              "milliseconds: its name says so; `duration_unit: milliseconds`"));
  EXPECT_EQ(result.warnings.size(), 4u);
}

TEST_F(TraceImports, long_medians_are_worth_a_question) {
  const std::string text = "time,took\n0,100000\n60,90000\n120,80000\n";
  const std::string columns = "columns: {duration: took}";
  EXPECT_THAT(said(replay(text, columns, "3h")),
              HasSubstr("FILE:1: warning: the median of `took` is 1d01h: are these seconds, or "
                        "milliseconds? `duration_unit` says which"));
  const LoadedScenario said_so = replay(text, columns + ", duration_unit: milliseconds", "3h");
  EXPECT_THAT(said_so.warnings, IsEmpty());
  EXPECT_EQ(import_of(said_so).median_duration_s, 90);
  std::string minutes = "time,took\n";
  for (int i = 0; i < 20; ++i) minutes += std::to_string(i * 60) + ",40000\n";
  EXPECT_THAT(said(replay(minutes, columns, "3h")), HasSubstr("longer than the whole recording"));
}

TEST_F(TraceImports, what_to_do_without_a_duration_can_be_said) {
  const std::string text = "time,duration\n0,1\n5,\n8,-3\n";
  const LoadedScenario drawn = replay(text, "without_duration: draw", "1m");
  EXPECT_EQ(import_of(drawn).kept, 3u);
  EXPECT_EQ(drawn.warnings.size(), 1u) << "a negative one was recorded all the same";
  const LoadedScenario left = replay(text, "without_duration: leave_out", "1m");
  EXPECT_THAT(times_of(left), ElementsAre(0));
  EXPECT_EQ(import_of(left).left(LeftOut::no_duration), 2u);
}

TEST_F(TraceImports, unreadable_rows_are_errors_unless_said_otherwise) {
  const std::string text =
      "time,duration,level\n0,1,HIGH\nsoon,1,LOW\n8,1,P9\n9,\"1,LOW\n10,2,LOW\n";
  EXPECT_EQ(replay(text, "", "1m").errors.size(), 3u);
  const LoadedScenario result = replay(text, "unreadable: leave_out", "1m");
  EXPECT_THAT(times_of(result), ElementsAre(0, 10));
  EXPECT_EQ(import_of(result).rows, 5u);
  EXPECT_EQ(import_of(result).left(LeftOut::unreadable), 2u);
  EXPECT_EQ(import_of(result).left(LeftOut::unknown_level), 1u);
  EXPECT_THAT(said(result),
              HasSubstr("FILE:3:1: warning: rows left out because they cannot be read: 2"));
  EXPECT_THAT(said(result),
              HasSubstr("FILE:4:5: warning: rows left out because `levels` does not know"));
}

TEST_F(TraceImports, minus_one_is_unknown_in_every_field_of_swf) {
  const std::string text =
      "; Version: 2.2\n"
      "1 0 10 1 4 -1 -1 4 -1 -1 1 1 1 1 1 1 -1 -1\n"
      "2 5 0 1 4 -1 -1 4 -1 -1 1 1 1 1 1 1 -1 -1\n"
      "3 -1 0 3 4 -1 -1 4 -1 -1 1 1 1 1 1 1 -1 -1\n"
      "4 8 0 1 4 -1 -1 4 -1 -1 1 1 1 1 1 1 -1 -1\n";
  const LoadedScenario result = replay(text, "", "1m", "swf");
  EXPECT_THAT(times_of(result), ElementsAre(0, 5, 8));
  EXPECT_EQ(import_of(result).left(LeftOut::no_time), 1u);
  EXPECT_THAT(
      said(result),
      HasSubstr("FILE:4:3: warning: rows left out because they say no time of submission (-1): 1"));

  const LoadedScenario levels = replay(
      text, "columns: {level: requested_time}, levels: {'<= 1h': HIGH, else: LOW}", "1m", "swf");
  const Scenario scenario = loaded(levels);
  for (const TraceRow& row : *std::get<TraceArrivals>(scenario.submitters.at(0).arrivals).rows)
    EXPECT_EQ(row.level, PriorityLevel::LOW) << "-1 is not less than an hour";
}

TEST_F(TraceImports, swf_fields_beyond_the_last_are_reached_by_number) {
  const std::string text =
      "1 0.5 0 1.25 1 -1 -1 1 -1 -1 1 7 1 1 1 1 -1 -1 80 red\n"
      "2 1.5 0 -20 1 -1 -1 1 -1 -1 1 -1.0 1 1 1 1 -1 -1 20 blue\n"
      "3 2.5 0 2 1 -1 -1 1 -1 -1 1 7 1 1 1 1 -1 -1 -1 -1\n";
  const Scenario scenario = loaded(replay(text,
                                          "columns: {level: 19}, levels: {HIGH: '>= 50', MEDIUM: "
                                          "10..49}, where: {20: [red, blue, '-1']}",
                                          "1m", "swf"));
  const auto& rows = *std::get<TraceArrivals>(scenario.submitters.at(0).arrivals).rows;
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].level, PriorityLevel::HIGH);
  EXPECT_EQ(rows[0].service_time, 1250_ms);
  EXPECT_EQ(rows[1].level, PriorityLevel::MEDIUM);
  EXPECT_LT(rows[1].service_time, Duration::zero());
  EXPECT_EQ(rows[2].level, std::nullopt);
  EXPECT_EQ(rows[2].at, Time::zero() + 2_s);
  EXPECT_THAT(said(replay(text, "columns: {level: 0}", "1m", "swf")),
              HasSubstr("or the number of a field"));
}

TEST_F(TraceImports, an_unknown_user_needs_a_workspace) {
  std::ofstream(file_) << "1 0 0 1 1 -1 -1 1 -1 -1 1 7\n2 1 0 1 1 -1 -1 1 -1 -1 1 8\n"
                          "3 2 0 1 1 -1 -1 1 -1 -1 1 -1\n";
  const std::string scenario =
      "duration: 1h\n"
      "resource_groups: {main: {workers: 1}}\n"
      "workflows: {w: {time: 7s}}\n";
  const std::string trace = "arrivals: {trace: {swf: " + file_.string() +
                            ", columns: {workspace: user}, workspaces: auto}}}}\n";
  EXPECT_THAT(errors_of(load(scenario + "submitters: {T: {" + trace)),
              HasSubstr("line 3 of `" + file_.string() + "` does not say whose run it is"));
  const Scenario given =
      loaded(load(scenario + "workspaces: {rest: }\nsubmitters: {T: {workspace: rest, " + trace));
  EXPECT_EQ(given.pipeline.workspaces.size(), 3u) << "rest, user-7, user-8";
}

TEST_F(TraceImports, days_that_do_not_exist_are_refused) {
  const std::string told =
      said(replay("time,duration\n2026-02-28T00:00:00Z,1\n2026-02-31T00:00:00Z,1\n"
                  "2026-04-31T00:00:00Z,1\n2026-01-01T24:59:00Z,1\n",
                  "", "100d"));
  for (const char* place :
       {"FILE:3:1: error: expected a time, and this is `2026-02-31T00:00:00Z`: 2026-02 has 28 days",
        "FILE:4:1: error: expected a time, and this is `2026-04-31T00:00:00Z`: 2026-04 has 30 days",
        "FILE:5:1: error: expected a time, and this is `2026-01-01T24:59:00Z`: hours go from 00 "
        "to 23"})
    EXPECT_THAT(told, HasSubstr(place));
  EXPECT_THAT(said(replay("time\n0001-01-01T00:00:00Z\n2026-13-01\n9999-12-31\nsoon\n", "", "1h")),
              AllOf(HasSubstr("`0001-01-01T00:00:00Z`: years go from 1678 to 2261\n"),
                    HasSubstr("`2026-13-01`: months go from 01 to 12\n"),
                    HasSubstr("`9999-12-31`: years go from 1678 to 2261\n"),
                    HasSubstr("this is `soon`\n")));
}

TEST_F(TraceImports, files_without_rows_and_odd_headers_are_told_as_that) {
  const auto told = [&](const std::string& text, const std::string& keys = "") {
    return said(replay(text, keys, "1h"));
  };
  EXPECT_THAT(told("time,duration\n"), HasSubstr("`FILE` has no rows"));
  EXPECT_THAT(told("time,duration\n0,1\n5,1\n", "where: {duration: 2}"),
              HasSubstr("no row of `FILE` is taken; left out: 2 by `where`"));
  EXPECT_THAT(said(replay("1 -1 0 5\n", "", "1h", "swf")),
              HasSubstr("no row of `FILE` is taken; left out: 1 without a time"));
  EXPECT_THAT(told("time,duration\r0,1\r5,1\r"),
              HasSubstr("`FILE` ends its lines with a carriage return alone"));
  EXPECT_THAT(told("time,duration\r\n0,1\r\n"), IsEmpty());
  EXPECT_THAT(told("time;duration\n0;1\n"),
              HasSubstr("its columns: time;duration; is `separator: \";\"` meant?"));
  EXPECT_THAT(told("time\tduration\n0\t1\n"), HasSubstr("is `separator: tab` meant?"));
  EXPECT_THAT(told("time,a,a\n0,1,2\n"), IsEmpty()) << "nobody asks for it";
  EXPECT_THAT(told("time,a,a\n0,1,2\n", "columns: {duration: a}"),
              HasSubstr("`FILE` has 2 columns `a`"));
}

TEST_F(TraceImports, a_value_that_fits_rules_of_two_levels_is_an_error) {
  const std::string text = "time,level\n0,a-urgent\n1,b-urgent\n2,14\n3,4\n4,12\n";
  const std::string told =
      said(replay(text,
                  "levels: {HIGH: [like *-urgent, last digit 4], MEDIUM: [like a*, 10..20], "
                  "LOW: else}",
                  "1h"));
  EXPECT_THAT(told, HasSubstr("FILE:2:3: error: `a-urgent` fits rules of both HIGH and MEDIUM"));
  EXPECT_THAT(told, HasSubstr("FILE:4:3: error: `14` fits rules of both HIGH and MEDIUM"));
  EXPECT_THAT(told, Not(HasSubstr("FILE:3:")));
  EXPECT_THAT(told, Not(HasSubstr("FILE:5:")));
  EXPECT_THAT(told, Not(HasSubstr("FILE:6:")));
  const Scenario first = loaded(replay(
      text, "levels: {like *-urgent: HIGH, like a*: MEDIUM, 10..20: MEDIUM, else: LOW}", "1h"));
  EXPECT_EQ((*std::get<TraceArrivals>(first.submitters[0].arrivals).rows)[0].level,
            PriorityLevel::HIGH)
      << "rules with their levels: the first one counts";
}

TEST_F(TraceImports, a_factor_that_finds_no_rows_is_a_warning) {
  // Rows at 0, 10, … 90 s.
  std::string ticks = "time\n";
  for (int i = 0; i < 10; ++i) ticks += std::to_string(i * 10) + "\n";
  std::ofstream(file_) << ticks;
  const auto with = [&](const std::string& incident) {
    return said(
        load("duration: 10m\n"
             "resource_groups: {main: {workers: 1}}\n"
             "workspaces: {a: }\n"
             "workflows: {w: {time: 7s}}\n"
             "submitters: {T: {arrivals: {trace: {csv: " +
             file_.string() + "}}}}\nincidents: [" + incident + "]\n"));
  };
  EXPECT_THAT(with("{at: 5m, for: 1m, arrival_rate: 2}"),
              HasSubstr("test.yaml:6:13: warning: has no effect on the recording of `T`: none of "
                        "its rows comes from 5m to 6m, the last one before at 1m30s"));
  EXPECT_THAT(with("{at: 11s, for: 9s, arrival_rate: {submitter: T, factor: 2}}"),
              HasSubstr("none of its rows comes from 11s to 20s, the last one before at 10s"));
  EXPECT_THAT(with("{at: 30s, arrival_rate: 0.5}"),
              HasSubstr("test.yaml:6:13: warning: the recording of `T` is over at 1m30s, and this "
                        "lasts until 10m: it changes nothing in between"));
  for (const char* good : {"{at: 0s, for: 100s, arrival_rate: 2}",
                           "{at: 11s, for: 10s, "
                           "arrival_rate: 2}",
                           "{at: 30s, arrival_rate: 1}"})
    EXPECT_THAT(with(good), IsEmpty()) << good;
}

TEST_F(TraceImports, a_run_across_the_end_of_summer_time) {
  const std::string text =
      "time,start,end\n"
      "2026-11-01 01:50:00,2026-11-01 01:50:00,2026-11-01 01:10:00\n"
      "2026-11-01 01:20:00,2026-11-01 01:20:00,2026-11-01 01:25:00\n";
  const std::string columns = "columns: {start: start, end: end}";
  const LoadedScenario in_utc = replay(text, columns, "48h");
  EXPECT_EQ(import_of(in_utc).durations_negative, 1u);
  EXPECT_EQ(import_of(in_utc).durations_recorded, 1u);
  EXPECT_THAT(said(in_utc), HasSubstr("FILE:2:41: warning: rows with a negative duration, which "
                                      "draw one from the workflow: 1"));

  const LoadedScenario there = replay(text, columns + ", time_zone: America/New_York", "48h");
  EXPECT_THAT(there.warnings, IsEmpty());
  EXPECT_EQ(import_of(there).durations_recorded, 2u);
  EXPECT_EQ(import_of(there).times_ambiguous, 2u);
  EXPECT_THAT(times_of(there), ElementsAre(0, 30 * 60))
      << "01:50 in summer time, then 01:20 in winter time";
  const Scenario scenario = loaded(there);
  const auto& rows = *std::get<TraceArrivals>(scenario.submitters.at(0).arrivals).rows;
  EXPECT_EQ(rows.at(0).service_time, 20_min);
  EXPECT_EQ(rows.at(1).service_time, 5_min);

  EXPECT_THAT(said(replay(text, columns + ", time_zone: America/New_Yrok", "48h")),
              HasSubstr("error: no time zone is called `America/New_Yrok`; did you mean "
                        "`America/New_York`?"));
}

TEST_F(TraceImports, a_local_time_that_never_was_is_told) {
  const LoadedScenario result =
      replay("time,duration\n2026-03-29 01:30:00,1\n2026-03-29 02:30:00,1\n2026-03-29 04:00:00,1\n",
             "time_zone: Europe/Berlin", "1d");
  EXPECT_THAT(times_of(result), ElementsAre(0, 3600, 5400));
  EXPECT_THAT(
      said(result),
      HasSubstr("FILE:3:1: warning: local times that the clocks of Europe/Berlin never showed"));
}

TEST_F(TraceImports, stamps_with_a_zone_of_their_own_keep_it) {
  EXPECT_THAT(
      times_of(replay("time\n2026-07-01T12:00:00Z\n2026-07-01T14:00:05\n2026-07-01T12:00:10+00\n",
                      "time_zone: Europe/Berlin", "1d")),
      ElementsAre(0, 5, 10));
}

TEST_F(TraceImports, the_zone_is_that_of_the_scenario_unless_it_has_its_own) {
  const std::string text = "time\n2026-03-29 01:30:00\n2026-03-29 04:00:00\n";
  const std::string zone = "1d\ntime_zone: Europe/Berlin";
  EXPECT_THAT(times_of(replay(text, "", zone)), ElementsAre(0, 5400));
  EXPECT_EQ(import_of(replay(text, "", zone)).time_zone, "Europe/Berlin");
  EXPECT_THAT(times_of(replay(text, "time_zone: America/New_York", zone)), ElementsAre(0, 9000));
  EXPECT_THAT(times_of(replay(text, "", "1d")), ElementsAre(0, 9000));
  EXPECT_THAT(replay("time\n5\n", "", zone).warnings, IsEmpty());
}

TEST_F(TraceImports, rows_come_at_their_dates_where_the_scenario_has_some_of_them) {
  const std::string text = "time\n2026-03-02 23:00:00\n2026-03-03 01:00:00\n2026-03-05 00:00:00\n";
  const auto from = [&](const std::string& start, const std::string& keys = {}) {
    return times_of(replay(text, keys, "2d\nstart: " + start));
  };
  EXPECT_THAT(from("2026-03-03"), ElementsAre(-3600, 3600, 2 * 86400));
  EXPECT_THAT(from("2026-03-02"), ElementsAre(23 * 3600, 25 * 3600, 3 * 86400));
  EXPECT_THAT(from("2025-03-03"), ElementsAre(0, 7200, 49 * 3600)) << "nothing in common";
  EXPECT_THAT(from("2026-03-06"), ElementsAre(0, 7200, 49 * 3600));
  EXPECT_THAT(from("2026-03-02", "compress: 2"), ElementsAre(0, 3600, 49 * 1800));
  EXPECT_THAT(from("2026-03-02", "from: 0s"), ElementsAre(0, 7200, 49 * 3600));
  const TraceImport import = import_of(replay(text, "", "2d\nstart: 2026-03-03"));
  EXPECT_EQ(import.left(LeftOut::before_start), 1u);
  EXPECT_EQ(import.kept, 2u);
  EXPECT_EQ(import.first, "2026-03-03T01:00:00.000Z");
}

TEST_F(TraceImports, a_zone_that_no_time_needs_is_a_warning) {
  const LoadedScenario numbers = replay("time\n1767225600\n", "time_zone: Europe/Berlin", "1d");
  EXPECT_THAT(said(numbers), HasSubstr("warning: has no effect: all times of `FILE` are numbers or "
                                       "name their zone"));
  EXPECT_EQ(import_of(numbers).time_zone, "");
  const LoadedScenario local =
      replay("time\n2026-07-01T12:00:00Z\n2026-07-01T14:00:05\n", "time_zone: Europe/Berlin", "1d");
  EXPECT_THAT(local.warnings, IsEmpty());
  EXPECT_EQ(import_of(local).time_zone, "Europe/Berlin");
}

TEST_F(TraceImports, warnings_stand_in_the_order_of_their_lines) {
  const TraceImport import = import_of(replay("time,duration,id\n0,,x\n1,-1,y\n2,1,x\n", "", "1d"));
  ASSERT_EQ(import.warnings.size(), 3u);
  for (int i = 0; i < 3; ++i)
    EXPECT_THAT(import.warnings[static_cast<std::size_t>(i)],
                HasSubstr("the first on line " + std::to_string(i + 2)));
}

TEST_F(TraceImports, durations_are_read_as_schedulers_write_them) {
  const Scenario scenario = loaded(
      replay("time,duration\n0,1-02:03:04\n1,02:03:04\n2,03:04\n3,Unknown\n4,90s\n", "", "1h"));
  const auto& rows = *std::get<TraceArrivals>(scenario.submitters.at(0).arrivals).rows;
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_EQ(rows[0].service_time, Duration::from_seconds(93'784));
  EXPECT_EQ(rows[1].service_time, Duration::from_seconds(7'384));
  EXPECT_EQ(rows[2].service_time, 184_s);
  EXPECT_LT(rows[3].service_time, Duration::zero());
  EXPECT_EQ(rows[4].service_time, 90_s);
}

TEST_F(TraceImports, start_and_end_that_are_no_times_are_errors) {
  EXPECT_THAT(
      said(replay("time,a,b\n0,1,2\n1,2,2026-02-30\n", "columns: {start: a, end: b}", "1h")),
      HasSubstr("FILE:3:5: error: expected a time, and this is `2026-02-30`"));
}

TEST_F(TraceImports, nothing_replayed_is_an_error) {
  std::ofstream(file_) << "time\n0\n5\n";
  EXPECT_THAT(errors_of(load("duration: 1h\n"
                             "resource_groups: {main: {workers: 1}}\n"
                             "workspaces: {a: }\n"
                             "workflows: {w: {time: 7s}}\n"
                             "submitters: {T: {from: 10m, arrivals: {trace: {csv: " +
                             file_.string() + "}}}}\n")),
              HasSubstr("is replayed: 2 come before this submitter begins, 0 after it ends"));
}

}  // namespace
}  // namespace sluice
