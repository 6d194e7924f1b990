// A server in front of a handler that knows nothing but its answers.
#include "http/server/http_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "tests/unit/mock_api/server/raw_client.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

/// Echoes bodies; the answer to GET /later comes when a test gives it.
class Echo final : public HttpHandler {
 public:
  Handled handle(const HttpRequest& request, const std::function<Answer()>& later) override {
    if (request.target == "/later") {
      const std::lock_guard lock(mutex_);
      answer_ = later();
      waits = true;
      return {.reply = std::nullopt, .pending = 5};
    }
    return {HttpReply{.content_type = "text/plain", .body = std::string(request.body)}};
  }
  void give_up(std::uint64_t pending) override { given_up = pending; }
  void answer(const std::string& body) {
    const std::lock_guard lock(mutex_);
    answer_(HttpReply{.body = body});
  }

  std::atomic<bool> waits{false};
  std::atomic<std::uint64_t> given_up{0};

 private:
  std::mutex mutex_;
  Answer answer_;
};

class AnHttpServer : public ::testing::Test {
 protected:
  AnHttpServer() { server_.serve(); }
  static HttpServerOptions options() {
    HttpServerOptions options;
    options.threads = 2;
    return options;
  }
  RawClient client() { return RawClient(server_.url()); }
  static void until(const auto& holds) {
    for (int i = 0; i < 1000 && !holds(); ++i) std::this_thread::sleep_for(5ms);
    EXPECT_TRUE(holds());
  }

  Echo echo_;
  const ServerLog log_{ServerLog::Level::off};
  ServerObserver nobody_;
  HttpServer server_{echo_, options(), log_, nobody_};
};

TEST_F(AnHttpServer, SendsWhatItsHandlerAnswers) {
  RawClient client = this->client();
  for (const char* body : {"one", "", "three"}) {
    client.post("/", body);
    EXPECT_EQ(body_of(client.response()), body);
  }
}

TEST_F(AnHttpServer, RefusesWithoutWordsIfItsHandlerHasNone) {
  RawClient client = this->client();
  client.send("garbage\r\n\r\n");
  const std::string refused = client.rest();
  EXPECT_EQ(status_of(refused), 400u);
  EXPECT_THAT(refused, HasSubstr("Content-Length: 0\r\n"));
}

TEST_F(AnHttpServer, WaitsForAnAnswerFromAnotherThread) {
  RawClient client = this->client();
  client.get("/later");
  client.post("/", "behind it");
  until([&] { return echo_.waits.load(); });
  echo_.answer("known");
  EXPECT_EQ(body_of(client.response()), "known");
  EXPECT_EQ(body_of(client.response()), "behind it");
  EXPECT_EQ(echo_.given_up, 0u);
}

TEST_F(AnHttpServer, TellsItsHandlerOfAClientThatGoes) {
  RawClient client = this->client();
  client.get("/later");
  until([&] { return echo_.waits.load(); });
  client.reset();
  until([&] { return echo_.given_up == 5; });
  echo_.answer("nobody is there");
}

TEST_F(AnHttpServer, GivesTheLastAnswersWhenItIsDrained) {
  RawClient idle = this->client(), client = this->client();
  idle.post("/", "");
  idle.response();
  client.get("/later");
  until([&] { return echo_.waits.load(); });
  server_.drain();
  EXPECT_EQ(idle.rest(), "");
  echo_.answer("known");
  EXPECT_THAT(client.rest(), HasSubstr("Connection: close\r\n"));
  idle.close();
  client.close();
  until([&] { return server_.connections() == 0; });
  server_.stop();
}

TEST_F(AnHttpServer, CutsWhoIsStillThereWhenItStops) {
  RawClient client = this->client();
  client.get("/later");
  until([&] { return echo_.waits.load(); });
  server_.stop();
  EXPECT_EQ(server_.connections(), 0u);
  EXPECT_EQ(client.rest(), "");
}

}  // namespace
}  // namespace sluice::test
