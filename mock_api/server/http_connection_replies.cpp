// Replies on their way: at once, late, from elsewhere, or broken because a test asked for it.
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <span>
#include <utility>

#include "mock_api/server/connection_parts.hpp"

namespace sluice {
namespace {

/// What a peer may send ahead while its answer waits.
constexpr std::size_t kReadAhead = 16 << 10;

}  // namespace

ServiceHost::Answer HttpConnection::answer_later() {
  ServiceHost& host = worker_.parts().host;
  return [&host, weak = weak_from_this(), executor = worker_.executor()](HttpReply reply) {
    host.answer_on_its_way(1);
    boost::asio::post(executor, [&host, weak, reply = std::move(reply)]() mutable {
      if (const auto self = weak.lock(); self && self->state_ == State::answering) {
        self->answered_elsewhere(std::move(reply));
      } else {
        host.lost(reply);
      }
      host.answer_on_its_way(-1);
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

/// Now, or when the API is meant to have answered. (An answer that comes here with a held clock has
/// waited for it already.)
void HttpConnection::deliver(HttpReply reply) {
  const ServerClock& clock = worker_.parts().host.clock();
  if (reply.send_at <= Time::zero() || clock.is_held()) return send(reply);
  const WallTime send_at = clock.wall_at(reply.send_at);
  if (send_at <= std::chrono::steady_clock::now()) return send(reply);
  state_ = State::answering;
  deadline_ = WallTime::max();
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
  if (reply.started_run != UINT64_MAX) started_runs_.push_back(reply.started_run);
  if (framing_.head_only) drop_fault_of_body(reply);
  const WireFault fault = reply.fault.wire;
  if (fault == WireFault::reset || fault == WireFault::close) return break_off(reply);
  if (!reply.stream_of.empty()) return open_stream(reply);
  if (fault == WireFault::stall) return stall(reply);
  if (fault == WireFault::malformed_body) reply.body.resize(reply.body.size() / 2);
  note_struck(reply.fault.mark);
  const std::size_t begin = out_.size();
  append_reply(out_, reply, framing_);
  state_ = framing_.keep_alive ? State::reading : State::closing;
  if (fault != WireFault::reset_mid_body && fault != WireFault::close_mid_body) return;
  // Of an answer without a body, half of the head.
  const std::size_t body = framing_.head_only ? 0 : reply.body.size();
  out_.resize(body > 0 ? out_.size() - (body + 1) / 2 : begin + (out_.size() - begin) / 2);
  state_ = fault == WireFault::reset_mid_body ? State::resetting : State::closing;
}

/// An answer to HEAD has neither a body to be malformed nor events.
void HttpConnection::drop_fault_of_body(HttpReply& reply) {
  const ReplyFault& fault = reply.fault;
  const bool is_of_stream = !reply.stream_of.empty() &&
                            (fault.stream != StreamFault::none || fault.wire == WireFault::stall);
  if (!is_of_stream && fault.wire != WireFault::malformed_body) return;
  settle(fault.mark, FaultOutcome::missed);
  reply.fault = {};
}

/// No answer, and no connection either; the answers before this one leave first.
void HttpConnection::break_off(const HttpReply& reply) {
  settle(reply.fault.mark, FaultOutcome::struck);
  state_ = reply.fault.wire == WireFault::reset ? State::resetting : State::closing;
  const bool all_sent = out_.empty() && (!tls_ || tls_->wire.empty());
  if (state_ == State::resetting && all_sent) close();
}

/// No answer, until the peer goes or the server ends.
void HttpConnection::stall(const HttpReply& reply) {
  settle(reply.fault.mark, FaultOutcome::struck);
  state_ = State::stalled;
  deadline_ = WallTime::max();
  if (reply.started_run == UINT64_MAX) return;
  started_runs_.pop_back();
  worker_.parts().host.replied(reply.started_run);
}

void HttpConnection::settle(std::uint64_t mark, FaultOutcome outcome) {
  worker_.parts().host.fault_settled(mark, outcome);
}

/// What the fault does to an answer is about to be in out_. It counts before the peer can see it:
/// who has seen it and asks finds it counted.
void HttpConnection::note_struck(std::uint64_t mark) {
  if (mark == 0) return;
  settle(mark, FaultOutcome::struck);
  struck_.push_back(mark);
}

/// While no answer can be given: notices a peer that goes, and reads a little ahead.
void HttpConnection::watch_peer() {
  if (state_ == State::stalled) {
    if (peer_ended_) return close();
    in_.consume(in_.size());  // it is never answered
  }
  if (watching_ || reading_ || peer_ended_ || in_.size() >= kReadAhead) return;
  if (!tls_ && in_.space().empty()) return;
  watching_ = true;
  socket_.async_wait(HttpWorker::Socket::wait_read,
                     [self = shared_from_this()](const boost::system::error_code& error) {
                       self->watching_ = false;
                       if (!error && self->waits_to_answer()) self->read_ahead();
                     });
}

void HttpConnection::read_ahead() {
  boost::system::error_code error;
  const std::span<char> space = tls_ ? std::span<char>(tls_->in) : in_.space();
  const std::size_t bytes =
      socket_.read_some(boost::asio::buffer(space.data(), space.size()), error);
  if (error == boost::asio::error::would_block || error == boost::asio::error::try_again)
    return watch_peer();
  if (error && error != boost::asio::error::eof) return close();
  if (error) peer_ended_ = true;
  if (!take_bytes(bytes)) return close();
  // Who has closed one half only may still read its answer; of one that stalls there is none.
  watch_peer();
}

}  // namespace sluice
