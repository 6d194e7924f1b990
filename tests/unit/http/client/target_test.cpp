#include "http/client/target.hpp"

#include <gmock/gmock.h>

#include <map>
#include <string>

#include "base/failure.hpp"

namespace sluice {
namespace {

std::string url_of(std::string_view text) {
  const auto target = parse_target(text);
  return target ? target->url() : "none";
}

TEST(Target, IsAUrlTakenApart) {
  const auto target = parse_target("https://API.example.com:8443/v1/");
  ASSERT_TRUE(target);
  EXPECT_TRUE(target->tls);
  EXPECT_EQ(target->host, "api.example.com");
  EXPECT_EQ(target->port, "8443");
  EXPECT_EQ(target->prefix, "/v1");
  EXPECT_EQ(target->authority(), "api.example.com:8443");
  EXPECT_EQ(target->url(), "https://api.example.com:8443/v1");
}

TEST(Target, PortsOfTheSchemeGoWithoutSaying) {
  EXPECT_EQ(url_of("http://a"), "http://a");
  EXPECT_EQ(url_of("http://a:80/"), "http://a");
  EXPECT_EQ(url_of("HTTPS://a:443"), "https://a");
  EXPECT_EQ(url_of("http://a:443"), "http://a:443");
  EXPECT_EQ(url_of("http://a:0080"), "http://a");
  EXPECT_EQ(parse_target("https://a")->port, "443");
}

TEST(Target, MayBeAnAddressOrASocket) {
  EXPECT_EQ(url_of("http://[::1]:8080/x"), "http://[::1]:8080/x");
  EXPECT_EQ(parse_target("http://[::1]:8080")->host, "::1");
  EXPECT_EQ(parse_target("http://[::1]:8080")->authority(), "[::1]:8080");
  EXPECT_EQ(url_of("unix:/run/api.sock"), "unix:/run/api.sock");
  EXPECT_EQ(parse_target("unix:/run/api.sock")->authority(), "localhost");
}

TEST(Target, IsNothingElse) {
  for (const char* const text : {"",
                                 "a",
                                 "ftp://a",
                                 "http://",
                                 "http:///x",
                                 "http://:80",
                                 "http://a:",
                                 "http://a:0",
                                 "http://a:65536",
                                 "http://a:x",
                                 "http://a:-1",
                                 "http://user@a",
                                 "http://user:key@a/",
                                 "http://a/x?y=z",
                                 "http://a/x#y",
                                 "http://a b",
                                 "http://a/\r\nX: y",
                                 "http://[::1",
                                 "http://[::1]x",
                                 "http://[a]",
                                 "http://::1",
                                 "http://a\\b",
                                 "unix:",
                                 "http://a%41",
                                 "http://\xc3\xa4"})
    EXPECT_EQ(url_of(text), "none") << text;
  EXPECT_FALSE(parse_target("unix:/" + std::string(107, 'x'))) << "longer than a socket's path";
}

TEST(Target, IsLoopbackByItsText) {
  for (const char* const text :
       {"http://localhost", "http://LOCALHOST:1", "http://127.0.0.1", "http://127.9.9.9",
        "https://[::1]", "https://[0:0:0:0:0:0:0:1]", "unix:/x"})
    EXPECT_TRUE(parse_target(text)->is_loopback()) << text;
  for (const char* const text :
       {"http://example.com", "http://128.0.0.1", "http://10.0.0.1", "http://127.0.0.1.example.com",
        "http://localhost.example.com", "http://127.1", "http://[::2]", "http://0.0.0.0"})
    EXPECT_FALSE(parse_target(text)->is_loopback()) << text;
}

std::map<std::string, std::string>& environment() {
  static std::map<std::string, std::string> variables;
  return variables;
}

/// URL of the proxy, "none", or "error".
std::string proxy_of(const std::string& target, std::map<std::string, std::string> variables) {
  environment() = std::move(variables);
  try {
    const auto proxy = proxy_for(parse_target(target).value(), [](const char* name) {
      const auto found = environment().find(name);
      return found == environment().end() ? std::string() : found->second;
    });
    return proxy ? proxy->url() : "none";
  } catch (const UserError&) {
    return "error";
  }
}

TEST(Proxy, IsTheOneForTheScheme) {
  const std::map<std::string, std::string> both = {{"http_proxy", "http://p:1"},
                                                   {"https_proxy", "http://s:2"}};
  EXPECT_EQ(proxy_of("http://a.com", both), "http://p:1");
  EXPECT_EQ(proxy_of("https://a.com", both), "http://s:2");
  EXPECT_EQ(proxy_of("https://a.com", {{"http_proxy", "http://p:1"}}), "none");
  EXPECT_EQ(proxy_of("https://a.com", {{"all_proxy", "p:1"}}), "http://p:1");
  EXPECT_EQ(proxy_of("https://a.com", {{"ALL_PROXY", "p:1"}}), "http://p:1");
  EXPECT_EQ(proxy_of("https://a.com", {{"HTTPS_PROXY", "P"}}), "http://p");
  EXPECT_EQ(proxy_of("http://a.com", {{"HTTP_PROXY", "big"}, {"http_proxy", "small"}}),
            "http://small");
  EXPECT_EQ(proxy_of("http://a.com", {}), "none");
}

TEST(Proxy, UpperCaseIsNotTrustedInAServer) {
  EXPECT_EQ(proxy_of("http://a.com", {{"HTTP_PROXY", "p"}}), "http://p");
  EXPECT_EQ(proxy_of("http://a.com", {{"HTTP_PROXY", "p"}, {"REQUEST_METHOD", "GET"}}), "none");
  EXPECT_EQ(proxy_of("http://a.com", {{"http_proxy", "p"}, {"REQUEST_METHOD", "GET"}}), "http://p");
}

TEST(Proxy, LeavesOutWhatNeedsNone) {
  const auto with = [](const std::string& target, const std::string& no_proxy) {
    return proxy_of(target, {{"all_proxy", "p"}, {"no_proxy", no_proxy}}) == "none";
  };
  EXPECT_TRUE(with("http://localhost:8080", ""));
  EXPECT_TRUE(with("http://127.0.0.1", ""));
  EXPECT_TRUE(with("unix:/x", ""));
  EXPECT_TRUE(with("http://a.com", "*"));
  EXPECT_TRUE(with("http://a.com", "b.com, A.com"));
  EXPECT_TRUE(with("http://x.a.com", "a.com"));
  EXPECT_TRUE(with("http://x.a.com", ".a.com"));
  EXPECT_TRUE(with("http://a.com:8080", "a.com:8080"));
  EXPECT_TRUE(with("http://10.1.2.3", "10.0.0.0/8"));
  EXPECT_TRUE(with("http://[fd00::1]", "fd00::/8"));
  EXPECT_TRUE(with("http://[fd00::1]", "[fd00::1]"));
  EXPECT_FALSE(with("http://a.com", "b.com"));
  EXPECT_FALSE(with("http://ba.com", "a.com"));
  EXPECT_FALSE(with("http://a.com", "a.com:8080"));
  EXPECT_FALSE(with("http://11.1.2.3", "10.0.0.0/8"));
  EXPECT_FALSE(with("http://a.com", " , "));
  EXPECT_EQ(proxy_of("http://a.com", {{"all_proxy", "p"}, {"NO_PROXY", "a.com"}}), "none");
}

TEST(Proxy, ThatCannotBeUsedIsAnErrorNotAWayRound) {
  EXPECT_EQ(proxy_of("http://a.com", {{"http_proxy", "socks5://p:1080"}}), "error");
  EXPECT_EQ(proxy_of("http://a.com", {{"http_proxy", "https://p"}}), "error");
  EXPECT_EQ(proxy_of("http://a.com", {{"http_proxy", "p:port"}}), "error");
  environment() = {{"http_proxy", "http://user:secret@p:port"}};
  try {
    proxy_for(parse_target("http://a.com").value(), [](const char* name) {
      return environment().contains(name) ? environment()[name] : std::string();
    });
    FAIL();
  } catch (const UserError& error) {
    EXPECT_STREQ(error.what(), "http_proxy is not http://HOST:PORT");
  }
}

TEST(Proxy, ItsLoginIsKeptApart) {
  environment() = {{"http_proxy", "http://m%40e:se%3acret@p:3128/"}};
  const auto proxy = proxy_for(parse_target("http://a.com").value(), [](const char* name) {
    return environment().contains(name) ? environment()[name] : std::string();
  });
  ASSERT_TRUE(proxy);
  EXPECT_EQ(proxy->login, "m@e:se:cret");
  EXPECT_EQ(proxy->url(), "http://p:3128");
}

}  // namespace
}  // namespace sluice
