// The system's fdatasync() is replaced for this program: a point counts once it was synced, threads
// share syncs, and after one that failed nothing counts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "experiments/store/point_store.hpp"
#include "tests/unit/experiments/store/store_in_folder.hpp"

namespace sluice::test {
namespace {

std::atomic<int> syncs = 0;
std::atomic<bool> syncs_fail = false;
std::atomic<int> sync_takes_ms = 0;

}  // namespace
}  // namespace sluice::test

extern "C" int fdatasync(int descriptor) {
  using namespace sluice::test;
  std::this_thread::sleep_for(std::chrono::milliseconds(sync_takes_ms));
  ++syncs;
  if (!syncs_fail) return static_cast<int>(::syscall(SYS_fdatasync, descriptor));
  errno = EIO;
  return -1;
}

namespace sluice::test {
namespace {

class PointSyncTest : public StoreTest {
 protected:
  void TearDown() override {
    syncs_fail = false;
    sync_takes_ms = 0;
    StoreTest::TearDown();
  }
};

TEST_F(PointSyncTest, APointCostsOneSyncAndAPointThatIsThereNone) {
  fill("", 1);
  syncs = 0;
  PointStore store(path(""), sample_identity(), "points");
  EXPECT_EQ(syncs, 1) << "what a killed process left is synced before it counts";
  store.add(drawn_point({"", 0}));
  EXPECT_EQ(syncs, 2);
  store.add(drawn_point({"", 0}));
  EXPECT_EQ(syncs, 2);
}

TEST_F(PointSyncTest, ThreadsThatWaitShareASync) {
  constexpr std::uint32_t kThreads = 8, kPoints = 6;
  PointStore store(path(""), sample_identity(), "points");
  syncs = 0;
  sync_takes_ms = 3;
  std::vector<std::thread> threads;
  for (std::uint32_t t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      for (std::uint32_t i = 0; i < kPoints; ++i)
        store.add(drawn_point({"thread=" + std::to_string(t), i}));
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store.size(), kThreads * kPoints);
  EXPECT_GE(syncs, static_cast<int>(kPoints));
  EXPECT_LE(syncs, static_cast<int>(kThreads * kPoints / 2));
}

TEST_F(PointSyncTest, AfterASyncThatFailedNothingCounts) {
  fill("", 2);
  const std::string before = read("points");
  {
    PointStore store(path(""), sample_identity(), "points");
    syncs_fail = true;
    const auto [code, text] = failure_of([&] { store.add(drawn_point({"", 0})); });
    EXPECT_EQ(code, ExitCode::output_failed);
    EXPECT_THAT(text, ::testing::EndsWith("points: Input/output error"));
    EXPECT_FALSE(store.read({"", 0}).has_value());
    EXPECT_EQ(read("points"), before);
    syncs_fail = false;
    EXPECT_EQ(failure_of([&] { store.add(drawn_point({"", 1})); }).first, ExitCode::output_failed);
    EXPECT_EQ(store.size(), 2u);
  }
  EXPECT_EQ(PointStore(path(""), sample_identity(), "points").size(), 2u);
}

}  // namespace
}  // namespace sluice::test
