// `start`, `time_zone`, `holidays`, and what dates and times of day mean by them.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <string>
#include <variant>

#include "base/iso8601.hpp"
#include "scenarios/loader/keys/clock_types.hpp"
#include "tests/unit/scenarios/loading.hpp"

namespace sluice {
namespace {

using namespace literals;
using namespace test;
using ::testing::HasSubstr;

std::string dated(const std::string& start, const std::string& duration,
                  const std::string& arrivals, const std::string& more = {}) {
  return "start: " + start + "\nduration: " + duration +
         "\nresource_groups: {main: {workers: 2}}\n"
         "workspaces: {acme: }\n"
         "workflows: {claims: {time: 10s}}\n"
         "submitters: {web: {arrivals: " +
         arrivals + "}}\n" + more;
}

const std::string kBerlin = "time_zone: Europe/Berlin\n";

TEST(CalendarKeys, say_when_time_zero_is) {
  const Scenario berlin =
      loaded(load(small_scenario("start: 2026-01-05T00:00\ntime_zone: Europe/Berlin\n")));
  EXPECT_EQ(berlin.calendar.start_unix_ns(), parse_iso8601("2026-01-04T23:00:00Z"));
  EXPECT_EQ(berlin.calendar.zone().name(), "Europe/Berlin");
  const Scenario utc = loaded(load(small_scenario("start: 2026-01-05\n")));
  EXPECT_EQ(utc.calendar.start_unix_ns(), parse_iso8601("2026-01-05T00:00:00Z"));
  const Scenario offset =
      loaded(load(small_scenario("start: \"2026-01-05T00:00+05:00\"\ntime_zone: Europe/Berlin\n")));
  EXPECT_EQ(offset.calendar.start_unix_ns(), parse_iso8601("2026-01-04T19:00:00Z"));
  EXPECT_FALSE(loaded(load(small_scenario())).calendar.has_dates());
}

TEST(CalendarKeys, mistakes_are_located) {
  EXPECT_THAT(messages(load(small_scenario("start: 2026-02-30\n"))),
              HasSubstr("test.yaml:6:8: error: expected a date such as `2026-01-05` or "
                        "`2026-01-05T08:00` (2026-02 has 28 days), and this is `2026-02-30`"));
  EXPECT_THAT(
      messages(load(small_scenario("time_zone: Europe/Berln\n"))),
      HasSubstr("test.yaml:6:12: error: no time zone is called `Europe/Berln`; did you mean "
                "`Europe/Berlin`?"));
  EXPECT_THAT(errors_of(load(small_scenario("holidays: 2026-12-25\n"))),
              HasSubstr("without a `start`"));
  EXPECT_THAT(errors_of(load(small_scenario("start: 2026-01-05\nholidays: [2026-12-25T08:00]\n"))),
              HasSubstr("a holiday is a whole day"));
  EXPECT_THAT(errors_of(load(small_scenario("start: 1066-10-14\n"))), HasSubstr("years"));
  // One mistake, one message.
  EXPECT_EQ(load(small_scenario("start: soon\nincidents: [{at: 2026-03-12, pause_group: main}]\n"))
                .errors.size(),
            1u);
}

TEST(CalendarKeys, dates_and_times_of_day_stand_wherever_a_time_does) {
  const std::string incidents =
      "incidents:\n- {at: 2026-01-06T08:00, pause_group: main, for: 1h}\n"
      "- {at: \"07:30\", pause_group: main, for: 1h}\n";
  const Scenario scenario =
      loaded(load(dated("2026-01-05T08:00", "3d", "{poisson: 1/min}", kBerlin + incidents)));
  EXPECT_EQ(scenario.incidents[0].at, Time::zero() + 23_h + 30_min);
  EXPECT_EQ(scenario.incidents[1].at, Time::zero() + 24_h);
  EXPECT_THAT(errors_of(load(small_scenario("incidents: [{at: 2026-03-12, pause_group: main}]\n"))),
              HasSubstr("without a `start`"));
  EXPECT_THAT(errors_of(load(dated("2026-01-05", "3d", "{poisson: 1/min}",
                                   "incidents: [{at: 2026-01-04, pause_group: main}]\n"))),
              HasSubstr("lies before the `start`"));
  EXPECT_THAT(errors_of(load(dated("2150-01-05", "3d", "{poisson: 1/min}",
                                   "incidents: [{at: 1700-01-04, pause_group: main}]\n"))),
              HasSubstr("lies before the `start`"));
  EXPECT_THAT(messages(load(dated("1900-01-05", "3d", "{poisson: 1/min}",
                                  "incidents: [{at: 2261-01-04, pause_group: main}]\n"))),
              HasSubstr("begins after the end"));
  EXPECT_THAT(errors_of(load(small_scenario("incidents: [{at: \"25:00\", pause_group: main}]\n"))),
              HasSubstr("a time of day from `00:00` to `23:59`"));
}

TEST(CalendarKeys, a_year_ends_on_the_same_date) {
  const auto duration = [](const std::string& start, const std::string& length) {
    return loaded(load(dated(start, length, "{poisson: 1/d}", kBerlin))).duration;
  };
  EXPECT_EQ(duration("2026-01-05", "1y"), 24_h * 365);
  EXPECT_EQ(duration("2028-01-05", "1y"), 24_h * 366);
  EXPECT_EQ(duration("2028-02-29", "1y"), 24_h * 365);
  EXPECT_EQ(duration("2026-03-01", "1mo"), 24_h * 31 - 1_h) << "clocks are put forward";
  EXPECT_EQ(duration("2026-01-05", "1y6mo"), 24_h * (365 + 181) - 1_h);
  EXPECT_EQ(loaded(load_with({{"duration", "1y"}})).duration, 24_h * 365);
  EXPECT_THAT(errors_of(load_with({{"duration", "1mo"}})), HasSubstr("how long a month is"));
  for (const char* wrong : {"0y", "1y2y", "1mo1y", "y", "101y", "1.5y"})
    EXPECT_FALSE(load_with({{"duration", wrong}}).scenario) << wrong;
}

TEST(Days, are_ranges_and_lists) {
  const auto days = [](const std::string& text) {
    const LoadedScenario result =
        load(dated("2026-01-05", "3d", "{poisson: {rate: 1/min, days: " + text + "}}"));
    return result.scenario ? static_cast<int>(result.scenario->submitters[0].days) : -1;
  };
  EXPECT_EQ(days("mon-fri"), 0b0011111);
  EXPECT_EQ(days("[mon, wed-thu, Sunday]"), 0b1001101);
  EXPECT_EQ(days("\"sat,sun\""), 0b1100000);
  EXPECT_EQ(days("fri-mon"), 0b1110001);
  EXPECT_EQ(days("mon-"), -1);
  EXPECT_EQ(days("someday"), -1);
  EXPECT_EQ(days("[]"), -1);
  EXPECT_EQ(loaded(load(small_scenario())).submitters[0].days, kEveryDay);
}

TEST(Batches, come_at_times_of_day) {
  const auto batch = [](const std::string& text, const std::string& start) {
    const LoadedScenario result = load(dated(start, "3d", "{batch: " + text + "}"));
    return result.scenario ? std::get<BatchArrivals>(result.scenario->submitters[0].arrivals)
                           : BatchArrivals{};
  };
  const BatchArrivals daily = batch("{at: \"02:00\", days: mon-fri, size: 5}", "2026-01-05");
  ASSERT_TRUE(daily.calendar);
  EXPECT_EQ(daily.every, Recurrence::day);
  EXPECT_EQ(daily.at, std::vector<Time>{Time::zero() + 2_h});
  EXPECT_EQ(batch("{at: [\"02:00\", \"14:30\"], every: week, size: 5}", "2026-01-05").every,
            Recurrence::week);
  EXPECT_EQ(batch("{at: \"02:00\", every: month, size: 5}", "2026-01-05").every, Recurrence::month);
  EXPECT_EQ(batch("{at: 2h, every: week, size: 5}", "2026-01-05").period, 24_h * 7);
  EXPECT_FALSE(batch("{at: 2h, every: week, size: 5}", "2026-01-05").calendar);
}

TEST(Batches, without_a_start_begin_at_midnight) {
  const LoadedScenario result =
      load_with({{"submitters.web.arrivals", "{batch: {at: \"02:00\", size: 5}}"}});
  const auto batch = std::get<BatchArrivals>(loaded(result).submitters[0].arrivals);
  EXPECT_EQ(batch.period, 24_h);
  EXPECT_EQ(batch.at[0], Time::zero() + 2_h);
}

TEST(Batches, that_contradict_themselves_are_mistakes) {
  const auto mistake = [](const std::string& text) {
    return errors_of(load_with({{"submitters.web.arrivals", "{batch: " + text + "}"}}));
  };
  EXPECT_THAT(mistake("{at: [\"02:00\", 14h], size: 5}"), HasSubstr("do not go together"));
  EXPECT_THAT(mistake("{at: \"02:00\", every: 24h, size: 5}"), HasSubstr("`every: day`"));
  EXPECT_THAT(mistake("{at: 2h, every: month, size: 5}"), HasSubstr("times of day"));
  EXPECT_THAT(mistake("{at: \"02:00\", every: month, size: 5}"), HasSubstr("need a `start`"));
  EXPECT_THAT(mistake("{at: \"02:00\", every: fortnight, size: 5}"), HasSubstr("allowed: day"));
  EXPECT_THAT(mistake("{at: [\"14:00\", \"02:00\"], size: 5}"), HasSubstr("ascend"));
}

TEST(Curves, by_the_clocks_take_times_of_day_and_days) {
  const auto curve = [](const std::string& rate) {
    const LoadedScenario result =
        load(dated("2026-01-05", "3d", "{poisson: {rate: " + rate + "}}"));
    return std::get<PoissonArrivals>(loaded(result).submitters[0].arrivals).rate;
  };
  const RateCurve daily = curve("{daily: {00:00: 1/s, 09:30: 2/s}}");
  EXPECT_EQ(daily.points.at(1).at, Time::zero() + 9_h + 30_min);
  EXPECT_TRUE(daily.calendar);
  const RateCurve weekly = curve("{weekly: {mon-fri: {0h: 1/s, 09:00: 2/s}, sat-sun: 3/s}}");
  ASSERT_EQ(weekly.points.size(), 12u);
  EXPECT_EQ(weekly.period, 24_h * 7);
  EXPECT_EQ(weekly.points[9].at, Time::zero() + 24_h * 4 + 9_h);
  EXPECT_EQ(weekly.points[11].per_second, 3);
}

TEST(Curves, by_the_clocks_say_all_days_from_midnight_on) {
  const auto mistake = [](const std::string& rate) {
    return errors_of(load_with({{"submitters.web.arrivals", "{poisson: {rate: " + rate + "}}"}}));
  };
  EXPECT_THAT(mistake("{weekly: {mon-fri: 1/s}}"), HasSubstr("Each day must be named once"));
  EXPECT_THAT(mistake("{weekly: {mon-sun: 1/s, sat: 2/s}}"), HasSubstr("named above already"));
  EXPECT_THAT(mistake("{weekly: {mon-sun: {09:00: 1/s}}}"), HasSubstr("must be 0h"));
  EXPECT_THAT(mistake("{daily: {09:00: 1/s}}"), HasSubstr("must be 0h"));
  EXPECT_THAT(mistake("{daily: {0h: 1/s, 24h: 2/s}}"), HasSubstr("has 24 h"));
  EXPECT_THAT(mistake("{weekly: {mon-sun: 1/s}, every: 7d}"), HasSubstr("repeats each week"));
}

TEST(Schedules, follow_the_clocks) {
  const auto workers = [](const std::string& start, const std::string& schedule) {
    const std::string text = dated(start, "3d", "{poisson: 1/h}", kBerlin);
    LoaderOptions options;
    options.sets = {{"resource_groups.main", "{workers: {count: 1, schedule: " + schedule + "}}"}};
    return loaded(load(text, options)).pipeline.groups[0].workers;
  };
  const auto steps = workers("2026-03-28T12:00", "{daily: {0h: 1, 02:30: 2, 12:00: 3}}");
  ASSERT_GT(steps.schedule.size(), 4u);
  EXPECT_EQ(steps.schedule_period, Duration::zero());
  EXPECT_EQ(steps.schedule[0].at, Time::zero());
  EXPECT_EQ(steps.schedule[0].count, 3u);
  EXPECT_EQ(steps.schedule[1].at, Time::zero() + 12_h);
  EXPECT_EQ(steps.schedule[2].at, Time::zero() + 14_h) << "02:30 is skipped that day";
  EXPECT_EQ(steps.schedule[3].at, Time::zero() + 23_h);
  EXPECT_EQ(steps.schedule[4].at, Time::zero() + 35_h);
  const auto week = workers("2026-01-04", "{weekly: {mon-fri: {0h: 1, 8h: 9}, sat-sun: 2}}");
  EXPECT_EQ(week.schedule[0].count, 2u);
  EXPECT_EQ(week.schedule[1].at, Time::zero() + 24_h);
  EXPECT_EQ(week.schedule[2].count, 9u);
}

TEST(Schedules, of_very_many_steps_are_refused) {
  std::string steps;
  for (int minute = 0; minute < 24 * 60; ++minute)
    steps += fmt::format("{}{:02}:{:02}: {}", minute == 0 ? "" : ", ", minute / 60, minute % 60,
                         minute % 3 + 1);
  LoaderOptions options;
  options.sets = {
      {"resource_groups.main", "{workers: {count: 1, schedule: {daily: {" + steps + "}}}}"}};
  EXPECT_TRUE(load(dated("2026-01-05", "1y", "{poisson: 1/d}"), options).scenario);
  EXPECT_THAT(errors_of(load(dated("2026-01-05", "100y", "{poisson: 1/d}"), options)),
              HasSubstr("more than 2 000 000 steps"));
}

TEST(GrowthKey, of_a_submitter_goes_before_that_of_the_scenario) {
  const auto growth = [](std::vector<std::pair<std::string, std::string>> sets) {
    return loaded(load_with(std::move(sets))).submitters[0].growth;
  };
  EXPECT_EQ(growth({{"growth", "5%/30d"}}).share, 0.05);
  EXPECT_EQ(growth({{"growth", "5%/30d"}}).per, 24_h * 30);
  EXPECT_EQ(growth({{"growth", "5%/30d"}, {"submitters.web.growth", "-2%/w"}}).share, -0.02);
  EXPECT_EQ(growth({}).share, 0);
  for (const char* wrong : {"5%", "-100%/d", "5%/0s", "x/d", "5%/fortnight"})
    EXPECT_FALSE(load_with({{"growth", wrong}}).scenario) << wrong;
  EXPECT_THAT(errors_of(load_with({{"growth", "100%/1m"}, {"duration", "10h"}})),
              HasSubstr("more than a million"));
}

TEST(TimeOfDay, is_hours_and_minutes) {
  EXPECT_EQ(parse_time_of_day("02:04"), 2_h + 4_min);
  EXPECT_EQ(parse_time_of_day(" 2:04:09 "), 2_h + 4_min + 9_s);
  for (const char* none : {"24:00", "02:60", "02", "02:4", "02:04:5", "2:04x", ":04", "123:00", ""})
    EXPECT_EQ(parse_time_of_day(none), std::nullopt) << none;
}

TEST(Effective, calendars_load_again) {
  const std::string text =
      dated("2026-01-05T00:00", "1y",
            "{batch: {at: [\"02:00\"], every: week, days: [mon, sat-sun], size: 5}}",
            kBerlin + "holidays: [2026-12-25]\ngrowth: 5%/30d\n");
  const LoadedScenario first = load(text);
  loaded(first);
  const LoadedScenario again = load(effective_scenario(first));
  EXPECT_EQ(loaded(again).hash, first.scenario->hash);
  EXPECT_EQ(again.scenario->calendar.text(Time::zero()), "Mon 2026-01-05 00:00");
}

}  // namespace
}  // namespace sluice
