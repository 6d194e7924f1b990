// Recorded workloads: CSV and SWF.
#include "scenarios/loader/trace/trace.hpp"

#include <gmock/gmock.h>
#include <unistd.h>
#include <zlib.h>

#include <filesystem>

#include "base/iso8601.hpp"
#include "tests/unit/scenarios/loading.hpp"

namespace sluice {
namespace {

using namespace literals;
using namespace test;
using ::testing::HasSubstr;

/// A scenario that replays a trace.
std::string replay(const std::string& trace, const std::string& more = {}) {
  return "duration: 400d\n"
         "resource_groups: {main: {workers: 100}}\n"
         "workspaces: {acme: }\n"
         "workflows: {job: {time: 1m}}\n"
         "submitters: {recorded: {workspace: acme, arrivals: {trace: {" +
         trace + "}}}}\n" + more;
}

std::vector<TraceRow> rows_of(const LoadedScenario& result) {
  const Scenario scenario = loaded(result);
  if (scenario.submitters.empty()) return {};
  return *std::get<TraceArrivals>(scenario.submitters[0].arrivals).rows;
}

class Trace : public ::testing::Test {
 protected:
  Trace()
      : file_(std::filesystem::temp_directory_path() /
              ("sluice-trace-" + std::to_string(::getpid()))) {}
  ~Trace() override { std::filesystem::remove(file_); }

  /// Replays `text` as a file; `keys` besides the file's name.
  LoadedScenario replay_csv(const std::string& text, const std::string& keys = {}) const {
    std::ofstream(file_) << text;
    return load(replay("csv: " + file_.string() + (keys.empty() ? "" : ", " + keys)));
  }
  LoadedScenario replay_swf(const std::string& text, const std::string& keys = {}) const {
    std::ofstream(file_) << text;
    return load(replay("swf: " + file_.string() + (keys.empty() ? "" : ", " + keys)));
  }

  std::filesystem::path file_;
};

TEST_F(Trace, columns_named_like_the_keys_need_no_mapping) {
  const auto rows = rows_of(
      replay_csv("time,duration,level,status\n10,5.5,HIGH,ok\n\n# comment\n12,,LOW,failed\n"));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].at, Time::zero());
  EXPECT_EQ(rows[0].service_time, Duration::from_seconds(5.5));
  EXPECT_EQ(rows[0].level, PriorityLevel::HIGH);
  EXPECT_TRUE(rows[0].has_status);
  EXPECT_FALSE(rows[0].failed);
  EXPECT_EQ(rows[1].at, Time::zero() + 2_s);
  EXPECT_LT(rows[1].service_time, Duration::zero());
  EXPECT_TRUE(rows[1].failed);
}

TEST_F(Trace, rows_are_sorted_cut_and_compressed) {
  const std::string text = "time\n100\n90\n110\n130\n120\n";
  EXPECT_EQ(rows_of(replay_csv(text)).back().at, Time::zero() + 40_s);
  const auto cut = rows_of(replay_csv(text, "from: 10s, to: 35s, compress: 10"));
  ASSERT_EQ(cut.size(), 3u);
  EXPECT_EQ(cut[0].at, Time::zero());
  EXPECT_EQ(cut[2].at, Time::zero() + 2_s);
  EXPECT_EQ(rows_of(replay_csv(text, "max_rows: 2")).size(), 2u);
}

TEST_F(Trace, filters_compare_texts_and_numbers) {
  const std::string text = "time,kind,size\n1,a,5\n2,b,7\n3,c,x\n4,a,9\n";
  EXPECT_EQ(rows_of(replay_csv(text, "where: {kind: a}")).size(), 2u);
  EXPECT_EQ(rows_of(replay_csv(text, "where: {kind: [b, c]}")).size(), 2u);
  EXPECT_EQ(rows_of(replay_csv(text, "where: {kind: '!= a'}")).size(), 2u);
  EXPECT_EQ(rows_of(replay_csv(text, "where: {size: '>= 7', kind: a}")).size(), 1u);
  EXPECT_THAT(errors_of(replay_csv(text, "where: {kind: z}")), HasSubstr("no row of"));
}

TEST_F(Trace, levels_are_found_by_value_or_by_threshold) {
  const std::string text = "time,level\n1,60\n2,7200\n3,90000\n";
  const auto rows =
      rows_of(replay_csv(text, "levels: {'<= 1h': HIGH, '<= 4h': MEDIUM, else: LOW}"));
  EXPECT_EQ(rows.at(0).level, PriorityLevel::HIGH);
  EXPECT_EQ(rows.at(1).level, PriorityLevel::MEDIUM);
  EXPECT_EQ(rows.at(2).level, PriorityLevel::LOW);
  EXPECT_THAT(messages(replay_csv(text, "levels: {'<= 1h': HIGH}")),
              HasSubstr(":3:3: error: `7200` is no priority level"));
}

