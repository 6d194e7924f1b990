// The events that wait for a client, and the streams on which they go to it (contract 6.3).
//
// Per client id one queue and at most one stream. Events are kept from the first POST on and in
// every gap between two streams, up to a number and an age; a stream gets what was kept, then what
// comes, each event once and in order. Every stream gets a ping when it opens and at an interval.
// Time is simulated. Not thread-safe. An idle client costs about 200 bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/epoch.hpp"
#include "base/time.hpp"
#include "mock_api/events/frame_store.hpp"
#include "mock_api/service.hpp"
#include "mock_api/service_figure.hpp"
#include "pipeline/event_queue.hpp"
#include "pipeline/ids.hpp"

namespace sluice {

struct StreamSettings {
  Duration ping_interval{15'000'000'000};  ///< zero or less: one ping when it opens, no more
  std::optional<Duration> end_after;       ///< streams of this age are ended cleanly
  std::uint32_t kept_events = 10'000;      ///< per client; the oldest make room
  Duration kept_for{600'000'000'000};
  std::size_t kept_bytes = std::size_t{64} << 20;  ///< of all clients together
};

/// Events that were given up because of one of the bounds.
struct LostEvents {
  std::uint64_t number = 0;  ///< of their client's events
  std::uint64_t age = 0;
  std::uint64_t memory = 0;  ///< of all clients' events together
};

class ClientStreams {
 public:
  ClientStreams(const Epoch& epoch, const StreamSettings& settings);

  /// What a stream is opened by: client ids of two workspaces are two clients.
  static std::string key(WorkspaceId workspace, std::string_view client_id);

  /// Sends the frame to the client's stream, or keeps it. O(1) amortised.
  void append(Time now, std::string_view client_key, std::string_view frame, std::uint64_t run);

  /// A ping, what was kept, then what comes. A stream that this client has open is ended. The
  /// number is for close() and unsent(). O(frames kept).
  std::uint64_t open(Time now, std::string_view client_key, EventSink& sink);
  /// Frames that an open or ended stream could not send, in order: they come before all that is
  /// kept for the client.
  void unsent(Time now, std::uint64_t stream, std::vector<UnsentFrame> frames);
  /// The stream is gone; its sink is not used any more. Unknown numbers are ignored.
  void close(Time now, std::uint64_t stream);
  /// Ends every open stream cleanly.
  void end_all();

  /// When the next ping or clean end is due; Time::never() if none is. A lower bound.
  Time next_due() const { return timers_.next_time(); }
  void advance(Time now);

  std::size_t open_streams() const { return open_; }
  std::size_t clients() const { return clients_.size() - free_clients_.size(); }
  std::size_t kept_frames() const { return kept_.size(); }
  /// Events that were given up.
  const LostEvents& lost() const { return lost_; }
  std::uint64_t lost_events() const { return lost_.number + lost_.age + lost_.memory; }
  /// Events given up, by the bound that they broke, and those that are kept.
  void add_to(std::vector<ServiceFigure>& figures) const;

 private:
  struct Client {
    std::string key;
    EventSink* sink = nullptr;
    std::uint64_t stream = 0;  // the open one; 0: none
    FrameQueue kept;
    std::uint32_t streams = 0;  // open, or ended and not closed yet
  };

  std::uint32_t client_of(std::string_view key);
  void forget_if_idle(std::uint32_t index);
  void end_stream(Client& client);
  void detach(Client& client);
  void make_room(std::uint32_t index);
  void give_up_oldest(std::uint64_t& cause);
  void expire(Time now);
  void schedule_timers(Time now, std::uint32_t index);
  void ping(Time now, Client& client) const;

  const Epoch& epoch_;
  StreamSettings settings_;
  std::deque<Client> clients_;  // addresses of keys are stable
  std::vector<std::uint32_t> free_clients_;
  std::unordered_map<std::string_view, std::uint32_t> by_key_;  // views of the clients' own keys
  std::unordered_map<std::uint64_t, std::uint32_t> streams_;    // their clients
  std::uint64_t next_stream_ = 1;
  std::size_t open_ = 0;
  LostEvents lost_;
  FrameStore kept_;
  EventQueue timers_;  // subject: client; generation: its stream's lower half
};

}  // namespace sluice
