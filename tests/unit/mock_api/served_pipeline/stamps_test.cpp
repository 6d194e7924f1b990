// Times that clients read of runs: in order, of one precision, and found again.
#include <gmock/gmock.h>

#include <set>
#include <string>
#include <vector>

#include "tests/unit/mock_api/heard.hpp"

namespace sluice::test {
namespace {

using namespace ::testing;
using namespace literals;

/// Every stamp of a run in the order in which things happen.
void expect_in_order(ApiWorld& world, const Json& row) {
  const std::string created = row["created_at"];
  const Json run = world.result(row["session_id"]);
  std::vector<std::string> later;
  for (const char* field : {"execution_start", "execution_end"})
    if (row[field].is_string()) later.push_back(row[field]);
  if (later.size() == 2) {
    EXPECT_LE(later[0], later[1]);
  }
  for (const char* list : {"errors", "screenshot_urls", "video_urls", "file_urls"})
    for (const Json& item : run[list])
      later.push_back(item.contains("created_at") ? item["created_at"] : item["timestamp"]);
  for (const std::string& stamp : later) {
    EXPECT_LE(created, stamp) << run;
    EXPECT_EQ(stamp.size(), created.size()) << "one precision";
  }
}

TEST(Stamps, NothingOfARunIsBeforeItsCreation) {
  Scenario scenario = served_scenario(40);
  scenario.pipeline.api.rate_limits.clear();
  scenario.pipeline.workflows[0].time = Distribution::exponential(1e-5);
  scenario.pipeline.workflows[0].failures = {{"XPATH_INCORRECT", 0.4, false}};
  scenario.serve.workflows[0].downloads = {"a.csv"};
  ApiWorld world(scenario);
  for (int burst = 0; burst < 10; ++burst) {
    for (int i = 0; i < 30; ++i) world.start("plain", "{}", i % 3 == 0 ? R"("debug":true)" : "");
    world.pass(Duration{burst * 3'700});
  }
  const Json rows = ApiWorld::json(world.get("/runs"));
  ASSERT_EQ(rows.size(), 300u);
  std::set<std::string> created;
  for (const Json& row : rows) {
    created.insert(row["created_at"].get<std::string>());
    expect_in_order(world, row);
  }
  EXPECT_EQ(created.size(), rows.size());
}

/// Pages by cursor and ranges of time lose no run of many that came at one instant.
TEST(Stamps, OfOneInstantArePagedAndFoundByTime) {
  ApiWorld world(served_scenario());
  world.pass(Duration{1'234'567'891});
  for (int i = 0; i < 25; ++i) world.start();
  const std::string now = ApiWorld::json(world.get("/_sluice/state"))["now"];
  std::set<std::string> seen;
  std::string cursor, newest;
  for (std::size_t rows = 7; rows == 7;) {
    const Json page = ApiWorld::json(world.get("/runs?limit=7" + cursor));
    rows = page.size();
    for (const Json& row : page) seen.insert(row["session_id"].get<std::string>());
    if (newest.empty()) newest = page[0]["created_at"];
    if (rows > 0) cursor = "&cursor=" + page.back()["created_at"].get<std::string>();
  }
  EXPECT_EQ(seen.size(), 25u);
  for (const std::string& end : {now, newest}) {
    const HttpReply reply = world.get("/runs?end_time=" + end);
    EXPECT_EQ(reply.status, 200u) << reply.body;
    EXPECT_EQ(ApiWorld::json(reply).size(), 25u) << end;
  }
  EXPECT_EQ(ApiWorld::json(world.get("/runs?start_time=" + newest)).size(), 1u);
  EXPECT_EQ(world.get("/runs?end_time=2026-01-05T00:00:02Z").status, 400u);
}

}  // namespace
}  // namespace sluice::test
