// Rule 11: three sliding windows per workspace; a run is accepted at its answer.
#include <gtest/gtest.h>

#include "tests/unit/pipeline/pipeline_world.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;

struct Rule11Admission : ::testing::Test {
  void limit(std::uint32_t max, double seconds) {
    world.config.api.rate_limits.push_back({Duration::from_seconds(seconds), max});
  }
  World world;
  WorkspaceId a = world.workspace(), b = world.workspace();
};

TEST_F(Rule11Admission, TheDefaultWindowsAreTheDocumentedOnes) {
  const std::vector<RateWindowConfig> windows = ApiConfig{}.rate_limits;
  ASSERT_EQ(windows.size(), 3u);
  EXPECT_EQ(windows[0].length.seconds(), 1);
  EXPECT_EQ(windows[0].max, 500u);
  EXPECT_EQ(windows[1].length.seconds(), 15);
  EXPECT_EQ(windows[1].max, 1000u);
  EXPECT_EQ(windows[2].length.seconds(), 60);
  EXPECT_EQ(windows[2].max, 2000u);
}

TEST_F(Rule11Admission, OneRequestMoreThanTheWindowAllowsIsRefused) {
  limit(2, 10);
  world.submit(0, "1", {.workspace = a});
  world.submit(4, "2", {.workspace = a});
  world.submit(7.5, "3", {.workspace = a});
  world.submit(10, "4", {.workspace = a});  // the request of second 0 has left the window
  world.run();
  EXPECT_EQ(world.answer("2"), "accepted");
  EXPECT_EQ(world.answer("3"), "429 by window 0, retry after 3 s");
  EXPECT_EQ(world.story("3"), "");
  EXPECT_EQ(world.answer("4"), "accepted") << "a refused request does not count";
}

TEST_F(Rule11Admission, TheWindowWithTheLongestWaitIsReported) {
  limit(1, 2);
  limit(2, 20);
  world.submit_each(0, {"1"}, {.workspace = a});
  world.submit(3, "2", {.workspace = a});
  world.submit(4, "3", {.workspace = a});
  world.run();
  EXPECT_EQ(world.answer("3"), "429 by window 1, retry after 16 s");
}

TEST_F(Rule11Admission, WorkspacesAreCountedApart) {
  limit(1, 10);
  world.submit(0, "1", {.workspace = a});
  world.submit(0, "2", {.workspace = b});
  world.run();
  EXPECT_EQ(world.answer("2"), "accepted");
}

TEST_F(Rule11Admission, ARunIsAcceptedAtItsAnswer) {
  world.config.api.latency = Distribution::constant(0.5);
  world.submit(0, "1", {.workspace = a});
  world.run();
  EXPECT_EQ(world.story("1"), "accepted 0.5, dispatched 0.5, succeeded 1.5");
}

TEST_F(Rule11Admission, AServerErrorAcceptsNothingButCounts) {
  limit(1, 10);
  world.config.api.error_rate = 1;
  world.submit(0, "1", {.workspace = a});
  world.submit(1, "2", {.workspace = a});
  world.run();
  EXPECT_EQ(world.answer("1"), "server error");
  EXPECT_EQ(world.story("1"), "");
  EXPECT_EQ(world.answer("2"), "429 by window 0, retry after 9 s");
}

}  // namespace
}  // namespace sluice::test
