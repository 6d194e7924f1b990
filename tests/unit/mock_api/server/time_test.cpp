// Clocks, webhooks, TLS, the server's own endpoints, and its end.
#include <gtest/gtest.h>
#include <httplib.h>

#include <unistd.h>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "base/failure.hpp"
#include "tests/unit/mock_api/server/served.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

ServerOptions held_clock() {
  ServerOptions options;
  options.clock = ServerClock::held();
  return options;
}

std::string post(Served& served, const std::string& path, const std::string& body) {
  RawClient client = served.client();
  client.post(path, body);
  return client.response();
}
std::string get(Served& served, const std::string& path) {
  RawClient client = served.client();
  client.get(path);
  return client.response();
}

/// Receives webhooks with a server that shares no code with ours.
class PostReceiver {
 public:
  explicit PostReceiver(int status = 200) {
    server_.Post("/hook", [=, this](const httplib::Request& request, httplib::Response& reply) {
      if (const auto work = before_answer(); work) work(request.body);
      const std::lock_guard lock(mutex_);
      bodies_.push_back(request.body);
      reply.status = status;
      reply.set_content("thanks", "text/plain");
    });
    start();
  }
  ~PostReceiver() {
    server_.stop();
    thread_.join();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/hook"; }
  std::vector<std::string> bodies() {
    const std::lock_guard lock(mutex_);
    return bodies_;
  }
  using Work = std::function<void(const std::string& body)>;
  void before_answer(Work work) {
    const std::lock_guard lock(mutex_);
    before_answer_ = std::move(work);
  }

 private:
  Work before_answer() {
    const std::lock_guard lock(mutex_);
    return before_answer_;
  }
  void start() {
    server_.set_tcp_nodelay(true);
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::sleep_for(1ms);
  }
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
  std::mutex mutex_;
  std::vector<std::string> bodies_;
  Work before_answer_;
};

TEST(ManualClock, StandsStillUntilItIsMoved) {
  Served served(held_clock());
  served.begin();
  EXPECT_EQ(status_of(post(served, "/run", "{}")), 201u);
  EXPECT_EQ(body_of(get(served, "/log")), "");
  const json state = json::parse(body_of(get(served, "/_sluice/clock")));
  EXPECT_EQ(state["clock"], "manual");
  EXPECT_EQ(state["now_ns"], 0);
  EXPECT_EQ(state["due_ns"], 0);
}

TEST(ManualClock, AnswersWhenEverythingDueHasHappened) {
  Served served(held_clock());
  served.begin();
  post(served, "/run", "{}");
  json moved = json::parse(body_of(post(served, "/_sluice/clock/advance", R"({"by":"30m"})")));
  EXPECT_EQ(moved["now"], "30m");
  EXPECT_EQ(moved["due"], "1h");
  EXPECT_EQ(body_of(get(served, "/log")), "queued 1\n");
  moved = json::parse(body_of(post(served, "/_sluice/clock/advance", R"({"to":"3h"})")));
  EXPECT_EQ(moved["now"], "3h");
  EXPECT_TRUE(moved["due"].is_null());
  EXPECT_EQ(body_of(get(served, "/log")), "queued 1\nsuccess 1\n");
}

TEST(ManualClock, MovesOnlyForwardsAndOnlyWhenAskedProperly) {
  Served served(held_clock());
  served.begin();
  for (const char* body : {"", "{}", "[]", R"({"by":5})", R"({"by":"soon"})", R"({"at":"1h"})",
                           R"({"by":"1h","to":"2h"})"})
    EXPECT_EQ(status_of(post(served, "/_sluice/clock/advance", body)), 400u) << body;
  EXPECT_EQ(status_of(get(served, "/_sluice/clock/advance")), 405u);
  post(served, "/_sluice/clock/advance", R"({"by":"1h"})");
  EXPECT_EQ(status_of(post(served, "/_sluice/clock/advance", R"({"to":"10m"})")), 409u);
}

TEST(ManualClock, WaitsForWebhooksAndWhatTheySetOff) {
  PostReceiver receiver;
  Served served(held_clock());
  served.service.send_webhooks(served.webhooks, receiver.url());
  served.begin();
  // A receiver that starts another run when the first one has ended, as real ones do.
  std::atomic<int> starts{0};
  receiver.before_answer([&](const std::string& body) {
    std::this_thread::sleep_for(30ms);
    if (body.find("success 1") != std::string::npos && starts++ == 0) post(served, "/run", "{}");
  });
  post(served, "/run", "{}");
  EXPECT_EQ(status_of(post(served, "/_sluice/clock/advance", R"({"by":"1h"})")), 200u);
  EXPECT_EQ(receiver.bodies(),
            (std::vector<std::string>{R"({"event":"queued 1"})", R"({"event":"success 1"})",
                                      R"({"event":"queued 2"})"}));
  EXPECT_EQ(body_of(get(served, "/log")),
            "queued 1\nwebhook 200 thanks at 0\nsuccess 1\nwebhook 200 thanks at 3600\n"
            "queued 2\nwebhook 200 thanks at 3600\n");
}

TEST(ManualClock, StepsThroughManyInstantsQuickly) {
  Served served(held_clock());
  int happened = 0;
  served.service.on("POST /many", [&](Time now, const HttpRequest&) {
    for (int i = 1; i <= 20'000; ++i)
      served.service.schedule(now + Duration{i * 1'000'000LL}, [&](Time) { ++happened; });
    return HttpReply{};
  });
  served.begin();
  post(served, "/many", "");
  EXPECT_EQ(status_of(post(served, "/_sluice/clock/advance", R"({"by":"3h"})")), 200u);
  served.stop();
  EXPECT_EQ(happened, 20'000);
}

TEST(WallClock, RunsAtItsScale) {
  ServerOptions options;
  options.clock = ServerClock::wall(36'000);  // an hour lasts 100 ms
  Served served(options);
  served.begin();
  post(served, "/run", "{}");
  for (int i = 0; i < 100 && body_of(get(served, "/log")).find("success") == std::string::npos; ++i)
    std::this_thread::sleep_for(20ms);
  EXPECT_EQ(body_of(get(served, "/log")), "queued 1\nsuccess 1\n");
  EXPECT_EQ(status_of(post(served, "/_sluice/clock/advance", R"({"by":"1h"})")), 409u);
  EXPECT_EQ(json::parse(body_of(get(served, "/_sluice/clock")))["time_scale"], 36'000);
}

TEST(ServerClock, ConvertsBothWays) {
  const ServerClock clock = ServerClock::wall(60);
  const Time hour = Time{3'600'000'000'000};
  EXPECT_GE(clock.at(clock.wall_at(hour)), hour);
  EXPECT_LE(clock.at(clock.wall_at(hour)), hour + Duration{1'000});
  EXPECT_EQ(clock.wall_length(Duration{60'000'000'000}), 1s);
  EXPECT_GT(clock.wall_at(Time::never()), std::chrono::steady_clock::now() + 24h);
}

TEST(Webhooks, FailuresAreTold) {
  Served served(held_clock());
  RawClient nobody("127.0.0.1:1");
  ASSERT_FALSE(nobody.is_open());
  served.service.send_webhooks(served.webhooks, "http://127.0.0.1:1/hook");
  served.begin();
  post(served, "/run", "{}");
  post(served, "/_sluice/clock/advance", R"({"by":"0s"})");
  EXPECT_EQ(body_of(get(served, "/log")),
            "queued 1\nwebhook 0 cannot connect: Connection refused at 0\n");
}

TEST(Webhooks, RefusalsAreTold) {
  PostReceiver receiver(503);
  Served served(held_clock());
  served.service.send_webhooks(served.webhooks, receiver.url());
  served.begin();
  post(served, "/run", "{}");
  post(served, "/_sluice/clock/advance", R"({"by":"0s"})");
  EXPECT_EQ(body_of(get(served, "/log")), "queued 1\nwebhook 503 thanks at 0\n");
}

TEST(Webhooks, SlowReceiversTimeOut) {
  PostReceiver receiver;
  receiver.before_answer([](const std::string&) { std::this_thread::sleep_for(600ms); });
  WebhookSenderSettings settings;
  settings.time_scale = 100;  // of 10 s, 100 ms are left
  settings.min_timeout = 200ms;
  Served served(held_clock(), settings);
  served.service.send_webhooks(served.webhooks, receiver.url());
  served.begin();
  post(served, "/run", "{}");
  const auto begin = std::chrono::steady_clock::now();
  post(served, "/_sluice/clock/advance", R"({"by":"0s"})");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 550ms);
  EXPECT_EQ(body_of(get(served, "/log")), "queued 1\nwebhook 0 timed out at 0\n");
}

TEST(Webhooks, ManyAtOnceAllArrive) {
  // One of our own servers, which accepts so many connections at once.
  Served receiver(held_clock());
  std::atomic<int> received{0};
  receiver.service.on("POST /hook", [&](Time, const HttpRequest&) {
    ++received;
    return HttpReply{};
  });
  receiver.begin();
  Served served(held_clock());
  served.service.send_webhooks(served.webhooks, receiver.server->url() + "/hook");
  served.begin();
  for (int i = 0; i < 200; ++i) post(served, "/run", "{}");
  EXPECT_EQ(status_of(post(served, "/_sluice/clock/advance", R"({"by":"2h"})")), 200u);
  EXPECT_EQ(received, 400);
}

TEST(Webhooks, GoNowhereWithoutAUrl) {
  Served served(held_clock());
  served.service.send_webhooks(served.webhooks, "gopher://h/");
  served.begin();
  post(served, "/run", "{}");
  post(served, "/_sluice/clock/advance", R"({"by":"0s"})");
  EXPECT_EQ(body_of(get(served, "/log")),
            "queued 1\nwebhook 0 no URL to post to: it must begin with http:// or https:// at 0\n");
}

/// A certificate in a file, for clients to trust.
struct CertificateFile {
  explicit CertificateFile(const std::string& pem)
      : path((std::filesystem::temp_directory_path() /
              ("sluice-test-" + std::to_string(::getpid()) + ".pem"))
                 .string()) {
    std::ofstream(path) << pem;
  }
  ~CertificateFile() { std::filesystem::remove(path); }
  std::string path;
};

TEST(Tls, IsSpokenWithACertificateThatClientsCanCheck) {
  ServerOptions options = held_clock();
  options.tls = make_self_signed();
  Served served(options);
  EXPECT_TRUE(served.begin().starts_with("https://127.0.0.1:"));
  const CertificateFile file(served.server->certificate());
  httplib::SSLClient client("127.0.0.1", static_cast<int>(served.server->port()));
  client.set_tcp_nodelay(true);
  client.set_ca_cert_path(file.path.c_str());
  client.enable_server_certificate_verification(true);
  client.set_keep_alive(true);
  const std::string large(300'000, 'y');
  for (int i = 0; i < 3; ++i) {
    const auto reply = client.Post("/echo", large, "application/json");
    ASSERT_TRUE(reply) << httplib::to_string(reply.error());
    EXPECT_EQ(reply->body, large);
  }
}

TEST(Tls, StreamsEventsToo) {
  ServerOptions options = held_clock();
  options.streams.hold_back = 0ms;
  options.tls = make_self_signed();
  Served served(options);
  served.begin();
  const int port = static_cast<int>(served.server->port());
  httplib::SSLClient client("127.0.0.1", port);
  client.enable_server_certificate_verification(false);
  ASSERT_TRUE(client.Post("/run?client=c", "{}", "application/json"));
  ASSERT_TRUE(client.Post("/_sluice/clock/advance", R"({"by":"1h"})", "application/json"));
  httplib::SSLClient reader("127.0.0.1", port);
  reader.enable_server_certificate_verification(false);
  std::string got;
  reader.Get("/run/clients/c/events", [&](const char* data, std::size_t size) {
    got.append(data, size);
    return got.find("success 1") == std::string::npos;
  });
  EXPECT_EQ(got, "event: run.event\ndata: queued 1\n\nevent: run.event\ndata: success 1\n\n");
}

TEST(Tls, GarbageEndsTheConnectionOnly) {
  ServerOptions options;
  options.tls = make_self_signed();
  Served served(options);
  served.begin();
  RawClient plain = served.client();
  plain.get("/hello");
  EXPECT_FALSE(plain.rest().ends_with("<open>"));
  httplib::SSLClient client("127.0.0.1", static_cast<int>(served.server->port()));
  client.enable_server_certificate_verification(false);
  EXPECT_TRUE(client.Get("/hello"));
}

TEST(Tls, WebhooksAreDeliveredOverIt) {
  // The receiver is one of our own servers: its service writes down what comes.
  ServerOptions secure = held_clock();
  secure.tls = make_self_signed();
  Served receiver(secure);
  std::atomic<int> received{0};
  receiver.service.on("POST /hook", [&](Time, const HttpRequest&) {
    ++received;
    return HttpReply{};
  });
  receiver.begin();
  const CertificateFile file(receiver.server->certificate());

  const auto deliver = [&](const WebhookSenderSettings& settings) {
    Served served(held_clock(), settings);
    served.service.send_webhooks(served.webhooks, receiver.server->url() + "/hook");
    served.begin();
    post(served, "/run", "{}");
    post(served, "/_sluice/clock/advance", R"({"by":"2h"})");
    return body_of(get(served, "/log"));
  };
  WebhookSenderSettings trusting;
  trusting.ca_file = file.path;
  EXPECT_EQ(deliver(trusting), "queued 1\nwebhook 200  at 0\nsuccess 1\nwebhook 200  at 3600\n");
  EXPECT_EQ(received, 2);
  EXPECT_NE(deliver({}).find("webhook 0 TLS: certificate verify failed"), std::string::npos);
}

TEST(Tls, WhatIsNoCertificateIsRefused) {
  EXPECT_THROW(TlsContext::server({"nonsense", "nonsense"}), UserError);
  const TlsIdentity one = make_self_signed(), other = make_self_signed();
  EXPECT_THROW(TlsContext::server({one.certificate, other.private_key}), UserError);
  EXPECT_THROW(TlsContext::client("/nonexistent.pem", true), UserError);
}

TEST(OwnEndpoints, TellHealthAndCounts) {
  ServerOptions options;
  options.figures = [](Time) {
    return std::vector<ServiceFigure>{
        {"sluice_queue_depth", "Runs that wait.", {{"level", "LOW"}}, 3},
        {"sluice_queue_depth", "", {{"level", "HIGH"}}, 1}};
  };
  Served served(options);
  served.begin();
  EXPECT_EQ(status_of(get(served, "/healthz")), 200u);
  EXPECT_EQ(status_of(get(served, "/readyz")), 200u);
  get(served, "/hello");
  post(served, "/run", "{}");
  const std::string text = body_of(get(served, "/metrics"));
  for (const char* line :
       {"sluice_http_requests_total{route=\"POST /run\",status=\"201\"} 1",
        "sluice_http_requests_total{route=\"other\",status=\"200\"} 1",
        "sluice_http_request_seconds_count{route=\"POST /run\"} 1", "sluice_event_streams 0",
        "sluice_queue_depth{level=\"LOW\"} 3", "sluice_queue_depth{level=\"HIGH\"} 1",
        "# TYPE sluice_queue_depth gauge"})
    EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
}

TEST(OwnEndpoints, CanBeSwitchedOff) {
  ServerOptions options = held_clock();
  options.admin = false;
  Served served(options);
  served.begin();
  EXPECT_EQ(status_of(get(served, "/_sluice/clock")), 404u);
  EXPECT_EQ(status_of(get(served, "/healthz")), 200u);
}

TEST(OwnEndpoints, AServiceThatThrowsIsAnError) {
  Served served;
  served.service.on("GET /throws", [](Time, const HttpRequest&) -> HttpReply {
    throw std::runtime_error("broken");
  });
  served.begin();
  EXPECT_EQ(status_of(get(served, "/throws")), 500u);
  EXPECT_EQ(status_of(get(served, "/hello")), 200u);
}

TEST(Stopping, EndsStreamsCleanlyAndIdleConnectionsAtOnce) {
  Served served;
  served.begin();
  RawClient stream = served.client(), idle = served.client();
  stream.get("/run/clients/c/events");
  stream.until("\r\n\r\n");
  idle.get("/hello");
  idle.response();
  const auto begin = std::chrono::steady_clock::now();
  std::thread stopper([&] { served.stop(); });
  EXPECT_EQ(stream.rest(), "0\r\n\r\n");
  EXPECT_EQ(idle.rest(), "");
  stream.close();
  idle.close();
  stopper.join();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
  EXPECT_TRUE(served->drained);
  EXPECT_EQ(served->open_streams, 0);
}

TEST(Stopping, AnswersWhatWasAsked) {
  Served served;
  served.service.on("GET /late", [](Time now, const HttpRequest&) {
    HttpReply reply;
    reply.body = "{}";
    reply.send_at = now + Duration{300'000'000};
    return reply;
  });
  served.begin();
  RawClient client = served.client();
  client.get("/late");
  std::this_thread::sleep_for(50ms);
  std::thread stopper([&] { served.stop(); });
  const std::string reply = client.rest();
  EXPECT_NE(reply.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(reply.ends_with("{}")) << reply;
  client.close();
  stopper.join();
}

TEST(Stopping, GivesWebhooksABoundedTime) {
  std::atomic<bool> let_go{false};  // outlives the receiver's threads
  PostReceiver receiver;
  receiver.before_answer([&](const std::string&) {
    while (!let_go) std::this_thread::sleep_for(5ms);
  });
  ServerOptions options;
  options.grace = 300ms;
  Served served(options);
  served.service.send_webhooks(served.webhooks, receiver.url());
  served.begin();
  post(served, "/run", "{}");
  const auto begin = std::chrono::steady_clock::now();
  served.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
  let_go = true;
}

TEST(Stopping, FailsAdvancesThatAreUnderWay) {
  std::atomic<bool> let_go{false};  // outlives the receiver's threads
  PostReceiver receiver;
  receiver.before_answer([&](const std::string&) {
    while (!let_go) std::this_thread::sleep_for(5ms);
  });
  ServerOptions options = held_clock();
  options.grace = 200ms;
  Served served(options);
  served.service.send_webhooks(served.webhooks, receiver.url());
  served.begin();
  post(served, "/run", "{}");
  RawClient client = served.client();
  client.post("/_sluice/clock/advance", R"({"by":"1h"})");
  std::this_thread::sleep_for(50ms);
  served.stop();
  EXPECT_FALSE(client.rest().ends_with("<open>"));
  let_go = true;
}

}  // namespace
}  // namespace sluice::test
