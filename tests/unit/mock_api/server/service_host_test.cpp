// The service behind its lock: who has gone is forgotten, and so is what failed.
#include "mock_api/server/service_host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "mock_api/admin/journal.hpp"
#include "tests/unit/mock_api/api_world.hpp"
#include "tests/unit/mock_api/server/served.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A host without sockets; what comes later is kept.
class AServiceHost : public ::testing::Test {
 protected:
  ServiceHost::Handled get(const std::string& path) {
    const HttpRequest request{.method = "GET", .target = path};
    return host_.handle(request, [this]() -> ServiceHost::Answer {
      return [this](HttpReply reply) { later_.push_back(std::move(reply.body)); };
    });
  }
  /// GET /deferred waits for answer 7, which may suffer fault 3.
  HttpReply deferred() {
    HttpReply reply;
    reply.deferred = 7;
    reply.fault.mark = 3;
    return reply;
  }
  /// The service knows answer 7.
  void know() {
    service_.on("GET /know", [this](Time, const HttpRequest&) {
      service_.defer(7, HttpReply{.body = "known"});
      return HttpReply{};
    });
    get("/know");
  }

  FakeService service_;
  ServiceHost host_{service_, ServerClock::wall(1), {}};
  std::vector<std::string> later_;
};

TEST_F(AServiceHost, GivesAnAnswerThatIsKnownLater) {
  service_.on("GET /deferred", [this](Time, const HttpRequest&) { return deferred(); });
  EXPECT_FALSE(get("/deferred").reply);
  know();
  EXPECT_THAT(later_, ElementsAre("known"));
}

TEST_F(AServiceHost, TellsTheServiceThatNobodyWaitsAnyMore) {
  service_.on("GET /deferred", [this](Time, const HttpRequest&) { return deferred(); });
  host_.give_up(get("/deferred").pending);
  EXPECT_THAT(service_.log, ElementsAre("fault 3 missed", "given up 7"));
  know();
  EXPECT_THAT(later_, IsEmpty());
}

TEST_F(AServiceHost, ForgetsTheDeferredAnswerOfARequestThatFailed) {
  service_.on("GET /deferred", [this](Time now, const HttpRequest&) {
    service_.schedule(now, [](Time) { throw std::runtime_error("broken"); });
    return deferred();
  });
  const ServiceHost::Handled handled = get("/deferred");
  ASSERT_TRUE(handled.reply);
  EXPECT_EQ(handled.reply->status, 500u);
  EXPECT_THAT(service_.log, ElementsAre("fault 3 missed", "given up 7"));
  know();
  EXPECT_THAT(later_, IsEmpty()) << "whoever asked has had an answer";
}

TEST_F(AServiceHost, HoldsNoEventBackForAPostThatFailed) {
  service_.on("GET /start", [this](Time now, const HttpRequest&) {
    service_.schedule(now, [](Time) { throw std::runtime_error("broken"); });
    return HttpReply{.status = 201, .started_run = 77};
  });
  EXPECT_EQ(get("/start").status, 500u);
  service_.on("GET /emit", [this](Time, const HttpRequest&) {
    service_.emit("c", "data: of the run\n\n", 77);
    return HttpReply{};
  });
  const auto stream = host_.open_stream({.stream_of = "c"}, [] {});
  get("/emit");
  EXPECT_EQ(stream->take(std::chrono::steady_clock::now() + 1s, 1000).frames.size(), 1u);
  stream->close({});
}

TEST(AbandonedVerifications, MakeRoomForOthers) {
  ApiWorld world(served_scenario());
  WebhookSender webhooks({});
  ServerOptions options;
  options.log_level = ServerLog::Level::off;
  ApiServer server(*world.api, webhooks, options);
  const auto verify = [&](RawClient& client, const std::string& within) {
    client.post("/_sluice/requests/verify", R"({"path":"/nowhere","within":")" + within + "\"}");
  };
  const auto is_room = [&] {
    RawClient client(server.url());
    verify(client, "1ms");
    return status_of(client.response()) == 200;
  };
  std::vector<RawClient> clients;
  for (std::size_t i = 0; i < kJournalWaiting; ++i) {
    clients.emplace_back(server.url());
    verify(clients.back(), "10m");
  }
  while (is_room()) std::this_thread::sleep_for(1ms);
  for (RawClient& client : clients) client.reset();
  for (int i = 0; i < 500 && !is_room(); ++i) std::this_thread::sleep_for(10ms);
  EXPECT_TRUE(is_room());
}

TEST(DroppedEvents, AreToldInTheLog) {
  Served served;
  served.options.log_level = ServerLog::Level::warning;
  served.service.on("POST /drop", [&](Time, const HttpRequest&) {
    served.service.dropped += 3;
    return HttpReply{};
  });
  ::testing::internal::CaptureStderr();
  served.begin();
  for (int i = 0; i < 3; ++i) {
    RawClient client = served.client();
    client.post("/drop", "");
    client.response();
  }
  served.stop();
  const std::string log = ::testing::internal::GetCapturedStderr();
  const std::string event = R"("event":"events dropped beyond a client's buffer",)";
  EXPECT_THAT(log, HasSubstr(event + R"("new":3,"total":3})"));
  EXPECT_THAT(log, HasSubstr(event + R"("new":6,"total":9})")) << "the rest at the end";
}

}  // namespace
}  // namespace sluice::test
