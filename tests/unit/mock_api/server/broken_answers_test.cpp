// Answers and event streams that a test has asked to break: what the client sees, what is counted.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "tests/unit/mock_api/server/served.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* kHello = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";

/// GET /broken has the fault, and so has GET /stream, of client c.
class ABrokenAnswer : public ::testing::Test {
 protected:
  ABrokenAnswer() {
    served_.options.streams.hold_back = 0ms;
    served_.service.on("GET /broken", [this](Time, const HttpRequest&) {
      const std::lock_guard lock(mutex_);
      HttpReply reply;
      reply.body = body_;
      reply.fault = fault_;
      return reply;
    });
    served_.service.on("GET /stream", [this](Time, const HttpRequest&) {
      HttpReply reply;
      reply.stream_of = "c";
      const std::lock_guard lock(mutex_);
      reply.fault = std::exchange(fault_, {});
      return reply;
    });
    // So many events of run 1, a ping before each.
    served_.service.on("POST /events", [this](Time, const HttpRequest& request) {
      for (int i = 0; i < std::stoi(std::string(request.body)); ++i) {
        served_.service.emit("c", ":ping\n\n");
        served_.service.emit("c", "data: <" + std::to_string(next_event_++) + ">\n\n", 1);
      }
      return HttpReply{};
    });
  }

  /// GET /broken has this fault from now on, of the next GET /stream.
  void breaks(const ReplyFault& fault) {
    const std::lock_guard lock(mutex_);
    fault_ = fault;
    fault_.mark = 7;
  }
  void breaks(WireFault wire) {
    ReplyFault fault;
    fault.wire = wire;
    breaks(fault);
  }

  std::string ask(const std::string& path) {
    RawClient client = served_.client();
    client.get(path);
    return client.rest();
  }
  std::string log() {
    RawClient client = served_.client();
    client.get("/log");
    return body_of(client.response());
  }
  void emit(int events) {
    RawClient client = served_.client();
    client.post("/events", std::to_string(events));
    EXPECT_EQ(status_of(client.response()), 200u);
  }
  RawClient open() {
    RawClient stream = served_.client();
    stream.get("/stream");
    EXPECT_NE(stream.until("\r\n\r\n"), "");
    return stream;
  }
  /// The numbers of whole events, of pings and of what ends a stream nothing.
  static std::string events_in(const std::string& text) {
    std::string numbers;
    for (std::size_t at = 0; (at = text.find("data: <", at)) != std::string::npos; ++at)
      if (const std::size_t end = text.find(">\n\n", at); end < text.find("data: <", at + 1))
        numbers += text.substr(at + 7, end - at - 7) + " ";
    return numbers;
  }
  /// What a first stream with the fault gets of six events, up to `until`, and then a second one.
  std::string first_and_second(StreamFault fault, std::uint32_t after, std::uint32_t events = 1) {
    ReplyFault on_wire;
    on_wire.stream = fault;
    on_wire.after_events = after;
    on_wire.events = events;
    breaks(on_wire);
    served_.begin();
    std::string got;
    {
      RawClient first = open();
      emit(6);
      const bool goes_on = fault == StreamFault::drop || fault == StreamFault::repeat;
      if (fault == StreamFault::silence) {
        while (log().find("struck") == std::string::npos) std::this_thread::sleep_for(1ms);
        got = events_in(first.whatever_comes(20ms));
      } else {
        got = events_in(goes_on ? first.until("<5>\n\n") : end_ = first.rest());
      }
    }
    while (served_->open_streams > 0) std::this_thread::sleep_for(1ms);
    emit(1);
    RawClient second = open();
    return got + "| " + events_in(second.until("<6>\n\n"));
  }

  Served served_;
  std::mutex mutex_;  // guards fault_ and body_
  ReplyFault fault_;
  std::string body_ = R"({"a":"0123456789"})";
  std::string end_;  // all that came on a stream that ended
  int next_event_ = 0;
};

TEST_F(ABrokenAnswer, IsAResetOrAnEnd) {
  breaks(WireFault::reset);
  served_.begin();
  EXPECT_EQ(ask("/broken"), "<reset>");
  breaks(WireFault::close);
  EXPECT_EQ(ask("/broken"), "");
  EXPECT_EQ(log(), "fault 7 struck\nfault 7 struck\n");
}

