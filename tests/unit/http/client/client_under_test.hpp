// A client whose results a test waits for, by times that a busy machine keeps as well.
#pragma once

#include <boost/asio/io_context.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "http/client/client.hpp"

namespace sluice::test {

/// An ExchangeResult that stays.
struct Exchange {
  bool done = false;
  unsigned status = 0;
  std::string body, failure, location;
  std::optional<std::int64_t> retry_after_s;
  SteadyTime sent, answered;
  bool was_sent = false, unreached = false;
  std::uint32_t resent = 0;
};

/// Runs `context` until it holds; false: it does not within ten seconds.
inline bool run_until(boost::asio::io_context& context, const std::function<bool()>& holds) {
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  context.restart();
  while (!holds()) {
    if (std::chrono::steady_clock::now() > patience) return false;
    context.run_one_for(std::chrono::milliseconds(5));
    context.restart();
  }
  return true;
}

inline HttpClientSettings settings_for(const std::string& url) {
  HttpClientSettings settings;
  settings.target = parse_target(url).value();
  return settings;
}

class ClientUnderTest {
 public:
  explicit ClientUnderTest(const HttpClientSettings& settings)
      : client(std::make_unique<HttpClient>(context, settings)) {}
  explicit ClientUnderTest(const std::string& url) : ClientUnderTest(settings_for(url)) {}

  /// It is valid as long as this.
  const Exchange& send(const std::string& request) {
    Exchange& exchange = exchanges.emplace_back();
    client->send(request, [&exchange](const ExchangeResult& result) {
      exchange = {true,
                  result.status,
                  std::string(result.body),
                  std::string(result.failure),
                  std::string(result.location),
                  result.retry_after_s,
                  result.sent,
                  result.answered,
                  result.was_sent,
                  result.unreached,
                  result.resent};
    });
    return exchange;
  }
  const Exchange& get(const std::string& path) { return send(get_request(path)); }
  static std::string get_request(const std::string& path) {
    return "GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n";
  }

  bool until(const std::function<bool()>& holds) { return run_until(context, holds); }
  /// Until all that were sent are done.
  bool finish() {
    return until([this] {
      for (const Exchange& each : exchanges)
        if (!each.done) return false;
      return true;
    });
  }
  /// One request and its answer.
  const Exchange& ask(const std::string& path) {
    const Exchange& exchange = get(path);
    until([&] { return exchange.done; });
    return exchange;
  }

  boost::asio::io_context context{1};
  std::unique_ptr<HttpClient> client;
  std::deque<Exchange> exchanges;
};

}  // namespace sluice::test
