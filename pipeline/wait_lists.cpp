#include "pipeline/wait_lists.hpp"

#include <algorithm>
#include <functional>

#include "base/check.hpp"
#include "base/random/random.hpp"

namespace sluice {

std::size_t WaitLists::KeyHash::operator()(const Key& key) const {
  const auto pair = [](std::uint32_t a, std::uint32_t b) {
    return static_cast<std::uint64_t>(a) << 32 | b;
  };
  std::uint64_t hash =
      mix64(pair(key.needs[0].value, key.lane) ^ pair(key.workflow, key.workspace) * 3);
  for (std::size_t i = 1; i < kMaxNeeds && key.needs[i] != Need{}; ++i)
    hash = mix64(hash + key.needs[i].value);
  return hash + (key.holding ? 1 : 0);
}

std::uint32_t WaitLists::class_of(const Run& run, WakeLane lane, bool workspace_matters) {
  Key key{run.request.needs, lane.value, run.request.workflow.value,
          workspace_matters ? run.request.workspace.value : UINT32_MAX,
          run.state == RunState::holding};
  const auto fresh =
      free_classes_.empty() ? static_cast<std::uint32_t>(classes_.size()) : free_classes_.back();
  const auto [entry, inserted] = index_.try_emplace(key, fresh);
  if (!inserted) return entry->second;
  if (free_classes_.empty()) {
    constexpr std::uint32_t kQueueIds = 0x80000000;  // apart from those of the candidates' queues
    classes_.emplace_back(kQueueIds + fresh * static_cast<std::uint32_t>(kLevels));
  } else {
    free_classes_.pop_back();
  }
  SLUICE_REQUIRE(classes_[fresh].first == UINT64_MAX, "nobody waits with a class that is free");
  classes_[fresh].key = key;
  return fresh;
}

void WaitLists::park(Run& run, WaitPoint point, WakeLane lane, bool workspace_matters) {
  SLUICE_REQUIRE(run.wait_class == UINT32_MAX && point.valid(), "a run waits once, on something");
  ++waiting_;
  run.wait_class = class_of(run, lane, workspace_matters);
  Class& c = classes_[run.wait_class];
  c.levels[index(run.level())].push(runs_, run);
  const bool moved = c.point != point;
  c.point = point;
  if (order(run) < c.first) {
    c.first = order(run);
    announce(run.wait_class);
  } else if (moved) {
    announce(run.wait_class);
  }
}

void WaitLists::move(const Run& run, WaitPoint point) {
  SLUICE_REQUIRE(run.wait_class < classes_.size(), "only a run that waits moves");
  classes_[run.wait_class].point = point;
  announce(run.wait_class);
}

void WaitLists::remove(Run& run) {
  SLUICE_REQUIRE(run.wait_class < classes_.size() && waiting_ > 0,
                 "only a run that waits stops waiting");
  --waiting_;
  const std::uint32_t id = run.wait_class;
  Class& c = classes_[id];
  c.levels[index(run.level())].remove(runs_, run);
  run.wait_class = UINT32_MAX;
  if (order(run) == c.first) update_first(id);
}

void WaitLists::update_first(std::uint32_t id) {
  Class& c = classes_[id];
  c.first = UINT64_MAX;
  for (RunQueue& queue : c.levels) {
    if (queue.empty()) continue;
    c.first = order(queue.front(runs_));
    return announce(id);
  }
  c.point = {};
  const std::size_t erased = index_.erase(c.key);
  SLUICE_REQUIRE(erased == 1, "a class is found by what its runs need");
  free_classes_.push_back(id);
}

void WaitLists::announce(std::uint32_t id) {
  const Class& c = classes_[id];
  SLUICE_REQUIRE(c.point.valid(), "a class waits on something");
  grow(c.point);
  PointState& at = state(c.point);
  const WakeLane lane{c.key.lane};
  const auto place = std::lower_bound(at.lanes.begin(), at.lanes.end(), lane);
  const auto i = static_cast<std::size_t>(place - at.lanes.begin());
  if (place == at.lanes.end() || *place != lane) {
    at.lanes.insert(place, lane);
    at.heaps.insert(at.heaps.begin() + static_cast<std::ptrdiff_t>(i), std::vector<Entry>{});
  }
  ++entries(c.point);
  at.heaps[i].push_back({c.first, id});
  std::push_heap(at.heaps[i].begin(), at.heaps[i].end(), std::greater<>{});
}

void WaitLists::grow(WaitPoint point) {
  const auto kind = static_cast<std::size_t>(point.kind());
  if (point.index() < entries_[kind].size()) return;
  points_[kind].resize(point.index() + 1);
  entries_[kind].resize(point.index() + 1);
}

bool WaitLists::is_current(const Entry& entry, WaitPoint point, WakeLane lane) const {
  const Class& c = classes_[entry.wait_class];
  return c.first == entry.order && c.point == point && c.key.lane == lane.value;
}

const std::vector<WakeLane>& WaitLists::lanes(WaitPoint point) const {
  static const std::vector<WakeLane> nobody;
  const auto& of_kind = points_[static_cast<std::size_t>(point.kind())];
  return of_kind.size() <= point.index() ? nobody : of_kind[point.index()].lanes;
}

const WaitLists::Entry* WaitLists::top(WaitPoint point, WakeLane lane,
                                       std::span<const std::uint32_t> set_aside) {
  const auto& lanes_here = lanes(point);
  const auto place = std::lower_bound(lanes_here.begin(), lanes_here.end(), lane);
  if (place == lanes_here.end() || *place != lane) return nullptr;
  auto& heap = state(point).heaps[static_cast<std::size_t>(place - lanes_here.begin())];
  while (!heap.empty() && !is_current(heap.front(), point, lane)) {
    std::pop_heap(heap.begin(), heap.end(), std::greater<>{});
    heap.pop_back();
    SLUICE_REQUIRE(entries(point) > 0, "what is in a heap is counted");
    --entries(point);
  }
  if (set_aside.empty()) return heap.empty() ? nullptr : &heap.front();
  const Entry* best = nullptr;  // rare: a run that needs several members of pools that overlap
  for (const Entry& entry : heap)
    if (is_current(entry, point, lane) && (best == nullptr || entry < *best) &&
        std::find(set_aside.begin(), set_aside.end(), entry.wait_class) == set_aside.end())
      best = &entry;
  return best;
}

RunSlot WaitLists::first_in_line(WaitPoint point) const {
  if (!may_wait_on(point)) return RunSlot::none();
  const PointState& at = points_[static_cast<std::size_t>(point.kind())][point.index()];
  if (at.heaps.front().empty()) return RunSlot::none();
  const Class& c = classes_[at.heaps.front().front().wait_class];
  return c.first == UINT64_MAX ? RunSlot::none() : c.levels[level_of(c.first)].head();
}

RunSlot WaitLists::first(std::span<const WaitPoint> points, WakeLane lane,
                         std::span<const std::uint32_t> set_aside) {
  const Entry* best = nullptr;
  for (WaitPoint point : points) {
    const Entry* entry = top(point, lane, set_aside);
    if (entry != nullptr && (best == nullptr || *entry < *best)) best = entry;
  }
  if (best == nullptr) return RunSlot::none();
  return classes_[best->wait_class].levels[level_of(best->order)].front(runs_).slot;
}

}  // namespace sluice
