// Faults by matcher, turn, time and probability.
#include "mock_api/admin/faults.hpp"

#include <gmock/gmock.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/mock_api/small_service.hpp"

namespace sluice {
namespace {

using namespace ::testing;
using namespace sluice::test;
using namespace literals;

constexpr const char* kStream = "/run/clients/c/events";

class AFault : public Test {
 protected:
  HttpReply add(const std::string& body) {
    return *faults_.handle(now_, request("POST", "/_sluice/faults", body), {"faults"});
  }
  FaultEffect get(const char* target) {
    return faults_.choose_for(now_, request("GET", target), "acme", next_request_++);
  }
  /// As the server does when it has done what the fault says.
  std::uint64_t struck(const FaultEffect& effect) {
    if (effect.number != 0) faults_.settled(effect.on_wire.mark, FaultOutcome::struck);
    return effect.number;
  }
  /// Which faults strike the next requests.
  std::vector<std::uint64_t> who_strikes(int requests, const char* target = "/runs") {
    std::vector<std::uint64_t> numbers;
    for (int i = 0; i < requests; ++i) numbers.push_back(struck(get(target)));
    return numbers;
  }
  Json list() {
    return body_of(*faults_.handle(now_, request("GET", "/_sluice/faults"), {"faults"}));
  }
  std::string counts(std::size_t place = 0) {
    const Json fault = list()[place];
    return fault["fits"].dump() + " " + fault["struck"].dump() + " " + fault["waiting"].dump() +
           " " + fault["left"].dump();
  }

