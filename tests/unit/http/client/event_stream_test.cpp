#include "http/client/event_stream.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

#include "tests/unit/http/client/client_under_test.hpp"
#include "tests/unit/http/scripted_server.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

/// A stream and all that is said of it: "opened", "EVENT DATA", "closed WHY FAILURES".
class StreamUnderTest {
 public:
  explicit StreamUnderTest(const HttpClientSettings& settings, const PingSettings& pings = {})
      : stream(std::make_unique<EventStream>(
            context, settings, "GET /events HTTP/1.1\r\nHost: test\r\n\r\n",
            EventStream::Listener{
                [this](std::string_view event, std::string_view data, SteadyTime at) {
                  EXPECT_LE(at, std::chrono::steady_clock::now());
                  tell(std::string(event) + " " + std::string(data));
                },
                [this] { tell("opened"); },
                [this](std::string_view why, unsigned failures) {
                  tell("closed " + std::string(why) + " " + std::to_string(failures));
                }},
            pings)) {}
  explicit StreamUnderTest(const std::string& url) : StreamUnderTest(settings_for(url)) {}

  /// Until so much was said.
  const std::vector<std::string>& first(std::size_t count) {
    if (!run_until(context, [&] { return log.size() >= count; }))
      throw std::runtime_error("only " + testing::PrintToString(log));
    return log;
  }

  boost::asio::io_context context{1};
  std::vector<std::string> log;
  std::vector<SteadyTime> times;
  std::unique_ptr<EventStream> stream;

 private:
  void tell(std::string what) {
    log.push_back(std::move(what));
    times.push_back(std::chrono::steady_clock::now());
  }
};

Steps chunked_stream(const std::vector<std::string>& frames) {
  Steps steps = {{{},
                  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
                  "Transfer-Encoding: chunked\r\n\r\n"}};
  for (const std::string& frame : frames) {
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", frame.size());
    steps.push_back({1ms, size + frame + "\r\n"});
  }
  return steps;
}

TEST(EventStream, TellsOfEvents) {
  ScriptedServer server([](const ScriptedRequest&) {
    return event_stream(": hello\n\nevent: queued\ndata: 1\n\ndata: 2\n\n");
  });
  StreamUnderTest stream(server.url());
  EXPECT_FALSE(stream.stream->is_open());
  EXPECT_THAT(stream.first(3), ElementsAre("opened", "queued 1", "message 2"));
  EXPECT_TRUE(stream.stream->is_open());
  EXPECT_EQ(server.seen()[0].target, "/events");
}

TEST(EventStream, ReadsChunksHoweverTheyCome) {
  ScriptedServer server([](const ScriptedRequest&) {
    return chunked_stream({"data: 1\n", "\ndata: 2", "\n\n"});
  });
  EXPECT_THAT(StreamUnderTest(server.url()).first(3),
              ElementsAre("opened", "message 1", "message 2"));
  ScriptedServer odd([](const ScriptedRequest&) {
    std::string whole;
    for (const Step& step : chunked_stream({"data: 1\n", "\ndata: 2", "\n\n"})) whole += step.bytes;
    return in_pieces(whole, 7, 200us);
  });
  EXPECT_THAT(StreamUnderTest(odd.url()).first(3), ElementsAre("opened", "message 1", "message 2"));
}

TEST(EventStream, ConnectsAgainAtOnceAfterACleanEnd) {
  ScriptedServer server([](const ScriptedRequest& request) {
    Steps steps = chunked_stream({"data: " + std::to_string(request.number) + "\n\n"});
    if (request.number < 3) steps.push_back({{}, "0\r\n\r\n"});
    return steps;
  });
  StreamUnderTest stream(server.url());
  stream.first(11);
  EXPECT_THAT(stream.log, ElementsAre("opened", "message 0", "closed ended 0", "opened",
                                      "message 1", "closed ended 0", "opened", "message 2",
                                      "closed ended 0", "opened", "message 3"));
  EXPECT_EQ(server.connections(), 4u);
}

TEST(EventStream, AStreamUntilTheConnectionEndsMayEndToo) {
  ScriptedServer server([](const ScriptedRequest& request) {
    Steps steps = event_stream("data: a\n\ndata: lost\n");
    return request.number == 0 ? then(steps, Step::Then::close) : steps;
  });
  EXPECT_THAT(StreamUnderTest(server.url()).first(5),
              ElementsAre("opened", "message a", "closed ended 0", "opened", "message a"));
}

