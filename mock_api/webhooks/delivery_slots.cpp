#include "mock_api/webhooks/delivery_slots.hpp"

#include <algorithm>

namespace sluice {

template <class Change>
void DeliverySlots::change(Host& host, Lane& lane, Change change) {
  if (!lane.waiting.empty()) host.waiting.erase({lane.taken, lane.turn, &lane});
  change(lane);
  if (!lane.waiting.empty()) host.waiting.insert({lane.taken, lane.turn, &lane});
}

std::vector<DeliverySlots::DeliveryPtr> DeliverySlots::enter(DeliveryPtr delivery) {
  Host& host = hosts_[delivery->receiver->host];
  Lane& lane = host.lanes[delivery->receiver->url];
  change(host, lane, [&](Lane& changed) {
    if (changed.waiting.empty()) changed.turn = next_turn_++;
    changed.waiting.push_back(std::move(delivery));
  });
  return fill(host);
}

std::vector<DeliverySlots::DeliveryPtr> DeliverySlots::leave(const WebhookDelivery& posted) {
  const auto host = hosts_.find(posted.receiver->host);
  const auto lane = host->second.lanes.find(posted.receiver->url);
  change(host->second, lane->second, [](Lane& changed) { --changed.taken; });
  --host->second.taken;
  if (lane->second.taken == 0 && lane->second.waiting.empty()) host->second.lanes.erase(lane);
  std::vector<DeliveryPtr> next = fill(host->second);
  if (host->second.lanes.empty()) hosts_.erase(host);
  return next;
}

std::vector<DeliverySlots::DeliveryPtr> DeliverySlots::fill(Host& host) {
  std::vector<DeliveryPtr> going;
  while (!host.waiting.empty()) {
    Lane& first = *host.waiting.begin()->lane;
    const std::uint32_t free = limits_.per_host - host.taken;
    if (first.taken >= std::min(limits_.per_url, free)) break;
    change(host, first, [&](Lane& changed) {
      going.push_back(std::move(changed.waiting.front()));
      changed.waiting.pop_front();
      ++changed.taken;
      changed.turn = next_turn_++;
    });
    ++host.taken;
  }
  return going;
}

}  // namespace sluice
