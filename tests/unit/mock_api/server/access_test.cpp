// Who may ask: pages of other origins, the admin API's token, other machines.
#include "mock_api/server/access.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/failure.hpp"
#include "http/server/listener.hpp"
#include "tests/unit/mock_api/server/served.hpp"

namespace sluice::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kPreflight =
    "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: "
    "cc-key,content-type\r\n";

ServerOptions allowing(std::vector<std::string> origins) {
  ServerOptions options;
  options.cors_origins = std::move(origins);
  return options;
}

std::string ask(Served& served, const std::string& method, const std::string& path,
                const std::string& headers) {
  RawClient client = served.client();
  client.send(method + " " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n" + headers +
              "\r\n");
  return client.until("\r\n\r\n");
}

std::string from(const std::string& origin) { return "Origin: " + origin + "\r\n"; }

TEST(Cors, IsOffUnlessAskedFor) {
  Served served;
  served.begin();
  const std::string head =
      ask(served, "OPTIONS", "/hello", from("http://localhost:3000") + kPreflight);
  EXPECT_NE(status_of(head), 204U);
  EXPECT_THAT(head, Not(HasSubstr("Access-Control")));
  EXPECT_THAT(ask(served, "GET", "/hello", from("http://localhost:3000")),
              Not(HasSubstr("Access-Control")));
}

TEST(Cors, APreflightOfANamedOriginIsAnsweredByTheServer) {
  Served served(allowing({"http://localhost:3000", "https://app.example.com"}));
  served.begin();
  const std::string head =
      ask(served, "OPTIONS", "/run", from("https://app.example.com") + kPreflight);
  EXPECT_EQ(status_of(head), 204U);
  EXPECT_THAT(head, HasSubstr("Access-Control-Allow-Origin: https://app.example.com\r\n"));
  EXPECT_THAT(head, HasSubstr("Vary: Origin\r\n"));
  EXPECT_THAT(head, HasSubstr("Access-Control-Allow-Headers: cc-key,content-type\r\n"));
  EXPECT_THAT(head, HasSubstr("POST"));
  EXPECT_EQ(served->handled, 0);
}

TEST(Cors, AnswersAndStreamsTellWhatPagesMayRead) {
  Served served(allowing({"http://localhost:3000"}));
  served.begin();
  for (const char* path : {"/hello", "/nothing", "/run/clients/c/events", "/healthz"}) {
    const std::string head = ask(served, "GET", path, from("http://localhost:3000"));
    EXPECT_THAT(head, HasSubstr("Access-Control-Allow-Origin: http://localhost:3000\r\n")) << path;
    EXPECT_THAT(head, HasSubstr("Retry-After, X-RateLimit-Limit")) << path;
  }
}

TEST(Cors, OthersGetNothing) {
  Served served(allowing({"http://localhost:3000"}));
  served.begin();
  for (const char* other : {"http://localhost:3001", "https://localhost:3000", "null"}) {
    EXPECT_THAT(ask(served, "GET", "/hello", from(other)), Not(HasSubstr("Access-Control")));
    EXPECT_NE(status_of(ask(served, "OPTIONS", "/hello", from(other) + kPreflight)), 204U);
  }
  EXPECT_THAT(ask(served, "GET", "/hello", ""), Not(HasSubstr("Access-Control")));
}

TEST(Cors, EveryOriginIsNotTheAdminApis) {
  Served served(allowing({"*"}));
  served.begin();
  EXPECT_THAT(ask(served, "GET", "/hello", from("http://any.example")),
              HasSubstr("Access-Control-Allow-Origin: *\r\n"));
  EXPECT_THAT(ask(served, "GET", "/_sluice/clock", from("http://any.example")),
              Not(HasSubstr("Access-Control")));
  Served named(allowing({"*", "http://localhost:3000"}));
  named.begin();
  EXPECT_THAT(ask(named, "GET", "/_sluice/clock", from("http://localhost:3000")),
              HasSubstr("Access-Control-Allow-Origin: http://localhost:3000\r\n"));
}

TEST(Cors, APreflightNeedsNoToken) {
  ServerOptions options = allowing({"http://localhost:3000"});
  options.admin_token = "s3cret";
  Served served(options);
  served.begin();
  const std::string page = from("http://localhost:3000");
  EXPECT_EQ(status_of(ask(served, "OPTIONS", "/_sluice/clock", page + kPreflight)), 204U);
  const std::string refused = ask(served, "GET", "/_sluice/clock", page);
  EXPECT_EQ(status_of(refused), 401U);
  EXPECT_THAT(refused, HasSubstr("WWW-Authenticate: Bearer\r\n"));
  EXPECT_THAT(refused, HasSubstr("Access-Control-Allow-Origin"));
}

TEST(Cors, PagesMayReadWhyTheyWereRefused) {
  ServerOptions options = allowing({"http://localhost:3000"});
  options.request.body = 10;
  Served served(options);
  served.begin();
  const auto refusal = [&](const std::string& headers, const std::string& body) {
    RawClient client = served.client();
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\n" + headers +
                "Origin: http://localhost:3000\r\n\r\n" + body);
    return client.rest();
  };
  const std::string too_long = refusal("Content-Length: 11\r\n", "");
  const std::string in_chunks = refusal("Transfer-Encoding: chunked\r\n", "b\r\n01234567890\r\n");
  for (const std::string& refused : {too_long, in_chunks}) {
    EXPECT_EQ(status_of(refused), 413u) << refused;
    EXPECT_THAT(refused, HasSubstr("Access-Control-Allow-Origin: http://localhost:3000\r\n"));
  }
  RawClient client = served.client();
  client.get("/hello", from("http://localhost:3000"));
  client.response();
  client.send("GET / HTTP/1.1\r\nA: " + std::string(20'000, 'a'));
  EXPECT_THAT(client.rest(), Not(HasSubstr("Access-Control"))) << "of the request before it";
}

TEST(Access, HeadersThatAreNoListAreNotRepeated) {
  const Access access({"*"}, "");
  HttpRequest request{.method = "OPTIONS", .target = "/run"};
  request.headers = {{"Origin", "http://a.example"},
                     {"Access-Control-Request-Method", "POST"},
                     {"Access-Control-Request-Headers", "x y, <script>"}};
  const auto reply = access.answer(request);
  ASSERT_TRUE(reply);
  for (const auto& [name, value] : reply->headers)
    if (name == "Access-Control-Allow-Headers") {
      EXPECT_THAT(value, HasSubstr("cc-key"));
      EXPECT_THAT(value, Not(HasSubstr("<")));
    }
}

TEST(Access, OnlyLocalAddressesGoWithoutAToken) {
  ServerOptions options;
  options.listen = "0.0.0.0:0";
  Served served(options);
  EXPECT_THROW(served.begin(), UserError);
  served.options.admin = false;
  EXPECT_NO_THROW(served.begin());
  EXPECT_TRUE(Listener("127.0.0.2:0", 1, 1).is_local());
  EXPECT_TRUE(Listener("localhost:0", 1, 1).is_local());
  EXPECT_FALSE(Listener("0.0.0.0:0", 1, 1).is_local());
}

TEST(EventStreams, TellProxiesNotToHoldThemBack) {
  Served served;
  served.begin();
  const std::string head = ask(served, "GET", "/run/clients/c/events", "");
  EXPECT_THAT(head, HasSubstr("X-Accel-Buffering: no\r\n"));
  EXPECT_THAT(head, HasSubstr("Cache-Control: no-cache\r\n"));
}

}  // namespace
}  // namespace sluice::test