TEST(EventStream, WaitsAWhileAfterABrokenOne) {
  ScriptedServer server([](const ScriptedRequest& request) {
    Steps steps = chunked_stream({"data: a\n\n"});
    return request.number == 0 ? then(steps, Step::Then::close) : steps;
  });
  StreamUnderTest stream(server.url());
  EXPECT_THAT(stream.first(5),
              ElementsAre("opened", "message a", "closed closed 0", "opened", "message a"));
  EXPECT_GE(stream.times[3] - stream.times[2], 250ms);
}

TEST(EventStream, DoesNotHammerAServerThatEndsAtOnce) {
  ScriptedServer server(
      [](const ScriptedRequest&) { return then(event_stream(), Step::Then::close); });
  StreamUnderTest stream(server.url());
  stream.first(6);
  EXPECT_GE(stream.times[2] - stream.times[1], 250ms);
  EXPECT_GE(stream.times[4] - stream.times[3], 500ms);
}

TEST(EventStream, OneThatFallsSilentIsOpenedAgain) {
  constexpr const char* kPing = "event: ping\ndata: {}\n\n";
  ScriptedServer server([&](const ScriptedRequest& request) {
    Steps steps = event_stream(kPing);
    if (request.number == 0) steps.push_back({100ms, kPing});
    return steps;
  });
  StreamUnderTest stream(settings_for(server.url()), {.assumed = 15s, .patience = 100ms});
  EXPECT_THAT(stream.first(6),
              ElementsAre("opened", "ping {}", "ping {}", "closed silent 0", "opened", "ping {}"));
  EXPECT_GE(stream.times[3] - stream.times[2], 250ms) << "three intervals";
}

TEST(EventStream, TellsWhyItIsNotOpen) {
  ScriptedServer server([](const ScriptedRequest& request) -> Steps {
    if (request.number == 0) return answer(404);
    if (request.number == 1) return {{{}, "hello"}};
    return {{{}, answer_bytes(200, "{}", "Content-Type: application/json\r\n")}};
  });
  StreamUnderTest stream(server.url());
  EXPECT_THAT(stream.first(3),
              ElementsAre("closed HTTP 404 1", "closed no HTTP 2", "closed no event stream 3"));
  EXPECT_GE(stream.times[1] - stream.times[0], 250ms);
  EXPECT_GE(stream.times[2] - stream.times[1], 500ms);
  EXPECT_FALSE(stream.stream->is_open());
}

TEST(EventStream, FindsAServerThatComesLater) {
  const std::string path = testing::TempDir() + "sluice_stream_" + std::to_string(::getpid());
  StreamUnderTest stream("unix:" + path);
  EXPECT_THAT(stream.first(1), ElementsAre("closed no such socket 1"));
  ScriptedServer server([](const ScriptedRequest&) { return event_stream(); }, {.unix_path = path});
  EXPECT_EQ(stream.first(2).back(), "opened");
}

TEST(EventStream, WaitsForItsHeadOnlySoLong) {
  ScriptedServer server([](const ScriptedRequest& request) -> Steps {
    if (request.number == 0) return answer(200, "", 1h);
    return event_stream();
  });
  HttpClientSettings settings = settings_for(server.url());
  settings.timeout = 500ms;
  StreamUnderTest stream(settings);
  EXPECT_THAT(stream.first(2), ElementsAre("closed timed out 1", "opened"));
  run_until(stream.context, [&, at = std::chrono::steady_clock::now()] {
    return std::chrono::steady_clock::now() - at > 600ms;
  });
  EXPECT_TRUE(stream.stream->is_open()) << "an open stream has all the time";
  EXPECT_EQ(stream.log.size(), 2u);
}

TEST(EventStream, MayBeDestroyedByWhomItTells) {
  ScriptedServer server(
      [](const ScriptedRequest&) { return event_stream("data: 1\n\ndata: 2\n\n"); });
  boost::asio::io_context context{1};
  std::unique_ptr<EventStream> stream;
  int events = 0;
  stream = std::make_unique<EventStream>(
      context, settings_for(server.url()), "GET / HTTP/1.1\r\n\r\n",
      EventStream::Listener{[&](std::string_view, std::string_view, SteadyTime) {
                              ++events;
                              stream.reset();
                            },
                            {},
                            [](std::string_view, unsigned) { FAIL(); }});
  ASSERT_TRUE(run_until(context, [&] { return stream == nullptr; }));
  context.run_for(30ms);
  EXPECT_EQ(events, 1);
}

}  // namespace
}  // namespace sluice::test
