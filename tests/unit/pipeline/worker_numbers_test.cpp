#include "pipeline/worker_numbers.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(WorkerNumbers, AreGivenOutFromZero) {
  WorkerNumbers numbers;
  EXPECT_EQ(numbers.take(RunSlot::at(7)), 0u);
  EXPECT_EQ(numbers.take(RunSlot::at(8)), 1u);
  EXPECT_EQ(numbers.run(1), RunSlot::at(8));
}

TEST(WorkerNumbers, TheOneFreedLastIsGivenOutFirst) {
  WorkerNumbers numbers;
  for (std::size_t slot = 0; slot < 4; ++slot) numbers.take(RunSlot::at(slot));
  numbers.give_back(1);
  numbers.give_back(3);
  EXPECT_EQ(numbers.take(RunSlot::at(10)), 3u);
  EXPECT_EQ(numbers.take(RunSlot::at(11)), 1u);
  EXPECT_EQ(numbers.take(RunSlot::at(12)), 4u) << "none is free: a new one";
}

TEST(WorkerNumbers, RunsAreCountedInOrderOfTheirNumbersWithoutFreeOnes) {
  WorkerNumbers numbers;
  for (std::size_t slot = 0; slot < 4; ++slot) numbers.take(RunSlot::at(20 + slot));
  numbers.give_back(0);
  numbers.give_back(2);
  EXPECT_EQ(numbers.nth(0), RunSlot::at(21));
  EXPECT_EQ(numbers.nth(1), RunSlot::at(23));
  EXPECT_FALSE(numbers.nth(2).valid());
  EXPECT_FALSE(numbers.run(2).valid());
  EXPECT_EQ(numbers.count(), 4u);
}

}  // namespace
}  // namespace sluice
