// A held clock that is moved up to something: idle, a run's status, the next event; and answers
// that wait for so long at most.
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "mock_api/server/clock_driver.hpp"
#include "tests/unit/mock_api/api_world.hpp"
#include "tests/unit/mock_api/server/served.hpp"

namespace sluice::test {
namespace {

using namespace literals;

/// The API of a scenario behind a held clock and its driver, without sockets.
class AHeldClock : public testing::Test {
 protected:
  AHeldClock() { serve(served_scenario(1)); }
  void serve(const Scenario& scenario) {
    driver_.reset();
    host_.reset();
    world_ = std::make_unique<ApiWorld>(scenario);
    host_ = std::make_unique<ServiceHost>(*world_->api, ServerClock::held(), StreamLimits{});
    driver_ = std::make_unique<ClockDriver>(*host_, [] { return 0; });
  }
  HttpReply call(std::string_view method, std::string_view target, std::string_view body = {},
                 std::string_view script = {}) {
    HttpRequest request{method, target, body, "192.0.2.1", {{"cc-key", "sk_acme"}}};
    if (!script.empty()) request.headers.emplace_back("X-Sluice-Script", script);
    return *host_->handle(request, [] { return ServiceHost::Answer(); }).reply;
  }
  std::string start(std::string_view script) {
    const HttpReply reply =
        call("POST", "/run", R"({"workflow_id":"plain","run_input_variables":{}})", script);
    return ApiWorld::json(reply).value("session_id", "");
  }
  ClockMoved move(std::string_view body) {
    const Parsed<ClockMove> parsed = parse_clock_move(body, {});
    EXPECT_TRUE(parsed) << body << ": " << parsed.error.message;
    std::promise<ClockMoved> promise;
    if (parsed) driver_->move(*parsed, [&](const ClockMoved& moved) { promise.set_value(moved); });
    return parsed ? promise.get_future().get() : ClockMoved{};
  }
  ClockMoved until(const std::string& run, const std::string& status) {
    return move(R"({"until":{"run":")" + run + R"(","status":")" + status + "\"}}");
  }

  std::unique_ptr<ApiWorld> world_;
  std::unique_ptr<ServiceHost> host_;
  std::unique_ptr<ClockDriver> driver_;
};

TEST_F(AHeldClock, moves_until_nothing_goes_on) {
  start("takes=5s");
  start("takes=7s");
  const ClockMoved moved = move(R"({"until":"idle"})");
  EXPECT_TRUE(moved.reached) << moved.because;
  EXPECT_EQ(moved.now, Time::zero() + 12_s);
  EXPECT_EQ(moved.runs, 0u);
  const ClockMoved again = move(R"({"until":"idle"})");
  EXPECT_TRUE(again.reached);
  EXPECT_EQ(again.now, moved.now);
}

TEST_F(AHeldClock, is_idle_with_an_open_stream) {
  KeptFrames frames;
  const HttpReply opened = call("GET", "/run/clients/me/events");
  world_->api->open_stream(Time::zero(), opened.stream_of, frames);
  start("takes=20s");
  const ClockMoved moved = move(R"({"until":"idle"})");
  EXPECT_TRUE(moved.reached);
  EXPECT_EQ(moved.now, Time::zero() + 20_s);
  EXPECT_EQ(moved.due, Time::zero() + 30_s);  // the next ping
  EXPECT_EQ(move(R"({"until":"idle"})").now, Time::zero() + 20_s);
}

TEST_F(AHeldClock, says_when_it_never_gets_idle) {
  call("POST", "/_sluice/workflows/plain/pause");
  start("takes=5s");
  const ClockMoved held = move(R"({"until":"idle"})");
  EXPECT_TRUE(held.reached);  // nothing is due that could change it
  EXPECT_EQ(held.runs, 1u);
  call("POST", "/_sluice/workflows/plain/resume");
  start("takes=30h");
  const ClockMoved far = move(R"({"until":"idle"})");
  EXPECT_FALSE(far.reached);
  EXPECT_EQ(far.because, "the limit was reached");
  EXPECT_EQ(far.now, Time::zero() + 24_h);
  EXPECT_TRUE(move(R"({"until":"idle","limit":"10h"})").reached);
}

TEST_F(AHeldClock, moves_until_a_run_is_so_far) {
  const std::string first = start("takes=5s"), run = start("fail; takes=7s");
  EXPECT_EQ(until(run, "execution.queued").now, Time::zero());
  const ClockMoved started = until(run, "execution.start");
  EXPECT_TRUE(started.reached);
  EXPECT_EQ(started.now, Time::zero() + 5_s);
  EXPECT_EQ(started.status, "execution.start");
  const ClockMoved failed = until(run, "execution.success");
  EXPECT_FALSE(failed.reached);
  EXPECT_EQ(failed.because, "the run is over");
  EXPECT_EQ(failed.status, "execution.failed");
  EXPECT_EQ(failed.now, Time::zero() + 12_s);
  EXPECT_TRUE(move(R"({"until":{"run":")" + first + "\"}}").reached);
}

