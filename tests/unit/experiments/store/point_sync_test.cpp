// The system's fdatasync() is replaced for this program: a point counts once it was synced, threads
// share syncs, and after one that failed nothing counts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "experiments/store/point_store.hpp"
#include "tests/unit/experiments/store/store_in_folder.hpp"

namespace sluice::test {
namespace {

std::atomic<int> syncs = 0;
std::atomic<bool> syncs_fail = false;
std::atomic<bool> sync_waits_for_threads = false;

/// Whether every other thread of this process waits for something.
bool all_others_wait() {
  const std::string own = std::to_string(::gettid());
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    if (task.path().filename() == own) continue;
    std::string stat;
    std::getline(std::ifstream(task.path() / "stat"), stat);
    if (!stat.empty() && stat.find(") S ") == std::string::npos) return false;
  }
  return true;
}

/// Until whoever else can come to the store has come, twice in a row: one that was seen waiting for
/// a lock may have got it meanwhile.
void wait_for_threads() {
  for (int in_a_row = 0; in_a_row < 2;) {
    in_a_row = all_others_wait() ? in_a_row + 1 : 0;
    std::this_thread::yield();
  }
}

}  // namespace
}  // namespace sluice::test

extern "C" int fdatasync(int descriptor) {
  using namespace sluice::test;
  if (sync_waits_for_threads) wait_for_threads();
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
    sync_waits_for_threads = false;
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
  sync_waits_for_threads = true;
  std::vector<std::thread> threads;
  for (std::uint32_t t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      for (std::uint32_t i = 0; i < kPoints; ++i)
        store.add(drawn_point({"thread=" + std::to_string(t), i}));
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store.size(), kThreads * kPoints);
  EXPECT_GE(syncs, static_cast<int>(kPoints));
  EXPECT_LE(syncs, static_cast<int>(kThreads * kPoints / 2)) << "about 7 are expected";
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
