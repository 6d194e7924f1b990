// Whatever a server does: every request is done once, with its own answer or a reason.
#include <gmock/gmock.h>

#include <map>
#include <random>

#include "tests/unit/http/client/client_under_test.hpp"
#include "tests/unit/http/scripted_server.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

/// An answer that says its request's target, or trouble.
Steps react(std::mt19937& random, const ScriptedRequest& request) {
  const std::string whole = answer_bytes(200, request.target);
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n" +
                              request.target.substr(0, 2) + "\r\n4\r\n" + request.target.substr(2) +
                              "\r\n0\r\n\r\n";
  const std::chrono::microseconds late(random() % 2000);
  const std::size_t cut = random() % whole.size();
  switch (random() % 12) {
    case 0:
      return {{late, "", Step::Then::close}};
    case 1:
      return {{late, "", Step::Then::reset}};
    case 2:
      return {{{}, whole.substr(0, cut)}, {late, "", Step::Then::close}};
    case 3:
      return {{{}, whole.substr(0, cut)}, {late, "", Step::Then::reset}};
    case 4:
      return {{late, "HTTP/1.1 banana\r\n\r\n"}};
    case 5:
      return {{late, whole + whole}};
    case 6:
      return {{late, whole, Step::Then::close}};
    case 7:
      return {{1h, ""}};
    case 8:
      return in_pieces(chunked, 1 + cut, late / 20);
    case 9:
      return {{late, "HTTP/1.1 200 OK\r\n\r\n" + request.target, Step::Then::close}};
    default:
      return {{late, whole}};
  }
}

struct Told {
  int calls = 0;
  unsigned status = 0;
  std::string body, failure;
};

class HttpClientChaos : public testing::TestWithParam<unsigned> {};

TEST_P(HttpClientChaos, EveryRequestIsDoneOnceWithItsOwnAnswer) {
  std::mt19937 script_random(GetParam()), random(GetParam() + 1000);
  ScriptedServer server(
      [&](const ScriptedRequest& request) { return react(script_random, request); });
  HttpClientSettings settings = settings_for(server.url());
  settings.max_connections = 1 + static_cast<std::uint32_t>(random() % 8);
  settings.timeout = 60ms;
  boost::asio::io_context context{1};
  HttpClient client(context, settings);

  constexpr int kRequests = 400;
  std::map<std::string, Told> told;
  int sent = 0, done = 0;
  std::function<void()> send = [&] {
    if (sent == kRequests) return;
    const std::string target = "/" + std::to_string(10'000 + sent++);
    client.send(ClientUnderTest::get_request(target), [&, target](const ExchangeResult& result) {
      Told& mine = told[target];
      mine = {mine.calls + 1, result.status, std::string(result.body), std::string(result.failure)};
      ++done;
      EXPECT_LE(client.counts().open, settings.max_connections);
      for (auto more = random() % 3; more > 0; --more) send();
    });
  };
  ASSERT_TRUE(run_until(context, [&] {
    while (sent < kRequests && sent - done < 12) send();
    return done == kRequests;
  })) << done;

  std::map<std::string, int> failures;
  for (const auto& [target, mine] : told) {
    EXPECT_EQ(mine.calls, 1) << target;
    EXPECT_EQ(mine.status == 0, !mine.failure.empty()) << target;
    if (mine.status != 0) {
      EXPECT_EQ(mine.body, target);
    }
    ++failures[mine.failure];
  }
  EXPECT_THAT(failures, testing::Contains(testing::Key("")));
  EXPECT_THAT(failures, testing::Contains(testing::Key("timed out")));
  EXPECT_THAT(failures, testing::Contains(testing::Key("no HTTP")));
  EXPECT_EQ(client.counts().busy, 0u);
  EXPECT_EQ(client.counts().waiting, 0u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, HttpClientChaos, testing::Range(0u, 6u));

}  // namespace
}  // namespace sluice::test