TEST_F(AHeldClock, sees_a_status_that_is_left_in_the_same_instant) {
  const std::string run = start("success; takes=0s");
  const ClockMoved moved = until(run, "execution.start");
  EXPECT_TRUE(moved.reached);
  EXPECT_EQ(moved.status, "execution.success");
}

TEST_F(AHeldClock, moves_until_a_run_asks) {
  const std::string run = start(R"({"takes":"4s","asks":{"step":1,"timeout":"1m"}})");
  const ClockMoved moved = until(run, "interaction.waiting");
  EXPECT_TRUE(moved.reached);
  EXPECT_EQ(moved.now, Time::zero() + 2_s);
}

TEST_F(AHeldClock, does_not_wait_for_what_is_not_known_or_cannot_come) {
  EXPECT_EQ(until("nobody", "execution.start").problem, ClockMoved::Problem::no_such_run);
  call("POST", "/_sluice/workflows/plain/pause");
  const std::string run = start("takes=5s");
  const ClockMoved moved = until(run, "execution.start");
  EXPECT_FALSE(moved.reached);
  EXPECT_EQ(moved.because, "nothing is due");
  EXPECT_EQ(moved.status, "execution.paused");
  EXPECT_EQ(moved.now, Time::zero());
}

TEST_F(AHeldClock, moves_to_the_next_event) {
  EXPECT_FALSE(move(R"({"to":"next"})").reached);
  start("takes=5s");
  EXPECT_EQ(move(R"({"to":"next"})").now, Time::zero());
  const ClockMoved moved = move(R"({"to":"next"})");
  EXPECT_TRUE(moved.reached);
  EXPECT_EQ(moved.now, Time::zero() + 5_s);
  start("takes=5h");
  move(R"({"to":"next"})");
  const ClockMoved far = move(R"({"to":"next","limit":"1h"})");
  EXPECT_FALSE(far.reached);
  EXPECT_EQ(far.now, Time::zero() + 5_s + 1_h);
}

TEST(AClockMove, is_one_of_its_forms) {
  for (const char* body :
       {R"({"by":"1h"})", R"({"to":"1h"})", R"({"to":"next"})", R"({"to":"next","limit":"1s"})",
        R"({"until":"idle"})", R"({"until":{"run":"x"}})", R"({"limit":"1h","until":"idle"})",
        R"({"until":{"run":"x","status":"execution.input_required"}})"})
    EXPECT_TRUE(parse_clock_move(body, {})) << body;
  for (const char* body :
       {"", "{}", "[]", "1", R"({"by":"next"})", R"({"by":"1h","limit":"1h"})", R"({"limit":"1h"})",
        R"({"until":"bored"})", R"({"until":{}})", R"({"until":{"run":""}})",
        R"({"until":{"run":"x","state":"y"}})", R"({"until":{"run":"x","status":"started"}})",
        R"({"until":"idle","limit":3})", R"({"until":"idle","limit":"soon"})",
        R"({"by":"1h","until":"idle"})", R"({"until":{"run":1}})"})
    EXPECT_FALSE(parse_clock_move(body, {})) << body;
}

TEST(TheServer, ends_the_waiting_for_an_answer_in_wall_time) {
  ApiWorld world(served_scenario());
  ServerOptions options;
  options.clock = ServerClock::held();
  options.log_level = ServerLog::Level::off;
  WebhookSender webhooks{WebhookSenderSettings{}};
  ApiServer server(*world.api, webhooks, options);
  const auto verify = [&](const std::string& body) {
    RawClient client(server.url());
    client.post("/_sluice/requests/verify", body);
    return Json::parse(body_of(client.response()));
  };
  EXPECT_EQ(verify(R"({"path":"/runs","within":"150ms"})")["verified"], false);
  // Others are answered meanwhile, and what they ask ends the waiting.
  std::thread other([&] {
    RawClient client(server.url());
    for (int i = 0; i < 3; ++i) {
      client.get("/runs");
      client.response();
    }
  });
  const Json told = verify(R"({"path":"/runs","at_least":3,"within":"1m"})");
  other.join();
  EXPECT_EQ(told["verified"], true);
  EXPECT_EQ(told["count"], 3);
}

TEST(TheApi, answers_what_waits_when_it_is_about_to_end) {
  ApiWorld world(served_scenario());
  const HttpReply waits =
      world.post("/_sluice/requests/verify", R"({"path":"/vault","within":"10m"})");
  EXPECT_TRUE(world.api->take_deferred().empty());
  world.api->drain(world.now);
  const auto replies = world.api->take_deferred();
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].first, waits.deferred);
  EXPECT_EQ(ApiWorld::json(replies[0].second)["verified"], false);
}

}  // namespace
}  // namespace sluice::test
