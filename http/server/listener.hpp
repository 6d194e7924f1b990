// Sockets that listen.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// One address, listened on by one or several sockets: with TCP the kernel deals new connections
/// out to them (SO_REUSEPORT); a unix socket is shared, whoever is first accepts.
class Listener {
 public:
  /// `address` is HOST:PORT (port 0: any free one), [HOST]:PORT for IPv6, or unix:PATH. Throws
  /// bad_input() if it cannot be understood or listened on; the text names it and says why.
  Listener(const std::string& address, unsigned sockets, int backlog);
  /// Closes what was not taken; removes the unix socket's file.
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// The descriptor of one of the sockets, non-blocking; the caller closes it.
  int take(unsigned socket);

  bool is_unix() const { return !path_.empty(); }
  /// Nobody outside this machine can reach it: a unix socket, or a loopback address.
  bool is_local() const { return is_unix() || loopback_; }
  /// "127.0.0.1:8080" with the port that it really has, or "unix:/path".
  const std::string& address() const { return address_; }
  unsigned port() const { return port_; }
  /// Removes the unix socket's file, so that nobody connects any more.
  void remove_file();

 private:
  void listen_unix(unsigned sockets, int backlog);
  void listen_tcp(unsigned sockets, int backlog);
  [[noreturn]] void fail(const std::string& why) const;

  std::string address_;
  std::string path_;
  unsigned port_ = 0;
  bool loopback_ = false;
  std::vector<int> sockets_;
};

}  // namespace sluice
