#include "pipeline/policies/least_worker_time.hpp"

#include <algorithm>
#include <bit>

#include "base/check.hpp"

namespace sluice {

LeastWorkerTime::LeastWorkerTime(std::size_t members)
    : accounts_(members),
      first_leaf_(std::bit_ceil(std::max<std::size_t>(members, 1))),
      matches_(2 * first_leaf_) {}

void LeastWorkerTime::set_weight(std::uint32_t member, std::uint32_t weight) {
  SLUICE_REQUIRE(weight >= 1 && next_turn_ == 0, "weights are given before anything happens");
  accounts_[member].weight = weight;
}

bool LeastWorkerTime::comes_before(const Account& a, const Account& b, Time now) {
  const WorkerTime had_a = a.had_at(now) * b.weight, had_b = b.had_at(now) * a.weight;
  if (had_a != had_b) return had_a < had_b;
  const std::uint64_t rate_a = std::uint64_t{a.workers} * b.weight;
  const std::uint64_t rate_b = std::uint64_t{b.workers} * a.weight;
  return rate_a != rate_b ? rate_a < rate_b : a.turn < b.turn;
}

/// In the instant in which they are equal, for then it has the lower rate.
Time LeastWorkerTime::overtaken(const Account& a, const Account& b, Time now) {
  const WorkerTime gain = WorkerTime{a.workers} * b.weight - WorkerTime{b.workers} * a.weight;
  if (gain <= 0) return Time::never();
  const WorkerTime lead = b.had_at(now) * a.weight - a.had_at(now) * b.weight;
  const WorkerTime wait = (lead + gain - 1) / gain;
  return wait < Time::never().ns - now.ns ? Time{now.ns + static_cast<std::int64_t>(wait)}
                                          : Time::never();
}

void LeastWorkerTime::play(Time now, std::size_t match) {
  SLUICE_REQUIRE(match >= 1 && match < first_leaf_, "two take part in a match");
  const Match &left = matches_[2 * match], &right = matches_[2 * match + 1];
  Match& played = matches_[match];
  if (left.winner == UINT32_MAX || right.winner == UINT32_MAX) {
    played = left.winner == UINT32_MAX ? right : left;
    return;
  }
  const Account &a = accounts_[left.winner], &b = accounts_[right.winner];
  const bool left_wins = comes_before(a, b, now);
  played.winner = left_wins ? left.winner : right.winner;
  played.until =
      std::min({left.until, right.until, left_wins ? overtaken(a, b, now) : overtaken(b, a, now)});
}

void LeastWorkerTime::play_those_due(Time now, std::size_t match) {
  if (matches_[match].until > now) return;
  play_those_due(now, 2 * match);
  play_those_due(now, 2 * match + 1);
  play(now, match);
}

void LeastWorkerTime::play_all_of(Time now, std::uint32_t member) {
  for (std::size_t match = (first_leaf_ + member) / 2; match >= 1; match /= 2) {
    const Match before = matches_[match];
    play(now, match);
    if (before.winner != member && matches_[match] == before) return;
  }
}

std::uint32_t LeastWorkerTime::least(Time now) {
  SLUICE_REQUIRE(!empty(), "somebody takes part");
  latest_ = now;
  play_those_due(now, 1);
  return matches_[1].winner;
}

void LeastWorkerTime::charge(Time now, Account& account) {
  SLUICE_CHECK(now >= latest_, "worker time does not go back", now, kNoRun);
  latest_ = now;
  account.had = account.had_at(now);
  account.since = now;
}

void LeastWorkerTime::join(Time now, std::uint32_t member) {
  SLUICE_REQUIRE(!contains(member), "nobody takes part twice");
  Account& account = accounts_[member];
  charge(now, account);
  const Account& least = empty() ? floor_ : accounts_[this->least(now)];
  const WorkerTime others = empty() ? least.had : least.had_at(now);
  const WorkerTime fair = (others * account.weight + least.weight - 1) / least.weight;
  account.had = std::max(account.had, fair);
  account.turn = next_turn_++;
  matches_[first_leaf_ + member].winner = member;
  play_all_of(now, member);
}

void LeastWorkerTime::leave(std::uint32_t member) {
  SLUICE_REQUIRE(contains(member), "only who takes part leaves");
  matches_[first_leaf_ + member].winner = UINT32_MAX;
  play_all_of(latest_, member);
}

void LeastWorkerTime::take_worker(Time now, std::uint32_t member) {
  SLUICE_REQUIRE(member < accounts_.size(), "a member");
  Account& account = accounts_[member];
  charge(now, account);
  floor_ = account;
  ++account.workers;
  account.turn = next_turn_++;
  if (contains(member)) play_all_of(now, member);
}

void LeastWorkerTime::release_worker(Time now, std::uint32_t member) {
  Account& account = accounts_[member];
  SLUICE_CHECK(account.workers > 0, "who gives up a worker has one", now, kNoRun);
  charge(now, account);
  --account.workers;
  if (contains(member)) play_all_of(now, member);
}

}  // namespace sluice