TEST_F(ABrokenAnswer, LeavesTheAnswersBeforeIt) {
  served_.begin();
  for (const WireFault fault : {WireFault::reset, WireFault::close}) {
    breaks(fault);
    RawClient client = served_.client();
    client.send(std::string(kHello) + kHello + "GET /broken HTTP/1.1\r\nHost: h\r\n\r\n" + kHello);
    for (int i = 0; i < 2; ++i) EXPECT_EQ(body_of(client.response()), R"({"hello":"world"})");
    EXPECT_EQ(client.rest(), fault == WireFault::reset ? "<reset>" : "");
  }
}

TEST_F(ABrokenAnswer, EndsInTheMiddle) {
  breaks(WireFault::close_mid_body);
  served_.begin();
  const std::string half = ask("/broken");
  EXPECT_NE(half.find("Content-Length: 18"), std::string::npos) << half;
  EXPECT_EQ(body_of(half), R"({"a":"012)");
  {
    const std::lock_guard lock(mutex_);
    body_ = "";
  }
  EXPECT_EQ(ask("/broken").find("\r\n\r\n"), std::string::npos) << "half of the head";
  EXPECT_EQ(log(), "fault 7 struck\nfault 7 struck\n");
}

TEST_F(ABrokenAnswer, NeverComes) {
  breaks(WireFault::stall);
  served_.begin();
  RawClient client = served_.client(), other = served_.client();
  client.send(std::string(kHello) + "GET /broken HTTP/1.1\r\nHost: h\r\n\r\n" + kHello);
  EXPECT_EQ(body_of(client.response()), R"({"hello":"world"})");
  EXPECT_EQ(client.whatever_comes(20ms), "");
  EXPECT_EQ(log(), "fault 7 struck\n");
  client.end_sending();
  EXPECT_EQ(client.rest(), "") << "it ends when the client goes";
  other.get("/broken");
  while (log() != "fault 7 struck\nfault 7 struck\n") std::this_thread::sleep_for(1ms);
  const auto begin = std::chrono::steady_clock::now();
  served_.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 4s) << "less than the grace";
  EXPECT_EQ(other.rest(), "") << "and when the server does";
}

