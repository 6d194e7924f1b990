// Faults by matcher and probability.
#include "mock_api/admin/faults.hpp"

#include <gmock/gmock.h>

#include "tests/mock_api/small_service.hpp"

namespace sluice {
namespace {

using namespace ::testing;
using namespace sluice::test;
using namespace literals;

class AFault : public Test {
 protected:
  HttpReply add(const std::string& body) {
    return *faults_.handle(request("POST", "/_sluice/faults", body), {"faults"});
  }
  FaultEffect get(const char* target) { return faults_.strike(request("GET", target), "acme"); }

  Faults faults_{42};
};

TEST_F(AFault, strikes_what_fits) {
  EXPECT_FALSE(faults_.any());
  EXPECT_EQ(add(R"({"match":{"path":"/runs"},"status":503})").status, 201u);
  EXPECT_TRUE(faults_.any());
  const FaultEffect effect = get("/runs?limit=1");
  ASSERT_TRUE(effect.reply);
  EXPECT_EQ(effect.reply->status, 503u);
  EXPECT_EQ(body_of(*effect.reply)["error"], "Service Unavailable");
  EXPECT_FALSE(get("/vault").reply);
  EXPECT_FALSE(get("/_sluice/faults").reply) << "the way out stays open";
}

TEST_F(AFault, has_latency_wire_and_body) {
  add(R"({"latency":"250ms","wire":"reset_mid_body"})");
  add(R"({"latency":"1s","status":500,"body":{"oops":true}})");
  const FaultEffect effect = get("/runs");
  HttpReply reply = *effect.reply;
  EXPECT_EQ(reply.body, R"({"oops":true})");
  Faults::apply(Time::zero() + 1_s, effect, reply);
  EXPECT_EQ(reply.send_at, Time::zero() + 2250_ms);
  EXPECT_EQ(reply.fault, WireFault::reset_mid_body);
}

TEST_F(AFault, strikes_as_often_as_it_may) {
  add(R"({"status":500,"times":2})");
  int struck = 0;
  for (int i = 0; i < 10; ++i) struck += get("/runs").reply ? 1 : 0;
  EXPECT_EQ(struck, 2);
}

TEST_F(AFault, strikes_by_its_own_draws) {
  const auto fates = [](Faults& faults) {
    std::string fates;
    for (int i = 0; i < 200; ++i)
      fates += faults.strike(request("GET", "/runs"), "").reply ? 'x' : '.';
    return fates;
  };
  const std::string body = R"({"status":500,"probability":"30%"})";
  add(body);
  const std::string first = fates(faults_);
  EXPECT_THAT(std::count(first.begin(), first.end(), 'x'), AllOf(Gt(35), Lt(85)));
  faults_.reset();
  add(body);
  EXPECT_EQ(fates(faults_), first) << "the same after a reset";
  Faults other(43);
  other.handle(request("POST", "/_sluice/faults", body), {"faults"});
  EXPECT_NE(fates(other), first);
}

TEST_F(AFault, loses_webhooks) {
  add(R"({"drop_webhook":{"url":"http://a","event":"execution.start"},"times":1})");
  EXPECT_FALSE(get("/runs").reply);
  EXPECT_FALSE(faults_.drops_webhook("http://b/x", "execution.start"));
  EXPECT_FALSE(faults_.drops_webhook("http://a/x", "execution.success"));
  EXPECT_TRUE(faults_.drops_webhook("http://a/x", "execution.start"));
  EXPECT_FALSE(faults_.drops_webhook("http://a/x", "execution.start"));
}

TEST_F(AFault, is_listed_and_taken_away) {
  add(R"({"status":500})");
  get("/runs");
  const Json all = body_of(*faults_.handle(request("GET", "/_sluice/faults"), {"faults"}));
  EXPECT_EQ(all.dump(), R"([{"id":"1","fits":1,"struck":1,"left":null,"fault":{"status":500}}])");
  EXPECT_EQ(faults_.handle(request("DELETE", "/x"), {"faults", "2"})->status, 404u);
  EXPECT_EQ(faults_.handle(request("DELETE", "/x"), {"faults", "1"})->status, 200u);
  EXPECT_FALSE(faults_.any());
  EXPECT_FALSE(faults_.handle(request("GET", "/x"), {"state"}));
}

TEST_F(AFault, that_is_none_is_refused) {
  for (const char* body :
       {"{}", "[]", "{", R"({"status":100})", R"({"status":"x"})", R"({"latency":5})",
        R"({"latency":"soon"})", R"({"status":500,"probability":2})", R"({"wire":"cut"})",
        R"({"status":500,"times":0})", R"({"status":500,"match":{"x":1}})", R"({"stats":500})",
        R"({"drop_webhook":5})", R"({"drop_webhook":{"url":7}})"})
    EXPECT_EQ(add(body).status, 400u) << body;
  EXPECT_FALSE(faults_.any());
}

}  // namespace
}  // namespace sluice
