#include "tests/unit/mock_api/server/scripted_receiver.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace sluice::test {
namespace {

constexpr auto kLate = std::chrono::milliseconds(3);

void send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

/// The next end of this connection is a reset.
void reset_at_close(int socket) {
  const linger at_once{1, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

std::string answer_of(const Reaction& reaction, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(reaction.status) + " Scripted\r\n" + reaction.headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// Whether the connection lives on.
bool react(int socket, const Reaction& reaction) {
  const std::string whole = answer_of(reaction, "taken");
  switch (reaction.fate) {
    case Fate::answer_late:
      std::this_thread::sleep_for(kLate);
      [[fallthrough]];
    case Fate::answer:
      return send_all(socket, whole), true;
    case Fate::answer_and_close:
      return send_all(socket, whole), false;
    case Fate::reset_in_answer:
      reset_at_close(socket);
      [[fallthrough]];
    case Fate::cut_answer:
      return send_all(socket, whole.substr(0, whole.size() - 2)), false;
    case Fate::garbage:
      return send_all(socket, "\x01\x02 nobody speaks like this\r\n\r\n"), false;
    case Fate::silent: {
      char byte = 0;
      return ::recv(socket, &byte, 1, 0) > 0;
    }
    case Fate::silent_then_close:
      std::this_thread::sleep_for(kLate);
      return false;
    case Fate::reset_after_work:
      reset_at_close(socket);
      return false;
    default:
      return false;
  }
}

}  // namespace

ScriptedReceiver::ScriptedReceiver(Script script, Hear hear)
    : script_(std::move(script)), hear_(std::move(hear)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener_, 1024) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("no port for the receiver");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept(); });
}

ScriptedReceiver::~ScriptedReceiver() {
  stop_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  {
    const std::lock_guard lock(mutex_);
    for (const int socket : open_) ::shutdown(socket, SHUT_RDWR);
  }
  for (std::thread& thread : threads_) thread.join();
}

std::string ScriptedReceiver::url() const { return "http://127.0.0.1:" + std::to_string(port_); }

std::vector<SeenPost> ScriptedReceiver::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

void ScriptedReceiver::accept() {
  while (!stop_) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    ++connections_;
    const std::lock_guard lock(mutex_);
    open_.push_back(socket);
    threads_.emplace_back([this, socket] { serve(socket); });
  }
}

Reaction ScriptedReceiver::next_reaction() {
  const std::lock_guard lock(mutex_);
  return script_();
}

bool ScriptedReceiver::read_post(int socket, bool half, SeenPost& post) {
  std::string got;
  std::array<char, 4096> piece;
  std::size_t head = std::string::npos, whole = std::string::npos;
  while (got.size() < whole) {
    if (half && !got.empty()) return false;
    const ssize_t bytes = ::recv(socket, piece.data(), half ? 40 : piece.size(), 0);
    if (bytes <= 0) return false;
    got.append(piece.data(), static_cast<std::size_t>(bytes));
    if (head == std::string::npos) head = got.find("\r\n\r\n");
    if (head == std::string::npos) continue;
    const std::size_t length = got.find("Content-Length: ");
    whole = head + 4 + std::strtoul(got.c_str() + length + 16, nullptr, 10);
  }
  post.head = got.substr(0, head + 2);
  post.body = got.substr(head + 4);
  const std::size_t target = got.find(' ') + 1;
  post.target = got.substr(target, got.find(' ', target) - target);
  return true;
}

void ScriptedReceiver::serve(int socket) {
  for (bool open = true; open;) {
    SeenPost post;
    post.reaction = next_reaction();
    const Fate fate = post.reaction.fate;
    if (fate == Fate::reset_unread) reset_at_close(socket);
    if (fate == Fate::close_unread || fate == Fate::reset_unread) {
      ++ended_unread_;
      break;
    }
    if (!read_post(socket, fate == Fate::close_half_read, post)) {
      ended_unread_ += fate == Fate::close_half_read ? 1 : 0;
      break;
    }
    {
      const std::lock_guard lock(mutex_);
      seen_.push_back(post);
    }
    if (hear_) hear_(post);
    open = react(socket, post.reaction);
    // A post may be written to it before its end is seen.
    if (fate == Fate::answer_and_close) ++ended_unread_;
  }
  const std::lock_guard lock(mutex_);
  std::erase(open_, socket);
  ::close(socket);
}

}  // namespace sluice::test
