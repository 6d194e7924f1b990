// A connection that has become an event stream.
#include <algorithm>
#include <boost/asio/post.hpp>
#include <iterator>
#include <utility>

#include "mock_api/server/connection_parts.hpp"

namespace sluice {
namespace {

/// Frames that are put together into one write.
constexpr std::size_t kBatch = 64 << 10;
/// A stream's client says nothing; what it says all the same is thrown away.
constexpr std::size_t kIdleRead = 64;

}  // namespace

void HttpConnection::open_stream(const HttpReply& reply) {
  append_stream_head(out_, reply, framing_);
  if (framing_.head_only) {
    state_ = State::closing;
    return;
  }
  if (reply.fault == WireFault::reset_mid_body) {
    state_ = State::resetting;
    return;
  }
  state_ = State::streaming;
  deadline_ = WallTime::max();
  stream_ = std::make_unique<Stream>();
  stream_->chunked = framing_.minor_version != 0;
  const ServerParts& parts = worker_.parts();
  parts.metrics.stream_opened();
  if (reply.fault == WireFault::stall) return;
  stream_->queue = parts.host.make_stream();
  stream_->queue->on_wake([weak = weak_from_this(), executor = worker_.executor()] {
    boost::asio::post(executor, [weak] {
      if (const auto self = weak.lock()) self->pump_stream();
    });
  });
  stream_->number = parts.host.open_stream(reply.stream_of, *stream_->queue);
}

/// Sends what may be sent; called whenever that may have changed.
void HttpConnection::pump_stream() {
  if (state_ != State::streaming) return;
  if (!reading_) {
    in_.reset(kIdleRead);
    read();
  }
  if (flush()) {
    note_frames_sent();
    note_flushed();
    deadline_ = WallTime::max();
    while (state_ == State::streaming && send_frames()) {
    }
  }
  if (state_ == State::streaming && writing_ && stream_->queue && stream_->queue->overflowed())
    cut_stream();
}

/// One batch; false if there is nothing more to do for now.
bool HttpConnection::send_frames() {
  if (!stream_->queue) return false;
  const WallTime now = std::chrono::steady_clock::now();
  StreamQueue::Taken taken = stream_->queue->take(now, kBatch);
  for (const UnsentFrame& frame : taken.frames) {
    if (stream_->chunked) {
      append_chunk(out_, frame.frame);
    } else {
      out_.append(frame.frame);
    }
    stream_->ends.push_back(out_.size());
  }
  std::ranges::move(taken.frames, std::back_inserter(stream_->sending));
  if (taken.ended) {
    end_stream_output();
    return go_on(), false;
  }
  if (taken.frames.empty()) {
    if (taken.more_at > now && taken.more_at != WallTime::max())
      wait(taken.more_at, &HttpConnection::pump_stream);
    return false;
  }
  if (!flush()) return false;
  note_frames_sent();
  note_flushed();
  return true;
}

/// out_ is empty: what was in it has left.
void HttpConnection::note_frames_sent() {
  if (stream_->sending.empty()) return;
  worker_.parts().metrics.frames_sent(stream_->sending.size());
  stream_->queue->sent(stream_->sending.size());
  std::vector<UnsentFrame>().swap(stream_->sending);
  std::vector<std::size_t>().swap(stream_->ends);
}

void HttpConnection::end_stream_output() {
  if (stream_->chunked) out_.append(kLastChunk);
  state_ = State::closing;
  deadline_ = std::chrono::steady_clock::now() + worker_.parts().options.connection.linger_time;
}

/// A reader that is too far behind: the frame that is half-way out is finished and the stream ends,
/// if the reader takes that much; the other frames go back to the service.
void HttpConnection::cut_stream() {
  const ServerParts& parts = worker_.parts();
  parts.metrics.stream_cut();
  parts.log.write(ServerLog::Level::info, "slow reader cut", {{"peer", peer_}});
  // Encrypted bytes cannot be taken back, nor told apart.
  if (!tls_) take_back_frames();
  end_stream_output();
}

/// The frames in out_ of which nothing has left.
void HttpConnection::take_back_frames() {
  std::vector<UnsentFrame>& sending = stream_->sending;
  std::size_t kept = 0;
  while (kept < sending.size() && (kept == 0 || stream_->ends[kept - 1] < sent_)) ++kept;
  if (kept == sending.size()) return;
  const auto first = sending.begin() + static_cast<std::ptrdiff_t>(kept);
  std::move(first, sending.end(), std::back_inserter(stream_->taken_back));
  sending.erase(first, sending.end());
  out_.resize(stream_->ends[kept - 1]);
}

/// The connection ends: frames that did not leave whole go back to the service.
void HttpConnection::close_stream() {
  worker_.parts().metrics.stream_closed();
  const std::unique_ptr<Stream> stream = std::move(stream_);
  if (!stream->queue) return;
  stream->queue->sent(stream->sending.size() + stream->taken_back.size());
  std::vector<UnsentFrame> back;
  for (std::size_t i = 0; i < stream->sending.size(); ++i)
    if (tls_ || stream->ends[i] > sent_) back.push_back(std::move(stream->sending[i]));
  std::ranges::move(stream->taken_back, std::back_inserter(back));
  worker_.parts().host.close_stream(stream->number, *stream->queue, std::move(back));
}

}  // namespace sluice
