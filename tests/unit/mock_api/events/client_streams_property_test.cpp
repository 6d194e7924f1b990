// Over random sequences of publishing, connecting, losing connections and time: every event reaches
// its client once, in order.
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/random/random.hpp"
#include "mock_api/events/client_streams.hpp"
#include "tests/unit/mock_api/events/sample_runs.hpp"

namespace sluice {
namespace {

/// A connection that sends its frames one by one and may break with some unsent.
struct Connection : EventSink {
  void write(std::string_view frame, std::uint64_t run) override {
    ASSERT_FALSE(is_ended) << "written to after its end";
    queued.push_back({std::string(frame), run});
  }
  void end() override { is_ended = true; }

  std::uint64_t stream = 0;
  std::deque<UnsentFrame> queued;
  bool is_ended = false;
};

/// One client: what was published for it, what it got, its connections from oldest to newest.
struct Client {
  std::string key;
  std::vector<std::string> published, received;
  std::deque<std::unique_ptr<Connection>> connections;
};

/// Counts what the test is about: that it happened at all.
struct Reached {
  std::size_t sent_back = 0, kept = 0, took_over = 0, pings = 0;
};

class StreamsWorld {
 public:
  explicit StreamsWorld(std::uint64_t seed) : random_(seed), streams_(kSampleEpoch, {}) {
    for (int i = 0; i < 4; ++i) clients_.push_back({"client " + std::to_string(i), {}, {}, {}});
  }

  void play(std::size_t steps) {
    for (std::size_t i = 0; i < steps; ++i) step();
    for (Client& client : clients_) settle(client);
  }

  const std::deque<Client>& clients() const { return clients_; }
  const ClientStreams& streams() const { return streams_; }
  const Reached& reached() const { return reached_; }

 private:
  void step() {
    Client& client = clients_[random_.below(clients_.size())];
    switch (random_.below(8)) {
      case 0:
      case 1:
      case 2:
        return publish(client);
      case 3:
        return connect(client);
      case 4:
        return disconnect(client);
      case 5:
        return pass_time();
      default:
        return send_some(client);
    }
  }

  void publish(Client& client) {
    client.published.push_back("event " + std::to_string(client.published.size()));
    if (client.connections.empty() || client.connections.back()->is_ended) ++reached_.kept;
    streams_.append(now_, client.key, client.published.back(), 7);
  }

  /// A server closes what has ended once it is sent; a stream that takes over finds the old one
  /// flushed, as a client opens the next only after the end of the last.
  void connect(Client& client) {
    if (!client.connections.empty()) {
      ++reached_.took_over;
      send_all(client);
    }
    auto connection = std::make_unique<Connection>();
    connection->stream = streams_.open(now_, client.key, *connection);
    client.connections.push_back(std::move(connection));
    while (client.connections.size() > 1) close_oldest(client);
  }

  void disconnect(Client& client) {
    if (!client.connections.empty()) close_oldest(client);
  }

  void close_oldest(Client& client) {
    const std::unique_ptr<Connection> gone = std::move(client.connections.front());
    client.connections.pop_front();
    if (!gone->queued.empty()) {
      ++reached_.sent_back;
      streams_.unsent(now_, gone->stream, {gone->queued.begin(), gone->queued.end()});
    }
    streams_.close(now_, gone->stream);
  }

  void send_some(Client& client) {
    if (client.connections.empty()) return;
    const std::size_t count = random_.below(4);
    for (std::size_t i = 0; i < count; ++i) send_one(client, *client.connections.back());
  }

  void send_all(Client& client) {
    for (const auto& connection : client.connections)
      while (!connection->queued.empty()) send_one(client, *connection);
  }

  void send_one(Client& client, Connection& connection) {
    if (connection.queued.empty()) return;
    const UnsentFrame frame = connection.queued.front();
    connection.queued.pop_front();
    if (frame.run == kNoRun)
      ++reached_.pings;
    else
      client.received.push_back(frame.frame);
  }

  void pass_time() {
    const Time until = now_ + Duration{static_cast<std::int64_t>(random_.below(20'000'000'000))};
    for (; streams_.next_due() <= until; streams_.advance(now_)) now_ = streams_.next_due();
    streams_.advance(now_ = until);
  }

  void settle(Client& client) {
    connect(client);
    send_all(client);
  }

  Stream random_;
  ClientStreams streams_;
  std::deque<Client> clients_;
  Time now_ = Time::zero();
  Reached reached_;
};

TEST(ClientStreamsPropertyTest, EveryEventArrivesOnceAndInOrder) {
  Reached total;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    StreamsWorld world(seed);
    // Short enough that nothing becomes ten minutes old.
    world.play(200);
    for (const Client& client : world.clients())
      EXPECT_EQ(client.received, client.published) << "seed " << seed << ", " << client.key;
    EXPECT_EQ(world.streams().lost_events(), 0U) << "seed " << seed;
    EXPECT_EQ(world.streams().kept_frames(), 0U);
    EXPECT_EQ(world.streams().clients(), world.clients().size());
    total.sent_back += world.reached().sent_back;
    total.kept += world.reached().kept;
    total.took_over += world.reached().took_over;
    total.pings += world.reached().pings;
  }
  EXPECT_GT(total.sent_back, 100U);
  EXPECT_GT(total.kept, 100U);
  EXPECT_GT(total.took_over, 100U);
  EXPECT_GT(total.pings, 100U);
}

}  // namespace
}  // namespace sluice
