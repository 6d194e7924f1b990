#include "tests/unit/mock_api/server/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace sluice::test {
namespace {

using Clock = std::chrono::steady_clock;

int connect_unix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0)
    return descriptor;
  ::close(descriptor);
  return -1;
}

int connect_tcp(unsigned port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0)
    return descriptor;
  ::close(descriptor);
  return -1;
}

}  // namespace

RawClient::RawClient(const std::string& address)
    : descriptor_(address.starts_with("unix:")
                      ? connect_unix(address.substr(5))
                      : connect_tcp(static_cast<unsigned>(std::strtoul(
                            address.c_str() + address.rfind(':') + 1, nullptr, 10)))) {}

RawClient::~RawClient() { close(); }
RawClient::RawClient(RawClient&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), buffer_(std::move(other.buffer_)) {}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

bool RawClient::get(const std::string& path, const std::string& headers) {
  return send("GET " + path + " HTTP/1.1\r\nHost: test\r\n" + headers + "\r\n");
}

bool RawClient::post(const std::string& path, std::string_view body, const std::string& headers) {
  return send("POST " + path + " HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n" +
              headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
              std::string(body));
}

RawClient::Got RawClient::read(Clock::time_point until) {
  const auto left = std::max<std::int64_t>(
      0, std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count());
  pollfd poll{descriptor_, POLLIN, 0};
  if (::poll(&poll, 1, static_cast<int>(left)) <= 0) return Got::nothing;
  std::array<char, 65536> block;
  const ssize_t size = ::recv(descriptor_, block.data(), block.size(), 0);
  if (size < 0) return Got::reset;
  if (size == 0) return Got::end;
  buffer_.append(block.data(), static_cast<std::size_t>(size));
  return Got::bytes;
}

std::string RawClient::until(std::string_view what, std::chrono::milliseconds time) {
  const auto until = Clock::now() + time;
  while (true) {
    if (const std::size_t found = buffer_.find(what); found != std::string::npos) {
      std::string taken = buffer_.substr(0, found + what.size());
      buffer_.erase(0, found + what.size());
      return taken;
    }
    if (read(until) != Got::bytes) return {};
  }
}

std::string RawClient::response(std::chrono::milliseconds time) {
  std::string text = until("\r\n\r\n", time);
  const std::size_t header = text.find("Content-Length: ");
  if (header == std::string::npos) return text;
  const std::size_t size = std::strtoul(text.c_str() + header + 16, nullptr, 10);
  const auto deadline = Clock::now() + time;
  while (buffer_.size() < size)
    if (read(deadline) != Got::bytes) return text + std::exchange(buffer_, {}) + "<short>";
  text += buffer_.substr(0, size);
  buffer_.erase(0, size);
  return text;
}

std::string RawClient::rest(std::chrono::milliseconds time) {
  const auto until = Clock::now() + time;
  while (true) {
    const Got got = read(until);
    if (got == Got::bytes) continue;
    std::string text = std::exchange(buffer_, {});
    if (got == Got::reset) text += "<reset>";
    if (got == Got::nothing) text += "<open>";
    return text;
  }
}

std::string RawClient::whatever_comes(std::chrono::milliseconds time) {
  const auto until = Clock::now() + time;
  while (read(until) == Got::bytes) {
  }
  return std::exchange(buffer_, {});
}

void RawClient::end_sending() { ::shutdown(descriptor_, SHUT_WR); }

void RawClient::reset() {
  const linger hard{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  close();
}

void RawClient::close() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

unsigned status_of(std::string_view response) {
  if (!response.starts_with("HTTP/1.1 ") || response.size() < 12) return 0;
  return static_cast<unsigned>(
      std::strtoul(std::string(response.substr(9, 3)).c_str(), nullptr, 10));
}

std::string body_of(std::string_view response) {
  const std::size_t end = response.find("\r\n\r\n");
  return end == std::string_view::npos ? "" : std::string(response.substr(end + 4));
}

}  // namespace sluice::test
