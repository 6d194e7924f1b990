// Bytes of a connection to its requests: what is a request, what waits, what is refused.
#include "http/server/request_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kGet = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr const char* kPost = "POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello";
constexpr const char* kChunks =
    "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
    "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";

/// A reader of a connection, and what it has made of the bytes so far: "GET /a", "POST /b hello",
/// and "413" for a refusal, after which nothing is read.
class Requests {
 public:
  explicit Requests(RequestLimits limits = {}) : limits_(limits) {}

  Requests& come(std::string_view bytes) {
    for (; !bytes.empty() && !refused_; read()) {
      const std::span<char> space = reader.space();
      const std::size_t taken = std::min(space.size(), bytes.size());
      if (taken == 0) ADD_FAILURE() << "no room, and no request";
      if (taken == 0) break;
      std::copy_n(bytes.begin(), taken, space.begin());
      reader.commit(taken);
      bytes.remove_prefix(taken);
    }
    return *this;
  }

  std::vector<std::string> seen;

 private:
  void read() {
    RequestHead head;
    RequestError error;
    for (;;) {
      switch (reader.next(head, error)) {
        case RequestReader::Next::incomplete:
          return;
        case RequestReader::Next::refused:
          seen.push_back(std::to_string(error.status));
          refused_ = true;
          return;
        case RequestReader::Next::ready: {
          std::string text =
              std::string(head.request.method) + " " + std::string(head.request.target);
          if (!head.request.body.empty()) text += " " + std::string(head.request.body);
          seen.push_back(std::move(text));
          reader.done();
        }
      }
    }
  }
  RequestLimits limits_;
  bool refused_ = false;

 public:
  RequestReader reader{limits_};
};

TEST(RequestReader, GivesOneRequestAfterTheOther) {
  Requests requests;
  requests.come(std::string(kGet) + kPost + kGet);
  EXPECT_THAT(requests.seen, ElementsAre("GET /a", "POST /b hello", "GET /a"));
  EXPECT_TRUE(requests.reader.empty());
}

TEST(RequestReader, WaitsForTheRestOfAHeadAndOfABody) {
  Requests requests;
  const std::string_view post = kPost;
  requests.come(post.substr(0, 30));
  EXPECT_FALSE(requests.reader.empty());
  requests.come(post.substr(30, post.size() - 31));
  EXPECT_THAT(requests.seen, IsEmpty());
  requests.come(post.substr(post.size() - 1));
  EXPECT_THAT(requests.seen, ElementsAre("POST /b hello"));
}

TEST(RequestReader, PutsChunksTogetherAndReadsOnBehindThem) {
  Requests requests;
  requests.come(std::string(kChunks) + kGet);
  EXPECT_THAT(requests.seen, ElementsAre("POST /c abcde", "GET /a"));
}

TEST(RequestReader, MakesRoomForAsMuchAsItsLimitsAllow) {
  Requests requests;
  const std::string body(1 << 20, 'x');
  requests.come("POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) +
                "\r\nA: " + std::string(8000, 'a') + "\r\n\r\n" + body);
  EXPECT_THAT(requests.seen, ElementsAre("POST /b " + body));
  EXPECT_LE(requests.reader.space().size(), 16u << 10) << "an idle one keeps no large buffer";
}

TEST(RequestReader, RefusesWhatIsNoRequestOrTooLarge) {
  const auto refusal = [](const std::string& bytes) {
    Requests requests({.target = 50, .head = 300, .headers = 10, .body = 10});
    requests.come(bytes);
    return requests.seen;
  };
  const std::string post = "POST /b HTTP/1.1\r\nHost: h\r\n";
  EXPECT_THAT(refusal("garbage\r\n\r\n"), ElementsAre("400"));
  EXPECT_THAT(refusal("GET /" + std::string(100, 'a')), ElementsAre("414"));
  EXPECT_THAT(refusal("GET / HTTP/1.1\r\nA: " + std::string(400, 'a')), ElementsAre("431"));
  EXPECT_THAT(refusal(post + "Content-Length: 11\r\n\r\n"), ElementsAre("413"));
  EXPECT_THAT(refusal(post + "Transfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n"),
              ElementsAre("413"));
  EXPECT_THAT(refusal(post + "Transfer-Encoding: chunked\r\n\r\nno size\r\n"), ElementsAre("400"));
  EXPECT_THAT(refusal(kGet + std::string("\x16\x03\x01\x02") + kGet), ElementsAre("GET /a", "400"))
      << "and nothing behind it is a request";
}

TEST(RequestReader, TellsWhatItCouldReadOfWhatItRefuses) {
  const RequestLimits limits{.body = 4};
  const auto origin_of = [&](const std::string& length, const std::string& body) {
    RequestReader reader(limits);
    reader.append("POST /b HTTP/1.1\r\nHost: h\r\n" + length + "Origin: http://o\r\n\r\n" + body);
    RequestHead head;
    RequestError error;
    EXPECT_EQ(reader.next(head, error), RequestReader::Next::refused);
    EXPECT_EQ(error.status, 413u);
    return std::string(head.request.header("origin"));
  };
  EXPECT_EQ(origin_of("Content-Length: 5\r\n", ""), "http://o");
  EXPECT_EQ(origin_of("Transfer-Encoding: chunked\r\n", "5\r\nabcde\r\n"), "http://o");
}

TEST(RequestReader, SaysOnceThatItsSenderWaitsToBeToldToGoOn) {
  Requests requests;
  requests.come("POST /b HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_TRUE(requests.reader.take_continue());
  EXPECT_FALSE(requests.reader.take_continue());
  requests.come("o");
  EXPECT_FALSE(requests.reader.take_continue());
  requests.come("k");
  EXPECT_THAT(requests.seen, ElementsAre("POST /b ok"));
  requests.come(
      "POST /b HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok");
  EXPECT_FALSE(requests.reader.take_continue()) << "who sends the body at once does not wait";
}

TEST(RequestReader, ThrowsAwayWhatNobodyAnswers) {
  Requests requests;
  requests.reader.append("GET /a HT");
  EXPECT_EQ(requests.reader.size(), 9u);
  requests.reader.discard();
  EXPECT_TRUE(requests.reader.empty());
  requests.reader.discard_to(64);
  EXPECT_EQ(requests.reader.space().size(), 64u);
}

RC_GTEST_PROP(RequestReaderProperty, MakesTheSameOfBytesHoweverTheyComeInPieces, ()) {
  const auto parts = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 4));
  std::string bytes;
  for (const int part : parts) {
    const std::string garbage = "GET /\x01 HTTP/1.1\r\n\r\n";
    bytes += part == 0 ? kGet : part == 1 ? kPost : part == 2 ? kChunks : garbage;
  }
  Requests whole, pieces;
  whole.come(bytes);
  for (std::string_view left = bytes; !left.empty();) {
    const auto size = std::min<std::size_t>(*rc::gen::inRange(1, 40), left.size());
    pieces.come(left.substr(0, size));
    left.remove_prefix(size);
  }
  RC_ASSERT(whole.seen == pieces.seen);
}

}  // namespace
}  // namespace sluice::test
