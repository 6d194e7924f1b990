// Arrivals by the clocks of a zone, over both changes of the clock, and growth; instants by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/calendar/calendar.hpp"
#include "base/calendar/civil_date.hpp"
#include "base/iso8601.hpp"
#include "scenarios/scenario.hpp"
#include "sim/arrivals/factor_curve.hpp"
#include "sim/arrivals/make_arrival_process.hpp"
#include "sim/arrivals/rate_cursor.hpp"

namespace sluice {
namespace {

using namespace literals;
using ::testing::ElementsAre;

Calendar berlin(const char* start_utc, std::vector<std::int64_t> holidays = {}) {
  std::string problem;
  auto zone = TimeZone::find("Europe/Berlin", problem);
  EXPECT_NE(zone, nullptr) << problem;
  return {parse_iso8601(start_utc).value(), std::move(zone), std::move(holidays)};
}

std::shared_ptr<const Calendar> shared(Calendar calendar) {
  return std::make_shared<const Calendar>(std::move(calendar));
}

/// Hours since the start of each run.
std::vector<double> hours_of(const Arrivals& arrivals, const FactorCurve& factors, Duration until) {
  const Time end = Time::zero() + until;
  const auto process = make_arrival_process(arrivals, 1, factors, Time::zero(), end);
  std::vector<double> hours;
  for (Arrival a = process->next(); a.at < end; a = process->next())
    hours.push_back(a.at.seconds() / 3600);
  return hours;
}

BatchArrivals batch_at(std::vector<Time> at, Calendar calendar, Recurrence every) {
  BatchArrivals batch;
  batch.at = std::move(at);
  batch.size = Distribution::constant(1);
  batch.calendar = shared(std::move(calendar));
  batch.every = every;
  return batch;
}

const Time kHalfPastTwo = Time::zero() + 2_h + 30_min;

TEST(BatchByClock, ComesAtTheNextInstantWhereItsTimeIsSkipped) {
  // From Saturday 00:00; clocks go from 02:00 to 03:00 on Sunday, 29 March.
  const auto batch = batch_at({kHalfPastTwo}, berlin("2026-03-27T23:00:00Z"), Recurrence::day);
  EXPECT_THAT(hours_of(batch, FactorCurve(), 24_h * 4), ElementsAre(2.5, 26, 49.5, 73.5));
}

TEST(BatchByClock, ComesTheFirstTimeWhereItsTimeComesTwice) {
  // Clocks go from 03:00 back to 02:00 on Sunday, 25 October.
  const auto batch = batch_at({kHalfPastTwo}, berlin("2026-10-23T22:00:00Z"), Recurrence::day);
  EXPECT_THAT(hours_of(batch, FactorCurve(), 24_h * 4), ElementsAre(2.5, 26.5, 51.5, 75.5));
}

TEST(BatchByClock, BeginsWithTheFirstTimeFromTheStartOn) {
  const auto batch = batch_at({kHalfPastTwo, Time::zero() + 14_h}, berlin("2026-01-05T08:00:00Z"),
                              Recurrence::day);  // 09:00
  EXPECT_THAT(hours_of(batch, FactorCurve(), 30_h), ElementsAre(5, 17.5, 29));
}

TEST(BatchByClock, WeeksAndMonthsGoFromTheDayOfTheStart) {
  const Calendar start = berlin("2026-01-30T23:00:00Z");  // Saturday, 31 January
  EXPECT_THAT(hours_of(batch_at({kHalfPastTwo}, start, Recurrence::week), FactorCurve(), 24_h * 20),
              ElementsAre(2.5, 2.5 + 168, 2.5 + 336));
  // 28 February; 31 March, an hour earlier since clocks were put forward on the 29th; 30 April.
  EXPECT_THAT(
      hours_of(batch_at({kHalfPastTwo}, start, Recurrence::month), FactorCurve(), 24_h * 90),
      ElementsAre(2.5, 28 * 24 + 2.5, 59 * 24 + 1.5, 89 * 24 + 1.5));
}

TEST(BatchByClock, AndFromTheDayOnWhichASubmitterBegins) {
  const Arrivals batch =
      batch_at({kHalfPastTwo}, berlin("2026-01-04T23:00:00Z"), Recurrence::month);
  const Time from = Time::zero() + 24_h * 26, end = Time::zero() + 24_h * 60;  // 31 January
  const FactorCurve factors;
  const auto process = make_arrival_process(batch, 1, factors, from, end);
  EXPECT_EQ(process->next().at, from + 2_h + 30_min);
  EXPECT_EQ(process->next().at, from + 24_h * 28 + 2_h + 30_min) << "28 February";
}

RateCurve daily(Calendar calendar) {
  return {{{Time::zero(), 1}, {kHalfPastTwo, 2}, {Time::zero() + 3_h, 3}},
          Duration{kNsPerDay},
          false,
          shared(std::move(calendar))};
}

/// Begin in hours, and rate, of pieces from time 0 on.
std::vector<std::pair<double, double>> pieces_of(const RateCurve& curve, std::size_t count) {
  std::vector<std::pair<double, double>> pieces;
  CurveCursor cursor(curve, Time::zero());
  for (std::size_t i = 0; i < count; ++i, cursor.advance())
    pieces.emplace_back(cursor.piece().start.seconds() / 3600, cursor.piece().rate);
  return pieces;
}

using Pieces = std::vector<std::pair<double, double>>;

TEST(CurveByClock, SkippedStepsHaveNoLength) {
  EXPECT_EQ(pieces_of(daily(berlin("2026-03-28T23:00:00Z")), 5),
            (Pieces{{0, 1}, {2, 3}, {23, 1}, {25.5, 2}, {26, 3}}));
}

TEST(CurveByClock, AStepThatComesTwiceLastsFromTheFirstOn) {
  EXPECT_EQ(pieces_of(daily(berlin("2026-10-24T22:00:00Z")), 5),
            (Pieces{{0, 1}, {2.5, 2}, {4, 3}, {25, 1}, {27.5, 2}}));
}

TEST(CurveByClock, MayStartInTheMiddleOfADay) {
  const RateCurve curve = daily(berlin("2026-01-05T01:45:00Z"));  // 02:45
  CurveCursor cursor(curve, Time::zero());
  EXPECT_EQ(cursor.piece().rate, 2);
  EXPECT_EQ(cursor.piece().end, Time::zero() + 15_min);
  const CurveCursor later(curve, Time::zero() + 24_h);
  EXPECT_EQ(later.piece().rate, 2);
}

TEST(CurveByClock, WeeksKnowTheirDaysAndHolidays) {
  RateCurve weekly;
  for (int day = 0; day < 7; ++day) weekly.points.push_back({Time::zero() + 24_h * day, day + 1.0});
  weekly.points.push_back({Time::zero() + 24_h * 6 + 12_h, 8});
  weekly.period = 24_h * 7;
  weekly.calendar = shared(berlin("2026-01-06T23:00:00Z", {days_from_civil({2026, 1, 8})}));
  EXPECT_EQ(pieces_of(weekly, 6), (Pieces{{0, 3}, {24, 7}, {36, 8}, {48, 5}, {72, 6}, {96, 7}}));
}

Scenario with(SubmitterConfig submitter, Duration duration, Calendar calendar = {}) {
  Scenario scenario;
  scenario.duration = duration;
  scenario.calendar = std::move(calendar);
  scenario.submitters.push_back(std::move(submitter));
  return scenario;
}

double factor_at(const FactorCurve& factors, Duration after) {
  return factors.at(Time::zero() + after).factor;
}

TEST(DaysFactor, IsZeroOnOtherDaysAndOnHolidays) {
  SubmitterConfig office;
  office.days = 0b0011111;
  const Calendar calendar = berlin("2026-03-26T23:00:00Z", {days_from_civil({2026, 3, 31})});
  const FactorCurve factors(with(office, 24_h * 10, calendar), SubmitterId{0});
  EXPECT_EQ(factor_at(factors, 0_h), 1) << "Friday, 27 March";
  EXPECT_EQ(factor_at(factors, 24_h - 1_ns), 1);
  EXPECT_EQ(factor_at(factors, 24_h), 0);
  EXPECT_EQ(factor_at(factors, 71_h - 1_ns), 0) << "Sunday has 23 hours";
  EXPECT_EQ(factor_at(factors, 71_h), 1);
  EXPECT_EQ(factor_at(factors, 95_h), 0) << "Tuesday is a holiday";
  EXPECT_EQ(factor_at(factors, 119_h), 1);
}

TEST(GrowthFactor, IsExactAfterEachOfItsTimesAndStepsInBetween) {
  SubmitterConfig growing;
  growing.growth = {0.05, 24_h * 30};
  const FactorCurve factors(with(growing, 24_h * 365), SubmitterId{0});
  EXPECT_EQ(factor_at(factors, 23_h), 1);
  EXPECT_NEAR(factor_at(factors, 24_h), std::pow(1.05, 1.0 / 30), 1e-12);
  EXPECT_NEAR(factor_at(factors, 24_h * 30), 1.05, 1e-12);
  EXPECT_NEAR(factor_at(factors, 24_h * 360), std::pow(1.05, 12), 1e-12);
  growing.growth = {1, 10_h};
  const FactorCurve fast(with(growing, 24_h * 2), SubmitterId{0});
  EXPECT_NEAR(factor_at(fast, 20_h), 4, 1e-12);
  EXPECT_NEAR(factor_at(fast, 21_h + 1_min), 4 * std::pow(2, 0.1), 1e-12);
}

TEST(GrowthFactor, MultipliesWithDaysAndIncidents) {
  SubmitterConfig office;
  office.days = 0b0011111;
  office.growth = {1, 24_h * 10};
  Scenario scenario = with(office, 24_h * 20);
  scenario.incidents = {{"", Time::zero() + 24_h * 10, 12_h, ArrivalFactor{{SubmitterId{0}}, 3}}};
  const FactorCurve factors(scenario, SubmitterId{0});
  EXPECT_NEAR(factor_at(factors, 24_h * 10), 6, 1e-12);
  EXPECT_NEAR(factor_at(factors, 24_h * 10 + 12_h), 2, 1e-12);
  EXPECT_EQ(factor_at(factors, 24_h * 12 + 1_h), 0) << "a Saturday";
  EXPECT_NEAR(factor_at(factors, 24_h * 14), std::pow(2, 1.4), 1e-12);
}

TEST(GrowthFactor, GoesOnAsItWasWhereNothingArrivesBefore) {
  SubmitterConfig growing;
  growing.growth = {1, 24_h * 10};
  Scenario scenario = with(growing, 24_h * 20);
  scenario.arrivals_from = Time::zero() + 24_h * 10;
  const FactorCurve factors(scenario, SubmitterId{0});
  EXPECT_EQ(factor_at(factors, 24_h * 10 - 1_ns), 0);
  EXPECT_NEAR(factor_at(factors, 24_h * 10), 2, 1e-12);
}

TEST(IntervalArrivals, KeepTheirStepWhereNothingArrivesBefore) {
  Scenario scenario = with({}, 24_h * 4);
  scenario.arrivals_from = Time::zero() + 30_h;
  const FactorCurve factors(scenario, SubmitterId{0});
  EXPECT_THAT(hours_of(ConstantArrivals{24_h}, factors, 24_h * 4), ElementsAre(48, 72));
}

TEST(GrowthFactor, MakesAsManyMoreOfEachKind) {
  SubmitterConfig growing;
  growing.growth = {1, 24_h * 10};
  const FactorCurve factors(with(growing, 24_h * 20), SubmitterId{0});
  BatchArrivals batches;
  batches.at = {Time::zero() + 2_h};
  batches.period = 24_h;
  batches.size = Distribution::constant(100);
  const auto in_days = [](const std::vector<double>& hours, double from, double until) {
    double count = 0;
    for (const double hour : hours) count += hour >= from * 24 && hour < until * 24 ? 1 : 0;
    return count;
  };
  const auto of_batches = hours_of(batches, factors, 24_h * 20);
  EXPECT_EQ(in_days(of_batches, 0, 1), 100);
  EXPECT_EQ(in_days(of_batches, 10, 11), 200);
  const PoissonArrivals poisson{{{{Time::zero(), 0.01}}, {}, false}};
  const auto of_poisson = hours_of(poisson, factors, 24_h * 20);
  double expected = 0;
  for (int day = 10; day < 20; ++day) expected += 864 * std::pow(2, day / 10.0);
  EXPECT_NEAR(in_days(of_poisson, 10, 20), expected, 4 * std::sqrt(expected));
}

}  // namespace
}  // namespace sluice
