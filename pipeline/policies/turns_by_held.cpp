#include "pipeline/policies/turns_by_held.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace sluice {

TurnsByHeld::TurnsByHeld(std::size_t members)
    : turn_(members, kNone), held_(members, 0), by_held_(1), first_(2, kNobody) {}

void TurnsByHeld::join(Time now, std::uint32_t member) {
  SLUICE_CHECK(!contains(member), "a member has one turn", now, kNoRun);
  turn_[member] = next_turn_++;
  enter(member);
}

void TurnsByHeld::leave(std::uint32_t member) {
  SLUICE_REQUIRE(contains(member), "only a member leaves");
  withdraw(member);
  turn_[member] = kNone;
}

void TurnsByHeld::turn_over(std::uint32_t member) {
  SLUICE_REQUIRE(contains(member), "only a member takes turns");
  withdraw(member);
  turn_[member] = next_turn_++;
  enter(member);
}

void TurnsByHeld::set_held(std::uint32_t member, std::uint32_t held) {
  SLUICE_REQUIRE(member < held_.size(), "a member");
  if (contains(member)) withdraw(member);
  held_[member] = held;
  if (contains(member)) enter(member);
}

void TurnsByHeld::enter(std::uint32_t member) {
  if (held_[member] >= by_held_.size()) make_room(held_[member]);
  by_held_[held_[member]].emplace(turn_[member], member);
  update(held_[member]);
}

void TurnsByHeld::withdraw(std::uint32_t member) {
  by_held_[held_[member]].erase({turn_[member], member});
  update(held_[member]);
}

void TurnsByHeld::update(std::size_t held) {
  SLUICE_REQUIRE(held < by_held_.size(), "there is room for those that hold so many");
  std::size_t node = by_held_.size() + held;
  first_[node] = by_held_[held].empty() ? kNobody : *by_held_[held].begin();
  for (node /= 2; node >= 1; node /= 2) {
    const Turn first = std::min(first_[2 * node], first_[2 * node + 1]);
    if (first_[node] == first) return;
    first_[node] = first;
  }
}

void TurnsByHeld::make_room(std::size_t held) {
  std::size_t size = by_held_.size();
  while (size <= held) size *= 2;
  by_held_.resize(size);
  first_.assign(2 * size, kNobody);
  for (std::size_t h = 0; h < size; ++h)
    if (!by_held_[h].empty()) update(h);
}

std::uint32_t TurnsByHeld::first_below(std::uint64_t limit) const {
  Turn first = kNobody;
  std::size_t from = by_held_.size();
  std::size_t end = from + std::min<std::uint64_t>(limit, by_held_.size());
  for (; from < end; from /= 2, end /= 2) {
    if (from % 2 == 1) first = std::min(first, first_[from++]);
    if (end % 2 == 1) first = std::min(first, first_[--end]);
  }
  return first.second;
}

}  // namespace sluice
