// Webhooks on their way: who gets which event, in what order, and how often it is tried.
//
// Each event goes to the registered webhooks of its run's workspace and workflow and to the run's
// own, if they subscribed to it. To one URL, the events of one session go one at a time and in
// order: the next waits until the one before has arrived or was given up. Of the posts to one URL
// and to one host only so many wait for an answer at once. Runs never wait for webhooks.
//
// A post is stamped and signed when it leaves, each retry anew. Deliveries leave through
// WebhookTransport, results come back by done(). Time is simulated, but for the stamps and for what
// receivers ask for (Retry-After), if it is told what real time is. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/epoch.hpp"
#include "base/time.hpp"
#include "mock_api/contract/event_type.hpp"
#include "mock_api/runs/served_run.hpp"
#include "mock_api/service.hpp"
#include "mock_api/webhooks/delivery_lanes.hpp"
#include "mock_api/webhooks/delivery_slots.hpp"
#include "mock_api/webhooks/webhook_delivery.hpp"
#include "pipeline/event_queue.hpp"
#include "scenarios/serve_config.hpp"

namespace sluice {

struct WebhookSettings {
  std::vector<Duration> retries{{1'000'000'000}, {5'000'000'000}, {25'000'000'000}};
  Duration timeout{10'000'000'000};
  Duration validity{300'000'000'000};  ///< of a run's own webhook that does not say
  /// What counts of a receiver's Retry-After, in real time; and how many simulated seconds one of
  /// its seconds is.
  Duration max_retry_after{3'600'000'000'000};
  double time_scale = 1;
  /// The clock of stamps, in Unix nanoseconds; empty: they are of the simulated time.
  std::function<std::int64_t()> unix_ns_now;
  DeliverySlots::Limits slots;
  std::size_t max_under_way = 100'000;  ///< deliveries; further ones are given up at once
  std::string paused_event = "execution.paused";
  /// In the log, whichever is reached first; the oldest sessions are forgotten, but for those with
  /// deliveries under way.
  std::size_t sessions_kept = 100'000;
  std::size_t deliveries_kept = 200'000;
};

class WebhookOutbox {
 public:
  using Runs = std::span<const ServedRun* const>;
  /// The payload for a receiver that hears of these runs.
  using BatchPayload = std::function<std::string(Runs)>;
  /// True: this delivery is to be lost. Asked once per delivery, when it would leave.
  using DropFault = std::function<bool(Time now, const WebhookDelivery&)>;

  WebhookOutbox(const Epoch& epoch, WebhookSettings settings,
                std::span<const ServedWebhook> registered, WebhookTransport& transport);

  void set_drop_fault(DropFault drops) { drops_ = std::move(drops); }

  /// How an event is spelled: pauses as the settings say.
  std::string_view word(EventType type) const;

  /// Whether any webhook hears of the run, or of such events of it. O(registered webhooks).
  bool subscribed(const ServedRun& run) const;
  bool subscribed(const ServedRun& run, EventType type) const;

  /// An event of one run.
  void add(Time now, const ServedRun& run, EventType type, std::string_view payload);
  /// An event of several runs: to each receiver one webhook for all those of them that it hears of,
  /// in one workspace and with the same metadata.
  void add(Time now, Runs runs, EventType type, const BatchPayload& payload);

  /// The result of the post with this id; unknown ids are ignored.
  void done(Time now, std::uint64_t id, const WebhookResult& result);
  /// When the next retry is due; Time::never() if none is.
  Time next_due() const { return timers_.next_time(); }
  void advance(Time now);

  /// Posts without a result yet.
  std::size_t outstanding() const { return in_flight_.size(); }
  /// Deliveries neither delivered nor given up, the outstanding ones included.
  std::size_t under_way() const { return under_way_; }

  /// All deliveries of a session, those of replays included, in the order in which they were added:
  /// each post is an attempt of one of them.
  std::vector<const WebhookDelivery*> log(std::uint64_t run) const;

  /// Sends again, once each, what was sent of this session already (other replays apart). The
  /// number, never 0, is for take_replay.
  std::uint64_t replay(Time now, std::uint64_t run);
  /// Its results in the order of the log; none before the last has come, and when taken already.
  std::optional<std::vector<ReplayedWebhook>> take_replay(std::uint64_t number);
  /// Those that take_replay has results of, ascending. O(replays not taken).
  std::vector<std::uint64_t> finished_replays() const;

 private:
  using DeliveryPtr = std::shared_ptr<WebhookDelivery>;
  using ReceiverPtr = std::shared_ptr<const WebhookEndpoint>;
  struct Session {
    std::vector<DeliveryPtr> log;
    ReceiverPtr own;  // the run's own webhook
  };
  struct Replay {
    std::vector<DeliveryPtr> deliveries;
    std::size_t open = 0;
  };

  bool concerns(std::size_t registered, const ServedRun& run) const;
  ReceiverPtr own_receiver(const ServedRun& run);
  /// Of all receivers with this URL. O(registered webhooks).
  std::uint32_t target_of(const std::string& url) const;
  void deliver(Time now, Runs runs, std::uint32_t target, const ReceiverPtr& receiver,
               EventType type, const BatchPayload& payload);
  Session& session(std::uint64_t run);
  bool is_log_too_long() const;
  void forget_old_sessions();
  /// In the log of its sessions.
  void note(const DeliveryPtr& delivery);
  void stamp(Time now, WebhookDelivery& delivery) const;
  void begin(Time now, const DeliveryPtr& delivery);
  /// False: a fault has it lost.
  bool send(Time now, const DeliveryPtr& delivery);
  void post(Time now, const std::vector<DeliveryPtr>& deliveries);
  /// What the receiver wants the next attempt to wait at least; nothing if it does not say.
  Duration asked_pause(const WebhookResult& result) const;
  void failed(Time now, const DeliveryPtr& delivery, const WebhookResult& result);
  void finish(Time now, const DeliveryPtr& delivery);

  const Epoch& epoch_;
  WebhookSettings settings_;
  std::vector<ServedWebhook> registered_;
  std::vector<ReceiverPtr> receivers_;  // of the registered ones
  WebhookTransport& transport_;
  DropFault drops_;
  DeliveryLanes lanes_;
  DeliverySlots slots_;
  std::unordered_map<std::uint64_t, Session> sessions_;       // by run
  std::deque<std::uint64_t> session_order_;                   // by first event
  std::size_t logged_ = 0;                                    // deliveries in all logs
  std::unordered_map<std::uint64_t, DeliveryPtr> in_flight_;  // by id of the post
  std::unordered_map<std::uint32_t, DeliveryPtr> retrying_;   // by subject of the timer
  std::map<std::uint64_t, Replay> replays_;
  std::uint64_t next_post_ = 1;
  std::uint64_t next_replay_ = 1;
  std::uint32_t next_timer_ = 0;
  std::size_t under_way_ = 0;
  EventQueue timers_;
};

}  // namespace sluice
