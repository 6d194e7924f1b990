// A stream of bytes to a target: address, connection, a proxy's tunnel, TLS.
#pragma once

#include <array>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/client/addresses.hpp"
#include "http/client/client.hpp"
#include "http/parsing/response_parser.hpp"

namespace sluice {

/// Of a channel's failures those that are no peer's: this machine had no more to give.
bool is_own_shortage(std::string_view failure);

/// What all channels of one client share.
struct ChannelParts {
  ChannelParts(boost::asio::io_context& context, const HttpClientSettings& settings);

  boost::asio::io_context& context;
  const HttpClientSettings settings;
  const std::shared_ptr<Addresses> addresses;  ///< of the proxy, or of the target
  std::string plain;                           ///< decrypted last
};

/// For one connection; whoever derives says what is done with it. Owned by what it waits for, too:
/// made by make_shared. None of the private functions is called from within one of its public ones,
/// nor after close(). All functions from the thread of the context. Holds 4 KiB, with TLS more.
class Channel : public std::enable_shared_from_this<Channel> {
 public:
  explicit Channel(std::shared_ptr<ChannelParts> parts);
  virtual ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  /// Once.
  void open();
  bool is_open() const { return stage_ == Stage::open; }
  bool is_closed() const { return stage_ == Stage::closed; }
  /// When it is open: to the kernel at once, as far as that takes it. False: it was over already,
  /// so the kernel has taken nothing. Failures come as an end.
  bool write(std::string_view bytes);
  /// When it is open and nothing is to come: that the peer has neither ended it nor said anything,
  /// as far as the kernel knows by now. A system call.
  bool is_quiet();
  void close();

 private:
  using Socket = boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol,
                                                  boost::asio::io_context::executor_type>;
  enum class Stage : std::uint8_t { fresh, connecting, tunnelling, handshaking, open, closed };
  struct Tls;
  struct ReadHandler;

  virtual void opened() = 0;
  /// `bytes` hold until the next call.
  virtual void received(std::string_view bytes, SteadyTime at) = 0;
  /// It is closed, by the peer (`by_peer`: in order), or it never opened; `why` in a few words.
  virtual void ended(std::string_view why, bool by_peer) = 0;

  void connect(const Addresses::Endpoints& endpoints, std::size_t index);
  void connected();
  void begin_tls();
  void set_open();
  void read();
  void on_read(const boost::system::error_code& error, std::size_t bytes);
  void on_tunnel(std::string_view bytes);
  void on_tls(std::string_view bytes, SteadyTime at);
  bool send(std::string_view bytes);
  bool flush();
  void await_write();
  void end(std::string_view why, bool by_peer = false);

  const std::shared_ptr<ChannelParts> parts_;
  Socket socket_;
  Stage stage_ = Stage::fresh;
  bool writing_ = false;   // waits until the kernel takes more
  bool told_end_ = false;  // by TLS: the peer says nothing more
  std::string out_;        // what the kernel did not take yet …
  std::size_t sent_ = 0;   // … from here
  std::unique_ptr<Tls> tls_;
  std::unique_ptr<ResponseParser> tunnel_;
  std::array<char, 4096> in_;
};

}  // namespace sluice
