#include "reports/instruments/longest_episodes.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/check.hpp"

namespace sluice {
namespace {

auto longest_first(const Episode& e) {
  return std::tuple(-e.length().ns, e.from, e.workspace.value, e.replication);
}

bool goes_later(const Episode& a, const Episode& b) { return longest_first(a) < longest_first(b); }

}  // namespace

bool LongestEpisodes::has_room_for(Duration length) {
  if (heap_.size() < most_ || (most_ > 0 && length > heap_.front().length())) return true;
  ++left_out_;
  return false;
}

void LongestEpisodes::add(Episode episode) {
  SLUICE_REQUIRE(most_ > 0, "there is room for an episode");
  if (heap_.size() == most_) {
    std::pop_heap(heap_.begin(), heap_.end(), goes_later);
    heap_.pop_back();
    ++left_out_;
  }
  heap_.push_back(std::move(episode));
  std::push_heap(heap_.begin(), heap_.end(), goes_later);
}

void sort_episodes(std::vector<Episode>& episodes) {
  const auto place = [](const Episode& e) {
    return std::tuple(e.level, e.workspace.value, e.group.value, e.replication, e.from);
  };
  std::sort(episodes.begin(), episodes.end(),
            [&](const Episode& a, const Episode& b) { return place(a) < place(b); });
}

}  // namespace sluice
