// What a URL to post to may look like, and what is said of one that could never work.
#include "base/text/http_url.hpp"

#include <gmock/gmock.h>

namespace sluice {
namespace {

HttpUrl url_of(std::string_view text) {
  const Parsed<HttpUrl> parsed = parse_http_url(text);
  EXPECT_TRUE(parsed) << text << ": " << parsed.error.message;
  return parsed ? *parsed : HttpUrl{};
}

std::string refusal(std::string_view text) {
  const Parsed<HttpUrl> parsed = parse_http_url(text);
  if (parsed) return "accepted";
  return std::to_string(parsed.error.offset) + ": " + parsed.error.message;
}

TEST(HttpUrl, is_taken_apart) {
  const HttpUrl url = url_of("https://user:p%40ss@Example.com:8443/hook?a=b#c");
  EXPECT_TRUE(url.tls);
  EXPECT_EQ(url.user_info, "user:p%40ss");
  EXPECT_EQ(url.host, "example.com");
  EXPECT_EQ(url.port, "8443");
  EXPECT_EQ(url.target, "/hook?a=b");
  EXPECT_EQ(url.authority(), "example.com:8443");
  EXPECT_EQ(url.origin(), "https://example.com:8443");
}

TEST(HttpUrl, may_leave_out_what_has_a_default) {
  EXPECT_EQ(url_of("http://h?x").target, "/?x");
  EXPECT_EQ(url_of("http://h").port, "80");
  EXPECT_EQ(url_of("https://h:").port, "443") << "an empty port is a legal one";
  EXPECT_EQ(url_of("https://h:0443/").origin(), "https://h");
}

TEST(HttpUrl, may_be_spelled_in_upper_case) {
  EXPECT_FALSE(url_of("HTTP://127.0.0.1:9/X").tls);
  EXPECT_TRUE(url_of("HttpS://H/").tls);
  EXPECT_EQ(url_of("HTTP://H.Example/X").origin(), "http://h.example");
  EXPECT_EQ(url_of("HTTP://H.Example/X").target, "/X") << "a path has its own case";
}

TEST(HttpUrl, may_have_an_address_for_a_host) {
  EXPECT_EQ(url_of("http://[::1]:80").authority(), "[::1]");
  EXPECT_EQ(url_of("http://[FE80::1]:8080/x").host, "fe80::1");
  EXPECT_EQ(url_of("http://10.0.0.255/").host, "10.0.0.255");
  EXPECT_EQ(url_of("http://a_b.localhost./").host, "a_b.localhost.");
}

TEST(HttpUrl, has_a_target_in_ascii) {
  EXPECT_EQ(url_of("http://h/caf\xC3\xA9").target, "/caf%C3%A9");
  EXPECT_EQ(url_of("http://h/a%20b").target, "/a%20b");
}

TEST(HttpUrl, that_can_never_work_is_refused_with_the_place) {
  EXPECT_EQ(refusal(""), "0: it is empty");
  for (const char* other : {"ftp://h/", "h", "//h", "http:/h", "httpx://h", "unix:/x"})
    EXPECT_EQ(refusal(other), "0: it must begin with http:// or https://") << other;
  for (const char* nothing : {"http://", "http:///x", "http://:80/", "http://@/"})
    EXPECT_THAT(refusal(nothing), testing::HasSubstr("there is no host")) << nothing;
  EXPECT_EQ(refusal("http://a b/"), "8: spaces and control characters must be percent-encoded");
  EXPECT_EQ(refusal("http://h/a\r\nb"),
            "10: spaces and control characters must be percent-encoded");
  for (const char* port : {"http://h:80:80/", "http://h:0/", "http://h:65536/", "http://h:x/",
                           "http://h:-1", "http://h:+80", "http://h:99999999999"})
    EXPECT_EQ(refusal(port), "9: the port must be a number from 1 to 65535") << port;
  EXPECT_EQ(refusal("http://[::1]:99999/"), "13: the port must be a number from 1 to 65535");
  EXPECT_EQ(refusal("http://[::1/"), "7: `[` is not closed");
  EXPECT_EQ(refusal("http://[1.2.3.4]/"), "8: no IPv6 address is in the brackets");
  EXPECT_EQ(refusal("http://[fe80::1%25lo]/"), "8: no IPv6 address is in the brackets");
  EXPECT_EQ(refusal("http://[::1]x/"), "12: only a port can follow the address");
  EXPECT_EQ(refusal("http://::1/"), "7: there is no host");
  for (const char* number : {"http://256.1.1.1/", "http://1.2.3/", "http://127.1/", "http://7/"})
    EXPECT_EQ(refusal(number), "7: this is no IPv4 address") << number;
  EXPECT_EQ(refusal("http://a..b/"), "9: the host has an empty part between two dots");
  EXPECT_EQ(refusal("http://a$b/"), "8: a host has letters, digits, dots and hyphens only");
  EXPECT_EQ(refusal("http://h\\x@evil/"), "accepted") << "what stands before @ is a user's name";
  EXPECT_EQ(refusal("http://b\xC3\xBC"
                    "cher.example/"),
            "8: a host beyond ASCII must be given in its xn-- form");
  EXPECT_THAT(refusal("http://" + std::string(64, 'a') + "/"),
              testing::HasSubstr("longer than 63"));
}

}  // namespace
}  // namespace sluice