  Faults faults_{42};
  std::uint64_t next_request_ = 0;
  Time now_ = Time::zero();
};

TEST_F(AFault, strikes_what_fits) {
  EXPECT_FALSE(faults_.any());
  EXPECT_EQ(add(R"({"match":{"path":"/runs"},"status":503})").status, 201u);
  EXPECT_TRUE(faults_.any());
  const FaultEffect effect = get("/runs?limit=1");
  ASSERT_TRUE(effect.reply);
  EXPECT_EQ(effect.reply->status, 503u);
  EXPECT_EQ(body_of(*effect.reply)["error"], "Service Unavailable");
  EXPECT_EQ(get("/vault").number, 0u);
}

TEST_F(AFault, has_latency_wire_and_body) {
  add(R"({"latency":"250ms","wire":"reset_mid_body","status":500,"body":{"oops":true}})");
  now_ = Time::zero() + 1_s;
  const FaultEffect effect = get("/runs");
  HttpReply reply = *effect.reply;
  EXPECT_EQ(reply.body, R"({"oops":true})");
  EXPECT_TRUE(faults_.apply_to(reply, now_, effect));
  EXPECT_EQ(reply.send_at, Time::zero() + 1250_ms);
  EXPECT_EQ(reply.fault.wire, WireFault::reset_mid_body);
  EXPECT_TRUE(reply.fault.is_late);
}

TEST_F(AFault, gives_the_answer_as_it_was_told) {
  add(R"({"status":429,"headers":{"Retry-After":7,"X-Why":"test"},"body":{"code":"SLOW"}})");
  HttpReply reply = *get("/runs").reply;
  faults_.reset();
  EXPECT_EQ(reply.status, 429u);
  EXPECT_EQ(reply.body, R"({"code":"SLOW"})");
  EXPECT_THAT(reply.headers, ElementsAre(Pair("Retry-After", "7"), Pair("X-Why", "test")));
  add(R"({"status":502,"headers":{"content-type":"text/html"},"body":"<h1>no</h1>"})");
  reply = *get("/runs").reply;
  EXPECT_EQ(reply.body, "<h1>no</h1>");
  EXPECT_EQ(reply.content_type, "");
  EXPECT_THAT(reply.headers, ElementsAre(Pair("content-type", "text/html")));
  faults_.reset();
  add(R"({"status":204})");
  EXPECT_EQ(get("/runs").reply->body, "");
}

TEST_F(AFault, is_the_only_one_of_a_request_and_others_keep_their_turn) {
  add(R"({"status":503,"times":1})");
  add(R"({"status":429,"times":2})");
  add(R"({"latency":"1s","times":1})");
  EXPECT_THAT(who_strikes(6), ElementsAre(1, 2, 2, 3, 0, 0));
  EXPECT_EQ(counts(0), "6 1 0 0");
  EXPECT_EQ(counts(1), "6 2 0 0");
}

TEST_F(AFault, lets_the_first_requests_through) {
  add(R"({"match":{"path":"/runs"},"status":500,"after":2,"times":2})");
  EXPECT_THAT(who_strikes(1, "/vault"), ElementsAre(0));
  EXPECT_THAT(who_strikes(6), ElementsAre(0, 0, 1, 1, 0, 0));
}

TEST_F(AFault, begins_and_ends_in_simulated_time) {
  now_ = Time::zero() + 10_s;
  add(R"({"status":500,"after":"5s","for":"2s"})");
  add(R"({"status":501,"for":"6s"})");
  std::vector<std::uint64_t> struck_at;
  for (int second = 10; second < 20; ++second) {
    now_ = Time::zero() + Duration{second * 1'000'000'000LL};
    struck_at.push_back(struck(get("/runs")));
  }
  EXPECT_THAT(struck_at, ElementsAre(2, 2, 2, 2, 2, 1, 1, 0, 0, 0));
}

TEST_F(AFault, is_counted_when_it_has_happened) {
  add(R"({"latency":"2s","times":1})");
  const FaultEffect effect = get("/runs");
  EXPECT_EQ(counts(), "1 0 1 0");
  EXPECT_EQ(get("/runs").number, 0u) << "the turn is taken";
  faults_.settled(effect.on_wire.mark, FaultOutcome::struck);
  EXPECT_EQ(counts(), "2 1 0 0");
}

TEST_F(AFault, that_misses_has_its_turn_again) {
  add(R"({"status":500,"times":1})");
  FaultEffect effect = get("/runs");
  faults_.settled(effect.on_wire.mark, FaultOutcome::missed);
  EXPECT_EQ(counts(), "1 0 0 1");
  effect = get("/runs");
  faults_.settled(effect.on_wire.mark, FaultOutcome::struck);
  faults_.settled(effect.on_wire.mark, FaultOutcome::undone);
  EXPECT_EQ(counts(), "2 0 0 1");
  effect = get("/runs");
  faults_.reset();
  add(R"({"status":500,"times":1})");
  faults_.settled(effect.on_wire.mark, FaultOutcome::struck);
  EXPECT_EQ(counts(), "0 0 0 1") << "that was another fault";
}

TEST_F(AFault, strikes_only_what_it_can_break) {
  add(R"({"stream":"end","after_events":3,"times":1})");
  add(R"({"wire":"malformed_body","times":1})");
  EXPECT_EQ(faults_.choose_for(now_, request("HEAD", "/runs"), "", next_request_++).number, 0u);
  EXPECT_EQ(get("/runs").number, 2u);
  FaultEffect effect = get(kStream);
  EXPECT_EQ(effect.number, 1u);
  HttpReply refused;
  refused.status = 401;
  EXPECT_FALSE(faults_.apply_to(refused, now_, effect));
  EXPECT_EQ(counts(0), "1 0 0 1") << "no stream was opened";
  effect = get(kStream);
  HttpReply opened;
  opened.stream_of = "c";
  EXPECT_TRUE(faults_.apply_to(opened, now_, effect));
  EXPECT_EQ(opened.fault.stream, StreamFault::end);
  EXPECT_EQ(opened.fault.after_events, 3u);
  EXPECT_EQ(get(kStream).number, 0u);
}

TEST_F(AFault, lets_the_api_do_its_work_or_not) {
  const auto is_carried_out = [&](const std::string& wire) {
    faults_.reset();
    add(R"({"wire":")" + wire + "\"}");
    const FaultEffect effect = get("/runs");
    HttpReply reply = effect.reply ? *effect.reply : HttpReply{};
    reply.body = "{}";
    faults_.apply_to(reply, now_, effect);
    EXPECT_EQ(reply.status == 0, wire.find("_body") == wire.npos) << wire;
    return !effect.reply;
  };
  for (const char* before : {"reset", "close", "stall"}) EXPECT_FALSE(is_carried_out(before));
  for (const char* after : {"reset_after", "close_after", "stall_after", "reset_mid_body",
                            "close_mid_body", "malformed_body"})
    EXPECT_TRUE(is_carried_out(after)) << after;
}

TEST_F(AFault, strikes_by_its_own_draws) {
  const auto fates = [this](const std::string& before = "") {
    faults_.reset();
    if (!before.empty()) add(before);
    add(R"({"status":500,"probability":"30%","seed":5})");
    std::string fates;
    for (int i = 0; i < 200; ++i) fates += get("/runs").number != 0 ? 'x' : '.';
    return fates;
  };
  const std::string first = fates();
  EXPECT_THAT(std::count(first.begin(), first.end(), 'x'), AllOf(Gt(35), Lt(85)));
  EXPECT_EQ(fates(), first) << "the same after a reset";
  EXPECT_EQ(fates(R"({"match":{"path":"/vault"},"status":500})"), first)
      << "and with another number";
  const auto of_scenario = [](std::uint64_t seed) {
    Faults faults(seed);
    const std::string body = R"({"status":500,"probability":"30%"})";
    faults.handle(Time::zero(), request("POST", "/_sluice/faults", body), {"faults"});
    std::string fates;
    for (int i = 0; i < 200; ++i)
      fates +=
          faults.choose_for(Time::zero(), request("GET", "/runs"), "", 0).number != 0 ? 'x' : '.';
    return fates;
  };
  EXPECT_EQ(of_scenario(42), of_scenario(42));
  EXPECT_NE(of_scenario(42), of_scenario(43));
}

// What strikes is, for each request, the first fault that would strike it alone and has turns left.
TEST_F(AFault, keeps_its_fate_whatever_others_there_are) {
  std::mt19937_64 random(7);
  const auto pick = [&](int most) { return static_cast<int>(random() % (most + 1)); };
  constexpr int kRequests = 60;
  for (int round = 0; round < 200; ++round) {
    struct Asked {
      std::string path, body;
      int times, passed = 0, used = 0;
      std::vector<bool> drawn;
    };
    std::vector<Asked> asked;
    for (int i = 0; i <= pick(4); ++i) {
      Asked fault{pick(1) == 0 ? "/runs" : "/**", "", 1 + pick(9)};
      const std::string share = std::array{"0.2", "0.7", "1"}[pick(2)];
      fault.passed = pick(5);
      fault.body = R"({"match":{"path":")" + fault.path + R"("},"status":500,"probability":)" +
                   share + R"(,"after":)" + std::to_string(fault.passed) + R"(,"seed":)" +
                   std::to_string(pick(1000));
      faults_.reset();
      add(fault.body + "}");
      for (int n = 0; n < kRequests; ++n) fault.drawn.push_back(get("/runs").number != 0);
      fault.body += R"(,"times":)" + std::to_string(fault.times) + "}";
      asked.push_back(std::move(fault));
    }
    faults_.reset();
    for (const Asked& fault : asked) ASSERT_EQ(add(fault.body).status, 201u) << fault.body;
    std::vector<std::size_t> fitted(asked.size());
    for (int n = 0; n < kRequests; ++n) {
      const std::string target = pick(2) == 0 ? "/vault" : "/runs";
      std::uint64_t expected = 0;
      for (std::size_t i = 0; i < asked.size(); ++i) {
        if (asked[i].path == "/runs" && target != "/runs") continue;
        const bool hit = asked[i].drawn[fitted[i]++] && asked[i].used < asked[i].times;
        if (!hit || expected != 0) continue;
        expected = i + 1;
      }
      const FaultEffect effect = get(target.c_str());
      ASSERT_EQ(effect.number, expected) << "round " << round << ", request " << n;
      if (effect.number == 0) continue;
      const bool misses = pick(4) == 0;
      faults_.settled(effect.on_wire.mark, misses ? FaultOutcome::missed : FaultOutcome::struck);
      if (!misses) ++asked[effect.number - 1].used;
    }
    for (std::size_t i = 0; i < asked.size(); ++i)
      EXPECT_EQ(list()[i]["struck"], asked[i].used) << round;
  }
}

TEST_F(AFault, loses_webhooks) {
  add(R"({"drop_webhook":{"url":"http://a","event":"execution.start"},"times":1,"for":"1h"})");
  add(R"({"drop_webhook":true,"after":1,"times":1})");
  EXPECT_EQ(get("/runs").number, 0u);
  EXPECT_FALSE(faults_.drops_webhook(now_, "http://b/x", "execution.start"));
  EXPECT_TRUE(faults_.drops_webhook(now_, "http://a/x", "execution.start"));
  EXPECT_EQ(counts(0), "1 1 0 0");
  EXPECT_EQ(counts(1), "2 0 0 1") << "one fault for one delivery";
  EXPECT_TRUE(faults_.drops_webhook(now_, "http://a/x", "execution.success"));
  EXPECT_FALSE(faults_.drops_webhook(now_, "http://a/x", "execution.start"));
}

TEST_F(AFault, is_listed_and_taken_away) {
  add(R"({"status":500})");
  const FaultEffect effect = get("/runs");
  struck(effect);
  EXPECT_EQ(list().dump(),
            R"([{"id":"1","fits":1,"struck":1,"waiting":0,"left":null,"fault":{"status":500}}])");
  const auto remove = [&](const char* id) {
    return faults_.handle(now_, request("DELETE", "/x"), {"faults", id})->status;
  };
  EXPECT_EQ(remove("2"), 404u);
  EXPECT_EQ(remove("1"), 200u);
  EXPECT_FALSE(faults_.any());
  EXPECT_FALSE(faults_.handle(now_, request("GET", "/x"), {"state"}));
}

TEST_F(AFault, that_is_none_is_refused) {
  for (const char* body : {"{}",
                           "[]",
                           "{",
                           R"({"status":100})",
                           R"({"status":"x"})",
                           R"({"latency":5})",
                           R"({"latency":"soon"})",
                           R"({"status":500,"probability":2})",
                           R"({"wire":"cut"})",
                           R"({"status":500,"times":0})",
                           R"({"status":500,"match":{"x":1}})",
                           R"({"stats":500})",
                           R"({"drop_webhook":5})",
                           R"({"drop_webhook":{"url":7}})",
                           R"({"drop_webhook":false})",
                           R"({"status":500,"after":-1})",
                           R"({"status":500,"after":"soon"})",
                           R"({"status":500,"for":"0s"})",
                           R"({"status":500,"seed":"x"})",
                           R"({"latency":"2s","headers":{"A":"b"}})",
                           R"({"latency":"2s","body":{}})",
                           R"({"status":500,"headers":{"A B":"c"}})",
                           R"({"status":500,"headers":{"A":"b\r\nC: d"}})",
                           R"({"status":500,"headers":{"content-length":"5"}})",
                           R"({"stream":"stop"})",
                           R"({"latency":"2s","events":3})",
                           R"({"stream":"end","events":3})"})
    EXPECT_EQ(add(body).status, 400u) << body;
  EXPECT_FALSE(faults_.any());
}

TEST_F(AFault, that_could_never_happen_is_refused) {
  for (const char* body :
       {R"({"status":500,"match":{"status":200}})",
        R"({"status":500,"match":{"path":"/_sluice/*"}})",
        R"({"latency":"1s","match":{"path":"/healthz"}})", R"({"status":500,"wire":"reset"})",
        R"({"latency":"2s","wire":"stall"})", R"({"stream":"drop","match":{"path":"/run"}})",
        R"({"stream":"drop","match":{"method":"POST"}})", R"({"stream":"end","wire":"reset"})",
        R"({"wire":"malformed_body","match":{"path":"/run/clients/*/events"}})",
        R"({"wire":"malformed_body","match":{"method":"HEAD"}})",
        R"({"drop_webhook":true,"latency":"1s"})", R"({"drop_webhook":true,"match":{}})"})
    EXPECT_EQ(add(body).status, 400u) << body;
  for (const char* body :
       {R"({"stream":"drop","events":2})", R"({"stream":"reset","match":{"path":"/run/**"}})",
        R"({"stream":"repeat","match":{"path":"/run/clients/c-1/events","method":"GET"}})",
        R"({"wire":"stall","match":{"path":"/run","method":"POST"}})"})
    EXPECT_EQ(add(body).status, 201u) << body;
}

}  // namespace
}  // namespace sluice
