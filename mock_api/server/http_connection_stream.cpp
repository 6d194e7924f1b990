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
  const ReplyFault& fault = reply.fault;
  const bool breaks_later = fault.stream != StreamFault::none;
  if (!breaks_later) note_struck(fault.mark);
  const bool is_cut =
      fault.wire == WireFault::reset_mid_body || fault.wire == WireFault::close_mid_body;
  if (framing_.head_only || is_cut) {
    state_ = fault.wire == WireFault::reset_mid_body ? State::resetting : State::closing;
    return;
  }
  state_ = State::streaming;
  deadline_ = WallTime::max();
  stream_ = std::make_unique<Stream>();
  stream_->chunked = framing_.minor_version != 0;
  const ServerParts& parts = worker_.parts();
  parts.metrics.stream_opened();
  if (fault.wire == WireFault::stall) return;
  if (breaks_later) {
    stream_->plan = StreamFaultPlan(fault);
    stream_->mark = fault.mark;
  }
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
  if (stream_->plan.is_broken()) return break_stream(), false;
  const WallTime now = std::chrono::steady_clock::now();
  StreamQueue::Taken taken = stream_->queue->take(now, kBatch);
  const bool is_idle = taken.frames.empty();
  add_frames(std::move(taken.frames));
  if (stream_->plan.is_broken()) return break_stream(), false;
  if (taken.ended) {
    end_stream_output();
    return go_on(), false;
  }
  if (is_idle) {
    if (taken.more_at > now && taken.more_at != WallTime::max())
      wait(taken.more_at, &HttpConnection::pump_stream);
    return false;
  }
  if (!flush()) return false;
  note_frames_sent();
  note_flushed();
  return true;
}

/// Into out_, as the fault has it; what is behind its break goes back to the service.
void HttpConnection::add_frames(std::vector<UnsentFrame> frames) {
  for (UnsentFrame& frame : frames) {
    if (stream_->plan.is_broken() || !add_frame(frame)) {
      stream_->taken_back.push_back(std::move(frame));
    } else if (stream_->ends.size() > stream_->sending.size()) {
      stream_->sending.push_back(std::move(frame));
    }
  }
}

/// False: not the whole of it, so it is still to come.
bool HttpConnection::add_frame(const UnsentFrame& frame) {
  const std::string_view bytes = frame.frame;
  const StreamFaultPlan::Fate fate = stream_->plan.next(frame.run);
  if (fate != StreamFaultPlan::Fate::send) settle_stream_fault(FaultOutcome::struck);
  switch (fate) {
    case StreamFaultPlan::Fate::drop:
      stream_->queue->sent(1);
      return true;
    case StreamFaultPlan::Fate::half:
      add_part(bytes.substr(0, bytes.size() / 2));
      return false;
    case StreamFaultPlan::Fate::repeat:
      add_part(bytes);
      break;
    case StreamFaultPlan::Fate::send:
      break;
  }
  add_part(bytes);
  stream_->ends.push_back(out_.size());
  return true;
}

void HttpConnection::add_part(std::string_view bytes) {
  if (stream_->chunked) {
    append_chunk(out_, bytes);
  } else {
    out_.append(bytes);
  }
}

void HttpConnection::settle_stream_fault(FaultOutcome outcome) {
  settle(std::exchange(stream_->mark, 0), outcome);
}

/// What a fault asked for, after the last event that passed. (The frames that did not leave come on
/// the client's next stream.)
void HttpConnection::break_stream() {
  const StreamFault kind = stream_->plan.kind();
  if (kind == StreamFault::silence) return silence_stream();
  settle_stream_fault(FaultOutcome::struck);
  end_stream_output();
  if (kind != StreamFault::end && stream_->chunked) out_.resize(out_.size() - kLastChunk.size());
  if (kind == StreamFault::reset) state_ = State::resetting;
  go_on();
}

/// The connection stays, without anything behind it.
void HttpConnection::silence_stream() {
  if (!flush()) return;
  note_frames_sent();
  note_flushed();
  settle_stream_fault(FaultOutcome::struck);
  const std::shared_ptr<StreamQueue> queue = std::move(stream_->queue);
  queue->sent(stream_->taken_back.size());
  worker_.parts().host.close_stream(stream_->number, *queue,
                                    std::exchange(stream_->taken_back, {}));
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
  settle_stream_fault(FaultOutcome::missed);
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
