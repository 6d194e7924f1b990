// One connection to a receiver of webhooks, used for one post after the other.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/text/http_url.hpp"
#include "http/parsing/response_parser.hpp"
#include "http/tls/tls.hpp"
#include "mock_api/service.hpp"

namespace sluice {

/// Owned by whoever waits for it. All functions from the thread of `context`.
class WebhookConnection : public std::enable_shared_from_this<WebhookConnection> {
 public:
  /// How an exchange ended, but for how long it took. `usable`: this connection can be kept.
  struct Outcome {
    WebhookResult result;
    bool usable = false;
  };
  using Done = std::function<void(Outcome)>;

  WebhookConnection(boost::asio::io_context& context, const TlsContext* tls);

  /// Sends `request`, of which the URL is the target, once, and calls `done` once, at the latest at
  /// `deadline`. The first one connects. However the connection ends after that, the request may
  /// have been carried out.
  void exchange(const HttpUrl& url, std::string request,
                std::chrono::steady_clock::time_point deadline, Done done);
  /// Whether a kept connection is still open, as far as can be known here: the peer has not closed
  /// it and has said nothing that it was not asked.
  bool is_quiet();
  /// Calls `lost` when the peer closes, or when the time is over, while nothing is exchanged.
  void keep(std::chrono::steady_clock::time_point until, std::function<void()> lost);
  void close();

 private:
  using Endpoints = boost::asio::ip::tcp::resolver::results_type;
  void resolve(const HttpUrl& url);
  void connect(const Endpoints& found);
  void connected();
  void send();
  void write();
  void read();
  void on_read(const boost::system::error_code& error, std::size_t bytes);
  ResponseParser::State take(std::size_t bytes);
  void complete();
  void closed_by_peer(const boost::system::error_code& error);
  void fail(const std::string& why);
  void set_deadline(std::chrono::steady_clock::time_point deadline);
  void finish(Outcome outcome);

  boost::asio::ip::tcp::resolver resolver_;
  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer timer_;
  const TlsContext* tls_context_;
  std::optional<TlsSession> tls_;
  std::array<char, 4096> in_;
  std::string request_;
  std::string wire_, writing_;
  std::string plain_;  // decrypted last
  bool connected_ = false;
  bool is_writing_ = false;
  bool closed_ = false;
  ResponseParser response_;
  Done done_;
  std::function<void()> lost_;
};

}  // namespace sluice
