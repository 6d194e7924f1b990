#include "http/server/http_connection.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <span>
#include <string_view>
#include <utility>

#include "http/query_string.hpp"

namespace sluice {
namespace {

/// Requests that one connection may have answered before the others get their turn.
constexpr int kTurn = 32;
/// Answers that pile up before they are sent.
constexpr std::size_t kSendAt = 64 << 10;
/// What a peer may send ahead while its answer waits.
constexpr std::size_t kReadAhead = 16 << 10;
/// A stream's client says nothing; what it says all the same is thrown away.
constexpr std::size_t kIdleRead = 64;
/// What is thrown away of a peer that keeps talking after its last answer.
constexpr std::size_t kMaxLinger = 1 << 20;
/// How long bytes before a reset have to arrive.
constexpr auto kBeforeReset = std::chrono::milliseconds(30);

bool would_block(const boost::system::error_code& error) {
  return error == boost::asio::error::would_block || error == boost::asio::error::try_again;
}

}  // namespace

struct HttpConnection::Tls {
  explicit Tls(const TlsContext& context) : session(context, "") {}

  TlsSession session;
  std::array<char, 4096> in;
  bool ended = false;
};

HttpConnection::HttpConnection(HttpWorker& worker, HttpWorker::Socket socket, std::string peer)
    : worker_(worker),
      socket_(std::move(socket)),
      peer_(std::move(peer)),
      reader_(worker.parts().options.request) {}

HttpConnection::~HttpConnection() = default;

void HttpConnection::start() {
  const ServerParts& parts = worker_.parts();
  deadline_ = std::chrono::steady_clock::now() + parts.options.connection.idle_time;
  boost::system::error_code ignored;
  socket_.non_blocking(true, ignored);
  if (parts.tls != nullptr) {
    tls_ = std::make_unique<Tls>(*parts.tls);
    unsent_.seal_with(tls_->session);
  }
  read();
}

// ---- bytes

void HttpConnection::read() {
  if (reading_ || state_ == State::closed) return;
  reading_ = true;
  const std::span<char> space = tls_ ? std::span<char>(tls_->in) : reader_.space();
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
  const bool was_empty = reader_.empty();
  if (!take_bytes(bytes)) return close();
  switch (state_) {
    case State::reading:
      if (was_empty && !reader_.empty())
        deadline_ =
            std::chrono::steady_clock::now() + worker_.parts().options.connection.request_time;
      return process();
    case State::streaming:
    case State::lingering:
      lingered_bytes_ += bytes;
      reader_.discard();
      if (peer_ended_ || lingered_bytes_ > kMaxLinger) return close();
      return read();
    default:
      return;
  }
}

/// Into the reader; false: this is no TLS.
bool HttpConnection::take_bytes(std::size_t bytes) {
  if (!tls_) return reader_.commit(bytes), true;
  std::string& plain = worker_.spare_wire();
  plain.clear();
  const TlsSession::State state =
      tls_->session.receive({tls_->in.data(), bytes}, plain, unsent_.sealed());
  if (state == TlsSession::State::closed) peer_ended_ = true;
  if (state == TlsSession::State::failed) {
    worker_.parts().log.write(ServerLog::Level::info, "TLS failed",
                              {{"peer", peer_}, {"reason", tls_->session.error()}});
    flush();  // the alert
    return false;
  }
  reader_.append(plain);
  return true;
}

/// A peer that has closed its half: what it asked for is answered, then it ends.
void HttpConnection::on_peer_ended() {
  if (state_ == State::reading) finish();
}

/// False: the rest leaves when the peer has read some, or the connection has ended.
bool HttpConnection::flush() {
  if (writing_) return false;
  for (std::string_view bytes = unsent_.next(); !bytes.empty(); bytes = unsent_.next()) {
    boost::system::error_code error;
    const std::size_t size =
        socket_.write_some(boost::asio::buffer(bytes.data(), bytes.size()), error);
    if (would_block(error)) return await_write(), false;
    if (error) return close(), false;
    unsent_.sent(size);
  }
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
  if (stream_)
    if (const std::size_t frames = stream_->flushed(); frames > 0)
      worker_.parts().observer.frames_sent(frames);
  for (const std::uint64_t run : unsent_.started_runs()) worker_.parts().handler.replied(run);
  unsent_.started_runs().clear();
  unsent_.struck().clear();
  unsent_.give_back(worker_.spare_output());
}

/// Sends what is there, then does what the state asks for.
void HttpConnection::go_on() {
  if (state_ == State::closed || !flush()) return;
  if (state_ == State::streaming) return pump_stream();
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
      deadline_ = SteadyTime::max();
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
    tls_->session.end(unsent_.sealed());
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
  reader_.discard();
  lingered_bytes_ = 0;
  deadline_ = std::chrono::steady_clock::now() + worker_.parts().options.connection.linger_time;
  read();
}

void HttpConnection::reset_soon() {
  wait(std::chrono::steady_clock::now() + kBeforeReset, &HttpConnection::close);
}

void HttpConnection::wait(SteadyTime until, void (HttpConnection::*then)()) {
  if (timer_ == nullptr) timer_ = std::make_unique<HttpWorker::Timer>(worker_.executor());
  timer_->expires_at(until);
  timer_->async_wait([weak = weak_from_this(), then](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self && self->state_ != State::closed) (self.get()->*then)();
  });
}

