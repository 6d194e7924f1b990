// Large tables: vectors whose memory begins at a large page once they fill half of one.
#include "base/large_table.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <numeric>

namespace sluice::test {
namespace {

constexpr std::size_t kLargePage = std::size_t{2} << 20;

template <class T>
bool begins_at(const LargeTable<T>& table, std::size_t alignment) {
  return reinterpret_cast<std::uintptr_t>(table.data()) % alignment == 0;
}

TEST(LargeTable, KeepsItsValuesWhileItGrowsOutOfSmallPages) {
  constexpr std::uint32_t kValues = 1'000'000;
  LargeTable<std::uint32_t> table;
  for (std::uint32_t i = 0; i < kValues; ++i) table.push_back(i);
  EXPECT_EQ(std::accumulate(table.begin(), table.end(), std::uint64_t{0}),
            std::uint64_t{kValues} * (kValues - 1) / 2);
  EXPECT_TRUE(begins_at(table, kLargePage));
  table.resize(3);
  table.shrink_to_fit();
  EXPECT_EQ(table, (LargeTable<std::uint32_t>{0, 1, 2}));
}

TEST(LargeTable, RespectsTheAlignmentOfItsElements) {
  struct alignas(64) Line {
    std::uint64_t value = 0;
  };
  EXPECT_TRUE(begins_at(LargeTable<Line>(3), 64));
  EXPECT_TRUE(begins_at(LargeTable<Line>(kLargePage / sizeof(Line) / 2), kLargePage));
}

}  // namespace
}  // namespace sluice::test
