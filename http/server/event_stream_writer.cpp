#include "http/server/event_stream_writer.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "http/server/reply_writer.hpp"

namespace sluice {
namespace {

/// Frames that are put together into one write.
constexpr std::size_t kBatch = 64 << 10;

}  // namespace

EventStreamWriter::EventStreamWriter(std::shared_ptr<StreamSource> source, bool chunked,
                                     const ReplyFault& fault)
    : source_(std::move(source)), chunked_(chunked) {
  if (fault.stream == StreamFault::none) return;
  plan_ = StreamFaultPlan(fault);
  mark_ = fault.mark;
}

EventStreamWriter::Step EventStreamWriter::write(SteadyTime now, std::string& out) {
  if (!source_) return {};
  if (plan_.is_broken()) return break_off(out);
  StreamSource::Taken taken = source_->take(now, kBatch);
  const bool is_idle = taken.frames.empty();
  add_frames(std::move(taken.frames), out);
  if (plan_.is_broken()) return break_off(out);
  if (taken.ended) {
    end(out);
    return {Step::Kind::ends};
  }
  return {is_idle ? Step::Kind::idle : Step::Kind::frames, taken.more_at};
}

/// As the fault has it; what is behind its break goes back to the source.
void EventStreamWriter::add_frames(std::vector<UnsentFrame> frames, std::string& out) {
  for (UnsentFrame& frame : frames) {
    if (plan_.is_broken() || !add_frame(frame, out)) {
      taken_back_.push_back(std::move(frame));
    } else if (ends_.size() > sending_.size()) {
      sending_.push_back(std::move(frame));
    }
  }
}

/// False: not the whole of it, so it is still to come.
bool EventStreamWriter::add_frame(const UnsentFrame& frame, std::string& out) {
  const std::string_view bytes = frame.frame;
  const StreamFaultPlan::Fate fate = plan_.next(frame.run);
  if (fate != StreamFaultPlan::Fate::send) note_struck();
  switch (fate) {
    case StreamFaultPlan::Fate::drop:
      source_->sent(1);
      return true;
    case StreamFaultPlan::Fate::half:
      add_part(bytes.substr(0, bytes.size() / 2), out);
      return false;
    case StreamFaultPlan::Fate::repeat:
      add_part(bytes, out);
      break;
    case StreamFaultPlan::Fate::send:
      break;
  }
  add_part(bytes, out);
  ends_.push_back(out.size());
  return true;
}

void EventStreamWriter::add_part(std::string_view bytes, std::string& out) const {
  if (chunked_) {
    append_chunk(out, bytes);
  } else {
    out.append(bytes);
  }
}

/// What the fault asks for, behind the last event that passed.
EventStreamWriter::Step EventStreamWriter::break_off(std::string& out) {
  if (plan_.kind() == StreamFault::silence) return {Step::Kind::silent};
  note_struck();
  if (plan_.kind() == StreamFault::end) end(out);
  return {plan_.kind() == StreamFault::reset ? Step::Kind::resets : Step::Kind::ends};
}

void EventStreamWriter::note_struck() {
  if (mark_ != 0) struck_ = std::exchange(mark_, 0);
}

std::uint64_t EventStreamWriter::take_struck() { return std::exchange(struck_, 0); }

std::size_t EventStreamWriter::flushed() {
  const std::size_t frames = sending_.size();
  if (frames == 0) return 0;
  source_->sent(frames);
  std::vector<UnsentFrame>().swap(sending_);
  std::vector<std::size_t>().swap(ends_);
  return frames;
}

void EventStreamWriter::cut(std::string& out, std::size_t sent) {
  std::size_t kept = 0;
  while (kept < sending_.size() && (kept == 0 || ends_[kept - 1] < sent)) ++kept;
  if (kept < sending_.size()) {
    const auto first = sending_.begin() + static_cast<std::ptrdiff_t>(kept);
    std::move(first, sending_.end(), std::back_inserter(taken_back_));
    sending_.erase(first, sending_.end());
    out.resize(ends_[kept - 1]);
  }
  end(out);
}

void EventStreamWriter::fall_silent() {
  note_struck();
  const std::shared_ptr<StreamSource> source = std::move(source_);
  source->close(std::exchange(taken_back_, {}));
}

void EventStreamWriter::end(std::string& out) const {
  if (chunked_) out.append(kLastChunk);
}

std::uint64_t EventStreamWriter::close(std::size_t sent) {
  const std::shared_ptr<StreamSource> source = std::move(source_);
  if (source) {
    std::vector<UnsentFrame> unsent;
    std::size_t left = 0;
    for (std::size_t i = 0; i < sending_.size(); ++i)
      if (ends_[i] > sent) {
        unsent.push_back(std::move(sending_[i]));
      } else {
        ++left;
      }
    source->sent(left);
    std::ranges::move(taken_back_, std::back_inserter(unsent));
    source->close(std::move(unsent));
  }
  return std::exchange(mark_, 0);
}

}  // namespace sluice
