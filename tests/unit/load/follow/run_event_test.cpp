#include "load/follow/run_event.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice::test {
namespace {

struct Read {
  std::size_t count = 0;
  RunEvent event;
  std::vector<std::string> sessions;
};
Read read(const std::string& json) {
  RunEventParser parser;
  Read read;
  read.count = parser.parse(json, [&](const RunEvent& event) {
    read.event = event;
    read.sessions.emplace_back(event.session_id);
  });
  return read;
}

TEST(RunEventTest, AFrameOfAnEventStreamHasItsStampToTheMillisecond) {
  const Read read = test::read(
      R"({"event":"run.event","data":{"event":"execution.start","payload":{"session_id":"s-1"},)"
      R"("timestamp":1724002463,"expires_at":1724002763},"timestamp":"2024-08-18T17:34:23.250Z"})");
  ASSERT_EQ(read.count, 1u);
  EXPECT_EQ(read.event.kind, RunEventKind::started);
  EXPECT_EQ(read.sessions.front(), "s-1");
  EXPECT_EQ(read.event.stamp_unix_ns, 1'724'002'463'250'000'000);
  EXPECT_EQ(read.event.stamp_resolution, Duration{1'000'000});
}

TEST(RunEventTest, AWebhookHasItsStampToTheSecond) {
  const Read read =
      test::read(R"({"event":"execution.requeued","payload":{"session_id":"s","delay_ms":2500},)"
                 R"("timestamp":1724002463,"expires_at":1724002763,"metadata":{"k":1}})");
  ASSERT_EQ(read.count, 1u);
  EXPECT_EQ(read.event.kind, RunEventKind::requeued);
  EXPECT_EQ(read.event.delay, Duration{2'500'000'000});
  EXPECT_EQ(read.event.stamp_resolution, Duration{1'000'000'000});
}

TEST(RunEventTest, OneEventMayBeOfSeveralSessions) {
  const Read read = test::read(
      R"({"event":"execution.stopped","payload":{"session_ids":["a","b"],"message":"m"}})");
  EXPECT_EQ(read.sessions, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(read.event.stamp_unix_ns, 0);
}

TEST(RunEventTest, WhatSaysNothingOfARunIsNoEvent) {
  for (const char* text :
       {"", "{", "[]", "null", R"({"ts":1724002463000})", R"({"event":"execution.start"})",
        R"({"event":"execution.start","payload":{}})",
        R"({"event":1,"payload":{"session_id":"s"}})",
        R"({"event":"execution.start","payload":{"session_id":7}})", "{\"event\":\"\xff\"}"})
    EXPECT_EQ(test::read(text).count, 0u) << text;
}

TEST(RunEventTest, BothSpellingsOfAPauseAreOne) {
  EXPECT_EQ(run_event_kind("execution.pause"), RunEventKind::paused);
  EXPECT_EQ(run_event_kind("execution.paused"), RunEventKind::paused);
  EXPECT_EQ(run_event_kind("execution.step"), RunEventKind::other);
}

}  // namespace
}  // namespace sluice::test
