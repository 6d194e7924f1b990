#include "reports/instruments/kept_values.hpp"

#include <algorithm>

#include "reports/instruments/log_histogram.hpp"

namespace sluice {

void KeptValues::want(std::size_t bucket) {
  if (std::find(buckets_.begin(), buckets_.end(), bucket) == buckets_.end())
    buckets_.push_back(bucket);
}

std::unique_ptr<KeptValues> KeptValues::another() const {
  if (all()) return std::make_unique<KeptValues>();
  auto other = std::make_unique<KeptValues>(*room_);
  other->buckets_ = buckets_;
  return other;
}

bool KeptValues::wanted(Duration value) const {
  if (all()) return true;
  if (value.ns == 0) return false;  // zeros are counted apart, exactly
  const std::size_t bucket = LogHistogram::bucket_of(value);
  return std::find(buckets_.begin(), buckets_.end(), bucket) != buckets_.end();
}

void KeptValues::insert(Duration value) {
  const auto [place, is_new] = counts_.try_emplace(value.ns, 0);
  if (is_new && room_ != nullptr) {
    if (room_->left == 0) {
      room_->lacked = true;
      counts_.erase(place);
      return;
    }
    --room_->left;
  }
  ++place->second;
}

void KeptValues::erase(Duration value) {
  const auto place = counts_.find(value.ns);
  if (place == counts_.end()) return;  // there was no room for it
  if (--place->second > 0) return;
  counts_.erase(place);
  if (room_ != nullptr) ++room_->left;
}

void KeptValues::clear() {
  if (room_ != nullptr) room_->left += counts_.size();
  counts_.clear();
}

}  // namespace sluice
