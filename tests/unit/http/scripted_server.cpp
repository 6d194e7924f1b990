#include "tests/unit/http/scripted_server.hpp"

#include <array>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <cstdio>
#include <future>
#include <utility>

namespace sluice::test {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Socket = asio::generic::stream_protocol::socket;

std::size_t body_size(const std::string& head) {
  const std::size_t at = head.find("Content-Length: ");
  return at == std::string::npos ? 0 : std::strtoul(head.c_str() + at + 16, nullptr, 10);
}

}  // namespace

std::string answer_bytes(unsigned status, const std::string& body, const std::string& headers) {
  return "HTTP/1.1 " + std::to_string(status) + " Scripted\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

Steps answer(unsigned status, const std::string& body, std::chrono::nanoseconds latency) {
  return {{latency, answer_bytes(status, body)}};
}

Steps in_pieces(const std::string& bytes, std::size_t size, std::chrono::nanoseconds apart) {
  Steps steps;
  for (std::size_t at = 0; at < bytes.size(); at += size)
    steps.push_back({apart, bytes.substr(at, size)});
  return steps;
}

Steps then(Steps steps, Step::Then end) {
  steps.push_back({{}, "", end});
  return steps;
}

Steps event_stream(const std::string& first_bytes) {
  return {{{}, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + first_bytes}};
}

/// Everything that happens in the server's thread.
class ScriptedServer::Impl {
 public:
  class Connection;

  Impl(ScriptedServer& server, Script script)
      : server_(server), script_(std::move(script)), acceptor_(context_), timer_(context_) {
    if (server.options_.tls) tls_ = TlsContext::server(*server.options_.tls);
  }

  std::uint16_t listen() {
    const std::string& path = server_.options_.unix_path;
    asio::generic::stream_protocol::endpoint endpoint =
        asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0);
    if (!path.empty()) endpoint = asio::local::stream_protocol::endpoint(path);
    acceptor_.open(endpoint.protocol());
    acceptor_.bind(endpoint);
    acceptor_.listen();
    accept();
    if (!path.empty()) return 0;
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(acceptor_.native_handle(), reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }

  void accept();
  void begin(std::shared_ptr<Connection> connection);
  void end_all(Step::Then how);
  void come_back() {
    acceptor_.open(asio::ip::tcp::v4());
    acceptor_.set_option(asio::socket_base::reuse_address(true));
    acceptor_.bind(asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), server_.port_));
    acceptor_.listen();
    accept();
  }
  /// In its thread; returns when it was done.
  void call(const std::function<void()>& what) {
    std::promise<void> done;
    asio::post(context_, [&] {
      what();
      done.set_value();
    });
    done.get_future().wait();
  }
  Steps react(ScriptedRequest& request) {
    request.number = server_.requests_++;
    {
      const std::lock_guard lock(server_.mutex_);
      server_.seen_.push_back(request);
    }
    return script_(request);
  }

  ScriptedServer& server_;
  const Script script_;
  std::optional<TlsContext> tls_;
  asio::io_context context_{1};
  const asio::executor_work_guard<asio::io_context::executor_type> work_{context_.get_executor()};
  asio::basic_socket_acceptor<asio::generic::stream_protocol> acceptor_;
  asio::steady_timer timer_;
  std::vector<std::weak_ptr<Connection>> all_;
};

