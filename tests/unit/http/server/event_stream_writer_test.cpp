// Frames of an event stream to the bytes of its connection: what leaves, what goes back, what a
// fault does.
#include "http/server/event_stream_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace sluice::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Kind = EventStreamWriter::Step::Kind;

constexpr SteadyTime kNow{};

/// Frames that a test gives.
class GivenFrames final : public StreamSource {
 public:
  Taken take(SteadyTime, std::size_t) override {
    Taken taken;
    taken.frames = std::exchange(frames, {});
    under_way += taken.frames.size();
    taken.more_at = more_at;
    taken.ended = ended;
    return taken;
  }
  bool overflowed() override { return is_full; }
  void sent(std::size_t count) override { under_way -= count; }
  void close(std::vector<UnsentFrame> unsent) override {
    ++closed;
    under_way -= unsent.size();
    for (const UnsentFrame& frame : unsent) returned.push_back(frame.frame);
  }

  std::vector<UnsentFrame> frames;
  SteadyTime more_at = SteadyTime::max();
  bool ended = false, is_full = false;
  int closed = 0;
  std::size_t under_way = 0;
  std::vector<std::string> returned;
};

class AnEventStream : public ::testing::Test {
 protected:
  explicit AnEventStream(bool chunked = false) : writer_(source_, chunked) {}

  void breaks(StreamFault kind, std::uint32_t after, std::uint32_t events = 1) {
    ReplyFault fault;
    fault.stream = kind;
    fault.after_events = after;
    fault.events = events;
    fault.mark = 9;
    writer_ = EventStreamWriter(source_, false, fault);
  }
  /// Events `<0>` … of run 1, four bytes each, after a ping.
  void give(int events) {
    source_->frames.push_back({"ping", UINT64_MAX});
    for (int i = 0; i < events; ++i)
      source_->frames.push_back({"<" + std::to_string(i) + ">\n", 1});
  }
  Kind write() { return writer_.write(kNow, out_).kind; }

  std::shared_ptr<GivenFrames> source_ = std::make_shared<GivenFrames>();
  EventStreamWriter writer_;
  std::string out_;
};

TEST_F(AnEventStream, WritesWhatItsSourceHas) {
  give(2);
  EXPECT_EQ(write(), Kind::frames);
  EXPECT_EQ(out_, "ping<0>\n<1>\n");
  EXPECT_EQ(source_->under_way, 3u);
  EXPECT_EQ(writer_.flushed(), 3u);
  EXPECT_EQ(source_->under_way, 0u);
}

TEST_F(AnEventStream, SaysWhenThereIsMore) {
  source_->more_at = kNow + 10ms;
  const EventStreamWriter::Step step = writer_.write(kNow, out_);
  EXPECT_EQ(step.kind, Kind::idle);
  EXPECT_EQ(step.more_at, kNow + 10ms);
  EXPECT_EQ(out_, "");
}

TEST_F(AnEventStream, EndsWithItsSource) {
  writer_ = EventStreamWriter(source_, true);
  give(1);
  source_->ended = true;
  EXPECT_EQ(write(), Kind::ends);
  EXPECT_EQ(out_, "4\r\nping\r\n4\r\n<0>\n\r\n0\r\n\r\n") << "in chunks";
}

TEST_F(AnEventStream, GivesBackWhatHasNotLeftWhole) {
  give(3);
  write();
  EXPECT_EQ(writer_.close(9), 0u) << "nine bytes: a ping, an event, and one byte of the next";
  EXPECT_THAT(source_->returned, ElementsAre("<1>\n", "<2>\n"));
  EXPECT_EQ(source_->under_way, 0u);
  EXPECT_EQ(source_->closed, 1);
}

TEST_F(AnEventStream, IsCutBehindTheFrameThatHasBegun) {
  give(3);
  write();
  source_->is_full = true;
  EXPECT_TRUE(writer_.is_behind());
  writer_.cut(out_, 9);
  EXPECT_EQ(out_, "ping<0>\n<1>\n");
  EXPECT_EQ(writer_.close(out_.size()), 0u);
  EXPECT_THAT(source_->returned, ElementsAre("<2>\n"));
}

