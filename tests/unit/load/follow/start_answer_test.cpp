// Answers that say that a run was started, and those that only seem to.
#include "load/follow/start_answer.hpp"

#include <gtest/gtest.h>

#include <string>

#include "load/follow/known_sessions.hpp"

namespace sluice::test {
namespace {

std::string wrong(std::string_view body) {
  const StartAnswer answer = read_start_answer(body);
  EXPECT_EQ(answer.session_id.empty(), answer.wrong.has_value()) << body;
  return answer.wrong ? std::string(name(*answer.wrong)) : "";
}

TEST(StartAnswerTest, TheIdIsRead) {
  EXPECT_EQ(read_start_answer(R"({"session_id":"a-1","more":[1]})").session_id, "a-1");
  EXPECT_EQ(
      read_start_answer(" {\"session_id\" : \"11111111-1111-4111-8111-111111111111\"}\n").wrong,
      std::nullopt);
}

TEST(StartAnswerTest, EachKindOfWrongAnswerHasAName) {
  EXPECT_EQ(wrong(""), "no body");
  EXPECT_EQ(wrong(" \r\n"), "no body");
  EXPECT_EQ(wrong("<p>hello</p>"), "HTML");
  EXPECT_EQ(wrong("\n<!DOCTYPE html>"), "HTML");
  EXPECT_EQ(wrong("hello"), "no JSON");
  EXPECT_EQ(wrong(R"({"session_id":"a)"), "no JSON");
  for (const char* body : {"{}", "[]", "null", "17", R"("a")", R"({"id":"a"})",
                           R"({"session_id":null})", R"({"session_id":7})", R"({"session_id":""})"})
    EXPECT_EQ(wrong(body), "no session_id") << body;
}

/// The id becomes part of a path, and a request is made of it.
TEST(StartAnswerTest, AnIdThatNoPathCanHoldIsNotUsed) {
  for (const char* id : {"a b", "a/b", "a?b", "a#b", "a%20b", "a\\r\\nX: y", "\\u00e9"})
    EXPECT_EQ(wrong(std::string(R"({"session_id":")") + id + "\"}"), "no session_id") << id;
  EXPECT_EQ(wrong(R"({"session_id":")" + std::string(257, 'a') + "\"}"), "no session_id");
  EXPECT_EQ(wrong(R"({"session_id":")" + std::string(256, 'a') + "\"}"), "");
}

TEST(StartAnswerTest, ABodyIsShownInOneLineThatDoesNothing) {
  EXPECT_EQ(shown_body(""), "(empty)");
  EXPECT_EQ(shown_body("{}"), "{}");
  EXPECT_EQ(shown_body("a\r\n\tb\x1b[31m\x7f"), "a\\r\\n\\tb\\x1b[31m\\x7f");
  EXPECT_EQ(shown_body("caf\xc3\xa9"), "caf\xc3\xa9");
  EXPECT_EQ(shown_body("\xc2\x9b"
                       "31m"),
            "\\xc2\\x9b31m")
      << "a control of two bytes";
  EXPECT_EQ(shown_body("\xc3(\xff\xc3"), "\\xc3(\\xff\\xc3");
  EXPECT_EQ(shown_body(std::string(300, 'a')), std::string(300, 'a'));
  EXPECT_EQ(shown_body(std::string(301, 'a')), std::string(300, 'a') + "…");
  EXPECT_EQ(shown_body(std::string(299, 'a') + "\xc3\xa9z"), std::string(299, 'a') + "\xc3\xa9…")
      << "no character is cut";
}

TEST(KnownSessionsTest, AnIdIsNewOnce) {
  KnownSessions sessions;
  EXPECT_TRUE(sessions.add("a"));
  EXPECT_TRUE(sessions.add("b"));
  EXPECT_FALSE(sessions.add("a"));
  EXPECT_FALSE(sessions.add("b"));
}

}  // namespace
}  // namespace sluice::test
