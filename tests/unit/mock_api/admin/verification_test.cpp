// What came closest to a request that did not come; order, absence and waiting.
#include "mock_api/admin/verification.hpp"

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

#include "mock_api/admin/journal.hpp"
#include "tests/unit/mock_api/small_service.hpp"

namespace sluice {
namespace {

using namespace ::testing;
using namespace sluice::test;
using namespace literals;

class AVerification : public Test {
 protected:
  void came(const char* method, const std::string& target, const std::string& body = "",
            unsigned status = 200) {
    HttpRequest made = request(method, target, body);
    made.headers = {{"cc-key", "sk_acme"}, {"X-Test", "1"}};
    journal_.note(Time::zero(), made, "acme", status);
  }
  HttpReply ask(const std::string& body) {
    const auto reply =
        journal_.handle(request("POST", "/_sluice/requests/verify", body), {"requests", "verify"});
    return reply.value_or(HttpReply{});
  }
  Json verify(const std::string& body) { return body_of(ask(body)); }
  /// The reply to what was deferred, if it is there.
  std::optional<Json> answer(std::uint64_t deferred) {
    std::vector<std::pair<std::uint64_t, HttpReply>> replies;
    journal_.take_replies(replies);
    for (const auto& [number, reply] : replies)
      if (number == deferred) return body_of(reply);
    return std::nullopt;
  }

