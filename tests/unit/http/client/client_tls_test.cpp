// TLS and proxies: whom the client trusts, and how it gets there.
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>

#include "tests/unit/http/client/client_under_test.hpp"
#include "tests/unit/http/scripted_server.hpp"

namespace sluice::test {
namespace {

Steps echo_target(const ScriptedRequest& request) { return answer(200, request.target); }

class HttpClientTls : public testing::Test {
 protected:
  /// A client that trusts the server's own certificate.
  HttpClientSettings trusting(const std::string& url) {
    HttpClientSettings settings = settings_for(url);
    const std::string path =
        testing::TempDir() + "sluice_client_ca_" + std::to_string(::getpid()) + ".pem";
    std::ofstream(path) << identity.certificate;
    settings.tls = TlsContext::client(path, true);
    std::remove(path.c_str());
    return settings;
  }

  const TlsIdentity identity = make_self_signed();
};

TEST_F(HttpClientTls, AsksWhomItTrusts) {
  ScriptedServer server(echo_target, {.tls = identity, .begins_with_tls = true});
  ClientUnderTest client(trusting(server.url()));
  EXPECT_EQ(client.ask("/1").body, "/1") << client.exchanges[0].failure;
  EXPECT_EQ(client.ask("/2").body, "/2");
  EXPECT_TRUE(client.exchanges[1].was_sent);
  EXPECT_EQ(server.connections(), 1u);
}

TEST_F(HttpClientTls, ReadsLargeBodiesAndEndsInOrder) {
  const std::string body(200'000, 'x');
  ScriptedServer server(
      [&](const ScriptedRequest&) {
        return then({{{}, "HTTP/1.1 200 OK\r\n\r\n" + body}}, Step::Then::close);
      },
      {.tls = identity, .begins_with_tls = true});
  ClientUnderTest client(trusting(server.url()));
  EXPECT_EQ(client.ask("/").body.size(), body.size()) << client.exchanges[0].failure;
}

TEST_F(HttpClientTls, AsksNobodyWhomItDoesNotTrust) {
  ScriptedServer server(echo_target, {.tls = identity, .begins_with_tls = true});
  HttpClientSettings settings = settings_for(server.url());
  settings.tls = TlsContext::client("", true);
  ClientUnderTest client(settings);
  const Exchange& exchange = client.ask("/");
  EXPECT_EQ(exchange.failure, "TLS: certificate verify failed: self-signed certificate");
  EXPECT_FALSE(exchange.was_sent);
  EXPECT_EQ(server.requests(), 0u);
}

TEST_F(HttpClientTls, AsksAnybodyWhenToldNotToVerify) {
  ScriptedServer server(echo_target, {.tls = identity, .begins_with_tls = true});
  HttpClientSettings settings = settings_for(server.url());
  settings.tls = TlsContext::client("", false);
  EXPECT_EQ(ClientUnderTest(settings).ask("/").status, 200u);
}

TEST_F(HttpClientTls, AServerWithoutTlsIsNone) {
  ScriptedServer server(echo_target);
  HttpClientSettings settings = trusting("https://127.0.0.1:" + std::to_string(server.port()));
  // A server that waits for the rest of a request would wait for ever.
  settings.timeout = std::chrono::milliseconds(200);
  const std::string failure = ClientUnderTest(settings).ask("/").failure;
  EXPECT_THAT(failure, testing::AnyOf("timed out", testing::StartsWith("TLS: ")));
}

/// Answers CONNECT as a proxy does, then is the server behind it.
Steps tunnel(const ScriptedRequest& request) {
  if (request.method != "CONNECT") return answer(200, request.target);
  return {{{}, "HTTP/1.1 200 Connection established\r\n\r\n", Step::Then::begin_tls}};
}

TEST_F(HttpClientTls, GetsThroughAProxy) {
  ScriptedServer proxy(tunnel, {.tls = identity});
  HttpClientSettings settings = trusting("https://api.cloudcruise.com");
  settings.proxy = parse_target(proxy.url());
  settings.proxy->login = "me:secret";
  ClientUnderTest client(settings);
  EXPECT_EQ(client.ask("/run").body, "/run") << client.exchanges[0].failure;
  EXPECT_EQ(client.ask("/run").status, 200u);
  EXPECT_EQ(proxy.connections(), 1u);
  EXPECT_EQ(proxy.seen()[0].head,
            "CONNECT api.cloudcruise.com:443 HTTP/1.1\r\nHost: api.cloudcruise.com:443\r\n"
            "Proxy-Authorization: Basic bWU6c2VjcmV0\r\n");
}

TEST_F(HttpClientTls, TrustsACertificateForItsOwnHostsOnly) {
  ScriptedServer proxy(tunnel, {.tls = identity});
  HttpClientSettings settings = trusting("https://other.example.com");
  settings.proxy = parse_target(proxy.url());
  EXPECT_EQ(ClientUnderTest(settings).ask("/").failure,
            "TLS: certificate verify failed: hostname mismatch");
  EXPECT_EQ(proxy.requests(), 1u) << "CONNECT alone";
}

TEST_F(HttpClientTls, SaysThatAProxyRefuses) {
  ScriptedServer proxy([](const ScriptedRequest& request) -> Steps {
    if (request.target == "strange.example.com:443") return {{{}, "what?\r\n\r\n"}};
    return answer(407, "who are you?");
  });
  HttpClientSettings settings = trusting("https://api.cloudcruise.com");
  settings.proxy = parse_target(proxy.url());
  EXPECT_EQ(ClientUnderTest(settings).ask("/").failure, "proxy: HTTP 407");
  settings.target = parse_target("https://strange.example.com").value();
  EXPECT_EQ(ClientUnderTest(settings).ask("/").failure, "proxy: no HTTP");
}

TEST(HttpClientProxy, IsAskedInAbsoluteForm) {
  ScriptedServer proxy(echo_target);
  HttpClientSettings settings = settings_for("http://staging.example.com:8080");
  settings.proxy = parse_target(proxy.url());
  settings.proxy->login = "me:secret";
  ClientUnderTest client(settings);
  EXPECT_EQ(client.ask("/run?a=b").body, "http://staging.example.com:8080/run?a=b");
  EXPECT_EQ(proxy.seen()[0].head,
            "GET http://staging.example.com:8080/run?a=b HTTP/1.1\r\n"
            "Proxy-Authorization: Basic bWU6c2VjcmV0\r\nHost: test\r\n");
}

}  // namespace
}  // namespace sluice::test
