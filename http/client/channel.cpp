#include "http/client/channel.hpp"

#include <sys/socket.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cerrno>
#include <utility>

#include "http/client/proxy.hpp"

namespace sluice {

using boost::system::error_code;

namespace {

/// The same words for the same failure, so that they can be counted.
std::string_view words(const error_code& error) {
  namespace errors = boost::asio::error;
  if (error == errors::eof) return "closed";
  if (error == errors::connection_refused) return "refused";
  if (error == errors::connection_reset || error == errors::broken_pipe ||
      error == errors::connection_aborted)
    return "reset";
  if (error == errors::timed_out) return "timed out";
  if (error == errors::host_unreachable || error == errors::network_unreachable ||
      error == errors::network_down)
    return "unreachable";
  if (error == errors::no_descriptors || error.value() == ENFILE) return "no descriptors left";
  if (error == errors::no_buffer_space) return "queue of the socket full";
  if (error.value() == EADDRNOTAVAIL) return "no local ports left";
  if (error.value() == ENOENT) return "no such socket";
  if (error == errors::access_denied) return "not allowed";
  return "broken";
}

bool may_go_on() { return errno == EAGAIN || errno == EINTR; }

}  // namespace

bool is_own_shortage(std::string_view failure) {
  return failure == "no descriptors left" || failure == "no local ports left" ||
         failure == "queue of the socket full";
}

struct Channel::Tls {
  Tls(const TlsContext& context, const std::string& host) : session(context, host) {}
  TlsSession session;
};

struct Channel::ReadHandler {
  std::shared_ptr<Channel> self;
  void operator()(const error_code& error, std::size_t bytes) const { self->on_read(error, bytes); }
};

ChannelParts::ChannelParts(boost::asio::io_context& io, const HttpClientSettings& given)
    : context(io),
      settings(given),
      addresses(std::make_shared<Addresses>(io, given.proxy.value_or(given.target))) {}

Channel::Channel(std::shared_ptr<ChannelParts> parts)
    : parts_(std::move(parts)), socket_(parts_->context) {}

Channel::~Channel() = default;

void Channel::open() {
  stage_ = Stage::connecting;
  parts_->addresses->get([self = shared_from_this()](const Addresses::Endpoints& found) {
    if (self->is_closed()) return;
    if (found->empty()) return self->end("cannot resolve");
    self->connect(found, 0);
  });
}

void Channel::connect(const Addresses::Endpoints& endpoints, std::size_t index) {
  error_code ignored;
  socket_.close(ignored);
  socket_.async_connect((*endpoints)[index],
                        [self = shared_from_this(), endpoints, index](const error_code& error) {
                          if (self->is_closed()) return;
                          if (!error) return self->connected();
                          if (index + 1 < endpoints->size())
                            return self->connect(endpoints, index + 1);
                          self->parts_->addresses->forget();
                          self->end(words(error));
                        });
}

void Channel::connected() {
  error_code ignored;  // a unix socket has no such options
  socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  socket_.set_option(boost::asio::socket_base::keep_alive(true), ignored);
  const HttpClientSettings& settings = parts_->settings;
  if (settings.target.tls && settings.proxy) {
    stage_ = Stage::tunnelling;
    tunnel_ = std::make_unique<ResponseParser>();
    tunnel_->reset(true);
    send(connect_request(settings.target, *settings.proxy));
  } else if (settings.target.tls) {
    begin_tls();
  } else {
    set_open();
  }
  read();
}

void Channel::begin_tls() {
  const HttpClientSettings& settings = parts_->settings;
  stage_ = Stage::handshaking;
  tunnel_.reset();
  if (!settings.tls) return end("TLS: no context");
  tls_ = std::make_unique<Tls>(*settings.tls, settings.target.host);
  tls_->session.begin(out_);
  flush();
}

void Channel::set_open() {
  stage_ = Stage::open;
  opened();
}

void Channel::read() {
  if (is_closed()) return;
  socket_.async_read_some(boost::asio::buffer(in_), ReadHandler{shared_from_this()});
}

void Channel::on_read(const error_code& error, std::size_t bytes) {
  if (is_closed()) return;
  if (error) return end(words(error), error == boost::asio::error::eof);
  const std::string_view got(in_.data(), bytes);
  const SteadyTime now = std::chrono::steady_clock::now();
  if (stage_ == Stage::tunnelling) {
    on_tunnel(got);
  } else if (tls_) {
    on_tls(got, now);
  } else {
    received(got, now);
  }
  read();
}

void Channel::on_tunnel(std::string_view bytes) {
  const ResponseParser::State state = tunnel_->take(bytes);
  if (state == ResponseParser::State::incomplete) return;
  // A refusal's body follows its head.
  if (!tunnel_->has_head()) return end("proxy: no HTTP");
  if (tunnel_->status() / 100 != 2) return end("proxy: HTTP " + std::to_string(tunnel_->status()));
  if (state == ResponseParser::State::malformed) return end("proxy: no HTTP");
  begin_tls();
}

void Channel::on_tls(std::string_view bytes, SteadyTime at) {
  std::string& plain = parts_->plain;
  plain.clear();
  const TlsSession::State state = tls_->session.receive(bytes, plain, out_);
  flush();
  told_end_ = state != TlsSession::State::open;
  if (state == TlsSession::State::failed) return end("TLS: " + tls_->session.error());
  if (stage_ == Stage::handshaking && tls_->session.is_ready()) set_open();
  if (!is_closed() && !plain.empty()) received(plain, at);
  if (!is_closed() && state == TlsSession::State::closed) end("closed", true);
}

bool Channel::write(std::string_view bytes) {
  if (!tls_) return send(bytes);
  tls_->session.send(bytes, out_);
  return flush();
}

/// What is read here was not asked for, but for TLS's own messages. The answer before may still be
/// in use where it was read to, so that is left alone.
bool Channel::is_quiet() {
  if (told_end_) return false;
  std::array<char, 4096> bytes;  // of TLS; of others one is looked at
  const ssize_t size = ::recv(socket_.native_handle(), bytes.data(), tls_ ? bytes.size() : 1,
                              MSG_DONTWAIT | (tls_ ? 0 : MSG_PEEK));
  if (size < 0) return may_go_on();
  if (size == 0 || !tls_) return false;
  std::string plain;
  const TlsSession::State state =
      tls_->session.receive({bytes.data(), static_cast<std::size_t>(size)}, plain, out_);
  return flush() && state == TlsSession::State::open && plain.empty() && is_quiet();
}

/// Whether it succeeds is seen by reading: an answer may have come before the peer closed.
bool Channel::send(std::string_view bytes) {
  if (out_.empty()) {
    const ssize_t size =
        ::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (size < 0 && !may_go_on()) return false;
    if (size > 0) bytes.remove_prefix(static_cast<std::size_t>(size));
    if (bytes.empty()) return true;
  }
  out_.append(bytes);
  await_write();
  return true;
}

/// False: nothing of it was taken, nor will be.
bool Channel::flush() {
  if (writing_ || out_.empty()) return true;
  const ssize_t size = ::send(socket_.native_handle(), out_.data() + sent_, out_.size() - sent_,
                              MSG_NOSIGNAL | MSG_DONTWAIT);
  const bool is_over = size < 0 && !may_go_on();
  const bool is_untouched = is_over && sent_ == 0;
  if (size > 0) sent_ += static_cast<std::size_t>(size);
  if (sent_ < out_.size() && !is_over) {
    await_write();
    return true;
  }
  out_.clear();
  sent_ = 0;
  return !is_untouched;
}

void Channel::await_write() {
  if (std::exchange(writing_, true)) return;
  socket_.async_wait(Socket::wait_write, [self = shared_from_this()](const error_code& error) {
    self->writing_ = false;
    if (!error && !self->is_closed()) self->flush();
  });
}

void Channel::close() {
  if (is_closed()) return;
  stage_ = Stage::closed;
  error_code ignored;
  socket_.close(ignored);
}

void Channel::end(std::string_view why, bool by_peer) {
  close();
  ended(why, by_peer);
}

}  // namespace sluice
