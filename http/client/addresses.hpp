// The addresses of a host, looked up once for all connections to it.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "http/client/target.hpp"

namespace sluice {

/// Owned by those who wait for it. All functions from the thread of `context`. A look-up holds for
/// 30 s; addresses in numbers and unix sockets need none.
class Addresses : public std::enable_shared_from_this<Addresses> {
 public:
  using Endpoint = boost::asio::generic::stream_protocol::endpoint;
  using Endpoints = std::shared_ptr<const std::vector<Endpoint>>;
  /// Empty: the host cannot be resolved.
  using Then = std::function<void(const Endpoints& found)>;

  Addresses(boost::asio::io_context& context, const Target& host);

  /// Calls at once what is known, and later what is not.
  void get(Then then);
  /// Nobody answers there: the next get() looks again.
  void forget();
  /// Those who wait are told that there is none.
  void cancel() { resolver_.cancel(); }

 private:
  void resolve();

  boost::asio::ip::tcp::resolver resolver_;
  const std::string host_, port_;
  Endpoints known_;
  bool is_literal_ = false;
  std::chrono::steady_clock::time_point until_;
  std::vector<Then> waiting_;
};

}  // namespace sluice
