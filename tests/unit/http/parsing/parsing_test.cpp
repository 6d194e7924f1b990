// Bytes to requests, chunks and responses: what is understood, and what is refused and how.
#include <gtest/gtest.h>

#include <string>

#include "http/parsing/chunked_decoder.hpp"
#include "http/parsing/request_parser.hpp"
#include "http/parsing/response_parser.hpp"

namespace sluice {
namespace {

struct Parse {
  explicit Parse(std::string bytes, const RequestLimits& limits = {}) : input(std::move(bytes)) {
    state = parse_head(input, limits, scanned, head, error);
  }
  std::string input;
  std::size_t scanned = 0;
  RequestHead head;
  RequestError error;
  HeadState state;
};

unsigned refusal(const std::string& bytes, const RequestLimits& limits = {}) {
  const Parse parse(bytes, limits);
  return parse.state == HeadState::refused ? parse.error.status : 0;
}

TEST(RequestParser, TakesARequestApart) {
  const Parse parse(
      "POST /run?x=1 HTTP/1.1\r\nHost: h\r\ncc-key:  sk_1 \r\nContent-Length: 3\r\n\r\nabcGET");
  ASSERT_EQ(parse.state, HeadState::complete);
  EXPECT_EQ(parse.head.request.method, "POST");
  EXPECT_EQ(parse.head.request.target, "/run?x=1");
  EXPECT_EQ(parse.head.request.header("CC-KEY"), "sk_1");
  EXPECT_EQ(parse.head.content_length, 3u);
  EXPECT_EQ(parse.input.substr(parse.head.size), "abcGET");
  EXPECT_TRUE(parse.head.keep_alive);
}

TEST(RequestParser, KnowsWhetherTheConnectionIsKept) {
  EXPECT_FALSE(Parse("GET / HTTP/1.1\r\nHost: h\r\nConnection: te, Close\r\n\r\n").head.keep_alive);
  EXPECT_FALSE(Parse("GET / HTTP/1.0\r\n\r\n").head.keep_alive);
  EXPECT_TRUE(Parse("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").head.keep_alive);
}

TEST(RequestParser, ReadsAbsoluteTargetsAndEmptyLinesBeforeARequest) {
  const Parse parse("\r\n\r\nGET http://h:1/a?b HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_EQ(parse.state, HeadState::complete);
  EXPECT_EQ(parse.head.request.target, "/a?b");
}

TEST(RequestParser, AnswersHeadAsGet) {
  const Parse parse("HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(parse.head.is_head);
  EXPECT_EQ(parse.head.request.method, "GET");
}

TEST(RequestParser, WaitsForWhatMayBecomeARequest) {
  const std::string whole = "GET /hello HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\n";
  std::size_t scanned = 0;
  RequestHead head;
  RequestError error;
  for (std::size_t size = 0; size < whole.size(); ++size)
    ASSERT_EQ(parse_head({whole.data(), size}, {}, scanned, head, error), HeadState::incomplete);
  EXPECT_EQ(parse_head(whole, {}, scanned, head, error), HeadState::complete);
}

TEST(RequestParser, RefusesGarbage) {
  EXPECT_EQ(refusal("\x16\x03\x01\x02"), 400u);  // TLS spoken to a plain port
  EXPECT_EQ(refusal("GET\r\n\r\n"), 400u);
  EXPECT_EQ(refusal("GET / HTTP/1.1\nHost: h\n\n"), 400u);
  EXPECT_EQ(refusal("GET / HTTP/1.1 x\r\nHost: h\r\n\r\n"), 400u);
  EXPECT_EQ(refusal("GET /\x80 HTTP/1.1\r\nHost: h\r\n\r\n"), 400u);
  EXPECT_EQ(refusal("GET / FTP/1.1\r\nHost: h\r\n\r\n"), 400u);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n"), 400u);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: h\r\nA: a\x01\r\n\r\n"), 400u);
  EXPECT_EQ(refusal(std::string(40, 'A')), 400u);
  EXPECT_EQ(refusal(std::string(40, 'A') + " /"), 400u) << "however many bytes came at once";
}

TEST(RequestParser, RefusesWhatTwoPartiesCouldReadDifferently) {
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\n\r\n"), 400u) << "no Host";
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400u);
  const std::string post = "POST / HTTP/1.1\r\nHost: h\r\n";
  EXPECT_EQ(refusal(post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"), 400u);
  EXPECT_EQ(refusal(post + "Content-Length: 3\r\nContent-Length: 3\r\n\r\n"), 400u);
  EXPECT_EQ(refusal(post + "Content-Length: 3, 3\r\n\r\n"), 400u);
  EXPECT_EQ(refusal(post + "Content-Length: +3\r\n\r\n"), 400u);
  EXPECT_EQ(refusal(post + "Content-Length: -3\r\n\r\n"), 400u);
  EXPECT_EQ(refusal(post + "Content-Length:\r\n\r\n"), 400u);
  EXPECT_EQ(refusal(post + "Content-Length : 3\r\n\r\n"), 400u);
  EXPECT_EQ(refusal(post + "A: b\r\n folded\r\n\r\n"), 400u);
  EXPECT_EQ(refusal("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400u);
}

TEST(RequestParser, NamesWhatItDoesNotDo) {
  EXPECT_EQ(refusal("PRI * HTTP/2.0\r\n\r\n"), 505u);
  EXPECT_EQ(refusal("BREW / HTTP/1.1\r\nHost: h\r\n\r\n"), 501u);
  EXPECT_EQ(refusal("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n"), 501u);
  EXPECT_EQ(refusal("POST / HTTP/1.1\r\nHost: h\r\nExpect: more\r\n\r\n"), 417u);
}

TEST(RequestParser, KeepsItsLimits) {
  const RequestLimits limits{.target = 20, .head = 200, .headers = 3, .body = 10};
  EXPECT_EQ(refusal("GET /" + std::string(40, 'a'), limits), 414u) << "before the line ends";
  EXPECT_EQ(refusal("GET /" + std::string(20, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n", limits), 414u);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nA: " + std::string(200, 'a'), limits), 431u);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: h\r\nA:\r\nB:\r\nC:\r\n\r\n", limits), 431u);
  const std::string post = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ";
  EXPECT_EQ(refusal(post + "11\r\n\r\n", limits), 413u);
  EXPECT_EQ(refusal(post + "99999999999999999999\r\n\r\n", limits), 413u);
  EXPECT_EQ(refusal(post + "10\r\n\r\n", limits), 0u);
}

TEST(ChunkedDecoder, PutsChunksTogetherHoweverTheyCome) {
  const std::string whole = "3;x=y\r\nabc\r\n0A\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\nNEXT";
  for (std::size_t step = 1; step < whole.size(); ++step) {
    ChunkedDecoder decoder(100);
    std::string pending;
    auto state = ChunkedDecoder::State::incomplete;
    std::size_t at = 0;
    while (state == ChunkedDecoder::State::incomplete && at < whole.size()) {
      pending += whole.substr(at, step);
      at += step;
      std::size_t used = 0;
      state = decoder.take(pending, used);
      pending.erase(0, used);
    }
    ASSERT_EQ(state, ChunkedDecoder::State::complete) << step;
    EXPECT_EQ(decoder.body(), "abc0123456789");
    EXPECT_TRUE(std::string("NEXT").starts_with(pending));
  }
}

ChunkedDecoder::State decode(const std::string& bytes, std::size_t max = 10) {
  std::size_t used = 0;
  return ChunkedDecoder(max).take(bytes, used);
}

TEST(ChunkedDecoder, RefusesWhatIsNoChunkOrTooMuch) {
  EXPECT_EQ(decode("x\r\n"), ChunkedDecoder::State::malformed);
  EXPECT_EQ(decode("\r\n"), ChunkedDecoder::State::malformed);
  EXPECT_EQ(decode("-1\r\n"), ChunkedDecoder::State::malformed);
  EXPECT_EQ(decode("0x3\r\nabc\r\n"), ChunkedDecoder::State::malformed);
  EXPECT_EQ(decode("3\nabc"), ChunkedDecoder::State::malformed);
  EXPECT_EQ(decode("3\r\nabcd\r\n"), ChunkedDecoder::State::malformed);
  EXPECT_EQ(decode(std::string(5000, '1')), ChunkedDecoder::State::malformed);
  EXPECT_EQ(decode("b\r\n"), ChunkedDecoder::State::too_long);
  EXPECT_EQ(decode("ffffffffffffffffffff\r\n"), ChunkedDecoder::State::too_long);
}

TEST(ResponseParser, ReadsEveryFraming) {
  ResponseParser length;
  EXPECT_EQ(
      length.take("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no"),
      ResponseParser::State::incomplete);
  EXPECT_EQ(length.take("k"), ResponseParser::State::complete);
  EXPECT_EQ(length.body(), "ok");
  EXPECT_TRUE(length.keep_alive());

  ResponseParser chunked;
  EXPECT_EQ(
      chunked.take("HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n"),
      ResponseParser::State::complete);
  EXPECT_EQ(chunked.status(), 500u);
  EXPECT_EQ(chunked.body(), "no");

  ResponseParser closed;
  EXPECT_EQ(closed.take("HTTP/1.0 200 OK\r\n\r\n" + std::string(2000, 'x')),
            ResponseParser::State::incomplete);
  EXPECT_EQ(closed.end(), ResponseParser::State::complete);
  EXPECT_EQ(closed.body().size(), 1024u);
  EXPECT_FALSE(closed.keep_alive());
}

TEST(ResponseParser, ReadsTheSameHoweverTheBytesCome) {
  const std::string chunked =
      "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 429 Slow\r\nRetry-After: 7\r\n"
      "Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n4\r\ndefg\r\n0\r\nT: t\r\n\r\n";
  const std::string length =
      "HTTP/1.1 429 Slow\r\nContent-Length: 7\r\nretry-after:7 \r\n\r\nabcdefg";
  ResponseParser parser;
  for (const std::string& whole : {chunked, length})
    for (std::size_t step = 1; step <= whole.size(); ++step) {
      parser.reset();
      auto state = ResponseParser::State::incomplete;
      for (std::size_t at = 0; at < whole.size(); at += step) {
        ASSERT_EQ(state, ResponseParser::State::incomplete) << step << " at " << at;
        state = parser.take(std::string_view(whole).substr(at, step));
      }
      ASSERT_EQ(state, ResponseParser::State::complete) << step;
      EXPECT_EQ(parser.status(), 429u);
      EXPECT_EQ(parser.body(), "abcdefg");
      EXPECT_EQ(parser.retry_after_s(), 7);
      EXPECT_TRUE(parser.keep_alive());
    }
}

TEST(ResponseParser, KnowsWhereAndWhenToGoOn) {
  ResponseParser parser;
  parser.take("HTTP/1.1 308 Go\r\nlocation: https://x.example/run\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(parser.location(), "https://x.example/run");
  EXPECT_EQ(parser.retry_after_s(), std::nullopt);
  const auto after = [&parser](const std::string& value) {
    parser.reset();
    parser.take("HTTP/1.1 503 No\r\nRetry-After: " + value + "\r\nContent-Length: 0\r\n\r\n");
    return parser.retry_after_s();
  };
  EXPECT_EQ(after("Sun, 06 Nov 1994 08:49:37 GMT"), 0);
  EXPECT_GT(after("Sun, 06 Nov 2094 08:49:37 GMT"), 2'000'000'000);
  EXPECT_EQ(after("99999999999999999999999"), INT64_MAX);
  EXPECT_EQ(after("soon"), std::nullopt);
  EXPECT_EQ(parser.location(), "") << "not that of the answer before";
}

TEST(ResponseParser, KnowsWhatHasNoBodyAndWhatEndsTheConnection) {
  const auto keep_alive = [](const std::string& head, bool without_body = false) {
    ResponseParser parser;
    parser.reset(without_body);
    EXPECT_EQ(parser.take(head + "\r\n"), ResponseParser::State::complete) << head;
    EXPECT_EQ(parser.body(), "");
    return parser.keep_alive();
  };
  EXPECT_TRUE(keep_alive("HTTP/1.1 204 No Content\r\n"));
  EXPECT_TRUE(keep_alive("HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n"));
  EXPECT_TRUE(keep_alive("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n", true));
  EXPECT_TRUE(keep_alive("HTTP/1.1 200\r\n", true)) << "without a reason";
  EXPECT_FALSE(keep_alive("HTTP/1.1 204 No\r\nConnection: Upgrade, Close\r\n"));
  EXPECT_FALSE(keep_alive("HTTP/1.0 204 No\r\n"));
  EXPECT_TRUE(keep_alive("HTTP/1.0 204 No\r\nConnection: Keep-Alive\r\n"));
}

TEST(ResponseParser, KeepsOnlyWhatItWasAskedTo) {
  ResponseParser parser(3);
  for (const char* const head : {"Content-Length: 5\r\n\r\nabcde", "Content-Length: 5\r\n\r\n",
                                 "Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n"}) {
    parser.reset();
    const std::string response = std::string("HTTP/1.1 200 OK\r\n") + head;  // body() looks into it
    const auto state = parser.take(response);
    if (state == ResponseParser::State::incomplete) {
      EXPECT_EQ(parser.take("abcde"), ResponseParser::State::complete);
    }
    EXPECT_EQ(parser.body(), "abc") << head;
  }
}

TEST(ResponseParser, GivesBodiesPieceByPiece) {
  ResponseParser parser;
  EXPECT_EQ(parser.take("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
                        "Transfer-Encoding: chunked\r\n\r\n4\r\nab"),
            ResponseParser::State::incomplete);
  EXPECT_TRUE(parser.has_head());
  EXPECT_TRUE(parser.is_event_stream());
  EXPECT_EQ(parser.body(), "ab");
  parser.drop_body();
  EXPECT_EQ(parser.take("cd\r\n3\r\nefg\r\n0\r\n"), ResponseParser::State::incomplete);
  EXPECT_EQ(parser.body(), "cdefg");
  parser.drop_body();
  EXPECT_EQ(parser.take("\r\n"), ResponseParser::State::complete);
  EXPECT_EQ(parser.body(), "");
}

TEST(ResponseParser, RefusesGarbage) {
  const auto state = [](const std::string& bytes) { return ResponseParser().take(bytes); };
  const auto headed = [&](const std::string& headers, const std::string& body = "") {
    return state("HTTP/1.1 200 OK\r\n" + headers + "\r\n" + body);
  };
  const auto malformed = ResponseParser::State::malformed;
  EXPECT_EQ(state("hello\r\n\r\n"), malformed);
  EXPECT_EQ(state("SSH-2.0"), malformed) << "before its head ends";
  EXPECT_EQ(state("HTTP/2.0 200 OK\r\n\r\n"), malformed);
  EXPECT_EQ(state("HTTP/1.2 200 OK\r\n\r\n"), malformed);
  EXPECT_EQ(state("HTTP/1.1 20 OK\r\n\r\n"), malformed);
  EXPECT_EQ(state("HTTP/1.1 2000 OK\r\n\r\n"), malformed);
  EXPECT_EQ(state("HTTP/1.1 099 OK\r\n\r\n"), malformed);
  EXPECT_EQ(state("HTTP/1.1 101 Switching\r\n\r\n"), malformed);
  EXPECT_EQ(state("HTTP/1.1 200 OK\r\nA: " + std::string(70'000, 'a')), malformed);
  EXPECT_EQ(headed("no colon\r\n"), malformed);
  EXPECT_EQ(headed("A : b\r\n"), malformed);
  EXPECT_EQ(headed("A: b\r\n c\r\n"), malformed) << "folded";
  EXPECT_EQ(headed("A: b\nB: c\r\n"), malformed) << "bare line feed";
  EXPECT_EQ(headed("Content-Length: +2\r\n", "ok"), malformed);
  EXPECT_EQ(headed("Content-Length: 2\r\nContent-Length: 2\r\n", "ok"), malformed);
  EXPECT_EQ(headed("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "2\r\nok"), malformed);
  EXPECT_EQ(headed("Transfer-Encoding: gzip\r\n", "ok"), malformed);
  EXPECT_EQ(headed("Transfer-Encoding: chunked\r\n", "ok\r\n"), malformed);
  EXPECT_EQ(headed("Content-Length: 2\r\n", "ok?"), malformed) << "more than it said";
  EXPECT_EQ(headed("Transfer-Encoding: chunked\r\n", "0\r\n\r\n?"), malformed);
  ResponseParser cut;
  EXPECT_EQ(cut.take("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"),
            ResponseParser::State::incomplete);
  EXPECT_EQ(cut.end(), malformed);
}

}  // namespace
}  // namespace sluice
