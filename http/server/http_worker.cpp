#include "http/server/http_worker.hpp"

#include <arpa/inet.h>
#include <fmt/chrono.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <ctime>
#include <utility>

#include "http/server/http_connection.hpp"
#include "http/server/reply_writer.hpp"

namespace sluice {
namespace {

constexpr auto kTick = std::chrono::milliseconds(100);
/// When the process has no descriptors left, some may be free again after this.
constexpr auto kAcceptAgain = std::chrono::milliseconds(50);
/// Accepted before the connections that are there get their turn again.
constexpr int kAcceptBatch = 256;

std::string peer_text(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* const bytes =
      address.ss_family == AF_INET6
          ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr)
          : &reinterpret_cast<const sockaddr_in&>(address).sin_addr;
  ::inet_ntop(address.ss_family, bytes, text.data(), text.size());
  return text.data();
}

}  // namespace

HttpWorker::HttpWorker(const ServerParts& parts, int listening, bool is_unix)
    : parts_(parts),
      is_unix_(is_unix),
      listening_(executor(), listening),
      timer_(executor()),
      accept_again_(executor()) {
  accept();
  tick();
}

HttpWorker::~HttpWorker() = default;

void HttpWorker::run() { context_.run(); }

void HttpWorker::drain() {
  boost::asio::post(context_, [this] {
    boost::system::error_code ignored;
    listening_.close(ignored);
    accept_again_.cancel();
    // A connection that ends takes itself out of the list.
    for (const auto& connection : std::vector(connections_)) connection->drain();
  });
}

void HttpWorker::stop() {
  boost::asio::post(context_, [this] {
    boost::system::error_code ignored;
    listening_.close(ignored);
    accept_again_.cancel();
    timer_.cancel();
    for (const auto& connection : std::vector(connections_)) connection->close();
    context_.stop();
  });
}

void HttpWorker::accept() {
  listening_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                        [this](const boost::system::error_code& error) {
                          if (!error) accept_batch();
                        });
}

void HttpWorker::accept_batch() {
  for (int i = 0; i < kAcceptBatch; ++i) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    const int descriptor =
        ::accept4(listening_.native_handle(), reinterpret_cast<sockaddr*>(&address), &size,
                  SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor >= 0) {
      take(descriptor, is_unix_ ? std::string() : peer_text(address));
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      parts_.log.write(ServerLog::Level::warning, "no more connections can be opened");
      accept_again_.expires_after(kAcceptAgain);
      accept_again_.async_wait([this](const boost::system::error_code& error) {
        if (!error) accept();
      });
      return;
    } else if (errno != ECONNABORTED && errno != EINTR) {
      break;
    }
  }
  accept();
}

void HttpWorker::take(int descriptor, std::string peer) {
  if (parts_.connections >= parts_.options.connection.connections) {
    std::string full;
    append_reply(full, parts_.handler.refusal(503, "too many peers"), {.keep_alive = false});
    static_cast<void>(::send(descriptor, full.data(), full.size(), MSG_NOSIGNAL));
    ::close(descriptor);
    parts_.observer.refused(503);
    return;
  }
  if (!is_unix_) {
    const int yes = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  }
  ++parts_.connections;
  parts_.observer.connection_opened();
  Socket socket(executor());
  socket.assign(boost::asio::generic::stream_protocol(is_unix_ ? AF_UNIX : AF_INET, 0), descriptor);
  auto connection = std::make_shared<HttpConnection>(*this, std::move(socket), std::move(peer));
  connection->set_place(connections_.size());
  connections_.push_back(connection);
  connection->start();
}

void HttpWorker::forget(HttpConnection& connection) {
  const std::size_t place = connection.place();
  std::swap(connections_[place], connections_.back());
  connections_[place]->set_place(place);
  connections_.pop_back();
  --parts_.connections;
  parts_.observer.connection_closed();
}

void HttpWorker::tick() {
  timer_.expires_after(kTick);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    const SteadyTime now = std::chrono::steady_clock::now();
    // Backwards: one that ends is replaced by the last, which was looked at.
    for (std::size_t i = connections_.size(); i-- > 0;)
      if (const auto& connection = connections_[i]; connection->deadline() <= now)
        std::shared_ptr(connection)->on_deadline();
    parts_.handler.tick(now);
    tick();
  });
}

std::string_view HttpWorker::date(SteadyTime now) {
  if (now >= date_until_) {
    date_until_ = now + std::chrono::seconds(1);
    fmt::format_to_n(date_.data(), date_.size(), "{:%a, %d %b %Y %H:%M:%S} GMT",
                     fmt::gmtime(std::time(nullptr)));
  }
  return {date_.data(), date_.size()};
}

}  // namespace sluice
