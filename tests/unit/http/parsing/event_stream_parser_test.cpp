#include "http/parsing/event_stream_parser.hpp"

#include <gmock/gmock.h>

#include <vector>

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// "EVENT|DATA" of each event, however the bytes are cut.
std::vector<std::string> events(const std::string& bytes) {
  std::vector<std::string> first;
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    std::vector<std::string> found;
    EventStreamParser parser;
    for (std::size_t at = 0; at < bytes.size(); at += step)
      EXPECT_TRUE(parser.take(std::string_view(bytes).substr(at, step),
                              [&](std::string_view event, std::string_view data) {
                                found.push_back(std::string(event) + "|" + std::string(data));
                              }));
    if (step == 1) first = found;
    EXPECT_EQ(found, first) << "in pieces of " << step;
  }
  return first;
}

TEST(EventStreamParser, ReadsNamesAndData) {
  EXPECT_THAT(events("data: a\n\n"), ElementsAre("message|a"));
  EXPECT_THAT(events("event: x\ndata: a\n\ndata: b\n\n"), ElementsAre("x|a", "message|b"));
  EXPECT_THAT(events("data: {\"a\": \"b: c\"}\n\n"), ElementsAre("message|{\"a\": \"b: c\"}"));
}

TEST(EventStreamParser, LinesEndInThreeWays) {
  EXPECT_THAT(events("event: x\r\ndata: a\r\n\r\ndata: b\r\n\r\n"),
              ElementsAre("x|a", "message|b"));
  EXPECT_THAT(events("event: x\rdata: a\r\rdata: b\r\r"), ElementsAre("x|a", "message|b"));
  EXPECT_THAT(events("data: a\r\n\n\rdata: b\n\r\n"), ElementsAre("message|a", "message|b"));
  EXPECT_THAT(events("data: a\r\r\ndata: b\n\n"), ElementsAre("message|a", "message|b"));
}

TEST(EventStreamParser, LinesOfDataAreJoined) {
  EXPECT_THAT(events("data: a\ndata:\ndata: b\n\n"), ElementsAre("message|a\n\nb"));
  EXPECT_THAT(events("data\n\n"), ElementsAre("message|")) << "a field without a colon is empty";
  EXPECT_THAT(events("data\ndata\n\n"), ElementsAre("message|\n"));
}

TEST(EventStreamParser, OneSpaceIsTakenOffAValue) {
  EXPECT_THAT(events("data:a\n\ndata: a\n\ndata:  a\n\n"),
              ElementsAre("message|a", "message|a", "message| a"));
}

TEST(EventStreamParser, ReadsOverCommentsAndOtherFields) {
  EXPECT_THAT(events(": hello\n\n:\n\nid: 1\nretry: 5\nData: b\ndatax: c\ndata: a\n\n"),
              ElementsAre("message|a"));
}

TEST(EventStreamParser, WithoutDataThereIsNoEvent) {
  EXPECT_THAT(events("event: x\n\n"), IsEmpty());
  EXPECT_THAT(events("event: x\n\ndata: a\n\n"), ElementsAre("message|a"))
      << "its name is forgotten";
}

TEST(EventStreamParser, AnEventThatDoesNotEndIsNone) {
  EXPECT_THAT(events("data: a\n"), IsEmpty());
  EventStreamParser parser;
  std::vector<std::string> found;
  const auto keep = [&](std::string_view event, std::string_view data) {
    found.push_back(std::string(event) + "|" + std::string(data));
  };
  EXPECT_TRUE(parser.take("event: x\ndata: a\ndata: cut", keep));
  parser.reset();
  EXPECT_TRUE(parser.take("data: b\n\n", keep));
  EXPECT_THAT(found, ElementsAre("message|b"));
}

TEST(EventStreamParser, ABeginningByteOrderMarkIsNone) {
  EXPECT_THAT(events("\xEF\xBB\xBF"
                     "data: a\n\n"),
              ElementsAre("message|a"));
  EXPECT_THAT(events("data: a\n\n\xEF\xBB\xBF"
                     "data: b\n\n"),
              ElementsAre("message|a"))
      << "later it is part of a field's name";
  EXPECT_THAT(events("\n\xEF\xBB\xBF"
                     "data: a\n\n"),
              IsEmpty());
}

TEST(EventStreamParser, HoldsNoMoreThanItsBound) {
  const auto nothing = [](std::string_view, std::string_view) {};
  EXPECT_TRUE(EventStreamParser(10).take("data:abcd\n", nothing));
  EXPECT_TRUE(EventStreamParser(10).take("data:abcde\n\n", nothing));
  EXPECT_FALSE(EventStreamParser(10).take("data:abcdef\n", nothing)) << "a line";
  EXPECT_FALSE(EventStreamParser(10).take("data:abcdef", nothing)) << "before it ends";
  EXPECT_FALSE(EventStreamParser(10).take("data:abcd\ndata:efgh\ndata:i\n", nothing));
  EventStreamParser parser(10);
  EXPECT_TRUE(parser.take("data:ab", nothing));
  EXPECT_FALSE(parser.take("cdef", nothing));
  EventStreamParser many(10);
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(many.take("data:abcd\n\n:comment\n", nothing));
}

}  // namespace
}  // namespace sluice