TEST_F(Trace, times_are_accepted_in_several_formats) {
  EXPECT_EQ(rows_of(replay_csv("time\n1000\n2500\n", "time_format: milliseconds")).at(1).at,
            Time::from_seconds(1.5));
  EXPECT_EQ(rows_of(replay_csv("time\n1764000000.25\n1764000001\n", "time_format: epoch")).at(1).at,
            Time::from_seconds(0.75));
  EXPECT_EQ(
      rows_of(replay_csv("time\n2026-10-01T10:00:00+02:00\n2026-10-01 08:00:01.5\n")).at(1).at,
      Time::from_seconds(1.5));
  EXPECT_EQ(rows_of(replay_csv("time\n2026-02-28T23:59:59Z\n2026-03-01\n", "time_format: iso8601"))
                .at(1)
                .at,
            Time::from_seconds(1));
}

TEST_F(Trace, problems_are_located_in_the_file) {
  const std::string text = "time,duration\n1,2\nsoon,3\n4,long\n5,\"open\n6,7\n";
  const std::string said = messages(replay_csv(text));
  EXPECT_THAT(said, HasSubstr(":3:1: error: expected a time, and this is `soon`"));
  EXPECT_THAT(said, HasSubstr(":4:3: error: expected a duration, and this is `long`"));
  EXPECT_THAT(said, HasSubstr(":5: error: a quote is not closed"));
}

TEST_F(Trace, rows_need_the_columns_that_are_used_and_no_others) {
  const std::string text = "time,level,note\n1,HIGH,x\n2,LOW\n3\n";
  EXPECT_THAT(messages(replay_csv(text)),
              HasSubstr(":4: error: too few fields: this row has 1, and the column `level` is "
                        "number 2"));
  EXPECT_EQ(rows_of(replay_csv("time,level,note\n1,HIGH,x\n2,LOW\n")).size(), 2u);
  EXPECT_THAT(messages(replay_csv(text, "where: {note: x}")), HasSubstr(":3: error: too few"));
}

TEST_F(Trace, unknown_columns_are_located_in_the_scenario) {
  EXPECT_THAT(errors_of(replay_csv("submit,len\n1,2\n")), HasSubstr("has no column `time`"));
  EXPECT_THAT(errors_of(replay_csv("submit,len\n1,2\n", "columns: {time: sumbit}")),
              HasSubstr("did you mean `submit`?"));
  EXPECT_THAT(errors_of(replay_csv("")), HasSubstr("is empty"));
  EXPECT_THAT(errors_of(load(replay("csv: no/such.csv"))),
              HasSubstr("`no/such.csv` cannot be opened"));
  EXPECT_THAT(errors_of(load(replay("csv: /"))), HasSubstr("is a folder"));
}

TEST_F(Trace, swf_lines_may_be_short_long_fractional_or_negative) {
  const auto rows =
      rows_of(replay_swf("; Version: 2.2\n"
                         "  1 100.5 5 60.5 1 -1 -1 1 600 -1 1 7 1 -1 -1 -1 -1 -1\n"
                         "  2 130 -1 -1 1\n"
                         "3\t110 0 -20 1 -1 -1 1 -1 -1 0 7 1 -1 -1 -1 -1 -1 99 99\n"));
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].service_time, Duration::from_seconds(60.5));
  EXPECT_TRUE(rows[0].has_status);
  EXPECT_EQ(rows[1].at, Time::from_seconds(9.5));
  EXPECT_LT(rows[1].service_time, Duration::zero());
  EXPECT_TRUE(rows[1].failed);
  EXPECT_FALSE(rows[2].has_status);
}

TEST_F(Trace, workspaces_are_made_from_a_column) {
  std::ofstream(file_) << "time,team\n1,red\n2,blue\n3,red\n4,12\n";
  const Scenario scenario =
      loaded(load("duration: 1h\n"
                  "resource_groups: {main: {workers: 1}}\n"
                  "workflows: {job: {time: 1m}}\n"
                  "submitters: {recorded: {arrivals: {trace: {csv: " +
                  file_.string() + ", columns: {workspace: team}, workspaces: auto}}}}\n"));
  ASSERT_EQ(scenario.pipeline.workspaces.size(), 3u);
  EXPECT_EQ(scenario.pipeline.workspaces[0].name, "red");
  EXPECT_EQ(scenario.pipeline.workspaces[2].name, "team-12");
  const auto& rows = *std::get<TraceArrivals>(scenario.submitters[0].arrivals).rows;
  EXPECT_EQ(rows[0].workspace, rows[2].workspace);
}

