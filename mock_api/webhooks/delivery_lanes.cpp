#include "mock_api/webhooks/delivery_lanes.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace sluice {

bool DeliveryLanes::enter(const DeliveryPtr& delivery) {
  for (const std::uint64_t run : delivery->runs)
    lanes_[{run, delivery->target}].push_back(delivery);
  return is_first(*delivery);
}

std::vector<DeliveryLanes::DeliveryPtr> DeliveryLanes::leave(const WebhookDelivery& delivery) {
  std::vector<DeliveryPtr> next;
  for (const std::uint64_t run : delivery.runs) {
    const auto lane = lanes_.find({run, delivery.target});
    SLUICE_REQUIRE(lane != lanes_.end() && lane->second.front().get() == &delivery,
                   "who leaves is the first of its lanes");
    lane->second.pop_front();
    if (lane->second.empty())
      lanes_.erase(lane);
    else if (std::find(next.begin(), next.end(), lane->second.front()) == next.end())
      next.push_back(lane->second.front());
  }
  std::erase_if(next, [this](const DeliveryPtr& each) { return !is_first(*each); });
  return next;
}

bool DeliveryLanes::any(std::uint64_t run) const {
  const auto lane = lanes_.lower_bound({run, 0});
  return lane != lanes_.end() && lane->first.first == run;
}

bool DeliveryLanes::is_first(const WebhookDelivery& delivery) const {
  return std::all_of(delivery.runs.begin(), delivery.runs.end(), [&](std::uint64_t run) {
    return lanes_.at({run, delivery.target}).front().get() == &delivery;
  });
}

}  // namespace sluice
