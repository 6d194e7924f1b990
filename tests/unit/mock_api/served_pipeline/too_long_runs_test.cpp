// Runs that take or wait too long, as a client sees them.
#include <gtest/gtest.h>

#include "tests/unit/mock_api/api_world.hpp"

namespace sluice::test {
namespace {

using namespace literals;

constexpr const char* kListens = R"("client_id":"c")";

/// An api whose client `c` listens.
struct ToldOfEnds {
  explicit ToldOfEnds(const Scenario& scenario) : world(scenario) {
    const HttpReply reply = world.get("/run/clients/c/events");
    world.api->open_stream(world.now, reply.stream_of, frames);
  }
  ApiWorld world;
  KeptFrames frames;
};

Scenario with_plain(void (*change)(WorkflowConfig&)) {
  Scenario scenario = served_scenario(1);
  for (WorkflowConfig& workflow : scenario.pipeline.workflows)
    if (workflow.name == "plain") change(workflow);
  return scenario;
}

TEST(TooLongRuns, ATimeoutFailsTheRunWithAnErrorOfItsOwn) {
  ToldOfEnds l(with_plain([](WorkflowConfig& plain) {
    plain.timeout = TimeoutConfig{4_s, false};
  }));
  const std::string run = l.world.start("plain", "{}", kListens);
  l.world.pass(5_s);
  EXPECT_EQ(l.world.status(run), "execution.failed");
  const Json result = l.world.result(run);
  EXPECT_EQ(result["end_reason"], "timeout");
  ASSERT_EQ(result["errors"].size(), 1u);
  EXPECT_EQ(result["errors"][0]["error_code"], "TIMEOUT-E0001");
  EXPECT_EQ(l.frames.events(),
            "queued start step agent.error_analysis screenshot.uploaded failed video.uploaded");
}

TEST(TooLongRuns, ARetriableTimeoutRequeuesTheRun) {
  ToldOfEnds l(with_plain([](WorkflowConfig& plain) {
    plain.timeout = TimeoutConfig{4_s, true};
    plain.max_retries = 1;
  }));
  const std::string run = l.world.start("plain", "{}", kListens);
  l.world.pass(5_s);
  EXPECT_EQ(l.world.status(run), "execution.start") << "again";
  EXPECT_EQ(l.world.result(run)["session_retries"], 1);
  l.world.pass(5_s);
  EXPECT_EQ(l.world.status(run), "execution.failed");
  EXPECT_EQ(l.world.result(run)["errors"].size(), 2u);
}

TEST(TooLongRuns, AnExpiredRunIsStopped) {
  ToldOfEnds l(with_plain([](WorkflowConfig& plain) { plain.expiry = 3_s; }));
  l.world.start();
  const std::string run = l.world.start("plain", "{}", kListens);
  l.world.pass(4_s);
  EXPECT_EQ(l.world.status(run), "execution.stopped");
  EXPECT_EQ(l.world.result(run)["end_reason"], "expired");
  EXPECT_EQ(l.frames.events(), "queued stopped");
  EXPECT_EQ(l.frames.frames.back()["data"]["payload"]["error_code"], "INTERRUPTED-E0003");
}

TEST(TooLongRuns, AnInteractionThatIsCutByTheTimeoutFails) {
  ToldOfEnds l(with_plain([](WorkflowConfig& plain) {
    plain.interaction = InteractionConfig{1, Distribution::constant(100), 200_s};
    plain.timeout = TimeoutConfig{20_s, false};
  }));
  const std::string run = l.world.start("plain", "{}", kListens);
  l.world.pass(15_s);
  EXPECT_EQ(l.world.status(run), "execution.start");
  l.world.pass(6_s);
  EXPECT_EQ(l.world.result(run)["end_reason"], "timeout");
}

}  // namespace
}  // namespace sluice::test
