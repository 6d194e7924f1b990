#include "mock_api/server/growing_count.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace sluice {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

TEST(GrowingCount, IsToldSeldomAndWhole) {
  const ServerLog log(ServerLog::Level::warning);
  GrowingCount count(log, "dropped");
  const SteadyTime start{};
  const auto told = [&](auto tell) {
    ::testing::internal::CaptureStderr();
    tell();
    return ::testing::internal::GetCapturedStderr();
  };

  EXPECT_THAT(told([&] { count.reached(1, start); }), HasSubstr(R"("new":1,"total":1)"));
  EXPECT_THAT(told([&] {
                for (std::uint64_t i = 2; i <= 1000; ++i) count.reached(i, start + 9s);
              }),
              IsEmpty());
  EXPECT_THAT(told([&] { count.reached(1001, start + 10s); }),
              HasSubstr(R"("event":"dropped","new":1000,"total":1001)"));
  EXPECT_THAT(told([&] { count.reached(1002, start + 11s); }), IsEmpty());
  EXPECT_THAT(told([&] { count.end(); }), HasSubstr(R"("new":1,"total":1002)"));
  EXPECT_THAT(told([&] { count.end(); }), IsEmpty());
}

}  // namespace
}  // namespace sluice
