// One thread of the server: its io_context, its listening socket, its connections.
#pragma once

#include <array>
#include <atomic>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>
#include <vector>

#include "http/parsing/request_parser.hpp"
#include "http/server/http_handler.hpp"
#include "http/server/server_log.hpp"
#include "http/server/server_options.hpp"

namespace sluice {

class HttpConnection;

/// What all threads of a server share; owned by HttpServer.
struct ServerParts {
  const HttpServerOptions& options;
  HttpHandler& handler;
  ServerObserver& observer;
  const ServerLog& log;
  const TlsContext* tls = nullptr;
  const std::atomic<bool>& draining;
  std::atomic<std::size_t>& connections;
};

/// Threads: the constructor, run(), drain(), stop() and the destructor from anywhere; the rest
/// from the worker's own.
class HttpWorker {
 public:
  using Executor = boost::asio::io_context::executor_type;
  using Socket = boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol, Executor>;
  using Timer = boost::asio::basic_waitable_timer<
      std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;

  /// Takes over the listening descriptor.
  HttpWorker(const ServerParts& parts, int listening, bool is_unix);
  ~HttpWorker();

  /// Until stop().
  void run();
  /// Accepts no more; connections end as soon as they have nothing to say.
  void drain();
  /// Ends all connections at once, and run().
  void stop();

  const ServerParts& parts() const { return parts_; }
  Executor executor() { return context_.get_executor(); }
  /// Reused from request to request.
  RequestHead& head() { return head_; }
  std::string& spare_output() { return spare_output_; }
  std::string& spare_wire() { return spare_wire_; }
  /// The Date header's value; made once a second, always in the same place.
  std::string_view date(SteadyTime now);
  /// The connection has ended.
  void forget(HttpConnection& connection);

 private:
  void accept();
  void accept_batch();
  void take(int descriptor, std::string peer);
  void tick();

  ServerParts parts_;
  const bool is_unix_;
  boost::asio::io_context context_{1};
  boost::asio::posix::basic_stream_descriptor<Executor> listening_;
  Timer timer_;
  Timer accept_again_;
  std::vector<std::shared_ptr<HttpConnection>> connections_;
  RequestHead head_;
  std::string spare_output_, spare_wire_;
  std::array<char, 29> date_{};
  SteadyTime date_until_{};
};

}  // namespace sluice
