// What is said of requests that got no answer, and what is tried again.
#include <gmock/gmock.h>

#include <functional>
#include <vector>

#include "tests/unit/http/client/client_under_test.hpp"
#include "tests/unit/http/scripted_server.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

/// A port of which nobody listens any more.
std::string refusing_url() {
  ScriptedServer server([](const ScriptedRequest&) { return answer(200); });
  return server.url();
}

std::string failure_with(Steps steps) {
  ScriptedServer server([&](const ScriptedRequest&) { return steps; });
  ClientUnderTest client(server.url());
  const Exchange& exchange = client.ask("/");
  EXPECT_TRUE(exchange.done);
  EXPECT_TRUE(exchange.was_sent);
  EXPECT_EQ(exchange.status, 0u);
  EXPECT_EQ(server.requests(), 1u) << "what was no kept connection is not tried again";
  EXPECT_EQ(client.client->counts().open, 0u);
  return exchange.failure;
}

TEST(HttpClientFailures, NobodyListens) {
  ClientUnderTest client(refusing_url());
  const Exchange& exchange = client.get("/");
  EXPECT_FALSE(exchange.done) << "not from within send()";
  ASSERT_TRUE(client.finish());
  EXPECT_EQ(exchange.failure, "refused");
  EXPECT_EQ(exchange.status, 0u);
  EXPECT_FALSE(exchange.was_sent);
  EXPECT_EQ(client.client->counts().open, 0u);
}

TEST(HttpClientFailures, EveryRequestIsToldThatNobodyListens) {
  HttpClientSettings settings = settings_for(refusing_url());
  settings.max_connections = 2;
  ClientUnderTest client(settings);
  for (int i = 0; i < 20; ++i) client.get("/");
  ASSERT_TRUE(client.finish());
  for (const Exchange& exchange : client.exchanges) EXPECT_EQ(exchange.failure, "refused");
  EXPECT_EQ(client.client->counts().opened, 0u);
}

TEST(HttpClientFailures, NoSuchUnixSocket) {
  EXPECT_EQ(ClientUnderTest("unix:/nonexistent/socket").ask("/").failure, "no such socket");
}

TEST(HttpClientFailures, AHostThatCannotBeResolved) {
  // Longer than a label may be, so no name server is asked.
  ClientUnderTest client("http://" + std::string(64, 'x') + ".invalid");
  client.get("/");
  client.get("/");
  ASSERT_TRUE(client.finish());
  EXPECT_EQ(client.exchanges[0].failure, "cannot resolve");
  EXPECT_EQ(client.exchanges[1].failure, "cannot resolve");
}

TEST(HttpClientFailures, TheServerEndsBeforeItAnswers) {
  EXPECT_EQ(failure_with({{{}, "", Step::Then::close}}), "closed");
  EXPECT_EQ(failure_with({{{}, "", Step::Then::reset}}), "reset");
}

TEST(HttpClientFailures, TheServerEndsInTheMiddleOfItsAnswer) {
  const std::string part = answer_bytes(200, "hello").substr(0, 40);
  EXPECT_EQ(failure_with({{{}, part, Step::Then::close}}), "closed");
  EXPECT_EQ(failure_with({{{}, part}, {20ms, "", Step::Then::reset}}), "reset");
  EXPECT_EQ(failure_with({{{}, "HTTP/1.1 20", Step::Then::close}}), "closed");
  EXPECT_EQ(failure_with({{{},
                           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
                           Step::Then::close}}),
            "closed");
}

TEST(HttpClientFailures, WhatComesIsNoHttp) {
  EXPECT_EQ(failure_with({{{}, "SSH-2.0-OpenSSH_9.2\r\n"}}), "no HTTP");
  EXPECT_EQ(failure_with({{{}, "\x16\x03\x01"}}), "no HTTP");
  EXPECT_EQ(failure_with({{{}, "HTTP/1.1 two hundred\r\n\r\n"}}), "no HTTP");
  EXPECT_EQ(failure_with({{{}, answer_bytes(200, "hello") + "more than it said"}}), "no HTTP");
}

TEST(HttpClientFailures, BytesThatNobodyAskedForEndAKeptConnection) {
  ScriptedServer server([](const ScriptedRequest&) -> Steps {
    return {{{}, answer_bytes(200, "hello")}, {5ms, answer_bytes(408, "")}};
  });
  ClientUnderTest client(server.url());
  EXPECT_EQ(client.ask("/").status, 200u);
  ASSERT_TRUE(client.until([&] { return client.client->counts().open == 0; }));
  EXPECT_EQ(client.ask("/").body, "hello");
}

TEST(HttpClientFailures, AKeptConnectionThatTheServerHasClosedIsGone) {
  ScriptedServer server([](const ScriptedRequest&) { return answer(200); });
  ClientUnderTest client(server.url());
  for (int i = 0; i < 3; ++i) client.get("/");
  ASSERT_TRUE(client.finish());
  server.close_connections();
  ASSERT_TRUE(client.until([&] { return client.client->counts().open == 0; }));
  EXPECT_EQ(client.ask("/").status, 200u);
}

