// Event streams: order, hold-back, gaps, slow and vanished readers, many at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/mock_api/server/served.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

std::string events_path(const std::string& client) { return "/run/clients/" + client + "/events"; }

/// `{"by": …}` on a connection of its own; the answer's status.
unsigned advance(Served& served, const std::string& by) {
  RawClient clock = served.client();
  clock.post("/_sluice/clock/advance", "{\"by\":\"" + by + "\"}");
  return status_of(clock.response());
}

ServerOptions held_prompt_clock() {
  ServerOptions options;
  options.clock = ServerClock::held();
  options.streams.hold_back = 0ms;
  return options;
}

/// For what happens soon, in another thread.
template <class Condition>
bool soon(Condition condition) {
  for (int i = 0; i < 500; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

TEST(Streams, TellWhatHappensInOrder) {
  Served served(held_prompt_clock());
  served.begin();
  RawClient stream = served.client(), poster = served.client();
  stream.get(events_path("c"), "Accept: text/event-stream\r\n");
  const std::string head = stream.until("\r\n\r\n");
  EXPECT_NE(head.find("200 OK"), std::string::npos);
  EXPECT_NE(head.find("Content-Type: text/event-stream\r\n"), std::string::npos);
  for (int i = 1; i <= 3; ++i) {
    poster.post("/run?client=c", "{}");
    EXPECT_EQ(status_of(poster.response()), 201u);
  }
  EXPECT_EQ(advance(served, "2h"), 200u);
  std::string got;
  for (const char* what :
       {"queued 1", "queued 2", "queued 3", "success 1", "success 2", "success 3"})
    EXPECT_NE(stream.until(std::string("data: ") + what + "\n\n\r\n"), "") << what;
}

TEST(Streams, KeepWhatHappenedBeforeTheyWereOpened) {
  Served served(held_prompt_clock());
  served.begin();
  RawClient poster = served.client();
  poster.post("/run?client=c", "{}");
  poster.response();
  EXPECT_EQ(advance(served, "0s"), 200u);
  RawClient stream = served.client();
  stream.get(events_path("c"));
  EXPECT_NE(stream.until("data: queued 1\n\n"), "");
}

TEST(Streams, HoldARunBackUntilItsAnswerHasBeenSeen) {
  ServerOptions options;
  options.streams.hold_back = 300ms;
  Served served(options);
  served.begin();
  RawClient stream = served.client(), poster = served.client();
  stream.get(events_path("c"));
  stream.until("\r\n\r\n");
  poster.post("/run?client=c", "{}");
  EXPECT_EQ(status_of(poster.response()), 201u);
  const auto answered = std::chrono::steady_clock::now();
  EXPECT_NE(stream.until("data: queued 1\n\n"), "");
  EXPECT_GE(std::chrono::steady_clock::now() - answered, 250ms);
  EXPECT_LE(std::chrono::steady_clock::now() - answered, 2s);
}

TEST(Streams, HoldARunBackWhileItsAnswerIsLate) {
  ServerOptions options;
  options.streams.hold_back = 100ms;
  Served served(options);
  served.service.on("POST /late-run", [&](Time now, const HttpRequest&) {
    served.service.schedule(now, [&](Time) { served.service.emit("c", "data: early\n\n", 77); });
    HttpReply reply;
    reply.body = "{}";
    reply.started_run = 77;
    reply.send_at = now + Duration{400'000'000};
    return reply;
  });
  served.begin();
  RawClient stream = served.client(), poster = served.client();
  stream.get(events_path("c"));
  stream.until("\r\n\r\n");
  const auto begin = std::chrono::steady_clock::now();
  poster.post("/late-run", "{}");
  EXPECT_NE(stream.until("data: early\n\n"), "");
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 450ms);
  EXPECT_EQ(status_of(poster.response()), 200u);
}

TEST(Streams, HoldNothingBackForAnAnswerThatNeverArrives) {
  ServerOptions options;
  options.streams.hold_back = 50ms;
  Served served(options);
  served.service.on("POST /lost-run", [&](Time now, const HttpRequest&) {
    served.service.schedule(now, [&](Time) { served.service.emit("c", "data: kept\n\n", 78); });
    HttpReply reply;
    reply.started_run = 78;
    reply.fault.wire = WireFault::reset;
    return reply;
  });
  served.begin();
  RawClient stream = served.client(), poster = served.client();
  stream.get(events_path("c"));
  stream.until("\r\n\r\n");
  poster.post("/lost-run", "{}");
  EXPECT_NE(stream.until("data: kept\n\n"), "");
}

TEST(Streams, TheNewestWinsAndTheOlderEndsCleanly) {
  Served served(held_prompt_clock());
  served.begin();
  RawClient older = served.client(), newer = served.client();
  older.get(events_path("c"));
  older.until("\r\n\r\n");
  newer.get(events_path("c"));
  newer.until("\r\n\r\n");
  EXPECT_EQ(older.rest(), "0\r\n\r\n");
  EXPECT_TRUE(soon([&] { return served->open_streams == 1; }));
}

TEST(Streams, WhoHasGoneIsNoticed) {
  Served served(held_prompt_clock());
  served.begin();
  for (int i = 0; i < 3; ++i) {
    RawClient stream = served.client();
    stream.get(events_path("c" + std::to_string(i)));
    stream.until("\r\n\r\n");
    EXPECT_TRUE(soon([&] { return served->open_streams == 1; }));
    if (i == 0) stream.reset();
    if (i == 1) stream.close();
    if (i == 2) stream.end_sending();
    EXPECT_TRUE(soon([&] { return served->open_streams == 0; })) << i;
  }
}

TEST(Streams, WhatDidNotLeaveComesOnTheNextOne) {
  ServerOptions options = held_prompt_clock();
  options.streams.hold_back = 1500ms;
  Served served(options);
  served.begin();
  RawClient poster = served.client();
  {
    RawClient stream = served.client();
    stream.get(events_path("c"));
    stream.until("\r\n\r\n");
    poster.post("/run?client=c", "{}");
    poster.response();
    // Its frame is held back now, and this reader leaves before it could be sent.
    std::thread mover([&] { advance(served, "0s"); });
    std::this_thread::sleep_for(100ms);
    stream.close();
    mover.join();
  }
  RawClient next = served.client();
  next.get(events_path("c"));
  EXPECT_NE(next.until("data: queued 1\n\n", 10'000ms), "");
}

TEST(Streams, ASlowReaderIsCutCleanlyAndMissesNothing) {
  ServerOptions options;
  options.streams.hold_back = 0ms;
  options.streams.queue_bytes = 200'000;
  options.connection.linger_time = 300ms;
  Served served(options);
  constexpr int kFrames = 30'000;
  served.service.on("POST /flood", [&](Time now, const HttpRequest&) {
    const std::string filler(1000, 'x');
    for (int i = 0; i < kFrames; ++i)
      served.service.schedule(now, [&served, i, filler](Time) {
        served.service.emit("c", "data: <" + std::to_string(i) + "> " + filler + "\n\n");
      });
    return HttpReply{};
  });
  served.begin();
  RawClient slow = served.client();
  slow.get(events_path("c"));
  slow.until("\r\n\r\n");
  RawClient poster = served.client();
  poster.post("/flood", "");
  poster.response();
  EXPECT_TRUE(soon([&] { return served->open_streams == 0; })) << "cut";
  std::string all = slow.rest();
  // Each frame is on one of the streams.
  const std::string last = "<" + std::to_string(kFrames - 1) + ">";
  for (bool done = false; !done; done = all.find(last) != std::string::npos) {
    RawClient next = served.client();
    next.get(events_path("c"));
    // What the kernel has taken counts as sent: it is read until nothing more comes.
    std::string more;
    for (std::string part; !(part = next.whatever_comes(500ms)).empty();) more += part;
    ASSERT_NE(more.find("data: "), std::string::npos);
    all += more;
  }
  std::vector<bool> seen(kFrames, false);
  for (std::size_t at = 0; (at = all.find("data: <", at)) != std::string::npos; at += 7)
    seen.at(std::strtoul(all.c_str() + at + 7, nullptr, 10)) = true;
  EXPECT_EQ(std::ranges::count(seen, false), 0);
}

TEST(Streams, AStalledOneIsOpenAndSilent) {
  Served served(held_prompt_clock());
  served.service.on("GET /stalled", [](Time, const HttpRequest&) {
    HttpReply reply;
    reply.stream_of = "c";
    reply.fault.wire = WireFault::stall;
    return reply;
  });
  served.begin();
  RawClient stream = served.client(), poster = served.client();
  stream.get("/stalled");
  EXPECT_NE(stream.until("\r\n\r\n"), "");
  poster.post("/run?client=c", "{}");
  poster.response();
  EXPECT_EQ(advance(served, "1h"), 200u) << "nobody waits for it";
  EXPECT_EQ(stream.whatever_comes(100ms), "");
}

TEST(Streams, OldClientsGetThemUntilTheConnectionEnds) {
  Served served(held_prompt_clock());
  served.begin();
  RawClient stream = served.client();
  stream.send("GET " + events_path("c") + " HTTP/1.0\r\n\r\n");
  const std::string head = stream.until("\r\n\r\n");
  EXPECT_EQ(head.find("chunked"), std::string::npos);
  RawClient poster = served.client();
  poster.post("/run?client=c", "{}");
  poster.response();
  std::thread ender([&] {
    advance(served, "0s");
    served.stop();
  });
  EXPECT_EQ(stream.rest(), "event: run.event\ndata: queued 1\n\n");
  ender.join();
}

TEST(Streams, AreManyAtOnce) {
  Served served(held_prompt_clock());
  served.begin();
  constexpr int kStreams = 2000;
  std::vector<RawClient> streams;
  for (int i = 0; i < kStreams; ++i) {
    streams.push_back(served.client());
    ASSERT_TRUE(streams.back().get(events_path("c" + std::to_string(i))));
  }
  for (RawClient& stream : streams) ASSERT_NE(stream.until("\r\n\r\n"), "");
  EXPECT_EQ(served->open_streams, kStreams);
  RawClient poster = served.client();
  poster.post("/run?client=c1234", "{}");
  poster.response();
  EXPECT_EQ(advance(served, "0s"), 200u);
  EXPECT_NE(streams[1234].until("data: queued 1\n\n"), "");
}

}  // namespace
}  // namespace sluice::test
