// Requests, connections and their order; what fails is in client_failures_test.cpp.
#include <gmock/gmock.h>

#include <thread>

#include "tests/unit/http/client/client_under_test.hpp"
#include "tests/unit/http/scripted_server.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

std::vector<std::string> targets(const ScriptedServer& server) {
  std::vector<std::string> result;
  for (const ScriptedRequest& request : server.seen()) result.push_back(request.target);
  return result;
}

Steps say_target(const ScriptedRequest& request) { return answer(200, request.target); }

TEST(HttpClient, AsksByAConnectionThatItKeeps) {
  ScriptedServer server(say_target);
  ClientUnderTest client(server.url());
  for (int i = 0; i < 5; ++i) EXPECT_EQ(client.ask("/" + std::to_string(i)).status, 200u);
  EXPECT_EQ(client.exchanges[3].body, "/3");
  EXPECT_EQ(server.connections(), 1u);
  const HttpClientCounts counts = client.client->counts();
  EXPECT_EQ(counts.opened, 1u);
  EXPECT_EQ(counts.open, 1u);
  EXPECT_EQ(counts.busy, 0u);
}

TEST(HttpClient, SendsEveryByteOfARequest) {
  ScriptedServer server([](const ScriptedRequest& request) { return answer(201, request.body); });
  ClientUnderTest client(server.url());
  client.send("POST /run?x=y HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");
  ASSERT_TRUE(client.finish());
  EXPECT_EQ(client.exchanges[0].status, 201u);
  EXPECT_EQ(client.exchanges[0].body, "body");
  EXPECT_EQ(server.seen()[0].head, "POST /run?x=y HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n");
}

TEST(HttpClient, TellsWhenARequestWasSentAndAnswered) {
  ScriptedServer server([](const ScriptedRequest&) { return answer(200, "", 30ms); });
  ClientUnderTest client(server.url());
  const SteadyTime before = std::chrono::steady_clock::now();
  const Exchange& exchange = client.ask("/");
  EXPECT_TRUE(exchange.was_sent);
  EXPECT_GE(exchange.sent, before);
  EXPECT_GE(exchange.answered - exchange.sent, 30ms);
  EXPECT_LE(exchange.answered, std::chrono::steady_clock::now());
}

TEST(HttpClient, OpensConnectionsUpToItsBoundAndServesTheRestInOrder) {
  ScriptedServer server([](const ScriptedRequest&) { return answer(200, "", 20ms); });
  HttpClientSettings settings = settings_for(server.url());
  settings.max_connections = 2;
  settings.gauge = std::make_shared<OpenConnections>();
  ClientUnderTest client(settings);
  for (const char* const path : {"/a", "/b", "/c", "/d", "/e", "/f"}) client.get(path);
  EXPECT_EQ(client.client->counts().busy, 2u);
  EXPECT_EQ(client.client->counts().waiting, 4u);
  ASSERT_TRUE(client.finish());
  EXPECT_EQ(server.connections(), 2u);
  EXPECT_EQ(client.client->counts().opened, 2u);
  EXPECT_EQ(settings.gauge->most(), 2u);
  EXPECT_EQ(client.client->counts().waiting, 0u);
  EXPECT_THAT(targets(server), testing::UnorderedElementsAre("/a", "/b", "/c", "/d", "/e", "/f"));
  for (std::size_t i = 2; i < 6; ++i)
    EXPECT_GE(client.exchanges[i].sent, client.exchanges[i - 2].answered) << i;
}

TEST(HttpClient, WhoWaitsLongerGoesBeforeWhatACallbackSends) {
  ScriptedServer server(say_target);
  HttpClientSettings settings = settings_for(server.url());
  settings.max_connections = 1;
  ClientUnderTest client(settings);
  client.client->send(ClientUnderTest::get_request("/first"),
                      [&](const ExchangeResult&) { client.get("/of-callback"); });
  client.get("/second");
  ASSERT_TRUE(client.until([&] { return server.requests() == 3; }));
  EXPECT_THAT(targets(server), ElementsAre("/first", "/second", "/of-callback"));
}

TEST(HttpClient, GivesWaitingRequestsBackWhenAskedTo) {
  ScriptedServer server([](const ScriptedRequest&) { return answer(200, "", 20ms); });
  HttpClientSettings settings = settings_for(server.url());
  settings.max_connections = 1;
  ClientUnderTest client(settings);
  EXPECT_EQ(client.ask("/first").status, 200u);
  const Exchange& under_way = client.get("/under-way");
  const Exchange& waiting = client.get("/waiting");
  client.client->drop_waiting("not sent");
  EXPECT_EQ(waiting.failure, "not sent");
  EXPECT_FALSE(waiting.was_sent);
  EXPECT_FALSE(waiting.unreached) << "somebody else had the connection";
  ASSERT_TRUE(client.finish());
  EXPECT_EQ(under_way.status, 200u);
  EXPECT_EQ(client.ask("/later").status, 200u);
  EXPECT_THAT(targets(server), ElementsAre("/first", "/under-way", "/later"));
}

