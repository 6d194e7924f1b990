// Whose post goes next, so that a slow receiver does not hold up the others.
//
// A lane per URL, of deliveries that want to be posted; so many posts of a URL, and of a host, wait
// for an answer at once. A URL takes another slot only while its host has more free ones than the
// URL has taken (Choudhury and Hahne 1998, "Dynamic queue length thresholds"), so that some are
// always left for URLs that have none, however slow those are that have many. The URL with the
// fewest goes first, then the one that has waited longest for its turn. Not thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mock_api/webhooks/webhook_delivery.hpp"

namespace sluice {

class DeliverySlots {
 public:
  using DeliveryPtr = std::shared_ptr<WebhookDelivery>;
  struct Limits {
    std::uint32_t per_url = 8, per_host = 64;  ///< at least 1
  };

  explicit DeliverySlots(Limits limits) : limits_(limits) {}

  /// At the end of its URL's lane. Those that have a slot now and are to be posted, in order.
  /// O(log URLs of its host).
  std::vector<DeliveryPtr> enter(DeliveryPtr delivery);
  /// A post has ended and its slot is free; those that have one now. O(log URLs of its host).
  std::vector<DeliveryPtr> leave(const WebhookDelivery& posted);

 private:
  struct Lane {
    std::uint32_t taken = 0;
    std::uint64_t turn = 0;
    std::deque<DeliveryPtr> waiting;
  };
  struct Place {
    std::uint32_t taken;
    std::uint64_t turn;
    Lane* lane;
    bool operator<(const Place& other) const {
      return taken != other.taken ? taken < other.taken : turn < other.turn;
    }
  };
  struct Host {
    std::uint32_t taken = 0;
    std::set<Place> waiting;                      // lanes in which something waits
    std::unordered_map<std::string, Lane> lanes;  // by URL
  };

  /// Changes a lane, whose place is found by what is changed.
  template <class Change>
  void change(Host& host, Lane& lane, Change change);
  std::vector<DeliveryPtr> fill(Host& host);

  Limits limits_;
  std::unordered_map<std::string, Host> hosts_;
  std::uint64_t next_turn_ = 0;
};

}  // namespace sluice
