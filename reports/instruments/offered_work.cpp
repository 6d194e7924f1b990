#include "reports/instruments/offered_work.hpp"

#include <algorithm>

namespace sluice {
namespace {

constexpr std::size_t kSteps = 12;

void add(const OfferedWork::Slice& slice, OfferedWork::Slice& to) {
  for (std::size_t k = 0; k < kLevels; ++k) {
    to.levels[k].work_ns += slice.levels[k].work_ns;
    to.levels[k].attempts += slice.levels[k].attempts;
    to.levels[k].unknown += slice.levels[k].unknown;
  }
  to.capacity_ns += slice.capacity_ns;
}

}  // namespace

void OfferedWork::restart(Time now, Duration window, std::size_t most) {
  SLUICE_REQUIRE(window.ns > 0 && most >= kSteps, "a window has a length, and its slices room");
  from_ = servers_since_ = now;
  window_ = window;
  most_ = most;
  steps_ = window.ns >= static_cast<std::int64_t>(kSteps) ? kSteps : 1;
  slices_.assign(1, {});
  set_slice(
      {(window.ns + static_cast<std::int64_t>(steps_) - 1) / static_cast<std::int64_t>(steps_)});
}

void OfferedWork::set_slice(Duration slice) {
  slice_ = slice;
  per_slice_ = 1 / static_cast<double>(slice.ns);
  find_latest();
}

void OfferedWork::find_latest() {
  latest_ = &slices_.back();
  current_end_ = from_ + slice_ * static_cast<std::int64_t>(slices_.size());
  latest_begin_ = current_end_ - slice_;
}

void OfferedWork::set_servers(Time now, std::uint32_t servers) {
  SLUICE_CHECK(now >= servers_since_, "time does not go back", now, kNoRun);
  if (servers == servers_) return;
  if (now >= current_end_) go_on_to(now);
  add_capacity(now, slices_);
  servers_ = servers;
  servers_since_ = now;
}

void OfferedWork::go_on_to(Time now) {
  SLUICE_CHECK(has_begun() && now >= from_, "the window has begun", now, kNoRun);
  while (index_of(now) >= most_) put_together();
  const std::size_t index = index_of(now);
  if (index >= slices_.size()) slices_.resize(index + 1);
  find_latest();
}

void OfferedWork::put_together() {
  const std::size_t factor = steps_ == 3 ? 3 : 2;
  for (std::size_t i = 0; i < slices_.size(); ++i) {
    if (i % factor != 0) {
      add(slices_[i], slices_[i / factor]);
    } else if (i > 0) {
      slices_[i / factor] = slices_[i];
    }
  }
  slices_.resize((slices_.size() + factor - 1) / factor);
  set_slice(slice_ * static_cast<std::int64_t>(factor));
  if (steps_ > 1)
    steps_ /= factor;
  else
    window_ = slice_;
}

void OfferedWork::add_capacity(Time now, std::vector<Slice>& slices) const {
  if (servers_ == 0) return;
  for (Time t = servers_since_; t < now;) {
    const std::size_t i = index_of(t);
    const Time next = std::min(now, from_ + slice_ * static_cast<std::int64_t>(i + 1));
    slices[i].capacity_ns += servers_ * (next - t).ns;
    t = next;
  }
}

std::vector<OfferedWork::Slice> OfferedWork::until(Time end) const {
  std::vector<Slice> slices = slices_;
  if (end > from_) slices.resize(index_of({end.ns - 1}) + 1);
  add_capacity(end, slices);
  return slices;
}

}  // namespace sluice
