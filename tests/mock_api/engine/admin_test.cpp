// The admin API: state, report, stories, pauses, capacity, reset.
#include <gtest/gtest.h>

#include "tests/mock_api/engine/api_world.hpp"

namespace sluice::test {
namespace {

using namespace literals;

Json group_of(ApiWorld& world) { return ApiWorld::json(world.get("/_sluice/state"))["groups"][0]; }

TEST(Admin, StateShowsQueuesWorkersAndCredentials) {
  ApiWorld world(served_scenario(1));
  world.start("claims", R"({"USER":"portal-1"})", R"("priority_level":"HIGH")");
  world.start("plain", "{}", R"("priority_level":"HIGH")");
  world.workspace = "tenant";
  world.start();
  world.pass(1_s);

  const Json state = ApiWorld::json(world.get("/_sluice/state"));
  const Json& group = state["groups"][0];
  EXPECT_EQ(group["name"], "main");
  EXPECT_EQ(group["workers"]["running"], 1);
  EXPECT_EQ(group["queues"]["HIGH"]["running"], 1);
  EXPECT_EQ(group["queues"]["HIGH"]["waiting"], 1);
  EXPECT_EQ(group["queues"]["HIGH"]["workspaces"]["acme"]["waiting"], 1);
  EXPECT_EQ(group["queues"]["LOW"]["workspaces"]["tenant"]["eligible"], 1);
  EXPECT_EQ(state["credentials"][0]["active"], 1);
  EXPECT_EQ(state["credentials"][0]["limit"], 1);
  EXPECT_EQ(state["now"], "2026-01-05T00:00:01.000000Z");
}

TEST(Admin, APausedGroupStartsNothing) {
  ApiWorld world(served_scenario());
  EXPECT_EQ(ApiWorld::json(world.post("/_sluice/groups/main/pause"))["changed"], true);
  EXPECT_EQ(ApiWorld::json(world.post("/_sluice/groups/main/pause"))["changed"], false);
  const std::string run = world.start();
  world.pass(60_s);
  EXPECT_EQ(world.status(run), "execution.queued");
  EXPECT_EQ(group_of(world)["paused"], true);
  world.post("/_sluice/groups/main/resume");
  world.pass({});
  EXPECT_EQ(world.status(run), "execution.start");
}

TEST(Admin, APausedCredentialHoldsItsRuns) {
  ApiWorld world(served_scenario());
  world.post("/_sluice/credentials/portal-1/pause");
  const std::string run = world.start("claims", R"({"USER":"portal-1"})");
  const std::string pooled = world.start("claims", R"({"USER":["portal-1","portal-2"]})");
  world.pass(1_s);
  EXPECT_EQ(world.status(run), "execution.paused");
  EXPECT_EQ(world.status(pooled), "execution.start");
  world.post("/_sluice/credentials/portal-1/resume");
  world.pass({});
  EXPECT_EQ(world.status(run), "execution.start");
}

TEST(Admin, APausedWorkflowIsPausedInAllItsVersions) {
  ApiWorld world(served_scenario());
  const Json workflow = ApiWorld::json(world.get("/workflows/plain"));
  world.call("PUT", "/workflows/plain", dump(workflow));
  world.post("/_sluice/workflows/plain/pause");
  const std::string second = world.start();
  world.call("PUT", "/workflows/plain", dump(workflow));
  const std::string third = world.start();
  world.pass(60_s);
  EXPECT_EQ(world.status(second), "execution.paused");
  EXPECT_EQ(world.status(third), "execution.paused");
  const Json state = ApiWorld::json(world.get("/_sluice/state"));
  EXPECT_EQ(state["workflows"], Json::parse(R"([{"name":"plain","paused":true},
                                                {"name":"claims","paused":false}])"));
  world.post("/_sluice/workflows/plain/resume");
  world.pass({});
  EXPECT_EQ(world.status(second), "execution.start");
  EXPECT_EQ(world.status(third), "execution.start");
}

TEST(Admin, WorkersComeAndGo) {
  ApiWorld world(served_scenario(1));
  for (int i = 0; i < 3; ++i) world.start();
  world.pass({});
  EXPECT_EQ(world.call("PUT", "/_sluice/groups/main/workers", R"({"count":3})").status, 200u);
  world.pass({});
  EXPECT_EQ(group_of(world)["workers"]["running"], 3);
  EXPECT_EQ(world.post("/_sluice/groups/main/lose", R"({"count":2})").status, 200u);
  world.pass({});
  EXPECT_EQ(group_of(world)["workers"]["running"], 1);
  EXPECT_EQ(group_of(world)["workers"]["down"], 2);
  EXPECT_EQ(world.post("/_sluice/groups/main/restore", R"({"count":2})").status, 200u);
  world.pass({});
  EXPECT_EQ(group_of(world)["workers"]["running"], 3);
  EXPECT_EQ(world.call("PUT", "/_sluice/groups/main/workers", R"({"count":-1})").status, 400u);
  EXPECT_EQ(world.post("/_sluice/groups/nope/lose", R"({"count":1})").status, 404u);
  EXPECT_EQ(world.get("/_sluice/groups/main/lose").status, 405u);
}

TEST(Admin, ANumberOfWorkersHoldsUntilItIsNull) {
  Scenario scenario = served_scenario(2);
  scenario.pipeline.groups[0].workers.schedule = {{Time::zero() + 10_s, 3}};
  ApiWorld world(scenario);
  const auto set = [&](const char* body) {
    return world.call("PUT", "/_sluice/groups/main/workers", body).status;
  };
  EXPECT_EQ(set(R"({"count":1})"), 200u);
  world.pass(20_s);
  EXPECT_EQ(group_of(world)["workers"]["present"], 1) << "over the schedule";
  EXPECT_EQ(set(R"({"count":null})"), 200u);
  world.pass({});
  EXPECT_EQ(group_of(world)["workers"]["present"], 3);
  EXPECT_EQ(set("null"), 400u);
  EXPECT_EQ(set("{}"), 400u);
  EXPECT_EQ(world.post("/_sluice/groups/main/lose", R"({"count":null})").status, 400u);
}

TEST(Admin, TheStorySaysWhoWentFirst) {
  ApiWorld world(served_scenario(1));
  world.start();
  const std::string run = world.start();
  world.pass(1_s);
  world.start("plain", "{}", R"("priority_level":"HIGH")");
  world.pass(60_s);
  EXPECT_EQ(dump(world.story(run)),
            R"(["submitted with LOW","accepted, waits",)"
            R"("meanwhile dispatched in its group: 1 HIGH, 1 LOW","dispatched to worker 0",)"
            R"("ended: it did what it was asked to"])");
}

TEST(Admin, AStoryIsBoundedButHasItsEnd) {
  ApiWorld world(served_scenario());
  const std::string run = world.start("claims", R"({"USER":"portal-1"})");
  for (int i = 0; i < 300; ++i) {
    world.post("/_sluice/groups/main/lose", R"({"count":2})");
    world.post("/_sluice/groups/main/restore", R"({"count":2})");
    world.pass(1_s);
  }
  world.pass(60_s);
  const Json story = world.story(run);
  EXPECT_GT(story.size(), 400u);
  EXPECT_LT(story.size(), 900u);
  EXPECT_EQ(story.back(), "ended: it did what it was asked to");
}

TEST(Admin, TheReportIsOfTheTimeSoFar) {
  ApiWorld world(served_scenario());
  world.start();
  world.pass(60_s);
  const Json report = ApiWorld::json(world.get("/_sluice/report"));
  EXPECT_EQ(report["scenario"]["name"], "served") << dump(report).substr(0, 300);
  EXPECT_EQ(ApiWorld::json(world.get("/_sluice/config"))["scenario"], "served");
}

TEST(Admin, AResetBeginsAgainWithTheSameSeed) {
  Scenario scenario = served_scenario();
  scenario.pipeline.workflows[0].time = Distribution::exponential(20);
  ApiWorld world(scenario);
  const auto seconds_of = [&](const std::string& run) {
    world.pass(300_s);
    for (const Json& row : ApiWorld::json(world.get("/runs")))
      if (row["session_id"] == run)
        return row["execution_end"].get<std::string>().substr(17);  // past the minute
    return std::string();
  };
  const std::string before = world.start();
  const std::string took = seconds_of(before);
  world.post("/vault", R"({"permissioned_user_id":"mine","domain":"https://portal.example.com"})");
  EXPECT_EQ(world.post("/_sluice/reset").status, 200u);
  EXPECT_EQ(world.get("/run/" + before).status, 404u);
  EXPECT_EQ(ApiWorld::json(world.get("/runs")).size(), 0u);
  EXPECT_EQ(world.post("/run", R"({"workflow_id":"claims","run_input_variables":{"USER":"mine"}})")
                .status,
            400u);
  const std::string after = world.start();
  EXPECT_NE(after, before);
  EXPECT_EQ(seconds_of(after), took);
  EXPECT_EQ(ApiWorld::json(world.get("/_sluice/state"))["now"], "2026-01-05T00:10:00.000000Z");
}

TEST(Admin, TheJournalKnowsWhatWasAsked) {
  ApiWorld world(served_scenario());
  world.start("plain", "{}", R"("priority_level":"HIGH")");
  world.get("/runs");
  const Json verified = ApiWorld::json(
      world.post("/_sluice/requests/verify", R"({"method":"POST","path":"/run","count":1})"));
  EXPECT_EQ(ApiWorld::json(world.get("/_sluice/requests"))["requests"].size(), 2u)
      << dump(verified);
}

TEST(Admin, AFaultStrikesInsteadOfTheApi) {
  ApiWorld world(served_scenario());
  ASSERT_EQ(world.post("/_sluice/faults", R"({"match":{"path":"/run"},"status":503})").status,
            201u);
  EXPECT_EQ(world.post("/run", R"({"workflow_id":"plain","run_input_variables":{}})").status, 503u);
  EXPECT_EQ(ApiWorld::json(world.get("/runs")).size(), 0u);
  world.post("/_sluice/reset");
  world.start();
}

TEST(Admin, CanBeSwitchedOff) {
  ApiWorld world(served_scenario(), false);
  EXPECT_EQ(world.get("/_sluice/state").status, 404u);
}

}  // namespace
}  // namespace sluice::test
