// The order of deliveries: one lane per session and receiver, in which they go one at a time.
//
// A batch stands in the lanes of all its sessions at once and goes when it is first in each. All
// deliveries enter in one order, so that no two can wait for each other. Not thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "mock_api/webhooks/webhook_delivery.hpp"

namespace sluice {

class DeliveryLanes {
 public:
  using DeliveryPtr = std::shared_ptr<WebhookDelivery>;

  /// At the end of its lanes. True: it is first in all of them and may go. O(its runs · log lanes).
  bool enter(const DeliveryPtr& delivery);
  /// The first of its lanes is over; those that may go now, in order of their runs.
  std::vector<DeliveryPtr> leave(const WebhookDelivery& delivery);
  /// Whether anything of the session waits or goes.
  bool any(std::uint64_t run) const;

 private:
  using Key = std::pair<std::uint64_t, std::uint32_t>;  // run, target

  bool is_first(const WebhookDelivery& delivery) const;

  std::map<Key, std::deque<DeliveryPtr>> lanes_;
};

}  // namespace sluice
