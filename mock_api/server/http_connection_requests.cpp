// From bytes to requests; replies are in http_connection_replies.cpp.
#include <boost/asio/post.hpp>
#include <utility>

#include "mock_api/contract/error_body.hpp"
#include "mock_api/server/connection_parts.hpp"

namespace sluice {
namespace {

/// Requests that one connection may have answered before the others get their turn.
constexpr int kTurn = 32;
/// Answers that pile up before they are sent.
constexpr std::size_t kSendAt = 64 << 10;
/// An idle connection does not keep a buffer larger than this.
constexpr std::size_t kKeptBuffer = 16 << 10;
constexpr std::size_t kFirstBuffer = 2048;
/// More than the longest line between chunks.
constexpr std::size_t kSlack = 8192;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

void HttpConnection::process() {
  yielded_ = false;
  if (out_.empty()) out_.swap(worker_.spare_output());
  RequestHead& head = worker_.head();
  for (int handled = 0; state_ == State::reading; ++handled) {
    if (handled == kTurn || out_.size() >= kSendAt) {
      yielded_ = true;
      break;
    }
    RequestError error;
    const Next next = next_request(head, error);
    if (next == Next::incomplete) break;
    if (next == Next::refused) {
      refuse(error, head.request);
      break;
    }
    answer(head);
    if (state_ == State::closed) return;
    done_with_request(head);
  }
  go_on();
}

HttpConnection::Next HttpConnection::next_request(RequestHead& head, RequestError& error) {
  if (chunked_) return next_chunked(head, error);
  if (in_.empty() || in_.size() < needed_) return Next::incomplete;
  const RequestLimits& limits = worker_.parts().options.request;
  switch (parse_head(in_.view(), limits, scanned_, head, error)) {
    case HeadState::incomplete:
      make_room(in_.size() + 1);
      return Next::incomplete;
    case HeadState::refused:
      return Next::refused;
    case HeadState::complete:
      break;
  }
  scanned_ = 0;
  if (head.chunked) {
    chunked_ = std::make_unique<ChunkedDecoder>(limits.body);
    needed_ = head.size;
    return next_chunked(head, error);
  }
  needed_ = head.size + head.content_length;
  if (in_.size() < needed_) {
    make_room(needed_);
    expect_body(head);
    return Next::incomplete;
  }
  head.request.body = in_.view().substr(head.size, head.content_length);
  return Next::ready;
}

/// The head stays at the front of the buffer while chunks are taken out behind it.
HttpConnection::Next HttpConnection::next_chunked(RequestHead& head, RequestError& error) {
  std::size_t used = 0;
  const ChunkedDecoder::State state = chunked_->take(in_.view().substr(needed_), used);
  in_.erase(needed_, used);
  parse_head(in_.view(), worker_.parts().options.request, scanned_ = 0, head, error);
  scanned_ = 0;
  if (state == ChunkedDecoder::State::malformed) error = {400, "the chunks are malformed"};
  if (state == ChunkedDecoder::State::too_long) error = {413, "the body is too long"};
  if (error.status != 0) return Next::refused;
  if (state == ChunkedDecoder::State::incomplete) {
    make_room(needed_ + kSlack);
    expect_body(head);
    return Next::incomplete;
  }
  head.request.body = chunked_->body();
  return Next::ready;
}

void HttpConnection::make_room(std::size_t bytes) {
  if (bytes > in_.capacity()) in_.grow(std::max(bytes, 2 * in_.capacity()));
}

void HttpConnection::expect_body(const RequestHead& head) {
  if (!head.expects_continue || continued_) return;
  continued_ = true;
  out_.append(kContinue);
}

void HttpConnection::done_with_request(const RequestHead&) {
  in_.consume(std::min(needed_, in_.size()));
  needed_ = 0;
  chunked_.reset();
  continued_ = false;
  if (in_.empty() && in_.capacity() > kKeptBuffer) in_.reset(kFirstBuffer);
  if (state_ != State::reading) return;
  const ConnectionLimits& limits = worker_.parts().options.connection;
  deadline_ =
      std::chrono::steady_clock::now() + (in_.empty() ? limits.idle_time : limits.request_time);
}

/// `request`: as far as it was understood.
void HttpConnection::refuse(const RequestError& error, const HttpRequest& request) {
  const ServerParts& parts = worker_.parts();
  parts.metrics.refused(error.status);
  parts.log.write(
      ServerLog::Level::info, "request refused",
      {{"peer", peer_}, {"status", std::int64_t{error.status}}, {"reason", error.message}});
  framing_ = {.keep_alive = false,
              .date = worker_.date(std::chrono::steady_clock::now()),
              .access = parts.access.headers(request)};
  append_reply(out_, error_reply(error.status, error.message), framing_);
  state_ = State::closing;
}

void HttpConnection::answer(RequestHead& head) {
  const ServerParts& parts = worker_.parts();
  const WallTime begin = std::chrono::steady_clock::now();
  const bool keep_alive = head.keep_alive && !parts.draining;
  framing_ = {keep_alive, head.is_head, head.minor_version, worker_.date(begin),
              parts.access.headers(head.request)};
  HttpRequest& request = head.request;
  request.peer = peer_;
  const auto later = [this] { return answer_later(); };
  ServiceHost::Handled handled;
  handled.reply = parts.access.answer(request);
  if (!handled.reply && !parts.own.is_own(request.target)) {
    handled = parts.host.handle(request, later);
  } else if (!handled.reply) {
    handled.reply = parts.own.answer(request, later);
  }
  if (handled.reply) handled.status = handled.reply->status;
  const unsigned status = handled.status;
  const WallDuration took = std::chrono::steady_clock::now() - begin;
  parts.metrics.answered(request.method, request.target, status, took);
  if (parts.log.has(ServerLog::Level::debug))
    parts.log.write(ServerLog::Level::debug, "request",
                    {{"method", request.method},
                     {"path", request.target.substr(0, request.target.find('?'))},
                     {"status", std::int64_t{status}},
                     {"seconds", std::chrono::duration<double>(took).count()}});
  if (handled.reply) return deliver(*std::move(handled.reply));
  state_ = State::answering;
  pending_ = handled.pending;
  deadline_ = WallTime::max();
}

}  // namespace sluice
