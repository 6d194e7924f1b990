// Answers that are late by simulated time, above all with a clock that is held.
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/mock_api/server/served.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using namespace literals;

constexpr auto kNothing = 20ms;

/// GET /late/N is answered N seconds late, POST /late-run, which starts run 77 of client c, 2 s.
class ALateAnswer : public ::testing::Test {
 protected:
  explicit ALateAnswer(ServerClock clock = ServerClock::held()) : served_(options(clock)) {
    for (const int seconds : {1, 2, 3})
      served_.service.on("GET /late/" + std::to_string(seconds), [=](Time now, const HttpRequest&) {
        HttpReply reply;
        reply.body = std::to_string(seconds);
        reply.send_at = now + Duration{seconds * 1'000'000'000LL};
        reply.fault.mark = static_cast<std::uint64_t>(seconds);
        reply.fault.is_late = true;
        return reply;
      });
    served_.service.on("POST /late-run", [this](Time now, const HttpRequest&) {
      served_.service.schedule(now, [this](Time) {
        served_.service.emit("c", "data: of the run\n\n", 77);
        served_.service.emit("c", "data: of another\n\n", 5);
      });
      HttpReply reply;
      reply.status = 201;
      reply.started_run = 77;
      reply.send_at = now + 2_s;
      return reply;
    });
    served_.begin();
  }
  static ServerOptions options(const ServerClock& clock) {
    ServerOptions options;
    options.clock = clock;
    options.streams.hold_back = 10ms;
    return options;
  }

  json clock() {
    RawClient client = served_.client();
    client.get("/_sluice/clock");
    return json::parse(body_of(client.response()));
  }
  /// Until the server holds so many answers.
  bool holds(int answers) {
    for (int i = 0; i < 500; ++i, std::this_thread::sleep_for(10ms))
      if (clock()["held_answers"] == answers) return true;
    return false;
  }
  unsigned advance(const std::string& by) {
    RawClient client = served_.client();
    client.post("/_sluice/clock/advance", "{\"by\":\"" + by + "\"}");
    return status_of(client.response());
  }
  std::string log() {
    RawClient client = served_.client();
    client.get("/log");
    return body_of(client.response());
  }

  Served served_;
};

TEST_F(ALateAnswer, WaitsUntilTheClockIsMoved) {
  RawClient client = served_.client();
  client.get("/late/2");
  ASSERT_TRUE(holds(1));
  EXPECT_EQ(clock()["due_ns"], 2'000'000'000);
  EXPECT_EQ(advance("1999ms"), 200u);
  EXPECT_EQ(client.whatever_comes(kNothing), "");
  EXPECT_EQ(log(), "") << "nothing is counted that has not happened";
  EXPECT_EQ(advance("1ms"), 200u);
  EXPECT_EQ(log(), "fault 2 struck\n") << "when the clock has moved, the answer has left";
  EXPECT_EQ(body_of(client.response()), "2");
  EXPECT_EQ(clock()["held_answers"], 0);
}

TEST_F(ALateAnswer, ComesInTheOrderOfTimeOnManyConnections) {
  RawClient two = served_.client(), three = served_.client(), one = served_.client();
  two.get("/late/2");
  three.get("/late/3");
  one.get("/late/1");
  ASSERT_TRUE(holds(3));
  EXPECT_EQ(advance("2500ms"), 200u);
  EXPECT_EQ(log(), "fault 1 struck\nfault 2 struck\n");
  EXPECT_EQ(body_of(one.response()), "1");
  EXPECT_EQ(body_of(two.response()), "2");
  EXPECT_EQ(three.whatever_comes(kNothing), "");
  EXPECT_EQ(advance("1h"), 200u);
  EXPECT_EQ(body_of(three.response()), "3");
}

TEST_F(ALateAnswer, KeepsThePlaceOfPipelinedRequests) {
  RawClient client = served_.client();
  client.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\nGET /late/1 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(body_of(client.response()), R"({"hello":"world"})");
  ASSERT_TRUE(holds(1));
  // Behind it on the same connection, even the clock has to wait; elsewhere it does not.
  client.get("/late/2");
  client.post("/_sluice/clock/advance", R"({"by":"5s"})");
  client.get("/hello");
  EXPECT_EQ(client.whatever_comes(kNothing), "");
  EXPECT_EQ(advance("1s"), 200u);
  EXPECT_EQ(body_of(client.response()), "1");
  ASSERT_TRUE(holds(1));
  EXPECT_EQ(advance("2s"), 200u);
  EXPECT_EQ(body_of(client.response()), "2");
  EXPECT_EQ(json::parse(body_of(client.response()))["now_ns"], 8'000'000'000);
  EXPECT_EQ(body_of(client.response()), R"({"hello":"world"})");
}

TEST_F(ALateAnswer, HoldsTheEventsOfItsRunBackAndNotTheClock) {
  RawClient stream = served_.client(), poster = served_.client();
  stream.get("/run/clients/c/events");
  stream.until("\r\n\r\n");
  poster.post("/late-run", "{}");
  ASSERT_TRUE(holds(1));
  EXPECT_EQ(advance("1s"), 200u) << "the clock does not wait for itself";
  EXPECT_EQ(stream.whatever_comes(kNothing), "");
  EXPECT_EQ(advance("1s"), 200u);
  EXPECT_EQ(status_of(poster.response()), 201u);
  EXPECT_NE(stream.until("data: of the run\n\n"), "");
  EXPECT_NE(stream.until("data: of another\n\n"), "");
}

TEST_F(ALateAnswer, LosesNoEventWithItsStream) {
  RawClient poster = served_.client();
  {
    RawClient stream = served_.client();
    stream.get("/run/clients/c/events");
    stream.until("\r\n\r\n");
    poster.post("/late-run", "{}");
    ASSERT_TRUE(holds(1));
    EXPECT_EQ(advance("1s"), 200u);
    stream.reset();
  }
  while (served_->open_streams > 0) std::this_thread::sleep_for(1ms);
  RawClient next = served_.client();
  next.get("/run/clients/c/events");
  next.until("\r\n\r\n");
  EXPECT_EQ(advance("1s"), 200u);
  EXPECT_NE(next.until("data: of the run\n\n"), "");
  EXPECT_NE(next.until("data: of another\n\n"), "");
}

TEST_F(ALateAnswer, IsForgottenWhenItsClientGoes) {
  RawClient stream = served_.client();
  stream.get("/run/clients/c/events");
  stream.until("\r\n\r\n");
  {
    RawClient one = served_.client(), two = served_.client();
    one.get("/late/1");
    two.post("/late-run", "{}");
    ASSERT_TRUE(holds(2));
    EXPECT_EQ(advance("0s"), 200u);
    one.reset();
    two.reset();
  }
  EXPECT_TRUE(holds(0));
  EXPECT_EQ(log(), "fault 1 struck\n") << "the client has seen that no answer came";
  EXPECT_NE(stream.until("data: of the run\n\n"), "") << "there is nothing to wait for";
  EXPECT_EQ(advance("1h"), 200u);
}

TEST_F(ALateAnswer, IsGivenToWhoHasEndedSending) {
  RawClient client = served_.client();
  client.get("/late/1");
  client.end_sending();
  ASSERT_TRUE(holds(1));
  EXPECT_EQ(advance("1s"), 200u);
  EXPECT_TRUE(client.rest().ends_with("\r\n\r\n1"));
}

TEST_F(ALateAnswer, IsGivenAtTheEndOfTheServer) {
  RawClient client = served_.client();
  client.get("/late/1");
  ASSERT_TRUE(holds(1));
  std::thread stopper([this] { served_.stop(); });
  const std::string reply = client.rest();
  EXPECT_NE(reply.find("Connection: close"), std::string::npos) << reply;
  EXPECT_TRUE(reply.ends_with("\r\n\r\n1")) << reply;
  client.close();
  stopper.join();
}

TEST(LateAnswers, MayHaveBeenDeferredToo) {
  ServerOptions options;
  options.clock = ServerClock::held();
  Served served(options);
  served.service.on("POST /later", [&](Time now, const HttpRequest&) {
    served.service.schedule(now + 1_s, [&](Time) {
      HttpReply known;
      known.body = "known";
      served.service.defer(4, known);
    });
    HttpReply reply;
    reply.deferred = 4;
    reply.send_at = now + 2_s;
    reply.fault.mark = 9;
    return reply;
  });
  served.begin();
  RawClient client = served.client(), clock = served.client();
  client.post("/later", "");
  while (served->handled < 1) std::this_thread::sleep_for(1ms);
  const auto advance = [&](const char* to) {
    clock.post("/_sluice/clock/advance", "{\"to\":\"" + std::string(to) + "\"}");
    return json::parse(body_of(clock.response()))["held_answers"];
  };
  EXPECT_EQ(advance("2s"), 1) << "late by 2 s, from when it is known";
  EXPECT_EQ(advance("3s"), 0);
  EXPECT_EQ(body_of(client.response()), "known");
  client.get("/log");
  EXPECT_EQ(body_of(client.response()), "fault 9 struck\n");
}

}  // namespace
}  // namespace sluice::test
