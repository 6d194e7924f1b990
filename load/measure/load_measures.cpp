#include "load/measure/load_measures.hpp"

#include <algorithm>

namespace sluice {

void LoadCounts::add(const LoadCounts& other) {
  arrivals += other.arrivals;
  gave_up += other.gave_up;
  intended += other.intended;
  sent += other.sent;
  unsent += other.unsent;
  unreached += other.unreached;
  resent += other.resent;
  late += other.late;
  unanswered += other.unanswered;
  unanswered_in_row += other.unanswered_in_row;
  if (!other.last_failure.empty()) last_failure = other.last_failure;
  over_ceiling += other.over_ceiling;
  accepted += other.accepted;
  wrong_answers += other.wrong_answers;
  rejected += other.rejected;
  errors += other.errors;
  retries_beyond += other.retries_beyond;
  longest_retry_after_s = std::max(longest_retry_after_s, other.longest_retry_after_s);
  follow.add(other.follow);
  streams_open += other.streams_open;
  for (const auto& [status, count] : other.statuses) statuses[status] += count;
  for (const auto& [failure, count] : other.failures) failures[failure] += count;
  first_bodies.insert(other.first_bodies.begin(), other.first_bodies.end());
  for (const auto& [kind, wrong] : other.wrong_bodies) {
    const auto known = wrong_bodies.try_emplace(kind, WrongBody{wrong.status, 0, wrong.body}).first;
    known->second.count += wrong.count;
  }
}

std::uint64_t LoadCounts::answers() const {
  std::uint64_t sum = 0;
  for (const auto& [status, count] : statuses) sum += count;
  return sum;
}

void LoadTimes::add(const LoadTimes& other) {
  latency.add(other.latency);
  from_send.add(other.from_send);
  lateness.add(other.lateness);
}

void LaneSnapshot::add(const LaneSnapshot& other) {
  counts.add(other.counts);
  times.add(other.times);
  http.opened += other.http.opened;
  http.open += other.http.open;
  unanswered_now += other.unanswered_now;
  runs_now += other.runs_now;
  if (!other.why_polled.empty()) why_polled = other.why_polled;
  cpu_seconds += other.cpu_seconds;
}

void LoadTimes::clear() {
  latency.clear();
  from_send.clear();
  lateness.clear();
}

}  // namespace sluice