void HttpConnection::drain() {
  if (state_ == State::reading && reader_.empty() && !writing_) return finish();
  if (state_ == State::stalled) return close();
  if (state_ != State::streaming || !stream_->is_silent()) return;
  stream_->end(unsent_.text());
  end_stream(State::closing);
  go_on();
}

void HttpConnection::on_deadline() {
  deadline_ = SteadyTime::max();
  // What the kernel still has of an answer that nobody reads goes as well.
  if (writing_ && !stream_) state_ = State::resetting;
  if (state_ != State::reading) return close();
  if (reader_.empty()) return finish();
  refuse({408, "the request took too long to arrive"});
  go_on();
}

void HttpConnection::close() {
  if (state_ == State::closed) return;
  const auto self = shared_from_this();
  const bool reset = state_ == State::resetting;
  if (stream_) close_stream();
  state_ = State::closed;
  HttpHandler& handler = worker_.parts().handler;
  for (const std::uint64_t run : unsent_.started_runs()) handler.replied(run);
  for (const std::uint64_t mark : unsent_.struck()) report_fault(mark, FaultOutcome::undone);
  if (pending_ != 0) handler.give_up(pending_);
  if (delayed_) handler.lost(*delayed_);
  boost::system::error_code ignored;
  if (reset) socket_.set_option(boost::asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
  if (timer_) timer_->cancel();
  worker_.forget(*this);
}

// ---- requests

void HttpConnection::process() {
  yielded_ = false;
  unsent_.borrow(worker_.spare_output());
  RequestHead& head = worker_.head();
  for (int handled = 0; state_ == State::reading; ++handled) {
    if (handled == kTurn || unsent_.text().size() >= kSendAt) {
      yielded_ = true;
      break;
    }
    RequestError error;
    const RequestReader::Next next = reader_.next(head, error);
    if (next == RequestReader::Next::incomplete) {
      if (reader_.take_continue()) unsent_.text().append(kContinue);
      break;
    }
    if (next == RequestReader::Next::refused) {
      refuse(error, head.request);
      break;
    }
    answer(head);
    if (state_ == State::closed) return;
    done_with_request();
  }
  go_on();
}

void HttpConnection::done_with_request() {
  reader_.done();
  if (state_ != State::reading) return;
  const ConnectionLimits& limits = worker_.parts().options.connection;
  deadline_ =
      std::chrono::steady_clock::now() + (reader_.empty() ? limits.idle_time : limits.request_time);
}

/// `request`: as far as it was understood.
void HttpConnection::refuse(const RequestError& error, const HttpRequest& request) {
  const ServerParts& parts = worker_.parts();
  parts.observer.refused(error.status);
  parts.log.write(
      ServerLog::Level::info, "request refused",
      {{"peer", peer_}, {"status", std::int64_t{error.status}}, {"reason", error.message}});
  framing_ = {.keep_alive = false,
              .date = worker_.date(std::chrono::steady_clock::now()),
              .lines = parts.handler.header_lines(request)};
  append_reply(unsent_.text(), parts.handler.refusal(error.status, error.message), framing_);
  state_ = State::closing;
}

void HttpConnection::answer(RequestHead& head) {
  const ServerParts& parts = worker_.parts();
  const SteadyTime begin = std::chrono::steady_clock::now();
  const bool keep_alive = head.keep_alive && !parts.draining;
  framing_ = {keep_alive, head.is_head, head.minor_version, worker_.date(begin),
              parts.handler.header_lines(head.request)};
  HttpRequest& request = head.request;
  request.peer = peer_;
  HttpHandler::Handled handled = parts.handler.handle(request, [this] { return answer_later(); });
  if (handled.reply) handled.status = handled.reply->status;
  const unsigned status = handled.status;
  const SteadyDuration took = std::chrono::steady_clock::now() - begin;
  parts.observer.answered(request.method, request.target, status, took);
  if (parts.log.has(ServerLog::Level::debug))
    parts.log.write(ServerLog::Level::debug, "request",
                    {{"method", request.method},
                     {"path", path_of(request.target)},
                     {"status", std::int64_t{status}},
                     {"seconds", std::chrono::duration<double>(took).count()}});
  if (handled.reply) return deliver(*std::move(handled.reply));
  state_ = State::answering;
  pending_ = handled.pending;
  deadline_ = SteadyTime::max();
}

// ---- replies

HttpHandler::Answer HttpConnection::answer_later() {
  HttpHandler& handler = worker_.parts().handler;
  return [&handler, weak = weak_from_this(), executor = worker_.executor()](HttpReply reply) {
    handler.answer_on_its_way(1);
    boost::asio::post(executor, [&handler, weak, reply = std::move(reply)]() mutable {
      if (const auto self = weak.lock(); self && self->state_ == State::answering) {
        self->answered_elsewhere(std::move(reply));
      } else {
        handler.lost(reply);
      }
      handler.answer_on_its_way(-1);
    });
  };
}

void HttpConnection::answered_elsewhere(HttpReply reply) {
  pending_ = 0;
  resume();
  deliver(std::move(reply));
  if (state_ == State::reading) return process();
  go_on();
}

/// An answer is there: what comes behind it is read again.
void HttpConnection::resume() {
  state_ = State::reading;
  deadline_ = std::chrono::steady_clock::now() + worker_.parts().options.connection.idle_time;
}

/// Now, or when the API is meant to have answered.
void HttpConnection::deliver(HttpReply reply) {
  if (reply.send_at <= Time::zero()) return send(reply);
  const SteadyTime send_at = worker_.parts().handler.send_at(reply);
  if (send_at <= std::chrono::steady_clock::now()) return send(reply);
  state_ = State::answering;
  deadline_ = SteadyTime::max();
  delayed_ = std::make_unique<HttpReply>(std::move(reply));
  wait(send_at, &HttpConnection::deliver_delayed);
}

void HttpConnection::deliver_delayed() {
  const std::unique_ptr<HttpReply> reply = std::move(delayed_);
  resume();
  send(*reply);
  if (state_ == State::reading) return process();
  go_on();
}

void HttpConnection::send(HttpReply& reply) {
  if (worker_.parts().draining) framing_.keep_alive = false;
  if (reply.started_run != UINT64_MAX) unsent_.started_runs().push_back(reply.started_run);
  if (framing_.head_only) drop_fault_of_body(reply);
  const WireFault fault = reply.fault.wire;
  if (fault == WireFault::reset || fault == WireFault::close) return break_off(reply);
  if (!reply.stream_of.empty()) return open_stream(reply);
  if (fault == WireFault::stall) return stall(reply);
  if (fault == WireFault::malformed_body) reply.body.resize(reply.body.size() / 2);
  note_struck(reply.fault.mark);
  std::string& text = unsent_.text();
  const std::size_t begin = text.size();
  append_reply(text, reply, framing_);
  state_ = framing_.keep_alive ? State::reading : State::closing;
  if (fault != WireFault::reset_mid_body && fault != WireFault::close_mid_body) return;
  // Of an answer without a body, half of the head.
  const std::size_t body = framing_.head_only ? 0 : reply.body.size();
  text.resize(body > 0 ? text.size() - (body + 1) / 2 : begin + (text.size() - begin) / 2);
  state_ = fault == WireFault::reset_mid_body ? State::resetting : State::closing;
}

/// An answer to HEAD has neither a body to be malformed nor events.
void HttpConnection::drop_fault_of_body(HttpReply& reply) {
  const ReplyFault& fault = reply.fault;
  const bool is_of_stream = !reply.stream_of.empty() &&
                            (fault.stream != StreamFault::none || fault.wire == WireFault::stall);
  if (!is_of_stream && fault.wire != WireFault::malformed_body) return;
  report_fault(fault.mark, FaultOutcome::missed);
  reply.fault = {};
}

/// No answer, and no connection either; the answers before this one leave first.
void HttpConnection::break_off(const HttpReply& reply) {
  report_fault(reply.fault.mark, FaultOutcome::struck);
  state_ = reply.fault.wire == WireFault::reset ? State::resetting : State::closing;
  const bool all_sent = unsent_.empty();
  if (state_ == State::resetting && all_sent) close();
}

/// No answer, until the peer goes or the server ends.
void HttpConnection::stall(const HttpReply& reply) {
  report_fault(reply.fault.mark, FaultOutcome::struck);
  state_ = State::stalled;
  deadline_ = SteadyTime::max();
  if (reply.started_run == UINT64_MAX) return;
  unsent_.started_runs().pop_back();
  worker_.parts().handler.replied(reply.started_run);
}

void HttpConnection::report_fault(std::uint64_t mark, FaultOutcome outcome) {
  if (mark != 0) worker_.parts().handler.fault_settled(mark, outcome);
}

/// What the fault does to an answer is about to be in the text. It counts before the peer can see
/// it: who has seen it and asks finds it counted.
void HttpConnection::note_struck(std::uint64_t mark) {
  if (mark == 0) return;
  report_fault(mark, FaultOutcome::struck);
  unsent_.struck().push_back(mark);
}

/// While no answer can be given: notices a peer that goes, and reads a little ahead.
void HttpConnection::watch_peer() {
  if (state_ == State::stalled) {
    if (peer_ended_) return close();
    reader_.discard();  // it is never answered
  }
  if (watching_ || reading_ || peer_ended_ || reader_.size() >= kReadAhead) return;
  if (!tls_ && reader_.space().empty()) return;
  watching_ = true;
  socket_.async_wait(HttpWorker::Socket::wait_read,
                     [self = shared_from_this()](const boost::system::error_code& error) {
                       self->watching_ = false;
                       if (!error && self->waits_to_answer()) self->read_ahead();
                     });
}

void HttpConnection::read_ahead() {
  boost::system::error_code error;
  const std::span<char> space = tls_ ? std::span<char>(tls_->in) : reader_.space();
  const std::size_t bytes =
      socket_.read_some(boost::asio::buffer(space.data(), space.size()), error);
  if (would_block(error)) return watch_peer();
  if (error && error != boost::asio::error::eof) return close();
  if (error) peer_ended_ = true;
  if (!take_bytes(bytes)) return close();
  // Who has closed one half only may still read its answer; of one that stalls there is none.
  watch_peer();
}

// ---- events

void HttpConnection::open_stream(const HttpReply& reply) {
  append_stream_head(unsent_.text(), reply, framing_);
  const ReplyFault& fault = reply.fault;
  if (fault.stream == StreamFault::none) note_struck(fault.mark);
  const bool is_cut =
      fault.wire == WireFault::reset_mid_body || fault.wire == WireFault::close_mid_body;
  if (framing_.head_only || is_cut) {
    state_ = fault.wire == WireFault::reset_mid_body ? State::resetting : State::closing;
    return;
  }
  state_ = State::streaming;
  deadline_ = SteadyTime::max();
  const ServerParts& parts = worker_.parts();
  parts.observer.stream_opened();
  std::shared_ptr<StreamSource> source;
  if (fault.wire != WireFault::stall)
    source =
        parts.handler.open_stream(reply, [weak = weak_from_this(), executor = worker_.executor()] {
          boost::asio::post(executor, [weak] {
            if (const auto self = weak.lock()) self->pump_stream();
          });
        });
  const bool chunked = framing_.minor_version != 0;
  stream_ = std::make_unique<EventStreamWriter>(std::move(source), chunked, fault);
}

/// Sends what may be sent; called whenever that may have changed.
void HttpConnection::pump_stream() {
  if (state_ != State::streaming) return;
  if (!reading_) {
    reader_.discard_to(kIdleRead);
    read();
  }
  if (flush()) {
    note_flushed();
    deadline_ = SteadyTime::max();
    while (state_ == State::streaming && write_frames()) {
    }
  }
  if (state_ == State::streaming && writing_ && stream_->is_behind()) cut_stream();
}

/// One batch; false if there is nothing more to do for now.
bool HttpConnection::write_frames() {
  using Kind = EventStreamWriter::Step::Kind;
  const SteadyTime now = std::chrono::steady_clock::now();
  const EventStreamWriter::Step step = stream_->write(now, unsent_.text());
  report_fault(stream_->take_struck(), FaultOutcome::struck);
  switch (step.kind) {
    case Kind::idle:
      if (step.more_at > now && step.more_at != SteadyTime::max())
        wait(step.more_at, &HttpConnection::pump_stream);
      return false;
    case Kind::frames:
      if (!flush()) return false;
      note_flushed();
      return true;
    case Kind::silent:
      if (!flush()) return false;
      note_flushed();
      stream_->fall_silent();
      report_fault(stream_->take_struck(), FaultOutcome::struck);
      return false;
    case Kind::ends:
    case Kind::resets:
      end_stream(step.kind == Kind::ends ? State::closing : State::resetting);
      go_on();
      return false;
  }
  return false;
}

/// Its end is in the text; the peer is given some time to read it.
void HttpConnection::end_stream(State state) {
  state_ = state;
  deadline_ = std::chrono::steady_clock::now() + worker_.parts().options.connection.linger_time;
}

/// A reader that is too far behind: the frame that is half-way out is finished and the stream ends,
/// if the reader takes that much; the other frames go back to where they came from.
void HttpConnection::cut_stream() {
  const ServerParts& parts = worker_.parts();
  parts.observer.stream_cut();
  parts.log.write(ServerLog::Level::info, "slow reader cut", {{"peer", peer_}});
  // Encrypted bytes cannot be taken back, nor told apart.
  stream_->cut(unsent_.text(), unsent_.sent_at_most());
  end_stream(State::closing);
}

/// The connection ends; of what was encrypted nobody knows whether it has left.
void HttpConnection::close_stream() {
  worker_.parts().observer.stream_closed();
  const std::unique_ptr<EventStreamWriter> stream = std::move(stream_);
  report_fault(stream->close(unsent_.sent_at_least()), FaultOutcome::missed);
}

}  // namespace sluice
