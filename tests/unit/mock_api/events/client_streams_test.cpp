// The delivery rules of contract 6.3 that are the service's, one by one.
#include "mock_api/events/client_streams.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/mock_api/events/sample_runs.hpp"

namespace sluice {
namespace {

using namespace literals;
using testing::ElementsAre;
using testing::IsEmpty;

class ClientStreamsTest : public testing::Test {
 protected:
  /// Lets everything happen up to `until`, each thing at its own instant.
  void advance_by_steps(Time until) {
    while (streams.next_due() <= until) streams.advance(streams.next_due());
    streams.advance(until);
  }

  StreamSettings settings;
  ClientStreams streams{kSampleEpoch, settings};
  SampleSink sink;
};

TEST_F(ClientStreamsTest, Rule1EventsBeforeTheFirstStreamAreKeptForIt) {
  streams.append(at(0_s), "c", "one", 1);
  streams.append(at(1_s), "c", "two", 2);
  streams.open(at(2_s), "c", sink);
  EXPECT_THAT(sink.events(), ElementsAre("one", "two"));
  EXPECT_EQ(sink.frames.back().run, 2U) << "the server holds frames back by their run";
}

TEST_F(ClientStreamsTest, AnUnknownClientIsAcceptedAndGetsWhatComesLater) {
  streams.open(at(0_s), "c", sink);
  EXPECT_THAT(sink.events(), IsEmpty());
  streams.append(at(1_s), "c", "one", 1);
  EXPECT_THAT(sink.events(), ElementsAre("one"));
}

TEST_F(ClientStreamsTest, Rule3EventsInAGapAreKeptForTheNextStream) {
  const std::uint64_t first = streams.open(at(0_s), "c", sink);
  streams.append(at(1_s), "c", "one", 1);
  streams.close(at(2_s), first);
  streams.append(at(3_s), "c", "two", 1);
  SampleSink next;
  streams.open(at(4_s), "c", next);
  streams.append(at(5_s), "c", "three", 1);
  EXPECT_THAT(sink.events(), ElementsAre("one"));
  EXPECT_THAT(next.events(), ElementsAre("two", "three"));
}

TEST_F(ClientStreamsTest, Rule6TheNewestStreamWinsAndTheOldOneEndsCleanly) {
  const std::uint64_t old = streams.open(at(0_s), "c", sink);
  SampleSink next;
  streams.open(at(1_s), "c", next);
  EXPECT_TRUE(sink.ended);
  EXPECT_EQ(streams.open_streams(), 1U);
  streams.append(at(2_s), "c", "one", 1);
  streams.close(at(3_s), old);
  streams.append(at(4_s), "c", "two", 1);
  EXPECT_THAT(sink.events(), IsEmpty());
  EXPECT_THAT(next.events(), ElementsAre("one", "two"));
}

TEST_F(ClientStreamsTest, Rule7TheOldestEventsMakeRoom) {
  settings.kept_events = 2;
  ClientStreams small(kSampleEpoch, settings);
  for (const char* text : {"one", "two", "three"}) small.append(at(0_s), "c", text, 1);
  small.open(at(0_s), "c", sink);
  EXPECT_THAT(sink.events(), ElementsAre("two", "three"));
  EXPECT_EQ(small.lost().number, 1U);
  EXPECT_EQ(small.lost_events(), 1U);
}

TEST_F(ClientStreamsTest, Rule7EventsAreKeptForTenMinutes) {
  streams.append(at(0_s), "c", "one", 1);
  streams.append(at(1_s), "c", "two", 1);
  streams.open(at(10_min) + 1_s, "c", sink);
  EXPECT_THAT(sink.events(), ElementsAre("two"));
  EXPECT_EQ(streams.lost().age, 1U);
  EXPECT_EQ(streams.lost_events(), 1U);
}

TEST_F(ClientStreamsTest, AClientWhoseEventsAreTooOldIsForgotten) {
  streams.append(at(0_s), "c", "one", 1);
  EXPECT_EQ(streams.clients(), 1U);
  streams.advance(at(11_min));
  EXPECT_EQ(streams.clients(), 0U);
  EXPECT_EQ(streams.next_due(), Time::never());
}

TEST_F(ClientStreamsTest, KeptBytesOfAllClientsTogetherAreBounded) {
  settings.kept_bytes = 1000;
  ClientStreams small(kSampleEpoch, settings);
  for (int i = 0; i < 100; ++i) small.append(at(0_s), std::to_string(i), "frame", 1);
  EXPECT_LT(small.kept_frames(), 20U);
  EXPECT_EQ(small.kept_frames() + small.lost().memory, 100U);
  EXPECT_EQ(small.clients(), small.kept_frames());
}

TEST_F(ClientStreamsTest, DeliveredEventsAreNotRepeated) {
  streams.close(at(1_s), streams.open(at(0_s), "c", sink));
  streams.append(at(1_s), "c", "one", 1);
  streams.close(at(2_s), streams.open(at(1_s), "c", sink));
  SampleSink next;
  streams.open(at(3_s), "c", next);
  EXPECT_THAT(next.events(), IsEmpty());
}

TEST_F(ClientStreamsTest, FramesThatNeverLeftComeFirstOnTheNextStream) {
  const std::uint64_t first = streams.open(at(0_s), "c", sink);
  streams.append(at(1_s), "c", "one", 1);
  streams.append(at(1_s), "c", "two", 2);
  streams.unsent(at(2_s), first, {{"ping", kNoRun}, {"two", 2}});
  streams.append(at(2_s), "c", "three", 3);
  streams.close(at(2_s), first);
  SampleSink next;
  streams.open(at(3_s), "c", next);
  EXPECT_THAT(next.events(), ElementsAre("two", "three"));
  EXPECT_EQ(next.frames[1].run, 2U);
}

TEST_F(ClientStreamsTest, FramesThatNeverLeftGoToTheStreamThatIsOpenAlready) {
  const std::uint64_t first = streams.open(at(0_s), "c", sink);
  streams.append(at(1_s), "c", "one", 1);
  SampleSink next;
  streams.open(at(2_s), "c", next);
  streams.unsent(at(3_s), first, {{"one", 1}});
  streams.close(at(3_s), first);
  EXPECT_THAT(next.events(), ElementsAre("one"));
}

TEST_F(ClientStreamsTest, APingAtOnceAndEveryFifteenSeconds) {
  streams.open(at(1_s), "c", sink);
  ASSERT_EQ(sink.pings(), 1U);
  EXPECT_EQ(sink.frames[0].frame, "event: ping\ndata: {\"ts\":1724002464000}\n\n");
  EXPECT_EQ(streams.next_due(), at(16_s));
  advance_by_steps(at(46_s));
  EXPECT_EQ(sink.pings(), 4U);
  EXPECT_EQ(sink.frames[3].frame, "event: ping\ndata: {\"ts\":1724002509000}\n\n");
}

TEST_F(ClientStreamsTest, ALateClockPingsOnce) {
  streams.open(at(0_s), "c", sink);
  streams.advance(at(10_min));
  EXPECT_LE(sink.pings(), 3U);
  EXPECT_GT(streams.next_due(), at(10_min));
}

TEST_F(ClientStreamsTest, NoPingsAfterTheStreamIsGone) {
  streams.close(at(1_s), streams.open(at(0_s), "c", sink));
  advance_by_steps(at(1_min));
  EXPECT_EQ(sink.pings(), 1U);
  EXPECT_EQ(streams.clients(), 0U);
}

TEST_F(ClientStreamsTest, StreamsEndCleanlyAtASetAge) {
  settings.end_after = 1_h;
  ClientStreams ageing(kSampleEpoch, settings);
  ageing.open(at(0_s), "c", sink);
  while (ageing.next_due() < at(1_h)) ageing.advance(ageing.next_due());
  EXPECT_FALSE(sink.ended);
  ageing.advance(at(1_h));
  EXPECT_TRUE(sink.ended);
  ageing.append(at(1_h), "c", "one", 1);
  SampleSink next;
  ageing.open(at(1_h) + 1_s, "c", next);
  EXPECT_THAT(next.events(), ElementsAre("one"));
}

TEST_F(ClientStreamsTest, EndAllEndsEveryStream) {
  SampleSink other;
  streams.open(at(0_s), "c", sink);
  streams.open(at(0_s), "d", other);
  streams.end_all();
  EXPECT_TRUE(sink.ended && other.ended);
  EXPECT_EQ(streams.open_streams(), 0U);
}

TEST_F(ClientStreamsTest, OneClientIdInTwoWorkspacesIsTwoClients) {
  const std::string mine = ClientStreams::key(WorkspaceId::at(0), "c");
  const std::string theirs = ClientStreams::key(WorkspaceId::at(1), "c");
  streams.append(at(0_s), theirs, "one", 1);
  streams.open(at(0_s), mine, sink);
  EXPECT_THAT(sink.events(), IsEmpty());
}

TEST_F(ClientStreamsTest, UnknownStreamsAreIgnored) {
  streams.close(at(0_s), 17);
  streams.unsent(at(0_s), 17, {{"one", 1}});
  EXPECT_EQ(streams.clients(), 0U);
}

}  // namespace
}  // namespace sluice
