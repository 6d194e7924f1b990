#include "http/server/listener.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <utility>

#include "base/failure.hpp"

namespace sluice {
namespace {

constexpr std::string_view kUnixPrefix = "unix:";

struct HostAndPort {
  std::string host, port;
};

HostAndPort host_and_port(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos) return {};
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  return {std::move(host), address.substr(colon + 1)};
}

bool is_port(const std::string& text) {
  unsigned port = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && stop == text.data() + text.size() && port < 65536;
}

sockaddr_un unix_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

/// A file that a server left behind which did not end cleanly.
bool is_stale(const sockaddr_un& address) {
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool refused =
      ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
      errno == ECONNREFUSED;
  ::close(probe);
  return refused;
}

unsigned bound_port(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(address).sin6_port
                                             : reinterpret_cast<sockaddr_in&>(address).sin_port);
}

bool is_loopback(const addrinfo& info) {
  if (info.ai_family == AF_INET) {
    const auto* const address = reinterpret_cast<const sockaddr_in*>(info.ai_addr);
    return ntohl(address->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
  }
  const auto* const address = reinterpret_cast<const sockaddr_in6*>(info.ai_addr);
  const in6_addr& ip = address->sin6_addr;
  return IN6_IS_ADDR_LOOPBACK(&ip) ||
         (IN6_IS_ADDR_V4MAPPED(&ip) && ip.s6_addr[12] == IN_LOOPBACKNET);
}

void set_port(addrinfo& info, unsigned port) {
  const auto network = htons(static_cast<std::uint16_t>(port));
  if (info.ai_family == AF_INET6) {
    reinterpret_cast<sockaddr_in6*>(info.ai_addr)->sin6_port = network;
  } else {
    reinterpret_cast<sockaddr_in*>(info.ai_addr)->sin_port = network;
  }
}

}  // namespace

Listener::Listener(const std::string& address, unsigned sockets, int backlog) : address_(address) {
  if (address.starts_with(kUnixPrefix)) {
    path_ = address.substr(kUnixPrefix.size());
    listen_unix(sockets, backlog);
  } else {
    listen_tcp(sockets, backlog);
  }
}

Listener::~Listener() {
  for (const int socket : sockets_)
    if (socket >= 0) ::close(socket);
  remove_file();
}

void Listener::remove_file() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

int Listener::take(unsigned socket) { return std::exchange(sockets_[socket], -1); }

void Listener::fail(const std::string& why) const {
  throw bad_input("cannot listen on " + address_ + ": " + why);
}

void Listener::listen_unix(unsigned sockets, int backlog) {
  const std::string path = std::exchange(path_, {});  // not ours to remove before it is bound
  if (path.empty() || path.size() >= sizeof(sockaddr_un::sun_path))
    fail("a unix socket's path has 1 to 107 characters");
  const sockaddr_un address = unix_address(path);
  if (is_stale(address)) ::unlink(path.c_str());
  const int first = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (first < 0) fail(std::strerror(errno));
  sockets_.push_back(first);
  if (::bind(first, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    fail(std::strerror(errno));
  path_ = path;
  if (::listen(first, backlog) != 0) fail(std::strerror(errno));
  while (sockets_.size() < sockets) sockets_.push_back(::fcntl(first, F_DUPFD_CLOEXEC, 0));
}

void Listener::listen_tcp(unsigned sockets, int backlog) {
  const HostAndPort parts = host_and_port(address_);
  if (parts.host.empty() || !is_port(parts.port)) fail("an address is HOST:PORT or unix:PATH");
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(parts.host.c_str(), parts.port.c_str(), &hints, &found);
  if (error != 0) fail(::gai_strerror(error));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> info(found, ::freeaddrinfo);
  loopback_ = is_loopback(*info);
  while (sockets_.size() < sockets) {
    const int socket = ::socket(info->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket < 0) fail(std::strerror(errno));
    sockets_.push_back(socket);
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    // Only among our own: with one socket somebody else's server on the same port is an error.
    if (sockets > 1) ::setsockopt(socket, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes);
    if (::bind(socket, info->ai_addr, info->ai_addrlen) != 0 || ::listen(socket, backlog) != 0)
      fail(std::strerror(errno));
    if (sockets_.size() == 1) set_port(*info, port_ = bound_port(socket));
  }
  address_ = (info->ai_family == AF_INET6 ? "[" + parts.host + "]" : parts.host) + ":" +
             std::to_string(port_);
}

}  // namespace sluice
