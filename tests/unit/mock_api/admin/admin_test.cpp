// The admin API: state, report, stories, pauses, capacity, reset.
#include <gtest/gtest.h>

#include "tests/unit/mock_api/api_world.hpp"

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

constexpr const char* kPlain = R"({"workflow_id":"plain","run_input_variables":{}})";

std::size_t runs_of(ApiWorld& world) { return ApiWorld::json(world.get("/runs")).size(); }

TEST(Admin, TheJournalNamesAFaultAsLongAsItStruck) {
  ApiWorld world(served_scenario());
  world.post("/_sluice/faults", R"({"match":{"path":"/runs"},"latency":"2s"})");
  const std::uint64_t first = world.get("/runs").fault.mark, second = world.get("/runs").fault.mark;
  const std::uint64_t third = world.get("/runs").fault.mark;
  const auto faults = [&] {
    std::string all;
    const Json journal = ApiWorld::json(world.get("/_sluice/requests?path=/runs"));
    for (const Json& entry : journal["requests"]) all = entry["fault"].dump() + all;
    return all;
  };
  EXPECT_EQ(faults(), R"("1""1""1")");
  world.api->fault_settled(second, FaultOutcome::missed);
  EXPECT_EQ(faults(), R"("1"null"1")");
  world.api->fault_settled(first, FaultOutcome::struck);
  world.api->fault_settled(third, FaultOutcome::struck);
  world.api->fault_settled(third, FaultOutcome::undone);
  EXPECT_EQ(faults(), R"("1"nullnull)");
  EXPECT_EQ(ApiWorld::json(world.get("/_sluice/faults"))[0]["struck"], 1);
  world.call("DELETE", "/_sluice/requests");
  world.api->fault_settled(first, FaultOutcome::undone);  // of a request that is forgotten
  EXPECT_EQ(faults(), "");
}

TEST(Admin, FaultsComeOneAfterTheOther) {
  ApiWorld world(served_scenario());
  world.post("/_sluice/faults", R"({"match":{"path":"/run"},"status":503,"times":1})");
  world.post("/_sluice/faults",
             R"({"match":{"path":"/run"},"status":429,"headers":{"Retry-After":"7"},"times":1})");
  EXPECT_EQ(world.post("/run", kPlain).status, 503u);
  const HttpReply limited = world.post("/run", kPlain);
  EXPECT_EQ(limited.status, 429u);
  EXPECT_EQ(ApiWorld::header(limited, "Retry-After"), "7");
  EXPECT_EQ(world.post("/run", kPlain).status, 201u);
}

TEST(Admin, AResetComesBeforeOrAfterTheRunWasStarted) {
  ApiWorld world(served_scenario());
  for (const char* wire : {"reset", "reset_after"})
    world.post("/_sluice/faults",
               R"({"match":{"path":"/run"},"times":1,"wire":")" + std::string(wire) + "\"}");
  HttpReply reply = world.post("/run", kPlain);
  EXPECT_EQ(reply.fault.wire, WireFault::reset);
  EXPECT_EQ(runs_of(world), 0u);
  reply = world.post("/run", kPlain);
  EXPECT_EQ(reply.fault.wire, WireFault::reset);
  EXPECT_EQ(runs_of(world), 1u);
  EXPECT_EQ(world.post("/run", kPlain).fault.wire, WireFault::none);
  EXPECT_EQ(runs_of(world), 2u);
  const Json journal =
      ApiWorld::json(world.get("/_sluice/requests?method=POST&path=/run"))["requests"];
  std::string marks;
  for (const Json& entry : journal) marks += entry["fault"].dump() + entry["status"].dump() + " ";
  EXPECT_EQ(marks, "null201 \"2\"null \"1\"null ");
}

TEST(Admin, AStallStartsNothingUnlessItIsSaidTo) {
  ApiWorld world(served_scenario());
  for (const char* wire : {"stall", "stall_after"})
    world.post("/_sluice/faults",
               R"({"match":{"path":"/run"},"times":1,"wire":")" + std::string(wire) + "\"}");
  EXPECT_EQ(world.post("/run", kPlain).fault.wire, WireFault::stall);
  EXPECT_EQ(runs_of(world), 0u);
  EXPECT_EQ(world.post("/run", kPlain).fault.wire, WireFault::stall);
  EXPECT_EQ(runs_of(world), 1u);
}

TEST(Admin, AFaultOfAStreamThatIsRefusedKeepsItsTurn) {
  ApiWorld world(served_scenario());
  world.post("/_sluice/faults", R"({"stream":"end","times":1})");
  world.workspace = "nobody";
  EXPECT_EQ(world.get("/run/clients/c/events").fault.stream, StreamFault::none);
  world.workspace = "acme";
  EXPECT_EQ(world.get("/run/clients/c/events").fault.stream, StreamFault::end);
  EXPECT_EQ(world.get("/run/clients/c/events").fault.stream, StreamFault::none);
}

TEST(Admin, LatencyOfTheScenarioAndOfAFaultAddUp) {
  Scenario scenario = served_scenario();
  scenario.pipeline.api.latency = Distribution::constant(0.5);
  ApiWorld world(scenario);
  world.pass(10_s);
  EXPECT_EQ(world.post("/run", kPlain).send_at, Time::zero() + 10'500_ms);
  world.post("/_sluice/faults", R"({"latency":"2s"})");
  EXPECT_EQ(world.post("/run", kPlain).send_at, Time::zero() + 12'500_ms);
  EXPECT_EQ(world.get("/runs").send_at, Time::zero() + 12_s);
  EXPECT_EQ(world.get("/_sluice/state").send_at, Time::zero()) << "the way out is quick";
}

TEST(Admin, IncidentsOfTheApiAreAnswersThatAreLateOrFail) {
  Scenario scenario = served_scenario();
  scenario.pipeline.api.latency = Distribution::constant(0.5);
  const auto at = [](Duration time) { return Time::zero() + time; };
  scenario.incidents = {{"slow", at(10_s), 10_s, ApiLatencyFactor{4}},
                        {"errors", at(15_s), 10_s, ApiErrorRate{1}}};
  ApiWorld world(scenario);
  EXPECT_EQ(world.post("/run", kPlain).send_at, at(500_ms));
  world.pass(11_s);
  EXPECT_EQ(world.post("/run", kPlain).send_at, at(13_s));
  world.pass(5_s);
  const HttpReply failed = world.post("/run", kPlain);
  EXPECT_EQ(failed.status, 500u);
  EXPECT_EQ(failed.send_at, at(18_s));
  world.pass(10_s);
  EXPECT_EQ(world.post("/run", kPlain).status, 201u);
}

TEST(Admin, CanBeSwitchedOff) {
  ApiWorld world(served_scenario(), false);
  EXPECT_EQ(world.get("/_sluice/state").status, 404u);
}

}  // namespace
}  // namespace sluice::test
