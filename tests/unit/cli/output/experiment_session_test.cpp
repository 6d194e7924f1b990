// Sweeps and plans with a store, called as processes: what a shard ends with, Ctrl-C, a disk that
// is full; whatever happened, the same command goes on to the bytes of one that nothing happened
// to.
#include "cli/output/experiment_session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/cli/command_in_child.hpp"
#include "tests/unit/experiments/scenario_in_folder.hpp"

namespace sluice {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Words = std::vector<std::string>;

class ExperimentSessionTest : public test::CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    write("queue.yaml", test::kSmallQueue);
  }
  static Words with(Words words, const Words& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  Words sweep_command() const { return {"sweep", path("queue.yaml"), "--vary", "workers=3,5"}; }
  Words plan_command() const { return {"plan", path("queue.yaml"), "--choose", "workers=2..6"}; }
  /// What the command finds, without the members that may differ between two runs.
  std::string found_by(const Words& command, const Words& more = {}) const {
    const Result result = sluice(with(command, with({"--json", path("found.json"), "-q"}, more)));
    EXPECT_EQ(result.code, 0) << result.err;
    const std::string found = read("found.json");
    return found.substr(0, found.find("\"build\""));
  }
  /// Points of the store, and its header.
  std::ptrdiff_t stored() const {
    const std::string points = read("store/points");
    return std::count(points.begin(), points.end(), '\n');
  }
  static bool is_over(pid_t child) {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == child;
  }
  /// Ctrl-C once more than so many points are in a new store; again where it was over by then.
  Result interrupted(const Words& command, std::ptrdiff_t points) const {
    Result result;
    for (int tries = 0; tries < 20 && result.code != 130; ++tries) {
      std::filesystem::remove_all(path("store"));
      const pid_t child = start(with(command, {"--store", path("store")}));
      while (!is_over(child) && stored() < points + 2)
        std::this_thread::sleep_for(std::chrono::microseconds(500));
      ::kill(child, SIGINT);
      result = finish(child);
    }
    return result;
  }
};

TEST_F(ExperimentSessionTest, AShardThatWaitsDoesNotEndAsOneThatIsDone) {
  const Words sweep = with(sweep_command(), {"--replications", "4", "--store", path("store")});
  const auto shard = [&](const char* which) { return sluice(with(sweep, {"--shard", which})); };
  // The base setting first; then the others; then there is nothing left.
  const Result waits = shard("1/2");
  EXPECT_EQ(waits.code, 5);
  EXPECT_THAT(waits.out, HasSubstr("its part is done"));
  EXPECT_EQ(sluice({"merge", "--store", path("store")}).code, 5);
  EXPECT_EQ(shard("1/2").code, 5) << "alone it comes no further";
  EXPECT_EQ(shard("2/2").code, 5)
      << "the base is there, and the others' part of the next round is not";
  EXPECT_EQ(shard("1/2").code, 0) << "the other has done its part of both";
  const Result done = shard("1/2");
  EXPECT_EQ(done.code, 0);
  EXPECT_THAT(done.out, HasSubstr("all is done"));
  EXPECT_EQ(sluice({"merge", "--store", path("store")}).code, 0);
}

TEST_F(ExperimentSessionTest, CtrlCOfASweepWritesWhatIsKnownAndTheStoreGoesOn) {
  const Words sweep = with(sweep_command(), {"--replications", "60"});
  const std::string undisturbed = found_by(sweep);
  const Result stopped = interrupted(with(sweep, {"--json", path("stopped.json")}), 60);
  EXPECT_EQ(stopped.code, 130);
  EXPECT_THAT(stopped.out, HasSubstr("Ended early"));
  const auto known = nlohmann::json::parse(read("stopped.json"));
  EXPECT_EQ(known["complete"], false);
  EXPECT_EQ(known["settings"].size(), 1u) << "the base was done";
  EXPECT_EQ(known["settings"][0]["replications"], 60);
  EXPECT_FALSE(has_temporary_file());

  EXPECT_EQ(found_by(sweep, {"--store", path("store")}), undisturbed);
}

TEST_F(ExperimentSessionTest, CtrlCOfAPlanWritesWhatIsKnownAndTheStoreGoesOn) {
  const Words plan = with(plan_command(), {"--replications", "40"});
  const std::string undisturbed = found_by(plan);
  const Result stopped = interrupted(with(plan, {"--json", path("stopped.json")}), 40);
  EXPECT_EQ(stopped.code, 130);
  const auto known = nlohmann::json::parse(read("stopped.json"));
  EXPECT_EQ(known["complete"], false);
  EXPECT_EQ(known["status"], "undecided");
  EXPECT_GE(known["tested"].size(), 1u);

  EXPECT_EQ(found_by(plan, {"--store", path("store")}), undisturbed);
}

TEST_F(ExperimentSessionTest, AFullDiskIsAnErrorAtThePointAndWithRoomItGoesOn) {
  for (const Words& command : {with(sweep_command(), {"--replications", "6"}), plan_command()}) {
    std::filesystem::remove_all(path("store"));
    const std::string undisturbed = found_by(command);
    rlimit unlimited{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &unlimited), 0);
    std::size_t before = 0;
    std::fflush(nullptr);
    for (const rlim_t room : {1'100u, 3'000u, 5'000u}) {  // a few points each time
      const rlimit limited{room, unlimited.rlim_max};
      ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limited), 0);
      const Result full = sluice(with(command, {"--store", path("store"), "-q"}));
      ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &unlimited), 0);
      EXPECT_EQ(full.code, 8);
      EXPECT_EQ(full.err, "sluice: cannot write " + path("store/points") + ": File too large\n");
      const std::string points = read("store/points");
      EXPECT_TRUE(points.ends_with("}\n")) << "cut back to its last whole record";
      EXPECT_GT(points.size(), before);
      before = points.size();
    }
    EXPECT_EQ(found_by(command, {"--store", path("store")}), undisturbed);
  }
}

}  // namespace
}  // namespace sluice