TEST(HttpClient, ReadsBodiesOfAnyFramingInOddPieces) {
  const std::string chunked =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n7;x\r\n, "
      "world\r\n0\r\n\r\n";
  ScriptedServer server([&](const ScriptedRequest& request) -> Steps {
    if (request.target == "/chunked") return in_pieces(chunked, 3, 200us);
    if (request.target == "/length") return in_pieces(answer_bytes(200, "hello, world"), 5, 200us);
    if (request.target == "/close")
      return then({{{}, "HTTP/1.1 200 OK\r\n\r\nhello"}, {1ms, ", world"}}, Step::Then::close);
    return {{{}, "HTTP/1.1 103 Early Hints\r\n\r\n"}, {1ms, answer_bytes(200, "hello, world")}};
  });
  ClientUnderTest client(server.url());
  for (const char* const path : {"/chunked", "/length", "/interim", "/close", "/chunked"}) {
    EXPECT_EQ(client.ask(path).status, 200u) << path << client.exchanges.back().failure;
    EXPECT_EQ(client.exchanges.back().body, "hello, world") << path;
  }
  EXPECT_EQ(server.connections(), 2u) << "one was closed to end a body";
}

TEST(HttpClient, KeepsBodiesUpToItsBoundAndLeavesTheRest) {
  const std::string body(300'000, 'x');
  ScriptedServer server([&](const ScriptedRequest&) { return answer(200, body); });
  HttpClientSettings settings = settings_for(server.url());
  EXPECT_EQ(ClientUnderTest(settings).ask("/").body.size(), body.size());
  settings.max_body = 1000;
  ClientUnderTest client(settings);
  EXPECT_EQ(client.ask("/").body.size(), 1000u);
  EXPECT_EQ(client.ask("/").body.size(), 1000u);
  EXPECT_EQ(client.client->counts().opened, 1u);
}

TEST(HttpClient, TellsHowLongAServerWantsItToWait) {
  ScriptedServer server([](const ScriptedRequest& request) -> Steps {
    return {{{}, answer_bytes(429, "", request.target == "/s" ? "Retry-After: 12\r\n" : "")}};
  });
  ClientUnderTest client(server.url());
  EXPECT_EQ(client.ask("/s").retry_after_s, 12);
  EXPECT_EQ(client.ask("/none").retry_after_s, std::nullopt) << "not that of the answer before";
}

TEST(HttpClient, AnswersToHeadHaveNoBody) {
  ScriptedServer server([](const ScriptedRequest& request) -> Steps {
    if (request.method == "HEAD") return {{{}, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"}};
    return answer(200, "0123456789");
  });
  ClientUnderTest client(server.url());
  client.send("HEAD / HTTP/1.1\r\nHost: test\r\n\r\n");
  ASSERT_TRUE(client.finish());
  EXPECT_EQ(client.ask("/").body, "0123456789");
  EXPECT_EQ(server.connections(), 1u);
}

TEST(HttpClient, LeavesAConnectionThatTheServerWantsToEnd) {
  ScriptedServer server([](const ScriptedRequest&) -> Steps {
    return {{{}, answer_bytes(200, "", "Connection: close\r\n")}};
  });
  ClientUnderTest client(server.url());
  EXPECT_EQ(client.ask("/").status, 200u);
  EXPECT_EQ(client.client->counts().open, 0u);
  EXPECT_EQ(client.ask("/").status, 200u);
  EXPECT_EQ(server.connections(), 2u);
}

TEST(HttpClient, SendsLargeRequestsAsFastAsTheServerReads) {
  ScriptedServer server([](const ScriptedRequest& request) {
    return answer(200, std::to_string(request.body.size()));
  });
  ClientUnderTest client(server.url());
  const std::string body(20'000'000, 'x');
  server.freeze(50ms);
  client.send("POST / HTTP/1.1\r\nContent-Length: 20000000\r\n\r\n" + body);
  ASSERT_TRUE(client.finish());
  EXPECT_EQ(client.exchanges[0].body, "20000000");
}

TEST(HttpClient, AsksByUnixSocket) {
  const std::string path = testing::TempDir() + "sluice_client_" + std::to_string(::getpid());
  ScriptedServer server(say_target, {.unix_path = path});
  ClientUnderTest client("unix:" + path);
  EXPECT_EQ(client.ask("/over-unix").body, "/over-unix");
}

TEST(HttpClient, AskedByNameItLooksTheNameUp) {
  ScriptedServer server(say_target);
  ClientUnderTest client("http://localhost:" + std::to_string(server.port()));
  client.get("/1");
  client.get("/2");
  ASSERT_TRUE(client.finish());
  EXPECT_EQ(client.exchanges[0].body, "/1");
  EXPECT_EQ(client.exchanges[1].body, "/2");
}

TEST(HttpClient, CallsNobodyOnceItIsStopped) {
  ScriptedServer server(say_target);
  ClientUnderTest client(server.url());
  EXPECT_EQ(client.ask("/").status, 200u);
  const Exchange& under_way = client.get("/");
  while (server.requests() < 2) std::this_thread::sleep_for(1ms);
  client.client->stop();  // its answer is there, or on its way
  const Exchange& after = client.get("/");
  client.context.run_for(50ms);
  EXPECT_FALSE(under_way.done);
  EXPECT_FALSE(after.done);
}

TEST(HttpClient, MayBeDestroyedByACallback) {
  ScriptedServer server(say_target);
  HttpClientSettings settings = settings_for(server.url());
  settings.max_connections = 2;
  ClientUnderTest client(settings);
  std::string body;
  int others = 0, others_before = 0;
  client.client->send(ClientUnderTest::get_request("/a"), [&](const ExchangeResult& result) {
    client.client.reset();
    others_before = others;
    body = result.body;  // still there
  });
  for (int i = 0; i < 3; ++i)
    client.client->send(ClientUnderTest::get_request("/b"),
                        [&](const ExchangeResult&) { ++others; });
  ASSERT_TRUE(client.until([&] { return client.client == nullptr; }));
  client.context.run_for(50ms);
  EXPECT_EQ(body, "/a");
  EXPECT_EQ(others, others_before);
}

}  // namespace
}  // namespace sluice::test
