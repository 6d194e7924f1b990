// The closed forms themselves, against values that are published or were computed elsewhere.
#include <gtest/gtest.h>

#include "tests/model/oracles/models.hpp"

namespace sluice::test {
namespace {

TEST(FormulasTest, ErlangCAndTheWaitsOfManyWorkers) {
  EXPECT_NEAR(erlang_c(2, 1.8), 0.8526315789, 1e-10);
  EXPECT_NEAR(erlang_c(10, 9), 0.6687315241, 1e-10);
  EXPECT_NEAR(mmc_wait(1, 0.9, 1), 9, 1e-12);
  EXPECT_NEAR(mmc_wait(2, 1.8, 1), 4.263157895, 1e-9);
  EXPECT_NEAR(mmc_wait(10, 9, 1), 0.6687315241, 1e-10);
  EXPECT_NEAR(mmc_wait(50, 45, 1), 0.07277289344, 1e-11);
  EXPECT_NEAR(mmc_wait(100, 99, 1), 0.8827684626, 1e-9);
}

TEST(FormulasTest, FiniteRoomAndImpatience) {
  EXPECT_NEAR(finite_room(5, 4.5, 1, 15).refused, 0.03494904904, 1e-11);
  EXPECT_NEAR(finite_room(5, 4.5, 1, 15).wait, 0.6286672354, 1e-10);
  EXPECT_NEAR(finite_room(5, 4.5, 1, 1'000).wait, mmc_wait(5, 4.5, 1), 1e-9);
  EXPECT_NEAR(share_abandoning(10, 10, 1, 2), 0.1039132123, 1e-10);
}

TEST(FormulasTest, PollaczekKhinchine) {
  EXPECT_NEAR(mg1_wait(0.9, 1, 0), 4.5, 1e-12);
  EXPECT_NEAR(mg1_wait(0.9, 1, 0.5), 6.75, 1e-12);
  EXPECT_NEAR(mg1_wait(0.9, 1, 4), 22.5, 1e-12);
  EXPECT_NEAR(mg1_wait(0.7, 1, 4), 5.833333333, 1e-9);
}

void expect_waits(const ByLevel& waits, const ByLevel& expected, double within) {
  for (std::size_t k = 0; k < kLevels; ++k) EXPECT_NEAR(waits[k], expected[k], within);
}

TEST(FormulasTest, Cobham) {
  expect_waits(priority_waits(10, 30, {0.06, 0.09, 0.15}), {2.446579, 4.448325, 36.476265}, 1e-6);
  expect_waits(priority_waits(50, 30, {0.5, 0.6, 0.483333333333}), {0.539224, 1.585953, 22.203343},
               2e-6);
  expect_waits(priority_waits(1, 1, {0.3, 0.3, 0.2}), {1.142857, 2.857143, 10}, 1e-6);
  expect_waits(priority_waits(10, 1, {2, 3, 4}), {0.08359144051, 0.167182881, 1.337463048}, 1e-9);
  expect_waits(priority_mg1_waits({0.2, 0.3, 0.2}, {1, 0.5, 2}, {2, 0.5, 4}),
               {0.84375, 1.298076923, 4.153846154}, 1e-9);
}

TEST(FormulasTest, BusyPeriodClosedLoopAndAsymptoticVariance) {
  EXPECT_NEAR(busy_period_mean(0.15, 1.0 / 3), 5.454545, 1e-6);
  EXPECT_NEAR(busy_period_sd(0.15, 1.0 / 3), 8.856482, 1e-6);
  EXPECT_NEAR(closed_loop(3, 1, 20, 5).throughput, 2.800426818, 1e-9);
  EXPECT_NEAR(closed_loop(3, 1, 20, 5).sojourn, 2.141768486, 1e-9);
  EXPECT_NEAR(mm1_asymptotic_variance(0.5, 1), 29.0, 1e-9);
  EXPECT_NEAR(mm1_asymptotic_variance(0.7, 1), 335.6, 0.05);
  EXPECT_NEAR(mm1_asymptotic_variance(0.9, 1), 35901, 0.5);
}

}  // namespace
}  // namespace sluice::test