  Journal journal_{Epoch{1'767'571'200'000'000'000}};
};

TEST_F(AVerification, names_the_nearest_misses_and_what_differs) {
  came("GET", "/run/a");
  came("POST", "/run", R"({"workflow_id":"claims","priority_level":"LOW","n":{"a":1}})", 201);
  came("POST", "/run", R"({"workflow_id":"other","priority_level":"LOW"})", 429);
  const Json told =
      verify(R"({"method":"POST","path":"/run","status":201,"headers":{"x-test":"2"},)"
             R"("body":{"workflow_id":"claims","priority_level":"HIGH","n":{"a":1,"b":2}}})");
  EXPECT_EQ(told["verified"], false);
  EXPECT_EQ(told["missing"]["path"], "/run");
  const Json& nearest = told["nearest"];
  ASSERT_EQ(nearest.size(), 3u);
  EXPECT_EQ(nearest[0]["number"], 1);
  EXPECT_EQ(nearest[0]["differs"].dump(),
            R"([{"field":"headers.x-test","wanted":"2","got":"1"},)"
            R"({"field":"body.priority_level","wanted":"HIGH","got":"LOW"},)"
            R"({"field":"body.n.b","wanted":2,"got":null}])");
  EXPECT_EQ(nearest[1]["number"], 2);
  EXPECT_EQ(nearest[2]["number"], 0);
  EXPECT_EQ(nearest[2]["differs"][0]["field"], "method");
}

TEST_F(AVerification, shows_no_keys) {
  came("GET", "/runs");
  const Json told = verify(R"({"headers":{"cc-key":"sk_other"}})");
  EXPECT_EQ(told["nearest"][0]["differs"].dump(),
            R"([{"field":"headers.cc-key","wanted":"…","got":"…"}])");
}

TEST_F(AVerification, that_something_never_came_shows_what_did) {
  EXPECT_EQ(verify(R"({"method":"DELETE","never":true})")["verified"], true);
  came("DELETE", "/vault");
  const Json told = verify(R"({"method":"DELETE","never":true})");
  EXPECT_EQ(told["verified"], false);
  EXPECT_EQ(told["unwanted"][0]["target"], "/vault");
  EXPECT_FALSE(told.contains("nearest"));
  EXPECT_EQ(verify(R"({"method":"DELETE","at_most":1})")["verified"], true);
  EXPECT_EQ(verify(R"({"method":"DELETE","at_most":0})")["verified"], false);
}

TEST_F(AVerification, looks_at_the_order) {
  came("POST", "/run");
  came("GET", "/run/a");
  came("GET", "/runs");
  came("POST", "/run/a/interrupt");
  const std::string started = R"({"method":"POST","path":"/run"})";
  const std::string stopped = R"({"path":"/run/*/interrupt"})", looked = R"({"path":"/run/*"})";
  const Json good = verify("{\"order\":[" + started + "," + looked + "," + stopped + "]}");
  EXPECT_EQ(good.dump(), R"({"verified":true,"matched":3,"of":3,"seen":4})");
  const Json bad = verify("{\"order\":[" + started + "," + stopped + "," + looked + "]}");
  EXPECT_EQ(bad["verified"], false);
  EXPECT_EQ(bad["matched"], 2);
  EXPECT_EQ(bad["missing"]["path"], "/run/*");
  EXPECT_EQ(bad["nearest"][0]["number"], 1);
  EXPECT_EQ(bad["nearest"][0]["differs"][0].dump(),
            R"({"field":"order","wanted":"after request 3","got":"request 1"})");
  EXPECT_EQ(verify("{\"order\":[" + started + "," + started + "]}")["verified"], false);
}

TEST_F(AVerification, waits_until_what_is_asked_for_has_come) {
  came("GET", "/runs");
  EXPECT_EQ(ask(R"({"path":"/runs","within":"2s"})").deferred, 0u);
  const HttpReply waiting = ask(R"({"path":"/run","at_least":2,"within":"2s"})");
  ASSERT_NE(waiting.deferred, 0u);
  EXPECT_EQ(waiting.deferred_for, 2_s);
  came("POST", "/run");
  EXPECT_FALSE(answer(waiting.deferred));
  came("POST", "/run");
  const auto told = answer(waiting.deferred);
  ASSERT_TRUE(told);
  EXPECT_EQ((*told)["verified"], true);
  EXPECT_EQ((*told)["count"], 2);
  EXPECT_FALSE(answer(waiting.deferred));  // told once
}

TEST_F(AVerification, that_is_given_up_tells_how_it_stands) {
  const HttpReply waiting = ask(R"({"path":"/run","within":"10ms"})");
  came("POST", "/runs");
  journal_.give_up(waiting.deferred + 1);
  EXPECT_FALSE(answer(waiting.deferred));
  journal_.give_up(waiting.deferred);
  const auto told = answer(waiting.deferred);
  ASSERT_TRUE(told);
  EXPECT_EQ((*told)["verified"], false);
  EXPECT_EQ((*told)["nearest"][0]["target"], "/runs");
}

TEST_F(AVerification, of_absence_waits_to_the_end_or_until_it_is_broken) {
  const HttpReply quiet = ask(R"({"path":"/run","never":true,"within":"1s"})");
  const HttpReply broken = ask(R"({"path":"/vault","count":0,"within":"1s"})");
  ASSERT_NE(quiet.deferred, 0u);
  ASSERT_NE(broken.deferred, 0u);
  came("GET", "/vault");
  EXPECT_EQ((*answer(broken.deferred))["verified"], false);
  journal_.give_up_all();
  EXPECT_EQ((*answer(quiet.deferred))["verified"], true);
}

TEST_F(AVerification, counts_from_new_when_the_journal_is_emptied) {
  came("POST", "/run");
  const HttpReply waiting = ask(R"({"path":"/run","at_least":2,"within":"1s"})");
  journal_.clear();
  came("POST", "/run");
  EXPECT_FALSE(answer(waiting.deferred));
  came("POST", "/run");
  EXPECT_EQ((*answer(waiting.deferred))["count"], 2);
}

TEST_F(AVerification, is_refused_with_the_reason) {
  const auto problem = [&](const char* body) { return verify(body)["message"].get<std::string>(); };
  EXPECT_THAT(problem(R"({"count":1,"never":true})"), HasSubstr("only one of"));
  EXPECT_THAT(problem(R"({"at_least":2,"at_most":1})"), HasSubstr("at_most is less"));
  EXPECT_THAT(problem(R"({"never":1})"), HasSubstr("never must be"));
  EXPECT_THAT(problem(R"({"within":2})"), HasSubstr("within must be a time"));
  EXPECT_THAT(problem(R"({"within":"11m"})"), HasSubstr("at most 10m"));
  EXPECT_THAT(problem(R"({"order":[]})"), HasSubstr("order must be a list"));
  EXPECT_THAT(problem(R"({"order":[{"paht":"x"}]})"), HasSubstr("no key `paht`"));
  EXPECT_THAT(problem(R"({"order":[{}],"count":1})"), HasSubstr("nothing but within"));
  for (std::size_t i = 0; i < kJournalWaiting; ++i) ask(R"({"path":"/run","within":"1s"})");
  EXPECT_THAT(problem(R"({"path":"/run","within":"1s"})"), HasSubstr("too many"));
}

/// A matcher fits exactly what differs in nothing from what it wants.
TEST_F(AVerification, differs_in_nothing_where_it_fits) {
  const std::vector<std::string> matchers{"{}",
                                          R"({"method":"POST"})",
                                          R"({"path":"/run/*"})",
                                          R"({"workspace":"acme","status":200})",
                                          R"({"headers":{"x-test":"1"},"query":{"limit":"5"}})",
                                          R"({"body":{"a":{"b":1}}})",
                                          R"({"body":{"a":{}}})",
                                          R"({"body":[1,2]})",
                                          R"({"body":{}})"};
  const std::vector<std::string> bodies{
      "", "not json", "[1,2]", "{}", R"({"a":{"b":1}})", R"({"a":{"b":2}})", R"({"a":1})"};
  for (const std::string& text : matchers)
    for (const char* target : {"/run", "/run/x", "/run/x?limit=5"})
      for (const std::string& body : bodies)
        for (const unsigned status : {200u, 404u}) {
          std::string problem;
          const auto matcher = RequestMatcher::from_json(Json::parse(text), problem);
          HttpRequest made = request("POST", target, body);
          made.headers = {{"X-Test", "1"}};
          const bool fits = matcher->fits(made, "acme") && matcher->fits_status(status);
          EXPECT_EQ(fits, matcher->differences(made, "acme", status).empty())
              << text << ' ' << target << ' ' << body;
        }
}

TEST_F(AVerification, lists_what_nobody_understood) {
  HttpRequest odd = request("GET", "/runs?limit=1&limt=2&statuses[]=a");
  odd.headers = {{"X-Sluice-Rnu", "a/1"}, {"X-Sluice-Run", "a/1"}, {"X-Other", "1"}};
  journal_.note(Time::zero(), odd, "acme", 200);
  journal_.note(Time::zero(), request("POST", "/run", "{}"), "acme", 201,
                {.script = "", .unknown_keys = {"priorty"}});
  const auto reply =
      journal_.handle(request("GET", "/_sluice/requests"), std::vector<std::string>{"requests"});
  const Json entries = body_of(*reply)["requests"];
  EXPECT_EQ(entries[0]["not_understood"].dump(), R"([{"in":"body","name":"priorty"}])");
  EXPECT_EQ(entries[1]["not_understood"].dump(),
            R"([{"in":"query","name":"limt"},{"in":"header","name":"X-Sluice-Rnu"}])");
}

}  // namespace
}  // namespace sluice