class ScriptedServer::Impl::Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Impl& server, Socket socket, std::size_t number)
      : server_(server), socket_(std::move(socket)), timer_(server.context_), number_(number) {}

  void begin() {
    const Options& options = server_.server_.options_;
    const Step::Then greeting = options.greets ? options.greets(number_) : Step::Then::go_on;
    if (greeting != Step::Then::go_on) return end(greeting);
    if (options.begins_with_tls) tls_.emplace(*server_.tls_, "");
    read();
  }

  void end(Step::Then how) {
    if (!socket_.is_open()) return;
    error_code ignored;
    server_.server_.ended_unread_ += !got_.empty() || socket_.available(ignored) > 0;
    if (how == Step::Then::reset) socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
    timer_.cancel();
  }

  /// What tests say fits into the kernel's buffers, or its reader reads.
  void say(const std::string& bytes) {
    error_code ignored;
    asio::write(socket_, asio::buffer(bytes), ignored);
  }

 private:
  void read() {
    if (next_request()) return;
    socket_.async_read_some(asio::buffer(in_),
                            [self = shared_from_this()](error_code error, std::size_t bytes) {
                              if (error) return self->end(Step::Then::close);
                              self->take({self->in_.data(), bytes});
                              self->read();
                            });
  }

  void take(std::string_view bytes) {
    if (!tls_) return static_cast<void>(got_.append(bytes));
    std::string wire;
    tls_->receive(bytes, got_, wire);
    say(wire);
  }

  bool next_request() {
    const std::size_t end = got_.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    ScriptedRequest request;
    request.head = got_.substr(0, end + 2);
    const std::size_t size = body_size(request.head);
    if (got_.size() < end + 4 + size) return false;
    request.body = got_.substr(end + 4, size);
    got_.erase(0, end + 4 + size);
    request.method = request.head.substr(0, request.head.find(' '));
    const std::size_t target = request.method.size() + 1;
    request.target = request.head.substr(target, request.head.find(' ', target) - target);
    request.connection = number_;
    request.on_connection = requests_++;
    steps_ = server_.react(request);
    next_step_ = 0;
    go_on();
    return true;
  }

  void go_on() {
    if (next_step_ == steps_.size()) return read();
    const std::chrono::nanoseconds after = steps_[next_step_].after;
    if (after <= std::chrono::nanoseconds(0)) return do_step();
    timer_.expires_after(after);
    timer_.async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->do_step();
    });
  }

  void do_step() {
    const Step& step = steps_[next_step_++];
    std::string wire = step.bytes;
    if (tls_) {
      wire.clear();
      tls_->send(step.bytes, wire);
    }
    say(wire);
    if (step.then == Step::Then::close && tls_) {
      wire.clear();
      tls_->end(wire);
      say(wire);
    }
    if (step.then == Step::Then::begin_tls) tls_.emplace(*server_.tls_, "");
    if (step.then == Step::Then::close || step.then == Step::Then::reset) return end(step.then);
    // Not deeper and deeper, however many steps there are.
    asio::post(server_.context_, [self = shared_from_this()] { self->go_on(); });
  }

  Impl& server_;
  Socket socket_;
  asio::steady_timer timer_;
  const std::size_t number_;
  std::size_t requests_ = 0;
  std::optional<TlsSession> tls_;
  std::array<char, 4096> in_;
  std::string got_;
  Steps steps_;
  std::size_t next_step_ = 0;
};

void ScriptedServer::Impl::accept() {
  acceptor_.async_accept([this](error_code error, Socket socket) {
    if (error) return;
    auto connection =
        std::make_shared<Connection>(*this, std::move(socket), server_.connections_++);
    all_.push_back(connection);
    begin(std::move(connection));
  });
}

/// With a delay the next one waits in the kernel, as with a server whose accepting thread is busy.
void ScriptedServer::Impl::begin(std::shared_ptr<Connection> connection) {
  timer_.expires_after(server_.options_.accept_delay);
  timer_.async_wait([this, connection = std::move(connection)](error_code) {
    connection->begin();
    accept();
  });
}

ScriptedServer::ScriptedServer(Script script, Options options)
    : options_(std::move(options)), impl_(std::make_unique<Impl>(*this, std::move(script))) {
  port_ = impl_->listen();
  thread_ = std::thread([this] { impl_->context_.run(); });
}

ScriptedServer::~ScriptedServer() {
  impl_->context_.stop();
  thread_.join();
  if (!options_.unix_path.empty()) std::remove(options_.unix_path.c_str());
}

std::string ScriptedServer::url() const {
  if (!options_.unix_path.empty()) return "unix:" + options_.unix_path;
  return (options_.begins_with_tls ? "https://localhost:" : "http://127.0.0.1:") +
         std::to_string(port_);
}

void ScriptedServer::freeze(std::chrono::nanoseconds time) {
  const auto begun = std::make_shared<std::promise<void>>();
  asio::post(impl_->context_, [begun, time] {
    begun->set_value();
    std::this_thread::sleep_for(time);
  });
  begun->get_future().wait();
}

void ScriptedServer::Impl::end_all(Step::Then how) {
  for (const auto& each : all_)
    if (const auto connection = each.lock()) connection->end(how);
}

void ScriptedServer::close_connections(Step::Then how) {
  impl_->call([&] { impl_->end_all(how); });
}

void ScriptedServer::say(const std::string& bytes) {
  impl_->call([&] {
    for (const auto& each : impl_->all_)
      if (const auto connection = each.lock()) connection->say(bytes);
  });
}

void ScriptedServer::go_away() {
  asio::post(impl_->context_, [this] {
    impl_->acceptor_.close();
    impl_->end_all(Step::Then::reset);
  });
}

void ScriptedServer::come_back() {
  asio::post(impl_->context_, [this] { impl_->come_back(); });
}

std::vector<ScriptedRequest> ScriptedServer::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

}  // namespace sluice::test
