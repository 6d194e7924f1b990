// Bytes in and out; requests are in http_connection_requests.cpp, replies in
// http_connection_replies.cpp, events in http_connection_stream.cpp.
#include "mock_api/server/http_connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "mock_api/server/connection_parts.hpp"

namespace sluice {
namespace {

constexpr std::size_t kFirstRead = 2048;
/// What is thrown away of a peer that keeps talking after its last answer.
constexpr std::size_t kMaxLinger = 1 << 20;
/// A rare large answer's buffer is not kept.
constexpr std::size_t kMaxSpare = 1 << 20;
/// How long bytes before a reset have to arrive.
constexpr auto kBeforeReset = std::chrono::milliseconds(30);

bool would_block(const boost::system::error_code& error) {
  return error == boost::asio::error::would_block || error == boost::asio::error::try_again;
}

}  // namespace

HttpConnection::HttpConnection(HttpWorker& worker, HttpWorker::Socket socket, std::string peer)
    : worker_(worker), socket_(std::move(socket)), peer_(std::move(peer)), in_(kFirstRead) {}

HttpConnection::~HttpConnection() = default;

void HttpConnection::start() {
  const ServerParts& parts = worker_.parts();
  deadline_ = std::chrono::steady_clock::now() + parts.options.connection.idle_time;
  boost::system::error_code ignored;
  socket_.non_blocking(true, ignored);
  if (parts.tls != nullptr) tls_ = std::make_unique<Tls>(*parts.tls);
  read();
}

void HttpConnection::read() {
  if (reading_ || state_ == State::closed) return;
  reading_ = true;
  const std::span<char> space = tls_ ? std::span<char>(tls_->in) : in_.space();
  socket_.async_read_some(
      boost::asio::buffer(space.data(), space.size()),
      [self = shared_from_this()](const boost::system::error_code& error, std::size_t bytes) {
        self->on_read(error, bytes);
      });
}

/// When those that are ready have been served: by then the peer may have sent more, and a read that
/// would find nothing is spared.
void HttpConnection::read_soon() {
  boost::asio::post(socket_.get_executor(), [self = shared_from_this()] { self->read(); });
}

void HttpConnection::on_read(const boost::system::error_code& error, std::size_t bytes) {
  reading_ = false;
  if (state_ == State::closed) return;
  if (error && error != boost::asio::error::eof) return close();
  if (error) peer_ended_ = true;
  const bool was_empty = in_.empty() && !chunked_;
  if (!take_bytes(bytes)) return close();
  switch (state_) {
    case State::reading:
      if (was_empty && !in_.empty())
        deadline_ =
            std::chrono::steady_clock::now() + worker_.parts().options.connection.request_time;
      return process();
    case State::streaming:
    case State::lingering:
      lingered_bytes_ += bytes;
      in_.consume(in_.size());
      if (peer_ended_ || lingered_bytes_ > kMaxLinger) return close();
      return read();
    default:
      return;
  }
}

/// Into in_; false: this is no TLS.
bool HttpConnection::take_bytes(std::size_t bytes) {
  if (!tls_) return in_.commit(bytes), true;
  std::string& plain = worker_.spare_wire();
  plain.clear();
  const TlsSession::State state =
      tls_->session.receive({tls_->in.data(), bytes}, plain, tls_->wire);
  if (state == TlsSession::State::closed) peer_ended_ = true;
  if (state == TlsSession::State::failed) {
    worker_.parts().log.write(ServerLog::Level::info, "TLS failed",
                              {{"peer", peer_}, {"reason", tls_->session.error()}});
    write_some(tls_->wire);  // the alert
    return false;
  }
  in_.append(plain);
  return true;
}

/// A peer that has closed its half: what it asked for is answered, then it ends.
void HttpConnection::on_peer_ended() {
  if (state_ == State::reading) finish();
}

bool HttpConnection::flush() {
  if (writing_) return false;
  if (!tls_) return write_some(out_);
  if (!out_.empty()) {
    tls_->session.send(out_, tls_->wire);
    out_.clear();
  }
  return write_some(tls_->wire);
}

/// False: the rest leaves when the peer has read some, or the connection has ended.
bool HttpConnection::write_some(std::string& bytes) {
  while (sent_ < bytes.size()) {
    boost::system::error_code error;
    const std::size_t size =
        socket_.write_some(boost::asio::buffer(bytes.data() + sent_, bytes.size() - sent_), error);
    if (would_block(error)) return await_write(), false;
    if (error) return close(), false;
    sent_ += size;
  }
  bytes.clear();
  sent_ = 0;
  return true;
}

void HttpConnection::await_write() {
  writing_ = true;
  // A stream that is being ended has a last moment already.
  if (!stream_ || state_ == State::streaming)
    deadline_ = std::chrono::steady_clock::now() + worker_.parts().options.connection.write_time;
  socket_.async_wait(HttpWorker::Socket::wait_write,
                     [self = shared_from_this()](const boost::system::error_code& error) {
                       self->writing_ = false;
                       if (self->state_ == State::closed) return;
                       if (error) return self->close();
                       self->go_on();
                     });
}

void HttpConnection::note_flushed() {
  if (!started_runs_.empty()) {
    for (const std::uint64_t run : started_runs_) worker_.parts().host.replied(run);
    started_runs_.clear();
  }
  struck_.clear();
  // Big buffers are for whoever needs one next.
  if (out_.capacity() > worker_.spare_output().capacity()) out_.swap(worker_.spare_output());
  if (out_.capacity() > 64) std::string().swap(out_);
  if (worker_.spare_output().capacity() > kMaxSpare) std::string().swap(worker_.spare_output());
}

/// Sends what is there, then does what the state asks for.
void HttpConnection::go_on() {
  if (state_ == State::closed || !flush()) return;
  if (state_ == State::streaming) return pump_stream();
  if (stream_) note_frames_sent();
  note_flushed();
  switch (state_) {
    case State::reading:
      if (yielded_) {
        // Others first.
        return boost::asio::post(socket_.get_executor(), [self = shared_from_this()] {
          if (self->state_ == State::reading) self->process();
        });
      }
      if (peer_ended_) return on_peer_ended();
      return read_soon();
    case State::answering:
    case State::stalled:
      deadline_ = WallTime::max();
      return watch_peer();
    case State::closing:
      return finish();
    case State::resetting:
      return reset_soon();
    default:
      return;
  }
}

/// Everything has left. The peer is given time to read it: closing with unread bytes would be a
/// reset, which may take the answer with it.
void HttpConnection::finish() {
  if (tls_ && !tls_->ended) {
    tls_->ended = true;
    tls_->session.end(tls_->wire);
    state_ = State::closing;
    if (!flush()) return;
  }
  if (state_ == State::closed) return;
  if (stream_) close_stream();
  if (peer_ended_) return close();
  boost::system::error_code error;
  socket_.shutdown(HttpWorker::Socket::shutdown_send, error);
  if (error) return close();
  state_ = State::lingering;
  in_.consume(in_.size());
  lingered_bytes_ = 0;
  deadline_ = std::chrono::steady_clock::now() + worker_.parts().options.connection.linger_time;
  read();
}

void HttpConnection::reset_soon() {
  wait(std::chrono::steady_clock::now() + kBeforeReset, &HttpConnection::close);
}

void HttpConnection::wait(WallTime until, void (HttpConnection::*then)()) {
  if (timer_ == nullptr) timer_ = std::make_unique<HttpWorker::Timer>(worker_.executor());
  timer_->expires_at(until);
  timer_->async_wait([weak = weak_from_this(), then](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self && self->state_ != State::closed) (self.get()->*then)();
  });
}

