#include "mock_api/server/service_host.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <utility>

#include "mock_api/contract/error_body.hpp"

namespace sluice {
namespace {

/// What is due within this is done together: each thing at its own simulated time, in order, but
/// without waking a thread for each.
constexpr auto kTogether = std::chrono::microseconds(500);

}  // namespace

ServiceHost::ServiceHost(Service& service, ServerClock clock, StreamLimits settings)
    : service_(service), clock_(clock), settings_(settings), held_(settings.hold_back) {}

std::optional<HttpReply> ServiceHost::handle(const HttpRequest& request,
                                             const std::function<Answer()>& later) {
  const std::lock_guard lock(mutex_);
  const Time now = clock_.now();
  try {
    std::optional<HttpReply> reply = service_.handle(now, request);
    if (reply->started_run != UINT64_MAX) held_.started(reply->started_run);
    if (reply->deferred != 0) {
      deferred_[reply->deferred] = later();
      reply.reset();
    }
    after_call(now);
    return reply;
  } catch (const std::exception& error) {
    pass_on();
    return error_reply(500, error.what());
  }
}

std::shared_ptr<StreamQueue> ServiceHost::make_stream() {
  return std::make_shared<StreamQueue>(written_, held_, unsent_frames_, settings_.queue_bytes);
}

std::uint64_t ServiceHost::open_stream(std::string_view client_id, StreamQueue& stream) {
  const std::lock_guard lock(mutex_);
  const Time now = clock_.now();
  const std::uint64_t number = service_.open_stream(now, client_id, stream);
  pass_on();
  stream.opened();
  after_call(now);
  return number;
}

void ServiceHost::close_stream(std::uint64_t number, StreamQueue& stream,
                               std::vector<UnsentFrame> taken) {
  const std::lock_guard lock(mutex_);
  const Time now = clock_.now();
  std::ranges::move(stream.take_all(), std::back_inserter(taken));
  if (!taken.empty()) service_.unsent(now, number, std::move(taken));
  service_.close_stream(now, number);
  after_call(now);
}

void ServiceHost::webhook_done(std::uint64_t id, const WebhookResult& result) {
  const std::lock_guard lock(mutex_);
  const Time now = clock_.now();
  service_.webhook_done(now, id, result);
  after_call(now);
}

void ServiceHost::drain() {
  const std::lock_guard lock(mutex_);
  const Time now = clock_.now();
  service_.drain(now);
  after_call(now);
}

Time ServiceHost::next_due() {
  const std::lock_guard lock(mutex_);
  return service_.next_due();
}

bool ServiceHost::step(Time until) {
  const std::lock_guard lock(mutex_);
  const Time due = service_.next_due();
  if (due > until) {
    clock_.set(std::max(until, clock_.now()));
    return false;
  }
  const Time now = std::max(due, clock_.now());
  clock_.set(now);
  service_.advance(now);
  pass_on();
  return true;
}

void ServiceHost::keep_time(const std::atomic<bool>& stop) {
  std::unique_lock lock(mutex_);
  while (!stop) {
    const WallTime wall = std::chrono::steady_clock::now();
    after_call(clock_.at(wall));
    awaited_ = service_.next_due();
    if (awaited_ == Time::never()) {
      due_earlier_.wait(lock);
    } else {
      due_earlier_.wait_until(lock, std::max(clock_.wall_at(awaited_), wall + kTogether));
    }
    awaited_ = Time::never();
  }
}

void ServiceHost::notice_stop() {
  const std::lock_guard lock(mutex_);
  due_earlier_.notify_all();
}

void ServiceHost::on_dropped(std::function<void(std::uint64_t)> told) {
  const std::lock_guard lock(mutex_);
  dropped_told_ = std::move(told);
}

void ServiceHost::read(const std::function<void()>& read) {
  const std::lock_guard lock(mutex_);
  read();
}

void ServiceHost::after_call(Time now) {
  if (!clock_.is_held()) {
    if (service_.next_due() <= now) service_.advance(now);
    if (const Time due = service_.next_due(); due < awaited_) {
      awaited_ = due;
      due_earlier_.notify_one();
    }
  }
  pass_on();
}

void ServiceHost::pass_on() {
  for (WrittenFrame& written : written_) {
    if (written.end) {
      written.stream->push_end();
    } else {
      written.stream->push(std::move(written.frame), written.run);
    }
  }
  written_.clear();
  if (const std::uint64_t dropped = service_.events_dropped(); dropped != dropped_) {
    dropped_ = dropped;
    if (dropped_told_) dropped_told_(dropped);
  }
  for (auto& [number, reply] : service_.take_deferred()) {
    const auto waiting = deferred_.find(number);
    if (waiting == deferred_.end()) continue;
    const Answer answer = std::move(waiting->second);
    deferred_.erase(waiting);
    answer(std::move(reply));
  }
}

}  // namespace sluice
