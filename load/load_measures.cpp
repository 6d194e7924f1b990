#include "load/load_measures.hpp"

namespace sluice {

void LoadCounts::add(const LoadCounts& other) {
  intended += other.intended;
  sent += other.sent;
  unsent += other.unsent;
  late += other.late;
  unanswered += other.unanswered;
  over_ceiling += other.over_ceiling;
  accepted += other.accepted;
  rejected += other.rejected;
  errors += other.errors;
  unknown_events += other.unknown_events;
  bad_events += other.bad_events;
  failed_polls += other.failed_polls;
  cancelled += other.cancelled;
  interrupts += other.interrupts;
  interrupts_failed += other.interrupts_failed;
  streams_opened += other.streams_opened;
  streams_open += other.streams_open;
  for (const auto& [status, count] : other.statuses) statuses[status] += count;
  for (const auto& [failure, count] : other.failures) failures[failure] += count;
  first_bodies.insert(other.first_bodies.begin(), other.first_bodies.end());
}

void LoadTimes::add(const LoadTimes& other) {
  latency.add(other.latency);
  from_send.add(other.from_send);
  lateness.add(other.lateness);
}

void LoadTimes::clear() {
  latency.clear();
  from_send.clear();
  lateness.clear();
}

}  // namespace sluice
