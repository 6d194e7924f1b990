// TLS as a transformation of bytes, for either side of a connection; sockets are somebody else's.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct ssl_ctx_st;
struct ssl_st;

namespace sluice {

/// A certificate and its private key, as PEM.
struct TlsIdentity {
  std::string certificate;  ///< with its chain, own one first
  std::string private_key;
};

/// A new key (P-256) and a certificate that it signs itself, for localhost, 127.0.0.1, ::1 and
/// api.cloudcruise.com, good for a year. Throws bad_input().
TlsIdentity make_self_signed();

/// What all connections of a side share. Threads: any, after construction.
class TlsContext {
 public:
  /// Throws bad_input() if they do not belong together or are none.
  static TlsContext server(const TlsIdentity& identity);
  /// `ca_file`: PEM certificates to trust instead of the system's. Without `verify` every peer
  /// is trusted.
  static TlsContext client(const std::string& ca_file, bool verify);

 private:
  friend class TlsSession;
  explicit TlsContext(std::shared_ptr<ssl_ctx_st> context) : context_(std::move(context)) {}
  std::shared_ptr<ssl_ctx_st> context_;
};

/// One connection's TLS. Bytes from the socket go into receive(), bytes for the socket come out of
/// `wire` of every call. Not thread-safe.
class TlsSession {
 public:
  /// For a client, `host` is whom to expect; "" for a server.
  TlsSession(const TlsContext& context, std::string_view host);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  enum class State : std::uint8_t { open, closed, failed };

  /// A client's first message.
  void begin(std::string& wire);
  /// Takes bytes from the socket and appends what they say to `plain`. closed: the peer has said
  /// that it ends; failed: see error().
  State receive(std::string_view bytes, std::string& plain, std::string& wire);
  /// Encrypts. Before the handshake is over, `plain` is kept back until it is.
  void send(std::string_view plain, std::string& wire);
  /// Says that nothing more will be sent.
  void end(std::string& wire);

  /// The handshake is over; what is sent now is encrypted at once.
  bool is_ready() const;
  const std::string& error() const { return error_; }

 private:
  void collect(std::string& wire);
  void send_kept(std::string& wire);

  std::unique_ptr<ssl_st, void (*)(ssl_st*)> ssl_;
  std::string kept_;  // to be sent after the handshake
  std::string error_;
};

}  // namespace sluice
