#include "pipeline/wait_lists.hpp"

#include <algorithm>
#include <cassert>
#include <functional>

#include "pipeline/random.hpp"

namespace sluice {

std::size_t WaitLists::KeyHash::operator()(const Key& key) const {
  const auto pair = [](std::uint32_t a, std::uint32_t b) {
    return static_cast<std::uint64_t>(a) << 32 | b;
  };
  std::uint64_t hash =
      mix64(pair(key.needs[0].value, key.group) ^ pair(key.workflow, key.workspace) * 3);
  for (std::size_t i = 1; i < kMaxNeeds && key.needs[i] != Need{}; ++i)
    hash = mix64(hash + key.needs[i].value);
  return hash + (key.holding ? 1 : 0);
}

std::uint32_t WaitLists::class_of(const Run& run, bool workspace_matters) {
  Key key{run.request.needs, run.group.value, run.request.workflow.value,
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
  classes_[fresh].key = key;
  return fresh;
}

void WaitLists::park(Run& run, WaitPoint point, bool workspace_matters) {
  ++waiting_;
  run.wait_class = class_of(run, workspace_matters);
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
  classes_[run.wait_class].point = point;
  announce(run.wait_class);
}

void WaitLists::remove(Run& run) {
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
  index_.erase(c.key);
  free_classes_.push_back(id);
}

void WaitLists::announce(std::uint32_t id) {
  const Class& c = classes_[id];
  grow(c.point);
  PointState& at = state(c.point);
  const GroupId group{c.key.group};
  const auto place = std::lower_bound(at.groups.begin(), at.groups.end(), group);
  const auto i = static_cast<std::size_t>(place - at.groups.begin());
  if (place == at.groups.end() || *place != group) {
    at.groups.insert(place, group);
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

bool WaitLists::is_current(const Entry& entry, WaitPoint point, GroupId group) const {
  const Class& c = classes_[entry.wait_class];
  return c.first == entry.order && c.point == point && c.key.group == group.value;
}

const std::vector<GroupId>& WaitLists::groups(WaitPoint point) const {
  static const std::vector<GroupId> nobody;
  const auto& of_kind = points_[static_cast<std::size_t>(point.kind())];
  return of_kind.size() <= point.index() ? nobody : of_kind[point.index()].groups;
}

const WaitLists::Entry* WaitLists::top(WaitPoint point, GroupId group,
                                       std::span<const std::uint32_t> set_aside) {
  const auto& groups_here = groups(point);
  const auto place = std::lower_bound(groups_here.begin(), groups_here.end(), group);
  if (place == groups_here.end() || *place != group) return nullptr;
  auto& heap = state(point).heaps[static_cast<std::size_t>(place - groups_here.begin())];
  while (!heap.empty() && !is_current(heap.front(), point, group)) {
    std::pop_heap(heap.begin(), heap.end(), std::greater<>{});
    heap.pop_back();
    --entries(point);
  }
  if (set_aside.empty()) return heap.empty() ? nullptr : &heap.front();
  const Entry* best = nullptr;  // rare: a run that needs two members of one pool
  for (const Entry& entry : heap)
    if (is_current(entry, point, group) && (best == nullptr || entry < *best) &&
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

RunSlot WaitLists::first(std::span<const WaitPoint> points, GroupId group,
                         std::span<const std::uint32_t> set_aside) {
  const Entry* best = nullptr;
  for (WaitPoint point : points) {
    const Entry* entry = top(point, group, set_aside);
    if (entry != nullptr && (best == nullptr || *entry < *best)) best = entry;
  }
  if (best == nullptr) return RunSlot::none();
  return classes_[best->wait_class].levels[level_of(best->order)].front(runs_).slot;
}

}  // namespace sluice
