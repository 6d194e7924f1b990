// Lists, error reports, paths and methods (contract 1.2, 1.3, 1.8, 0.1).
#include <gtest/gtest.h>

#include "tests/unit/mock_api/api_world.hpp"

namespace sluice::test {
namespace {

using namespace literals;

TEST(Lists, NewestFirstWithACursor) {
  ApiWorld world(served_scenario());
  std::vector<std::string> runs;
  for (int i = 0; i < 5; ++i) runs.push_back(world.start());

  const Json page = ApiWorld::json(world.get("/runs?limit=2"));
  ASSERT_EQ(page.size(), 2u);
  EXPECT_EQ(page[0]["session_id"], runs[4]);
  EXPECT_EQ(page[1]["session_id"], runs[3]);
  EXPECT_EQ(page[1]["created_at"], "2026-01-05T00:00:00.000003Z");
  EXPECT_TRUE(page[1]["execution_start"].is_null());
  EXPECT_EQ(page[1]["dry_run"], false);
  const auto cursor = page[1]["created_at"].get<std::string>();
  const Json rest = ApiWorld::json(world.get("/runs?limit=10&cursor=" + cursor));
  ASSERT_EQ(rest.size(), 3u);
  EXPECT_EQ(rest[0]["session_id"], runs[2]);
}

TEST(Lists, FilterByWhatTheContractNames) {
  ApiWorld world(served_scenario());
  const std::string plain = world.start();
  const std::string claims = world.start("claims", R"({"USER":["portal-2","portal-3"]})");
  world.pass(2_s);
  const std::string queued = world.start("claims", R"({"USER":"portal-2"})");
  world.pass({});

  const auto sessions = [&](const std::string& query) {
    std::string all;
    for (const Json& row : ApiWorld::json(world.get("/runs?" + query)))
      all += row["session_id"] == plain ? "p" : row["session_id"] == claims ? "c" : "q";
    return all;
  };
  EXPECT_EQ(sessions(""), "qcp");
  EXPECT_EQ(sessions("workflow_id=plain"), "p");
  EXPECT_EQ(sessions("workflow_id=nobody"), "");
  EXPECT_EQ(sessions("status=execution.start"), "cp");
  EXPECT_EQ(sessions("statuses=execution.queued,execution.paused"), "q");
  EXPECT_EQ(sessions("credential_id=portal-2"), "qc");
  EXPECT_EQ(sessions("credential_ids[]=portal-3"), "") << "a member that was not taken";
  EXPECT_EQ(sessions("start_time=2026-01-05T00:00:01Z"), "q");
  EXPECT_EQ(sessions("end_time=2026-01-05T00:00:01Z"), "cp");
  world.workspace = "tenant";
  EXPECT_EQ(sessions(""), "") << "runs belong to their workspace";
  EXPECT_EQ(world.get("/run/" + queued).status, 404u);
}

TEST(Lists, RefuseWhatIsOutOfRange) {
  ApiWorld world(served_scenario());
  for (const char* query :
       {"limit=0", "limit=10001", "limit=x", "status=running", "start_time=yesterday",
        "start_time=2020-01-01T00:00:00Z", "end_time=2030-01-01T00:00:00Z",
        "start_time=2026-01-04T12:00:00Z&end_time=2026-01-04T11:00:00Z"})
    EXPECT_EQ(world.get(std::string("/runs?") + query).status, 400u) << query;
}

TEST(ErrorReport, GroupsErrorsByTheirCode) {
  Scenario scenario = served_scenario();
  scenario.pipeline.workflows[0].failures = {{"selector-no-match", 1.0, false}};
  ApiWorld world(scenario);
  const std::string run = world.start();
  world.start();
  world.pass(60_s);
  const Json report =
      ApiWorld::json(world.get("/runs/workflow/plain/errors?start_timestamp=2026-01-05T00:00:00Z&"
                               "end_timestamp=2026-01-05T01:00:00Z"));
  EXPECT_EQ(report["total_errors"], 2);
  const Json& group = report["error_groups"]["SELECTOR_NO_MATCH"];
  EXPECT_EQ(group["count"], 2);
  EXPECT_EQ(group["errors"][1]["session_id"], run);
  EXPECT_EQ(group["errors"][1]["error_category"], "XPATH_INCORRECT");
  EXPECT_EQ(report["timeframe"]["start"], "2026-01-05T00:00:00.000000Z");
}

TEST(ErrorReport, NeedsItsTimes) {
  ApiWorld world(served_scenario());
  EXPECT_EQ(world.get("/runs/workflow/plain/errors").status, 400u);
  EXPECT_EQ(world.get("/runs/workflow/plain/errors?start_timestamp=x&end_timestamp=y").status,
            400u);
  EXPECT_EQ(world
                .get("/runs/workflow/nope/errors?start_timestamp=2026-01-05T00:00:00Z&"
                     "end_timestamp=2026-01-05T01:00:00Z")
                .status,
            404u);
}

TEST(Paths, UnknownOnesAndWrongMethods) {
  ApiWorld world(served_scenario());
  EXPECT_EQ(world.get("/").status, 404u);
  EXPECT_EQ(world.get("/nothing/here?x=1").status, 404u);
  const HttpReply wrong = world.get("/run");
  EXPECT_EQ(wrong.status, 405u);
  EXPECT_EQ(ApiWorld::header(wrong, "Allow"), "POST");
  EXPECT_EQ(world.call("PATCH", "/vault").status, 405u);
  EXPECT_EQ(world.get("/run/nobody").status, 404u);
  EXPECT_EQ(ApiWorld::json(world.get("/run/nobody"))["message"], "Run nobody not found");
  EXPECT_EQ(world.post("/run/nobody/interrupt").status, 404u);
}

TEST(Paths, AnEmptyBodyLabelledJsonIsFine) {
  ApiWorld world(served_scenario());
  const std::string run = world.start();
  EXPECT_EQ(world.call("GET", "/run/" + run, "", {{"Content-Type", "application/json"}}).status,
            200u);
  EXPECT_EQ(
      world.call("POST", "/run/" + run + "/interrupt", "", {{"Content-Type", "application/json"}})
          .status,
      200u);
}

TEST(Paths, ADrainingServerTakesNoRuns) {
  ApiWorld world(served_scenario());
  const std::string run = world.start();
  world.api->drain(world.now);
  EXPECT_EQ(world.post("/run", R"({"workflow_id":"plain","run_input_variables":{}})").status, 503u);
  EXPECT_EQ(world.get("/run/" + run).status, 200u);
}

TEST(Vault, AnAddedCredentialServesRuns) {
  ApiWorld world(served_scenario());
  const HttpReply created = world.post(
      "/vault", R"({"permissioned_user_id":"mine","domain":"https://portal.example.com"})");
  ASSERT_EQ(created.status, 201u) << created.body;
  const std::string first = world.start("claims", R"({"USER":"mine"})");
  const std::string second = world.start("claims", R"({"USER":"mine"})");
  world.pass(5_s);
  EXPECT_EQ(world.status(first), "execution.start");
  EXPECT_EQ(world.status(second), "execution.queued") << "its limit is one";
  EXPECT_EQ(world
                .call("PUT", "/vault",
                      R"({"permissioned_user_id":"mine","domain":"https://portal.example.com",)"
                      R"("allow_multiple_sessions":true})")
                .status,
            200u);
  world.pass(1_s);
  EXPECT_EQ(world.status(second), "execution.start");
}

TEST(Workflows, ANewVersionIsWhatRunsTake) {
  ApiWorld world(served_scenario());
  Json definition = ApiWorld::json(world.get("/workflows/plain"));
  definition["max_retries"] = 2;
  const HttpReply put = world.call("PUT", "/workflows/plain", dump(definition));
  ASSERT_EQ(put.status, 200u) << put.body;
  const std::string run = world.start();
  const std::string pinned = world.start("plain", "{}", R"("workflow_version":1)");
  EXPECT_EQ(ApiWorld::json(world.get("/_sluice/runs/" + run))["workflow_version"], 2);
  EXPECT_EQ(ApiWorld::json(world.get("/_sluice/runs/" + pinned))["workflow_version"], 1);
  world.pass(30_s);
  EXPECT_EQ(world.status(run), "execution.success");
  EXPECT_EQ(ApiWorld::json(world.get("/runs?workflow_id=plain")).size(), 2u);
}

}  // namespace
}  // namespace sluice::test