TEST_F(ABrokenAnswer, MissesWhoAsksForTheHeadAlone) {
  served_.begin();
  const auto head_of = [&](const std::string& path) {
    RawClient client = served_.client();
    client.send("HEAD " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    return client.rest();
  };
  breaks(WireFault::malformed_body);
  EXPECT_NE(head_of("/broken").find("Content-Length: 18\r\n"), std::string::npos);
  ReplyFault fault;
  fault.stream = StreamFault::drop;
  breaks(fault);
  EXPECT_EQ(status_of(head_of("/stream")), 200u);
  breaks(WireFault::stall);
  EXPECT_EQ(status_of(head_of("/stream")), 200u);
  EXPECT_EQ(log(), "fault 7 missed\nfault 7 missed\nfault 7 missed\n");
}

TEST_F(ABrokenAnswer, NeverComesAndEndsWithAClientWhoSaidMuch) {
  breaks(WireFault::stall);
  served_.begin();
  {
    RawClient client = served_.client();
    client.get("/broken");
    while (log() != "fault 7 struck\n") std::this_thread::sleep_for(1ms);
    client.send(std::string(100'000, 'x'));
  }
  const auto is_alone = [&] {
    RawClient client = served_.client();
    client.get("/metrics", "Connection: close\r\n");
    return client.rest().find("\nsluice_http_connections 1\n") != std::string::npos;
  };
  for (int i = 0; i < 300 && !is_alone(); ++i) std::this_thread::sleep_for(10ms);
  EXPECT_TRUE(is_alone());
}

TEST_F(ABrokenAnswer, HoldsNoEventBackThatCouldWaitForIt) {
  served_.service.on("POST /stalled-run", [this](Time now, const HttpRequest&) {
    served_.service.schedule(
        now, [this](Time) { served_.service.emit("c", "data: of the run\n\n", 77); });
    HttpReply reply;
    reply.started_run = 77;
    reply.fault.wire = WireFault::stall;
    return reply;
  });
  served_.options.streams.hold_back = 10ms;
  served_.begin();
  RawClient stream = open(), poster = served_.client();
  poster.post("/stalled-run", "{}");
  EXPECT_NE(stream.until("data: of the run\n\n"), "");
}

TEST_F(ABrokenAnswer, StartsWhatItStartsOnce) {
  std::atomic<int> started{0};
  served_.service.on("POST /start", [&](Time, const HttpRequest&) {
    ++started;
    HttpReply reply;
    reply.fault.wire = WireFault::reset;
    return reply;
  });
  served_.begin();
  RawClient client = served_.client();
  client.post("/start", "{}");
  EXPECT_EQ(client.rest(), "<reset>");
  EXPECT_EQ(started, 1);
}

TEST_F(ABrokenAnswer, IsAStreamThatEndsCleanly) {
  EXPECT_EQ(first_and_second(StreamFault::end, 2), "0 1 | 2 3 4 5 6 ");
  EXPECT_TRUE(end_.ends_with("\r\n0\r\n\r\n")) << end_;
  EXPECT_EQ(log(), "fault 7 struck\n");
}

TEST_F(ABrokenAnswer, IsAStreamThatEndsBeforeItsFirstEvent) {
  EXPECT_EQ(first_and_second(StreamFault::end, 0), "| 0 1 2 3 4 5 6 ");
}

TEST_F(ABrokenAnswer, IsAStreamWhoseConnectionEnds) {
  EXPECT_EQ(first_and_second(StreamFault::close, 3), "0 1 2 | 3 4 5 6 ");
  EXPECT_TRUE(end_.ends_with("<2>\n\n\r\n")) << end_;
}

TEST_F(ABrokenAnswer, IsAStreamThatIsReset) {
  EXPECT_EQ(first_and_second(StreamFault::reset, 3), "0 1 2 | 3 4 5 6 ");
  EXPECT_TRUE(end_.ends_with("<reset>")) << end_;
  EXPECT_EQ(log(), "fault 7 struck\n");
}

TEST_F(ABrokenAnswer, IsHalfAnEvent) {
  EXPECT_EQ(first_and_second(StreamFault::half_event, 1), "0 | 1 2 3 4 5 6 ");
  EXPECT_TRUE(end_.ends_with("\r\ndata:\r\n")) << end_;
}

TEST_F(ABrokenAnswer, IsAStreamThatFallsSilent) {
  EXPECT_EQ(first_and_second(StreamFault::silence, 2), "0 1 | 2 3 4 5 6 ");
  EXPECT_EQ(log(), "fault 7 struck\n");
}

TEST_F(ABrokenAnswer, IsASilentStreamThatEndsWithTheServer) {
  ReplyFault fault;
  fault.stream = StreamFault::silence;
  breaks(fault);
  served_.begin();
  RawClient stream = open();
  while (log() != "fault 7 struck\n") std::this_thread::sleep_for(1ms);
  std::thread stopper([this] { served_.stop(); });
  EXPECT_TRUE(stream.rest().ends_with("0\r\n\r\n"));
  stream.close();
  stopper.join();
}

TEST_F(ABrokenAnswer, IsAnEventThatNeverComes) {
  EXPECT_EQ(first_and_second(StreamFault::drop, 2, 3), "0 1 5 | 6 ");
  EXPECT_EQ(log(), "fault 7 struck\n");
}

TEST_F(ABrokenAnswer, IsAnEventThatComesTwice) {
  EXPECT_EQ(first_and_second(StreamFault::repeat, 1, 2), "0 1 1 2 2 3 4 5 | 6 ");
}

TEST_F(ABrokenAnswer, IsNotCountedOnAStreamThatEndsBefore) {
  ReplyFault fault;
  fault.stream = StreamFault::end;
  fault.after_events = 3;
  breaks(fault);
  served_.begin();
  {
    RawClient stream = open();
    emit(2);
    EXPECT_NE(stream.until("<1>\n\n"), "");
  }
  while (served_->open_streams > 0) std::this_thread::sleep_for(1ms);
  while (log() != "fault 7 missed\n") std::this_thread::sleep_for(1ms);
}

}  // namespace
}  // namespace sluice::test
