// Webhooks on their way: who gets which event, in what order, and how often it is tried.
//
// Each event goes to the registered webhooks of its run's workspace and workflow and to the run's
// own, if they subscribed to it. To one receiver, the events of one session go one at a time and in
// order: the next waits until the one before has arrived or was given up. Runs never wait for
// webhooks. Deliveries leave through WebhookTransport, results come back by done(). Time is
// simulated. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mock_api/contract/civil_time.hpp"
#include "mock_api/events/event_type.hpp"
#include "mock_api/runs/served_run.hpp"
#include "mock_api/service.hpp"
#include "mock_api/webhooks/webhook_delivery.hpp"
#include "pipeline/event_queue.hpp"
#include "pipeline/time.hpp"
#include "scenarios/serve_config.hpp"

namespace sluice {

struct WebhookSettings {
  std::vector<Duration> retries{{1'000'000'000}, {5'000'000'000}, {25'000'000'000}};
  Duration timeout{10'000'000'000};
  Duration validity{300'000'000'000};  ///< of a run's own webhook that does not say
  std::string paused_event = "execution.paused";
  std::size_t sessions_kept = 100'000;  ///< in the log; those with deliveries under way come on top
};

/// An event of one run, or of several at once: a batch is one delivery to each receiver.
struct WebhookEvent {
  EventType type = EventType::execution_queued;
  std::string workflow_id;
  /// The JSON object for a receiver of the events of these runs (all, for an event of one run).
  std::function<std::string(std::span<const ServedRun* const>)> payload;
};

class WebhookOutbox {
 public:
  /// True: this delivery is to be lost. Asked once per delivery, when it would leave.
  using DropFault = std::function<bool(Time now, const WebhookDelivery&)>;

  WebhookOutbox(const Epoch& epoch, WebhookSettings settings,
                std::span<const ServedWebhook> registered, WebhookTransport& transport);

  void set_drop_fault(DropFault drops) { drops_ = std::move(drops); }

  /// Whether any webhook hears of the run, or of such events of it. O(registered webhooks).
  bool subscribed(const ServedRun& run) const { return subscribed(run, EventSet::all()); }
  bool subscribed(const ServedRun& run, EventType type) const;

  void add(Time now, const ServedRun& run, EventType type, std::string_view workflow_id,
           std::string_view payload);
  void add(Time now, std::span<const ServedRun* const> runs, const WebhookEvent& event);

  /// The result of the post with this id; unknown ids are ignored.
  void done(Time now, std::uint64_t id, const WebhookResult& result);
  /// When the next retry is due; Time::never() if none is.
  Time next_due() const { return timers_.next_time(); }
  void advance(Time now);

  /// Posts without a result yet.
  std::size_t outstanding() const { return in_flight_.size(); }
  /// Deliveries that are neither delivered nor given up, the outstanding ones included.
  std::size_t under_way() const { return under_way_; }

  /// All deliveries of a session, replays apart, in the order in which they were added.
  std::vector<const WebhookDelivery*> log(std::uint64_t run) const;

  /// Sends again, once each, what was sent of this session already, freshly stamped and signed; the
  /// number is for take_finished_replays. Never 0.
  std::uint64_t replay(Time now, std::uint64_t run);
  /// Replays whose last result has come, with their results in the order of the log.
  std::vector<std::pair<std::uint64_t, std::vector<ReplayedWebhook>>> take_finished_replays();

 private:
  using DeliveryPtr = std::shared_ptr<WebhookDelivery>;
  using LaneKey = std::pair<std::uint64_t, std::uint32_t>;  // run, target
  struct Session {
    std::vector<DeliveryPtr> log;
    std::shared_ptr<const WebhookReceiver> own;  // the run's own webhook
  };
  struct Replay {
    std::vector<DeliveryPtr> deliveries;
    std::size_t open = 0;
  };

  bool subscribed(const ServedRun& run, EventSet types) const;
  bool concerns(std::size_t registered, const ServedRun& run) const;
  std::shared_ptr<const WebhookReceiver> own_receiver(const ServedRun& run);
  void deliver(Time now, std::span<const ServedRun* const> runs, std::uint32_t target,
               std::shared_ptr<const WebhookReceiver> receiver, const WebhookEvent& event);
  Session& session(std::uint64_t run);
  void forget_old_sessions();
  void enter_lanes(Time now, const DeliveryPtr& delivery);
  bool is_first_in_lanes(const WebhookDelivery& delivery) const;
  void send(Time now, const DeliveryPtr& delivery);
  void finish(Time now, const DeliveryPtr& delivery);
  void leave_lanes(Time now, const WebhookDelivery& delivery);
  void failed(Time now, const DeliveryPtr& delivery, std::string error);

  const Epoch& epoch_;
  WebhookSettings settings_;
  std::vector<ServedWebhook> registered_;
  std::vector<std::shared_ptr<const WebhookReceiver>> receivers_;  // of the registered ones
  WebhookTransport& transport_;
  DropFault drops_;
  std::map<LaneKey, std::deque<DeliveryPtr>> lanes_;
  std::unordered_map<std::uint64_t, Session> sessions_;       // by run
  std::deque<std::uint64_t> session_order_;                   // by first event
  std::unordered_map<std::uint64_t, DeliveryPtr> in_flight_;  // by id of the post
  std::unordered_map<std::uint32_t, DeliveryPtr> retrying_;   // by subject of the timer
  std::map<std::uint64_t, Replay> replays_;
  std::vector<std::uint64_t> finished_replays_;
  std::uint64_t next_post_ = 1;
  std::uint64_t next_replay_ = 1;
  std::uint32_t next_timer_ = 0;
  std::size_t under_way_ = 0;
  EventQueue timers_;
};

}  // namespace sluice
