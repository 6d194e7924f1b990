// What clients read of the vault, and of the entries that a run used.
#include <gmock/gmock.h>

#include <string>

#include "tests/unit/mock_api/heard.hpp"

namespace sluice::test {
namespace {

using namespace ::testing;
using namespace literals;

Json entry_of(ApiWorld& world) {
  return ApiWorld::json(
      world.get("/vault?permissioned_user_id=portal-1&domain=https%3A%2F%2Fportal.example.com"));
}

TEST(VaultEntries, AreAlikeEverywhereAndStayWhatTheRunUsed) {
  Heard l(served_scenario());
  const Json before = entry_of(l.world);
  ASSERT_TRUE(before["password"].is_string());
  const std::string run = l.world.start(
      "claims", kPortal,
      R"("client_id":"c","webhook":{"url":"http://127.0.0.1:9/","secret":"s","validity":60,)"
      R"("event_types_subscribed":["execution.success"]})");
  EXPECT_TRUE(l.world.result(run)["vault_entries"].is_null());
  l.world.pass(10_s);
  const Json used = l.world.result(run)["vault_entries"];
  EXPECT_EQ(used["USER"]["user_name"], before["user_name"]);
  EXPECT_EQ(used["USER"]["password"], before["password"]);
  EXPECT_EQ(l.payloads("execution.success").at(0)["vault_entries"], used);
  ASSERT_EQ(l.world.webhooks.posts.size(), 1u);
  EXPECT_EQ(parse_json(l.world.webhooks.posts[0].body)->at("payload")["vault_entries"], used);

  // Another password: of later runs only.
  const std::string name =
      R"("permissioned_user_id":"portal-1","domain":"https://portal.example.com")";
  const Json other = ApiWorld::json(
      l.world.get("/vault?permissioned_user_id=portal-2&domain=https%3A%2F%2Fportal.example.com"));
  const HttpReply changed = l.world.call(
      "PUT", "/vault", "{" + name + R"(,"password":)" + other["password"].dump() + "}");
  ASSERT_EQ(changed.status, 200u) << changed.body;
  EXPECT_EQ(l.world.result(run)["vault_entries"], used);
  const std::string later = l.world.start("claims", kPortal);
  const std::string last = l.world.start("claims", kPortal);
  l.world.pass(10_s);
  EXPECT_EQ(l.world.result(later)["vault_entries"]["USER"]["password"], other["password"]);

  // No entry any more: neither for runs that are over nor for one that still had asked for it.
  EXPECT_EQ(l.world.call("DELETE", "/vault", "{" + name + "}").status, 200u);
  EXPECT_EQ(l.world.result(run)["vault_entries"], used);
  l.world.pass(10_s);
  for (const std::string& session : {later, last})
    EXPECT_EQ(l.world.result(session)["vault_entries"]["USER"]["password"], other["password"]);
}

TEST(VaultEntries, OfFewChangesAreKeptAndOfManyTheLast) {
  ApiWorld world(served_scenario());
  const std::string name =
      R"("permissioned_user_id":"portal-1","domain":"https://portal.example.com")";
  const std::string run = world.start("claims", kPortal);
  world.pass(10_s);
  const Json used = world.result(run)["vault_entries"];
  const Json own = entry_of(world)["password"];
  for (int i = 0; i < 40; ++i) {
    const std::string password = i % 2 == 0 ? entry_of(world)["user_name"].dump() : own.dump();
    world.call("PUT", "/vault", "{" + name + R"(,"password":)" + password + "}");
    world.pass(1_s);
  }
  EXPECT_EQ(world.result(run)["vault_entries"], used);
}

TEST(VaultShapes, TextsAreTextsOrNotThereAndWhatIsWrittenIsKept) {
  ApiWorld world(served_scenario());
  const std::string name = R"("permissioned_user_id":"z","domain":"https://z.example")";
  const HttpReply added = world.post("/vault", "{" + name +
                                                   R"(,"user_name":null,"password":null,)"
                                                   R"("ip_address":"192.0.2.7","location":"US",)"
                                                   R"("proxy_string":"p"})");
  ASSERT_EQ(added.status, 201u) << added.body;
  const Json entry =
      ApiWorld::json(world.get("/vault?permissioned_user_id=z&domain=https%3A%2F%2Fz.example"));
  EXPECT_EQ(entry["ip_address"], "192.0.2.7");
  EXPECT_EQ(entry["location"], "US");
  EXPECT_EQ(entry["proxy_string"], "p");
  for (const char* field : {"user_name", "password", "tfa_secret", "user_alias", "proxy"})
    EXPECT_FALSE(entry.contains(field)) << field;
}

}  // namespace
}  // namespace sluice::test
