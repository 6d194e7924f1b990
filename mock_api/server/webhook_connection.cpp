#include "mock_api/server/webhook_connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <utility>

namespace sluice {

using boost::system::error_code;

namespace {

/// Of what a receiver asks for; the outbox has a limit of its own.
constexpr std::int64_t kLongestPause_s = 1'000'000'000;

}  // namespace

WebhookConnection::WebhookConnection(boost::asio::io_context& context, const TlsContext* tls)
    : resolver_(context), socket_(context), timer_(context), tls_context_(tls) {}

void WebhookConnection::exchange(const HttpUrl& url, std::string request,
                                 std::chrono::steady_clock::time_point deadline, Done done) {
  done_ = std::move(done);
  lost_ = nullptr;
  request_ = std::move(request);
  response_.reset();
  set_deadline(deadline);
  if (connected_) return send();
  if (tls_context_ != nullptr) tls_.emplace(*tls_context_, url.host);
  resolve(url);
}

void WebhookConnection::set_deadline(std::chrono::steady_clock::time_point deadline) {
  timer_.expires_at(deadline);
  timer_.async_wait([self = shared_from_this()](const error_code& error) {
    if (error || self->closed_) return;
    // A timer that was moved meanwhile may have been on its way already.
    if (std::chrono::steady_clock::now() < self->timer_.expiry()) return;
    self->fail(self->connected_ ? "timed out" : "timed out before it was connected");
  });
}

/// An address does not wait behind names that are looked up, which happens one after the other.
void WebhookConnection::resolve(const HttpUrl& url) {
  error_code no_address;
  const auto address = boost::asio::ip::make_address(url.host, no_address);
  if (!no_address) {
    const auto port = static_cast<std::uint16_t>(std::stoul(url.port));
    return connect(Endpoints::create({address, port}, url.host, url.port));
  }
  resolver_.async_resolve(url.host, url.port,
                          [self = shared_from_this()](const error_code& error, const auto& found) {
                            if (self->closed_) return;
                            if (error)
                              return self->fail("cannot resolve the host: " + error.message());
                            self->connect(found);
                          });
}

void WebhookConnection::connect(const Endpoints& found) {
  boost::asio::async_connect(socket_, found,
                             [self = shared_from_this()](const error_code& error, const auto&) {
                               if (self->closed_) return;
                               if (error) return self->fail("cannot connect: " + error.message());
                               self->connected();
                             });
}

void WebhookConnection::connected() {
  connected_ = true;
  error_code ignored;
  socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  if (tls_) tls_->begin(wire_);
  send();
  read();
}

void WebhookConnection::send() {
  if (tls_) {
    tls_->send(request_, wire_);
  } else {
    wire_.append(request_);
  }
  request_.clear();
  write();
}

void WebhookConnection::write() {
  if (is_writing_ || wire_.empty()) return;
  is_writing_ = true;
  writing_ = std::exchange(wire_, {});
  boost::asio::async_write(socket_, boost::asio::buffer(writing_),
                           [self = shared_from_this()](const error_code& error, std::size_t) {
                             self->is_writing_ = false;
                             if (self->closed_) return;
                             // An answer may have come before the peer closed: reading tells.
                             if (!error) self->write();
                           });
}

void WebhookConnection::read() {
  socket_.async_read_some(boost::asio::buffer(in_),
                          [self = shared_from_this()](const error_code& error, std::size_t bytes) {
                            if (!self->closed_) self->on_read(error, bytes);
                          });
}

void WebhookConnection::on_read(const error_code& error, std::size_t bytes) {
  if (!done_)
    return fail("");  // between two exchanges a peer has nothing to say but that it closes
  const ResponseParser::State state = error ? response_.end() : take(bytes);
  if (closed_ || !done_) return;
  if (state == ResponseParser::State::complete) {
    complete();
    if (error) return close();
  } else if (error) {
    return closed_by_peer(error);
  } else if (state == ResponseParser::State::malformed) {
    return fail("the answer is no HTTP response");
  }
  if (!closed_) read();
}

ResponseParser::State WebhookConnection::take(std::size_t bytes) {
  if (!tls_) return response_.take({in_.data(), bytes});
  plain_.clear();
  const TlsSession::State tls = tls_->receive({in_.data(), bytes}, plain_, wire_);
  write();
  if (tls == TlsSession::State::failed) {
    fail("TLS: " + tls_->error());
    return ResponseParser::State::malformed;
  }
  const ResponseParser::State state =
      plain_.empty() ? ResponseParser::State::incomplete : response_.take(plain_);
  if (tls == TlsSession::State::closed && state == ResponseParser::State::incomplete)
    return response_.end();
  return state;
}

void WebhookConnection::complete() {
  Outcome outcome;
  outcome.result.status = response_.status();
  outcome.result.response = response_.body();
  if (const std::optional<std::int64_t> seconds = response_.retry_after_s())
    outcome.result.retry_after =
        Duration::from_seconds(static_cast<double>(std::min(*seconds, kLongestPause_s)));
  // Whoever answers before all was said may not read the rest.
  outcome.usable = response_.keep_alive() && !is_writing_ && wire_.empty();
  finish(std::move(outcome));
}

void WebhookConnection::closed_by_peer(const error_code& error) {
  const bool in_order = error == boost::asio::error::eof;
  fail(std::string(in_order ? "the receiver closed the connection" : "the connection broke") +
       (response_.has_begun() ? " in the middle of its answer" : " without an answer") +
       (in_order ? "" : ": " + error.message()));
}

void WebhookConnection::fail(const std::string& why) {
  Outcome outcome;
  outcome.result.error = why;
  close();
  if (const auto lost = std::exchange(lost_, nullptr)) lost();
  if (done_) finish(std::move(outcome));
}

void WebhookConnection::finish(Outcome outcome) {
  const Done done = std::exchange(done_, nullptr);
  done(std::move(outcome));
}

bool WebhookConnection::is_quiet() {
  char byte = 0;
  return !closed_ && ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
         (errno == EAGAIN || errno == EWOULDBLOCK);
}

void WebhookConnection::keep(std::chrono::steady_clock::time_point until,
                             std::function<void()> lost) {
  lost_ = std::move(lost);
  set_deadline(until);
}

void WebhookConnection::close() {
  if (std::exchange(closed_, true)) return;
  error_code ignored;
  resolver_.cancel();
  timer_.cancel();
  socket_.close(ignored);
}

}  // namespace sluice