/// Serves one request per connection; at the second it ends, without having said so.
Steps one_request_per_connection(const ScriptedRequest& request, Step::Then end) {
  if (request.on_connection > 0) return {{{}, "", end}};
  return answer(200, std::to_string(request.connection));
}

TEST(HttpClientFailures, WhatWasWrittenIsNeverSentAgain) {
  for (const Step::Then end : {Step::Then::close, Step::Then::reset}) {
    ScriptedServer server(
        [&](const ScriptedRequest& request) { return one_request_per_connection(request, end); });
    ClientUnderTest client(server.url());
    EXPECT_EQ(client.ask("/").body, "0");
    const Exchange& lost = client.ask("/carried-out");
    EXPECT_EQ(lost.failure, end == Step::Then::close ? "closed" : "reset");
    EXPECT_TRUE(lost.was_sent);
    EXPECT_EQ(lost.resent, 0u);
    EXPECT_EQ(server.requests(), 2u);
    EXPECT_EQ(client.client->counts().busy, 0u);
    EXPECT_EQ(client.ask("/").status, 200u);
  }
}

/// Lets `end` happen to a kept connection just before the client writes by it again.
void expect_sent_by_another(ScriptedServer& server, const HttpClientSettings& settings,
                            const std::function<void(ScriptedServer&)>& end) {
  ClientUnderTest client(settings);
  EXPECT_EQ(client.ask("/").status, 200u);
  end(server);
  const Exchange& exchange = client.ask("/again");
  EXPECT_EQ(exchange.status, 200u) << exchange.failure;
  EXPECT_EQ(exchange.resent, 1u);
  EXPECT_EQ(server.requests(), 2u);
  EXPECT_EQ(server.ended_unread(), 0u);
  EXPECT_EQ(client.client->counts().opened, 2u);
  EXPECT_EQ(client.client->counts().busy, 0u);
}

TEST(HttpClientFailures, AConnectionThatWasClosedBeforeTheWriteIsReplacedAndCounted) {
  const std::vector<std::function<void(ScriptedServer&)>> ends{
      [](ScriptedServer& server) { server.close_connections(); },
      [](ScriptedServer& server) { server.close_connections(Step::Then::reset); },
      [](ScriptedServer& server) { server.say(answer_bytes(408, "")); }};
  for (const auto& end : ends) {
    ScriptedServer server([](const ScriptedRequest&) { return answer(200); });
    expect_sent_by_another(server, settings_for(server.url()), end);
  }
}

TEST(HttpClientFailures, SoItIsWithTls) {
  const TlsIdentity identity = make_self_signed();
  for (const Step::Then how : {Step::Then::close, Step::Then::reset}) {
    ScriptedServer server([](const ScriptedRequest&) { return answer(200); },
                          {.tls = identity, .begins_with_tls = true});
    HttpClientSettings settings = settings_for(server.url());
    settings.tls = TlsContext::client("", false);
    expect_sent_by_another(server, settings,
                           [how](ScriptedServer& closing) { closing.close_connections(how); });
  }
}

TEST(HttpClientFailures, AllKeptConnectionsMayHaveBeenClosed) {
  ScriptedServer server([](const ScriptedRequest&) { return answer(200, "", 5ms); });
  ClientUnderTest client(server.url());
  for (int i = 0; i < 5; ++i) client.get("/");
  ASSERT_TRUE(client.finish());
  server.close_connections();
  const Exchange& exchange = client.ask("/");
  EXPECT_EQ(exchange.status, 200u);
  EXPECT_EQ(exchange.resent, 5u);
  EXPECT_EQ(server.requests(), 6u);
}

TEST(HttpClientFailures, WhoeverIsNotLetInWasNotSentByTheTargetsFault) {
  ClientUnderTest client(refusing_url());
  client.ask("/");
  EXPECT_TRUE(client.exchanges[0].unreached);
  EXPECT_FALSE(client.exchanges[0].was_sent);
  EXPECT_TRUE(ClientUnderTest("unix:/nonexistent/socket").ask("/").unreached);
}

TEST(HttpClientFailures, WhatIsUnderWayCanBeGivenUp) {
  ScriptedServer server([](const ScriptedRequest& request) {
    return request.target == "/slow" ? answer(200, "", 1h) : answer(200);
  });
  HttpClientSettings settings = settings_for(server.url());
  settings.max_connections = 1;
  ClientUnderTest client(settings);
  client.ask("/");
  const Exchange& slow = client.get("/slow");
  const Exchange& waiting = client.get("/waiting");
  client.client->give_up("no answer by the end");
  EXPECT_EQ(slow.failure, "no answer by the end");
  EXPECT_TRUE(slow.was_sent);
  EXPECT_EQ(waiting.failure, "no answer by the end");
  EXPECT_FALSE(waiting.was_sent);
  EXPECT_FALSE(waiting.unreached);
  EXPECT_EQ(client.client->counts().busy, 0u);
  EXPECT_EQ(client.client->counts().open, 0u);
  EXPECT_EQ(client.ask("/later").status, 200u);
}

