// The journal of requests: looking up and verifying.
#include "mock_api/admin/journal.hpp"

#include <gmock/gmock.h>

#include "tests/unit/mock_api/small_service.hpp"

namespace sluice {
namespace {

using namespace ::testing;
using namespace sluice::test;
using namespace literals;

class TheJournal : public Test {
 protected:
  void start(const char* level, unsigned status = 201, const char* workspace = "acme") {
    const std::string body =
        std::string(R"({"workflow_id":"w","priority_level":")") + level + "\"}";
    HttpRequest post = request("POST", "/run", body);
    post.headers = {{"cc-key", "sk_acme"}, {"X-Test", "1"}};
    journal_.note(Time::zero() + 1_s, post, workspace, status);
  }
  Json ask(const char* method, const std::string& target, const std::string& body = "") {
    std::vector<std::string> path = split_target(target).segments;
    path.erase(path.begin());
    const auto reply = journal_.handle(request(method, target, body), path);
    return reply ? body_of(*reply) : Json();
  }
  Json verify(const std::string& body) { return ask("POST", "/_sluice/requests/verify", body); }

  Journal journal_{Epoch{1'767'571'200'000'000'000}};
};

TEST_F(TheJournal, answers_whether_something_was_asked_so_often) {
  start("HIGH");
  start("LOW");
  start("HIGH", 429);
  const std::string high = R"({"method":"POST","path":"/run","body":{"priority_level":"HIGH"})";
  EXPECT_EQ(verify(high + "}").dump(), R"({"verified":true,"count":2,"seen":3})");
  EXPECT_EQ(verify(high + R"(,"count":2})")["verified"], true);
  EXPECT_EQ(verify(high + R"(,"count":3})")["verified"], false);
  EXPECT_EQ(verify(high + R"(,"status":201,"count":1})")["verified"], true);
  EXPECT_EQ(verify(high + R"(,"at_least":1,"at_most":1})")["verified"], false);
  EXPECT_EQ(verify(R"({"path":"/vault/**"})")["verified"], false);
  EXPECT_EQ(verify(R"({"headers":{"x-test":"1"},"count":3})")["verified"], true);
  EXPECT_EQ(verify(R"({"workspace":"other","count":0})")["verified"], true);
}

TEST_F(TheJournal, shows_the_newest_first_and_no_keys) {
  start("HIGH");
  start("LOW");
  const Json found = ask("GET", "/_sluice/requests?method=POST&limit=1");
  EXPECT_EQ(found["kept"], 2);
  ASSERT_EQ(found["requests"].size(), 1u);
  EXPECT_EQ(found["requests"][0]["body"]["priority_level"], "LOW");
  EXPECT_EQ(found["requests"][0]["at"], "2026-01-05T00:00:01.000000Z");
  EXPECT_EQ(found["requests"][0]["headers"][0]["value"], "…");
  EXPECT_EQ(ask("POST", "/_sluice/requests/search", R"({"path":"/*"})")["count"], 2);
  EXPECT_EQ(ask("DELETE", "/_sluice/requests")["success"], true);
  EXPECT_EQ(journal_.size(), 0u);
}

TEST_F(TheJournal, is_bounded) {
  const std::string large(100'000, 'x');
  for (std::size_t i = 0; i < kJournalRequests + 5; ++i)
    journal_.note(Time::zero(), request("GET", "/runs", i == kJournalRequests ? large : ""), "",
                  200);
  EXPECT_EQ(journal_.size(), kJournalRequests);
  journal_.note(Time::zero(), request("GET", "/_sluice/state"), "", 200);
  const Json found = ask("GET", "/_sluice/requests?limit=5");
  EXPECT_EQ(found["seen"], kJournalRequests + 5);
  EXPECT_EQ(found["requests"][4]["body_bytes"], 100'000);
  EXPECT_EQ(found["requests"][4]["body"].get<std::string>().size(), kJournalBodyBytes);
}

TEST_F(TheJournal, leaves_out_the_admin_api_and_nothing_that_begins_like_it) {
  for (const char* target : {"/_sluice", "/_sluice/state", "/_sluice?a=b"})
    journal_.note(Time::zero(), request("GET", target), "", 200);
  EXPECT_EQ(journal_.size(), 0u);
  journal_.note(Time::zero(), request("GET", "/_sluices"), "", 404);
  EXPECT_EQ(journal_.size(), 1u);
}

TEST_F(TheJournal, says_what_is_wrong_with_a_question) {
  EXPECT_EQ(verify(R"({"paht":"/run"})")["message"], "a matcher has no key `paht`");
  EXPECT_EQ(verify(R"({"count":-1})")["message"], "count must be a whole number");
  EXPECT_EQ(verify("[]")["statusCode"], 400);
  EXPECT_EQ(verify("{")["statusCode"], 400);
  EXPECT_EQ(verify(R"({"method":1})")["message"], "method must be a string");
  EXPECT_EQ(ask("GET", "/_sluice/requests?limit=x")["statusCode"], 400);
  EXPECT_EQ(ask("PUT", "/_sluice/requests")["statusCode"], 405);
  EXPECT_EQ(ask("GET", "/_sluice/state"), Json());
}

TEST(APath, fits_patterns) {
  EXPECT_TRUE(path_fits("/run/*/interrupt", "/run/x/interrupt"));
  EXPECT_FALSE(path_fits("/run/*", "/run/x/interrupt"));
  EXPECT_FALSE(path_fits("/run/*", "/run"));
  EXPECT_TRUE(path_fits("/run/**", "/run/x/interrupt"));
  EXPECT_TRUE(path_fits("/**", "/"));
  EXPECT_TRUE(path_fits("/run", "/run/"));
  EXPECT_FALSE(path_fits("/run", "/runs"));
}

}  // namespace
}  // namespace sluice
