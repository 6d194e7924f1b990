// Connections of the server, with raw sockets: what clients may do, and what they may not.
#include <gtest/gtest.h>
#include <httplib.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "base/failure.hpp"
#include "http/server/listener.hpp"
#include "tests/unit/mock_api/server/served.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

TEST(Connections, KeepAliveAnswersOneRequestAfterTheOther) {
  Served served;
  served.begin();
  RawClient client = served.client();
  for (int i = 0; i < 3; ++i) {
    client.get("/hello");
    const std::string reply = client.response();
    EXPECT_EQ(status_of(reply), 200u);
    EXPECT_EQ(body_of(reply), R"({"hello":"world"})");
  }
}

TEST(Connections, CloseIsClosedAfterTheAnswer) {
  Served served;
  served.begin();
  RawClient client = served.client();
  client.get("/hello", "Connection: close\r\n");
  const std::string all = client.rest();
  EXPECT_NE(all.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(all.ends_with("}")) << all;
}

TEST(Connections, PipelinedRequestsAreAnsweredInOrder) {
  Served served;
  served.begin();
  RawClient client = served.client();
  constexpr int kRequests = 500;
  std::string requests;
  for (int i = 0; i < kRequests; ++i) {
    const std::string body = std::to_string(i);
    requests += "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) +
                "\r\n\r\n" + body;
  }
  std::thread sender([&] { client.send(requests); });
  for (int i = 0; i < kRequests; ++i) ASSERT_EQ(body_of(client.response()), std::to_string(i));
  sender.join();
}

TEST(Connections, RequestsMayComeByteByByte) {
  Served served;
  served.begin();
  RawClient client = served.client();
  for (const char c :
       std::string("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"))
    client.send({&c, 1});
  EXPECT_EQ(body_of(client.response()), "hello");
}

TEST(Connections, BodiesMayComeInChunks) {
  Served served;
  served.begin();
  RawClient client = served.client();
  client.send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel");
  std::this_thread::sleep_for(20ms);
  client.send("lo\r\n6\r\n world\r\n0\r\n\r\nGET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(body_of(client.response()), "hello world");
  EXPECT_EQ(body_of(client.response()), R"({"hello":"world"})");
}

TEST(Connections, LargeBodiesComeAndGoWhole) {
  Served served;
  served.begin();
  RawClient client = served.client();
  std::string body(1 << 20, 'x');
  for (std::size_t i = 0; i < body.size(); i += 97) body[i] = static_cast<char>('a' + i % 26);
  std::thread sender([&] { client.post("/echo", body); });
  EXPECT_EQ(body_of(client.response()), body);
  sender.join();
}

TEST(Connections, ContinueIsSaidToWhoWaitsForIt) {
  Served served;
  served.begin();
  RawClient client = served.client();
  client.send(
      "POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ok");
  EXPECT_EQ(body_of(client.response()), "ok");
}

TEST(Connections, HeadHasNoBody) {
  Served served;
  served.begin();
  RawClient client = served.client();
  client.send("HEAD /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  const std::string reply = client.rest();
  EXPECT_NE(reply.find("Content-Length: 17"), std::string::npos) << reply;
  EXPECT_EQ(body_of(reply), "");
}

TEST(Connections, OldClientsAreUnderstood) {
  Served served;
  served.begin();
  RawClient client = served.client();
  client.send("GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(client.rest().ends_with(R"({"hello":"world"})"));
}

TEST(Connections, AHalfClosedPeerIsStillAnswered) {
  Served served;
  served.begin();
  RawClient client = served.client();
  client.get("/hello");
  client.end_sending();
  EXPECT_TRUE(client.rest().ends_with(R"({"hello":"world"})"));
}

TEST(Connections, WrongRequestsAreRefusedWithAnAnswerAndTheEnd) {
  ServerOptions options;
  options.request.body = 100;
  Served served(options);
  served.begin();
  const auto refusal = [&](const std::string& bytes) {
    RawClient client = served.client();
    client.send(bytes);
    const std::string reply = client.rest();
    EXPECT_NE(reply.find("Connection: close"), std::string::npos) << reply;
    EXPECT_TRUE(reply.ends_with("}")) << reply;
    return status_of(reply);
  };
  EXPECT_EQ(refusal("garbage\r\n\r\n"), 400u);
  EXPECT_EQ(refusal("GET /" + std::string(9000, 'a')), 414u);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nA: " + std::string(20'000, 'a')), 431u);
  EXPECT_EQ(refusal("BREW / HTTP/1.1\r\nHost: h\r\n\r\n"), 501u);
  EXPECT_EQ(refusal("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505u);
  const std::string post = "POST /echo HTTP/1.1\r\nHost: h\r\n";
  EXPECT_EQ(refusal(post + "Content-Length: 101\r\n\r\n" + std::string(101, 'x')), 413u);
  EXPECT_EQ(refusal(post + "Transfer-Encoding: chunked\r\n\r\n65\r\n" + std::string(101, 'x')),
            413u);
  EXPECT_EQ(refusal(post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx"), 400u);
  EXPECT_EQ(served->handled, 0) << "the service sees nothing of it";
}

TEST(Connections, SlowSendersAreCut) {
  ServerOptions options;
  options.connection.request_time = 200ms;
  Served served(options);
  served.begin();
  RawClient client = served.client();
  const auto begin = std::chrono::steady_clock::now();
  client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nab");
  const std::string reply = client.rest();
  EXPECT_EQ(status_of(reply), 408u) << reply;
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 200ms);
}

TEST(Connections, ADripOfBytesBuysNoTime) {
  ServerOptions options;
  options.connection.request_time = 300ms;
  Served served(options);
  served.begin();
  RawClient client = served.client();
  client.send("GET /hello HTTP/1.1\r\nHost: h\r\n");
  const auto begin = std::chrono::steady_clock::now();
  while (client.send("A: b\r\n") && std::chrono::steady_clock::now() - begin < 5s)
    if (!client.whatever_comes(50ms).empty()) break;
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 4s);
}

TEST(Connections, IdleOnesAreClosed) {
  ServerOptions options;
  options.connection.idle_time = 150ms;
  Served served(options);
  served.begin();
  RawClient client = served.client();
  client.get("/hello");
  client.response();
  EXPECT_EQ(client.rest(5000ms), "");
}

TEST(Connections, WhoDoesNotReadIsCutAndHoldsNobodyUp) {
  ServerOptions options;
  options.connection.write_time = 300ms;
  Served served(options);
  served.service.on("GET /large", [](Time, const HttpRequest&) {
    HttpReply reply;
    reply.body.assign(64 << 20, 'x');
    return reply;
  });
  served.begin();
  RawClient slow = served.client();
  slow.get("/large");
  RawClient other = served.client();
  other.get("/hello");
  EXPECT_EQ(status_of(other.response()), 200u);
  std::this_thread::sleep_for(1s);
  const std::string got = slow.rest();
  EXPECT_LT(got.size(), std::size_t{64} << 20);
  EXPECT_FALSE(got.ends_with("<open>"));
}

TEST(Connections, ResetsAreSurvived) {
  Served served;
  served.begin();
  for (int i = 0; i < 100; ++i) {
    RawClient client = served.client();
    client.send(i % 2 == 0 ? "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n" : "POST /ech");
    client.reset();
  }
  RawClient client = served.client();
  client.get("/hello");
  EXPECT_EQ(status_of(client.response()), 200u);
}

TEST(Connections, AboveTheLimitTheyAreTurnedAway) {
  ServerOptions options;
  options.connection.connections = 2;
  Served served(options);
  served.begin();
  std::vector<RawClient> inside;
  for (int i = 0; i < 2; ++i) {
    inside.push_back(served.client());
    inside.back().get("/hello");
    EXPECT_EQ(status_of(inside.back().response()), 200u);
  }
  RawClient outside = served.client();
  EXPECT_EQ(status_of(outside.response()), 503u);
  inside.clear();
  for (int i = 0; i < 100; ++i) {
    RawClient client = served.client();
    client.get("/hello");
    if (status_of(client.response()) == 200) return;
    std::this_thread::sleep_for(10ms);
  }
  ADD_FAILURE() << "there is room again";
}

TEST(Connections, AThousandAtOnceAreAnswered) {
  ServerOptions options;
  options.threads = 2;
  Served served(options);
  served.begin();
  const auto begin = std::chrono::steady_clock::now();
  std::vector<RawClient> clients;
  for (int i = 0; i < 1000; ++i) {
    clients.push_back(served.client());
    ASSERT_TRUE(clients.back().is_open());
    clients.back().get("/hello");
  }
  for (RawClient& client : clients) ASSERT_EQ(status_of(client.response()), 200u);
  RecordProperty("milliseconds",
                 static_cast<int>((std::chrono::steady_clock::now() - begin) / 1ms));
}

/// 1 if everybody got the same, 1/n if one got everything (Jain, Chiu, Hawe 1984).
double fairness(const std::vector<int>& shares) {
  double sum = 0, squares = 0;
  for (const double share : shares) sum += share, squares += share * share;
  return sum * sum / (static_cast<double>(shares.size()) * squares);
}

TEST(Connections, ShareTheServerFairly) {
  Served served;
  served.begin();
  constexpr int kConnections = 200;
  std::vector<RawClient> clients;
  std::vector<int> answered(kConnections, 0);
  for (int i = 0; i < kConnections; ++i) {
    clients.push_back(served.client());
    clients.back().get("/hello");
  }
  // Whoever is answered asks again; one of them always has a hundred requests under way.
  for (int i = 0; i < 100; ++i) clients[0].get("/hello");
  const auto end = std::chrono::steady_clock::now() + 1s;
  for (int i = 0; std::chrono::steady_clock::now() < end; i = (i + 1) % kConnections) {
    const std::string got = clients[i].whatever_comes(0ms);
    for (std::size_t at = 0; (at = got.find("HTTP/1.1 200", at)) != std::string::npos; ++at) {
      ++answered[i];
      clients[i].get("/hello");
    }
  }
  answered.erase(answered.begin());
  EXPECT_GE(fairness(answered), 0.95);
  EXPECT_GT(*std::ranges::min_element(answered), 0);
}

TEST(Connections, AnOrdinaryClientLibraryIsServed) {
  Served served;
  served.begin();
  httplib::Client client("127.0.0.1", static_cast<int>(served.server->port()));
  client.set_tcp_nodelay(true);
  client.set_keep_alive(true);
  for (int i = 0; i < 3; ++i) {
    const auto reply = client.Post("/echo", "{\"a\":1}", "application/json");
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->body, "{\"a\":1}");
    EXPECT_EQ(reply->get_header_value("Content-Type"), "application/json");
  }
}

TEST(Connections, UnixSocketsAreServedToo) {
  ServerOptions options;
  const auto path = std::filesystem::temp_directory_path() /
                    ("sluice-test-" + std::to_string(::getpid()) + ".sock");
  options.listen = "unix:" + path.string();
  options.threads = 2;
  {
    Served served(options);
    EXPECT_EQ(served.begin(), options.listen);
    for (int i = 0; i < 20; ++i) {
      RawClient client = served.client();
      client.get("/hello");
      EXPECT_EQ(status_of(client.response()), 200u);
    }
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(Connections, AnAddressThatCannotBeUsedIsNamed) {
  Served first;
  first.begin();
  const auto message = [](const std::string& address) -> std::string {
    ServerOptions options;
    options.listen = address;
    Served served(options);
    try {
      served.begin();
    } catch (const UserError& error) {
      return error.what();
    }
    return "";
  };
  const std::string taken = "127.0.0.1:" + std::to_string(first.server->port());
  EXPECT_EQ(message(taken), "cannot listen on " + taken + ": Address already in use");
  EXPECT_EQ(message("nonsense"), "cannot listen on nonsense: an address is HOST:PORT or unix:PATH");
}

TEST(Connections, FaultsAreMadeOnTheWire) {
  Served served;
  const auto with_fault = [](WireFault fault) {
    return [fault](Time, const HttpRequest&) {
      HttpReply reply;
      reply.body = R"({"a":"0123456789"})";
      reply.fault.wire = fault;
      return reply;
    };
  };
  served.service.on("GET /before", with_fault(WireFault::reset));
  served.service.on("GET /mid", with_fault(WireFault::reset_mid_body));
  served.service.on("GET /malformed", with_fault(WireFault::malformed_body));
  served.begin();
  const auto get = [&](const std::string& path) {
    RawClient client = served.client();
    client.get(path, "Connection: close\r\n");
    return client.rest();
  };
  EXPECT_EQ(get("/before"), "<reset>");
  const std::string mid = get("/mid");
  EXPECT_NE(mid.find("Content-Length: 18"), std::string::npos) << mid;
  EXPECT_EQ(body_of(mid), R"({"a":"012<reset>)");
  const std::string malformed = get("/malformed");
  EXPECT_NE(malformed.find("Content-Length: 9"), std::string::npos) << malformed;
  EXPECT_EQ(body_of(malformed), R"({"a":"012)");
}

TEST(Connections, AnswersWaitForTheirSimulatedTime) {
  ServerOptions options;
  options.clock = ServerClock::wall(10);
  Served served(options);
  served.service.on("GET /late", [](Time now, const HttpRequest&) {
    HttpReply reply;
    reply.body = "{}";
    reply.send_at = now + Duration{2'000'000'000};
    return reply;
  });
  served.begin();
  RawClient client = served.client();
  const auto begin = std::chrono::steady_clock::now();
  client.get("/late");
  client.get("/hello");
  EXPECT_EQ(body_of(client.response()), "{}");
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 200ms);
  EXPECT_EQ(body_of(client.response()), R"({"hello":"world"})");
}

TEST(Connections, DeferredAnswersComeWhenTheyAreKnown) {
  ServerOptions options;
  options.clock = ServerClock::held();
  Served served(options);
  served.service.on("GET /deferred", [&](Time now, const HttpRequest&) {
    served.service.schedule(now + Duration{5}, [&](Time) {
      HttpReply known;
      known.body = "\"known\"";
      served.service.defer(7, known);
    });
    HttpReply reply;
    reply.deferred = 7;
    return reply;
  });
  served.begin();
  RawClient client = served.client(), clock = served.client();
  client.get("/deferred");
  EXPECT_EQ(client.whatever_comes(50ms), "");
  clock.post("/_sluice/clock/advance", R"({"by":"1s"})");
  EXPECT_EQ(status_of(clock.response()), 200u);
  EXPECT_EQ(body_of(client.response()), "\"known\"");
}

}  // namespace
}  // namespace sluice::test