TEST_F(AnEventStream, KeepsAllThatIsEncryptedWhenItIsCut) {
  give(2);
  write();
  const std::string before = out_;
  writer_.cut(out_, SIZE_MAX);
  EXPECT_EQ(out_, before);
  writer_.close(0);
  EXPECT_THAT(source_->returned, ElementsAre("ping", "<0>\n", "<1>\n")) << "as nobody can tell";
}

TEST_F(AnEventStream, SaysNothingWithoutASource) {
  EventStreamWriter silent(nullptr, true);
  EXPECT_TRUE(silent.is_silent());
  EXPECT_EQ(silent.write(kNow, out_).kind, Kind::idle);
  EXPECT_FALSE(silent.is_behind());
  EXPECT_EQ(silent.flushed(), 0u);
  EXPECT_EQ(silent.close(0), 0u);
}

TEST_F(AnEventStream, BreaksBehindItsLastEvent) {
  breaks(StreamFault::reset, 1);
  give(3);
  EXPECT_EQ(write(), Kind::resets);
  EXPECT_EQ(out_, "ping<0>\n");
  EXPECT_EQ(writer_.take_struck(), 9u);
  EXPECT_EQ(writer_.take_struck(), 0u) << "told once";
  EXPECT_EQ(writer_.close(out_.size()), 0u);
  EXPECT_THAT(source_->returned, ElementsAre("<1>\n", "<2>\n"));
  EXPECT_EQ(source_->under_way, 0u);
}

TEST_F(AnEventStream, EndsCleanlyOrNotAsItsFaultSays) {
  for (const StreamFault kind : {StreamFault::end, StreamFault::close}) {
    ReplyFault fault;
    fault.stream = kind;
    EventStreamWriter writer(source_, true, fault);
    std::string out;
    EXPECT_EQ(writer.write(kNow, out).kind, Kind::ends);
    EXPECT_EQ(out, kind == StreamFault::end ? "0\r\n\r\n" : "");
  }
}

TEST_F(AnEventStream, EndsInTheMiddleOfAnEvent) {
  breaks(StreamFault::half_event, 0);
  give(2);
  EXPECT_EQ(write(), Kind::ends);
  EXPECT_EQ(out_, "ping<0");
  writer_.close(out_.size());
  EXPECT_THAT(source_->returned, ElementsAre("<0>\n", "<1>\n")) << "half of one is none";
}

TEST_F(AnEventStream, DropsEventsOrSaysThemTwice) {
  breaks(StreamFault::drop, 1, 2);
  give(4);
  EXPECT_EQ(write(), Kind::frames);
  EXPECT_EQ(out_, "ping<0>\n<3>\n");
  EXPECT_EQ(writer_.take_struck(), 9u);
  EXPECT_EQ(writer_.flushed(), 3u);
  EXPECT_EQ(source_->under_way, 0u);
  breaks(StreamFault::repeat, 0);
  out_.clear();
  give(2);
  write();
  EXPECT_EQ(out_, "ping<0>\n<0>\n<1>\n");
}

TEST_F(AnEventStream, FallsSilentWhenWhatWasBeforeHasLeft) {
  breaks(StreamFault::silence, 1);
  give(2);
  EXPECT_EQ(write(), Kind::silent);
  EXPECT_EQ(out_, "ping<0>\n");
  EXPECT_EQ(writer_.take_struck(), 0u) << "not yet";
  EXPECT_EQ(writer_.flushed(), 2u);
  EXPECT_FALSE(writer_.is_silent());
  writer_.fall_silent();
  EXPECT_EQ(writer_.take_struck(), 9u);
  EXPECT_TRUE(writer_.is_silent());
  EXPECT_THAT(source_->returned, ElementsAre("<1>\n"));
  out_.clear();
  EXPECT_EQ(write(), Kind::idle);
}

TEST_F(AnEventStream, TellsOfAFaultThatHasNotStruck) {
  breaks(StreamFault::end, 5);
  give(2);
  write();
  EXPECT_EQ(writer_.take_struck(), 0u);
  EXPECT_EQ(writer_.close(out_.size()), 9u);
  EXPECT_THAT(source_->returned, IsEmpty());
}

}  // namespace
}  // namespace sluice::test