void HttpConnection::drain() {
  if (state_ == State::reading && in_.empty() && !chunked_ && !writing_) return finish();
  if (state_ == State::stalled) return close();
  if (state_ != State::streaming || stream_->queue) return;
  end_stream_output();  // of one that a test made silent
  go_on();
}

void HttpConnection::on_deadline(WallTime) {
  deadline_ = WallTime::max();
  // What the kernel still has of an answer that nobody reads goes as well.
  if (writing_ && !stream_) state_ = State::resetting;
  if (state_ != State::reading) return close();
  if (in_.empty() && !chunked_) return finish();
  refuse({408, "the request took too long to arrive"});
  go_on();
}

void HttpConnection::close() {
  if (state_ == State::closed) return;
  const auto self = shared_from_this();
  const bool reset = state_ == State::resetting;
  if (stream_) close_stream();
  state_ = State::closed;
  ServiceHost& host = worker_.parts().host;
  for (const std::uint64_t run : started_runs_) host.replied(run);
  for (const std::uint64_t mark : struck_) host.fault_settled(mark, FaultOutcome::undone);
  if (pending_ != 0) host.give_up(pending_);
  if (delayed_) host.lost(*delayed_);
  boost::system::error_code ignored;
  if (reset) socket_.set_option(boost::asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
  if (timer_) timer_->cancel();
  worker_.forget(*this);
}

}  // namespace sluice
