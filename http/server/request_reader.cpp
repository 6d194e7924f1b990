#include "http/server/request_reader.hpp"

#include <algorithm>
#include <utility>

namespace sluice {
namespace {

constexpr std::size_t kFirstBuffer = 2048;
/// An idle connection does not keep a buffer larger than this.
constexpr std::size_t kKeptBuffer = 16 << 10;
/// More than the longest line between chunks.
constexpr std::size_t kSlack = 8192;

}  // namespace

RequestReader::RequestReader(const RequestLimits& limits) : limits_(limits), in_(kFirstBuffer) {}

RequestReader::Next RequestReader::next(RequestHead& head, RequestError& error) {
  if (chunked_) return next_chunked(head, error);
  if (in_.empty() || in_.size() < needed_) return Next::incomplete;
  switch (parse_head(in_.view(), limits_, scanned_, head, error)) {
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
    chunked_ = std::make_unique<ChunkedDecoder>(limits_.body);
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
RequestReader::Next RequestReader::next_chunked(RequestHead& head, RequestError& error) {
  std::size_t used = 0;
  const ChunkedDecoder::State state = chunked_->take(in_.view().substr(needed_), used);
  in_.erase(needed_, used);
  parse_head(in_.view(), limits_, scanned_ = 0, head, error);
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

void RequestReader::make_room(std::size_t bytes) {
  if (bytes > in_.capacity()) in_.grow(std::max(bytes, 2 * in_.capacity()));
}

void RequestReader::expect_body(const RequestHead& head) {
  if (head.expects_continue && !std::exchange(continued_, true)) awaits_continue_ = true;
}

bool RequestReader::take_continue() { return std::exchange(awaits_continue_, false); }

void RequestReader::done() {
  in_.consume(std::min(needed_, in_.size()));
  needed_ = 0;
  chunked_.reset();
  continued_ = false;
  if (in_.empty() && in_.capacity() > kKeptBuffer) in_.reset(kFirstBuffer);
}

}  // namespace sluice
