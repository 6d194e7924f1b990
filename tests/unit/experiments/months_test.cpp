// Months of the calendar and of none, and that the key `window` reads them as they are meant.
#include "experiments/months.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "experiments/settings/variants.hpp"
#include "tests/unit/experiments/scenario_in_folder.hpp"

namespace sluice::test {
namespace {

using ::testing::HasSubstr;

class MonthsTest : public ScenarioInFolder {
 protected:
  Variants lasting(const std::string& duration, const std::string& more = "") const {
    std::string text = kSmallQueue;
    const std::string warm_up = "duration: 400m\nwarm_up: 20m\n";
    text.replace(text.find(warm_up), warm_up.size(), "duration: " + duration + "\n" + more);
    return {write("long.yaml", text), {}};
  }
  /// Windows that follow each other and are all of the time.
  static void check_windows(const Variants& variants, const std::vector<Month>& months) {
    const Scenario& all = *variants.base().scenario;
    Time end = Time::zero();
    for (const Month& month : months) {
      EXPECT_EQ(month.from, end) << month.name;
      end = month.until;
      const Variants window = variants.with("window", month.window);
      const Scenario& part = *window.base().scenario;
      EXPECT_EQ(Time::zero() + part.duration, month.until) << month.window;
      EXPECT_EQ(Time::zero() + part.warm_up.length, month.from) << month.window;
      EXPECT_NE(part.hash, all.hash);
    }
    EXPECT_EQ(end, Time::zero() + all.duration);
  }
};

TEST_F(MonthsTest, OfTheCalendarByItsClocks) {
  const Variants variants = lasting("1y", "start: 2026-01-05T09:00\ntime_zone: Europe/Berlin\n");
  const std::vector<Month> months = months_of(*variants.base().scenario);
  ASSERT_EQ(months.size(), 13u);
  EXPECT_EQ(months[0].name, "2026-01");
  EXPECT_EQ(months[0].window, "{until: 2026-02-01}");
  EXPECT_EQ((months[0].until - months[0].from).seconds(), (26 * 24 + 15) * 3600);
  EXPECT_EQ(months[2].window, "{from: 2026-03-01, until: 2026-04-01}");
  EXPECT_EQ((months[2].until - months[2].from).seconds(), (31 * 24 - 1) * 3600) << "an hour less";
  EXPECT_EQ(months[12].name, "2027-01");
  EXPECT_EQ(months[12].window, "{from: 2027-01-01}");
  check_windows(variants, months);
}

TEST_F(MonthsTest, OfThirtyDaysWithoutDates) {
  const Variants variants = lasting("75d");
  const std::vector<Month> months = months_of(*variants.base().scenario);
  ASSERT_EQ(months.size(), 3u);
  EXPECT_EQ(months[2].name, "month 3");
  EXPECT_EQ(months[1].window, "{from: 30d, until: 60d}");
  EXPECT_EQ((months[2].until - months[2].from).seconds(), 15 * 86'400);
  check_windows(variants, months);
}

TEST_F(MonthsTest, AWindowIsNotBehindTheEndNorEmpty) {
  const Variants variants = lasting("30d");
  const auto mistake = [&](const std::string& window) -> std::string {
    try {
      variants.with("window", window);
    } catch (const UserError& error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_EQ(mistake("{from: 10d, until: 20d, lead_in: 1h}"), "none");
  EXPECT_THAT(mistake("{until: 31d}"), HasSubstr("ends after the scenario"));
  EXPECT_THAT(mistake("{from: 20d, until: 20d}"), HasSubstr("ends before it begins"));
  EXPECT_THAT(mistake("{form: 20d}"), HasSubstr("did you mean"));
}

TEST_F(MonthsTest, AWarmUpThatIsLongerThanTheWindowsBeginningCounts) {
  const Variants variants = lasting("30d", "warm_up: 12d\n");
  EXPECT_EQ(variants.with("window", "{from: 10d}").base().scenario->warm_up.length.seconds(),
            12 * 86'400);
  EXPECT_EQ(variants.with("window", "{from: 13d}").base().scenario->warm_up.length.seconds(),
            13 * 86'400);
  EXPECT_THROW(variants.with("window", "{from: 10d, until: 11d}"), UserError);
}

}  // namespace
}  // namespace sluice::test
