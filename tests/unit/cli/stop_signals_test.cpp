// Ctrl-C once, twice, and three times.
#include "cli/stop_signals.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "cli/output/output.hpp"

namespace sluice {
namespace {

TEST(StopSignalsTest, TheFirstSaysStopTheSecondAtOnce) {
  const StopSignals signals;
  EXPECT_FALSE(signals.stop());
  std::raise(SIGTERM);
  EXPECT_TRUE(signals.stop());
  EXPECT_FALSE(signals.at_once());
  std::raise(SIGINT);
  EXPECT_TRUE(signals.at_once());
  EXPECT_EQ(signals.signal(), SIGTERM);
}

TEST(StopSignalsTest, TheThirdEndsItAndLeavesNoTemporaryFiles) {
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / ("sluice_signals_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const pid_t child = ::fork();
  if (child == 0) {
    const StopSignals signals;
    OutputFile first((folder / "a.json").string()), second((folder / "b.json").string());
    first.commit();
    for (int i = 0; i < 3; ++i) std::raise(SIGINT);
    ::_exit(1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130);
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    EXPECT_EQ(entry.path().filename(), "a.json");
    ++files;
  }
  EXPECT_EQ(files, 1u);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace sluice
