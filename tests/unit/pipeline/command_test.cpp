// Commands as values: equal, and written with names.
#include "pipeline/command.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/unit/pipeline/pipeline_world.hpp"

namespace sluice::test {
namespace {

using namespace sluice::literals;

PipelineConfig named_config() {
  PipelineConfig config;
  config.groups.resize(2);
  config.groups[0].name = "main";
  config.groups[1].name = "say \"hi\"\n";
  config.credentials.resize(3);
  config.credentials[0].name = "portal";
  config.credentials[1].name = "портал";
  config.credentials[2].name = "true";
  config.workflows.resize(1);
  config.workflows[0].name = "claims";
  return config;
}

std::vector<Command> any_commands() {
  const GroupId group{1};
  return {Pause{CredentialId{1}},
          Pause{WorkflowId{0}},
          Pause{GroupId{0}},
          Resume{CredentialId{2}},
          Resume{WorkflowId{0}},
          Resume{GroupId{1}},
          SetWorkers{group, 8},
          SetWorkers{group, 0, CauseId{3}},
          EndSetWorkers{group},
          LoseWorkers{group, 2, CauseId{0}},
          RestoreWorkers{group, 1},
          RestartWorkers{group},
          SetFailureFactor{{0}, 0.1},
          SetLoginFailureFactor{{2}, 1e12},
          SetDurationFactor{{0}, 3},
          OverrideCredential{{0}, {}},
          OverrideCredential{{0}, {4, 90_s, 1_h}},
          OverrideCredential{{0}, {UINT32_MAX, Duration::max(), 1_ns}},
          SetApiLatencyFactor{2.5},
          SetApiErrorRate{1.0 / 3}};
}

TEST(Commands, AreWrittenWithNamesInTheWordsOfIncidents) {
  EXPECT_EQ(text_of(Pause{CredentialId{0}}, named_config()), R"({"pause_credential":"portal"})");
  EXPECT_EQ(text_of(SetWorkers{{0}, 8}, named_config()),
            R"({"set_workers":{"group":"main","count":8}})");
  EXPECT_EQ(text_of(OverrideCredential{{0}, {UINT32_MAX, 90_s, {}}}, named_config()),
            R"({"override_credential":{"credential":"portal","max_concurrency":"unlimited",)"
            R"("expiry_time_from_last_use":"1m30s"}})");
}

TEST(Commands, AreALineEachAndAllDifferent) {
  std::set<std::string> lines;
  for (const Command& command : any_commands()) {
    const std::string text = text_of(command, named_config());
    EXPECT_EQ(text.find('\n'), std::string::npos) << text;
    EXPECT_TRUE(lines.insert(text).second) << text;
  }
}

TEST(Commands, AreEqualToThemselvesAlone) {
  const std::vector<Command> all = any_commands();
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t k = 0; k < all.size(); ++k) EXPECT_EQ(all[i] == all[k], i == k);
}

/// A factor is a timer as any other: what completions of its instant released comes first.
TEST(Commands, AFactorHoldsForWhoStartsAfterIt) {
  World world;
  world.main().when_credential_busy = WhenCredentialBusy::hold_worker;
  world.main().workers.count = 2;
  const WorkspaceId a = world.workspace();
  const CredentialId portal = world.credential(1);
  const WorkflowId workflow = world.workflow(1);
  world.submit_each(0, {"first", "holds"}, {a, PriorityLevel::LOW, 4, {portal}, workflow, {}, {}});
  world.at(4, SetDurationFactor{workflow, 3});
  world.run();
  EXPECT_EQ(world.dispatched_at("holds"), 4);
  EXPECT_TRUE(world.story("holds").ends_with("succeeded 8")) << world.story("holds");
}

}  // namespace
}  // namespace sluice::test