TEST_F(Trace, values_that_mean_no_workspace_are_errors) {
  EXPECT_THAT(errors_of(replay_csv("time,workspace\n1,nobody\n")),
              HasSubstr("no workspace is called `nobody`"));
  EXPECT_THAT(errors_of(replay_csv("time,workspace\n1,x\n2,y\n", "workspaces: {x: acme}")),
              HasSubstr("holds the value `y`"));
}

TEST_F(Trace, the_hash_covers_the_contents) {
  const std::string first = loaded(replay_csv("time\n1\n2\n")).hash;
  EXPECT_EQ(loaded(replay_csv("time\n1\n2\n")).hash, first);
  EXPECT_NE(loaded(replay_csv("time\n1\n3\n")).hash, first);
}

TEST_F(Trace, gz_is_unpacked_and_damage_is_noticed) {
  std::string text = "time\n";
  for (int i = 0; i < 20'000; ++i) text += std::to_string(i * 7919 % 100'003) + "\n";
  const gzFile packed = gzopen(file_.c_str(), "wb");
  gzwrite(packed, text.data(), static_cast<unsigned>(text.size()));
  gzclose(packed);
  EXPECT_EQ(rows_of(load(replay("csv: " + file_.string()))).size(), 20'000u);
  std::filesystem::resize_file(file_, std::filesystem::file_size(file_) / 2);
  EXPECT_THAT(errors_of(load(replay("csv: " + file_.string()))), HasSubstr("damaged or cut off"));
}

TEST(IsoTime, is_read_exactly_or_not_at_all) {
  EXPECT_EQ(parse_iso8601("1970-01-01"), 0);
  EXPECT_EQ(parse_iso8601("2000-03-01T00:00:00Z"), 951'868'800'000'000'000);
  EXPECT_EQ(parse_iso8601("2026-11-23T19:55:21.5-0130"), 1'795'469'121'500'000'000);
  EXPECT_EQ(parse_iso8601("2026-11-23T19:55:21+02"), 1'795'456'521'000'000'000);
  for (const char* bad : {"", "2026", "2026-13-01", "2026-1-1", "2026-01-01T25:00", "2026-02-31",
                          "2026-04-31T00:00:00Z", "2026-01-01T24:59", "2026-01-01T10:00:00x",
                          "2026-01-01T10:00:00+1"})
    EXPECT_FALSE(parse_iso8601(bad)) << bad;
}

// ---- the recorded files

std::string shared_trace(const std::string& name) {
  return std::string(SLUICE_SHARED_DIR) + "/traces/" + name;
}

TEST(RecordedTraces, kth_loads_with_all_jobs_users_and_levels) {
  const std::string file = shared_trace("KTH-SP2-1996-2.1-cln.swf.gz");
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "the recorded traces are not here";
  const Scenario scenario =
      loaded(load(replay("swf: " + file +
                         ", columns: {workspace: user, level: requested_time}, workspaces: auto, "
                         "levels: {'<= 1h': HIGH, '<= 4h': MEDIUM, else: LOW}")));
  const auto& rows = *std::get<TraceArrivals>(scenario.submitters.at(0).arrivals).rows;
  EXPECT_EQ(rows.size(), 28'476u);
  std::array<int, 3> by_level{};
  for (const TraceRow& row : rows) ++by_level[index(*row.level)];
  EXPECT_EQ(by_level, (std::array<int, 3>{14'105, 8'958, 5'413}));
  const TraceImport& import = scenario.traces.at(0);
  EXPECT_EQ(import.rows, 28'476u);
  EXPECT_EQ(import.kept, 28'476u);
  EXPECT_EQ(import.durations_recorded, 28'476u);
  EXPECT_NEAR(import.span_s / 86'400, 334, 2) << "eleven months";
}

TEST(RecordedTraces, nasa_and_openb_load) {
  const std::string nasa = shared_trace("NASA-iPSC-1993-3.1-cln.swf.gz");
  if (!std::filesystem::exists(nasa)) GTEST_SKIP() << "the recorded traces are not here";
  const LoadedScenario all_jobs = load(replay("swf: " + nasa));
  EXPECT_EQ(rows_of(all_jobs).size(), 18'239u);
  EXPECT_EQ(loaded(all_jobs).traces.at(0).durations_recorded, 18'239u);
  EXPECT_TRUE(all_jobs.warnings.empty()) << messages(all_jobs);
  const auto pods = rows_of(load(replay(
      "csv: " + shared_trace("openb_pod_list_default.csv") +
      ", columns: {time: creation_time, start: scheduled_time, end: deletion_time, level: qos}, "
      "where: {qos: '!= Guaranteed', scheduled_time: '>= 0'}, levels: {LS: HIGH, Burstable: "
      "MEDIUM, BE: LOW}")));
  EXPECT_EQ(pods.size(), 4'193u + 98u + 2'957u);
}

}  // namespace
}  // namespace sluice
