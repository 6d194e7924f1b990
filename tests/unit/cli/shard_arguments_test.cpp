// --shard and --shards, from the command line to the shard.
#include "cli/shard_arguments.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace sluice::test {
namespace {

std::optional<Shard> shard_of(const std::string& line) {
  CLI::App app;
  ShardArguments arguments;
  arguments.add_to(app);
  app.parse(line);
  return arguments.shard();
}

class ShardArgumentsTest : public testing::Test {
 protected:
  void SetUp() override { setenv("PARALLEL_SEQ", "3", 1); }
  void TearDown() override { unsetenv("PARALLEL_SEQ"); }
};

TEST_F(ShardArgumentsTest, AskForTheEnvironmentOrNot) {
  EXPECT_EQ(shard_of(""), std::nullopt);
  EXPECT_EQ(shard_of("--shard 2/5"), (Shard{2, 5}));
  EXPECT_EQ(shard_of("--shards 8"), (Shard{3, 8}));
  EXPECT_EQ(shard_of("--shard auto --shards 8"), (Shard{3, 8}));
  EXPECT_THROW(shard_of("--shard auto"), UserError);
  EXPECT_THROW(shard_of("--shards 2"), UserError);
  EXPECT_THROW(shard_of("--shard"), CLI::ParseError);
}

}  // namespace
}  // namespace sluice::test