TEST(HttpClientFailures, AnAnswerThatHadBegunIsNotAskedForAgain) {
  ScriptedServer server([](const ScriptedRequest& request) -> Steps {
    if (request.on_connection == 0) return answer(200);
    return {{{}, "H", Step::Then::close}};
  });
  ClientUnderTest client(server.url());
  EXPECT_EQ(client.ask("/").status, 200u);
  EXPECT_EQ(client.ask("/").failure, "closed");
  EXPECT_EQ(server.requests(), 2u);
}

TEST(HttpClientFailures, NoAnswerInTime) {
  ScriptedServer server([](const ScriptedRequest& request) {
    return request.target == "/slow" ? answer(200, "", 1h) : answer(200);
  });
  HttpClientSettings settings = settings_for(server.url());
  settings.timeout = 1s;
  ClientUnderTest client(settings);
  EXPECT_EQ(client.ask("/").status, 200u);
  const SteadyTime begin = std::chrono::steady_clock::now();
  const Exchange& slow = client.ask("/slow");
  EXPECT_EQ(slow.failure, "timed out");
  EXPECT_TRUE(slow.was_sent);
  EXPECT_GE(slow.answered - begin, 1s);
  EXPECT_EQ(client.client->counts().open, 0u) << "what comes late must not answer another";
  EXPECT_EQ(client.ask("/").status, 200u);
  EXPECT_EQ(client.client->counts().opened, 2u);
}

TEST(HttpClientFailures, TimeToWaitForAConnectionIsPartOfTheTime) {
  ScriptedServer server([](const ScriptedRequest&) { return answer(200, "", 1h); });
  HttpClientSettings settings = settings_for(server.url());
  settings.max_connections = 1;
  settings.timeout = 100ms;
  ClientUnderTest client(settings);
  for (int i = 0; i < 3; ++i) client.get("/");
  ASSERT_TRUE(client.finish());
  EXPECT_EQ(client.exchanges[0].failure, "timed out");
  EXPECT_TRUE(client.exchanges[0].was_sent);
  for (std::size_t i = 1; i < 3; ++i) {
    EXPECT_EQ(client.exchanges[i].failure, "no free connection");
    EXPECT_FALSE(client.exchanges[i].was_sent);
    EXPECT_FALSE(client.exchanges[i].unreached) << "it is another one that has the connection";
  }
  EXPECT_EQ(client.client->counts().waiting, 0u);
  EXPECT_EQ(client.client->counts().busy, 0u);
}

TEST(HttpClientFailures, ACallbackOfATimeOutMayEndTheClient) {
  ScriptedServer server([](const ScriptedRequest&) { return answer(200, "", 1h); });
  HttpClientSettings settings = settings_for(server.url());
  settings.timeout = 20ms;
  ClientUnderTest client(settings);
  int calls = 0;
  for (int i = 0; i < 3; ++i)
    client.client->send(ClientUnderTest::get_request("/"), [&](const ExchangeResult& result) {
      EXPECT_EQ(result.failure, "timed out");
      ++calls;
      client.client.reset();
    });
  ASSERT_TRUE(client.until([&] { return client.client == nullptr; }));
  client.context.run_for(30ms);
  EXPECT_EQ(calls, 1);
}

TEST(HttpClientFailures, AServerThatIsSlowToAcceptIsWaitedFor) {
  ScriptedServer server([](const ScriptedRequest&) { return answer(200); }, {.accept_delay = 20ms});
  ClientUnderTest client(server.url());
  const SteadyTime begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 4; ++i) client.get("/");
  ASSERT_TRUE(client.finish());
  for (const Exchange& exchange : client.exchanges) {
    EXPECT_EQ(exchange.status, 200u);
    EXPECT_LT(exchange.sent - begin, exchange.answered - begin);
  }
  EXPECT_GE(client.exchanges[3].answered - begin, 80ms);
}

TEST(HttpClientFailures, AFrozenServerIsWaitedFor) {
  ScriptedServer server([](const ScriptedRequest&) { return answer(200); });
  ClientUnderTest client(server.url());
  EXPECT_EQ(client.ask("/").status, 200u);
  const SteadyTime begin = std::chrono::steady_clock::now();
  server.freeze(100ms);
  const Exchange& exchange = client.ask("/");
  EXPECT_EQ(exchange.status, 200u);
  EXPECT_GE(exchange.answered - begin, 100ms);
}

}  // namespace
}  // namespace sluice::test
