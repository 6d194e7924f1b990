#include "mock_api/events/client_streams.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"

namespace sluice {
namespace {

enum TimerKind : std::uint32_t { kPing, kEnd };

constexpr std::uint32_t lower_half(std::uint64_t stream) {
  return static_cast<std::uint32_t>(stream);
}

}  // namespace

ClientStreams::ClientStreams(const Epoch& epoch, const StreamSettings& settings)
    : epoch_(epoch), settings_(settings) {}

std::string ClientStreams::key(WorkspaceId workspace, std::string_view client_id) {
  return std::to_string(workspace.value) + ':' + std::string(client_id);
}

void ClientStreams::append(Time now, std::string_view client_key, std::string_view frame,
                           std::uint64_t run) {
  expire(now);
  const std::uint32_t index = client_of(client_key);
  if (clients_[index].sink != nullptr) return clients_[index].sink->write(frame, run);
  FrameQueue& queue = clients_[index].kept;
  kept_.push_back(now, index, queue, frame, run);
  make_room(index);
}

/// The oldest make room, of the client and of all.
void ClientStreams::make_room(std::uint32_t index) {
  while (clients_[index].kept.count > settings_.kept_events) {
    kept_.drop_front(clients_[index].kept);
    ++lost_.number;
  }
  while (kept_.bytes() > settings_.kept_bytes) give_up_oldest(lost_.memory);
}

void ClientStreams::give_up_oldest(std::uint64_t& cause) {
  const std::uint32_t owner = kept_.oldest_owner();
  kept_.drop_oldest(clients_[owner].kept);
  ++cause;
  forget_if_idle(owner);
}

void ClientStreams::expire(Time now) {
  while (kept_.size() > 0 && kept_.oldest_kept_since() + settings_.kept_for < now)
    give_up_oldest(lost_.age);
}

std::uint64_t ClientStreams::open(Time now, std::string_view client_key, EventSink& sink) {
  expire(now);
  const std::uint32_t index = client_of(client_key);
  Client& client = clients_[index];
  end_stream(client);
  const std::uint64_t stream = next_stream_++;
  client.sink = &sink;
  client.stream = stream;
  ++client.streams;
  ++open_;
  streams_.emplace(stream, index);
  ping(now, client);
  while (client.kept.count > 0) {
    const UnsentFrame kept = kept_.pop_front(client.kept);
    sink.write(kept.frame, kept.run);
  }
  schedule_timers(now, index);
  return stream;
}

void ClientStreams::unsent(Time now, std::uint64_t stream, std::vector<UnsentFrame> frames) {
  const auto found = streams_.find(stream);
  if (found == streams_.end()) return;
  std::erase_if(frames, [](const UnsentFrame& each) { return each.run == kNoRun; });
  Client& client = clients_[found->second];
  if (client.stream == stream) detach(client);
  if (client.sink != nullptr) {
    for (const UnsentFrame& each : frames) client.sink->write(each.frame, each.run);
    return;
  }
  for (auto each = frames.rbegin(); each != frames.rend(); ++each)
    kept_.push_front(now, found->second, client.kept, each->frame, each->run);
  make_room(found->second);
}

void ClientStreams::close(Time now, std::uint64_t stream) {
  expire(now);
  const auto found = streams_.find(stream);
  if (found == streams_.end()) return;
  const std::uint32_t index = found->second;
  streams_.erase(found);
  Client& client = clients_[index];
  if (client.stream == stream) detach(client);
  --client.streams;
  forget_if_idle(index);
}

void ClientStreams::end_all() {
  for (Client& client : clients_) end_stream(client);
}

void ClientStreams::advance(Time now) {
  while (timers_.next_time() <= now && !timers_.empty()) {
    const ScheduledEvent due = timers_.pop();
    Client& client = clients_[due.event.subject];
    if (client.sink == nullptr || lower_half(client.stream) != due.event.generation) continue;
    if (due.event.kind == kEnd) {
      end_stream(client);
      continue;
    }
    ping(now, client);
    // A clock that was late is not made up for by several pings at once.
    const Time next = std::max(due.time, now - settings_.ping_interval) + settings_.ping_interval;
    timers_.schedule(next, EventClass::timer, due.event);
  }
  expire(now);
}

std::uint32_t ClientStreams::client_of(std::string_view key) {
  if (const auto found = by_key_.find(key); found != by_key_.end()) return found->second;
  if (free_clients_.empty()) {
    free_clients_.push_back(static_cast<std::uint32_t>(clients_.size()));
    clients_.emplace_back();
  }
  const std::uint32_t index = free_clients_.back();
  free_clients_.pop_back();
  clients_[index].key = key;
  by_key_.emplace(clients_[index].key, index);
  return index;
}

void ClientStreams::forget_if_idle(std::uint32_t index) {
  Client& client = clients_[index];
  if (client.streams > 0 || client.kept.count > 0) return;
  by_key_.erase(client.key);
  client = {};
  free_clients_.push_back(index);
}

void ClientStreams::end_stream(Client& client) {
  if (client.sink == nullptr) return;
  client.sink->end();
  detach(client);
}

void ClientStreams::detach(Client& client) {
  client.sink = nullptr;
  client.stream = 0;
  --open_;
}

void ClientStreams::schedule_timers(Time now, std::uint32_t index) {
  const std::uint32_t generation = lower_half(clients_[index].stream);
  if (settings_.ping_interval > Duration::zero())
    timers_.schedule(now + settings_.ping_interval, EventClass::timer, {kPing, index, generation});
  if (settings_.end_after)
    timers_.schedule(now + *settings_.end_after, EventClass::timer, {kEnd, index, generation});
}

void ClientStreams::ping(Time now, Client& client) const {
  const std::string stamp = std::to_string(epoch_.unix_millis(now));
  client.sink->write("event: ping\ndata: {\"ts\":" + stamp + "}\n\n", kNoRun);
}

void ClientStreams::add_to(std::vector<ServiceFigure>& figures) const {
  for (const auto& [reason, count] : {std::pair<const char*, std::uint64_t>{"number", lost_.number},
                                      {"age", lost_.age},
                                      {"memory", lost_.memory}})
    figures.push_back({"sluice_events_dropped_total",
                       "Events given up because a client's buffer was full or they were too old.",
                       {{"reason", reason}},
                       static_cast<double>(count),
                       ServiceFigure::Kind::counter});
  figures.push_back({"sluice_event_frames_kept",
                     "Events that wait for their client's stream.",
                     {},
                     static_cast<double>(kept_frames())});
}

}  // namespace sluice
