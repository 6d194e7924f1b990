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

/// Of an answer that nobody is there to send or to read any more.
FaultOutcome outcome_unsent(const ReplyFault& fault) {
  return fault.is_late ? FaultOutcome::struck : FaultOutcome::missed;
}

}  // namespace

ServiceHost::ServiceHost(Service& service, const ServerClock& clock, StreamLimits settings)
    : service_(service), clock_(clock), settings_(settings), held_(settings.hold_back) {}

ServiceHost::Handled ServiceHost::handle(const HttpRequest& request,
                                         const std::function<Answer()>& later) {
  const std::lock_guard lock(mutex_);
  const Time now = clock_.now();
  Handled handled;
  std::uint64_t run = UINT64_MAX, mark = 0;
  try {
    HttpReply reply = service_.handle(now, request);
    run = reply.started_run, mark = reply.fault.mark;
    if (run != UINT64_MAX) held_.started(run);
    handled.status = reply.status;
    if (reply.deferred != 0) {
      handled.pending = next_pending_++;
      defer(now, reply, handled.pending, later);
    } else if (waits_for_clock(reply)) {
      handled.pending = next_pending_++;
      hold({std::move(reply), later(), handled.pending});
    } else {
      handled.reply = std::move(reply);
    }
    after_call(now);
    return handled;
  } catch (const std::exception& error) {
    // Nothing of it is to be waited for: this is the answer.
    if (!forget(handled.pending) && mark != 0) service_.fault_settled(mark, FaultOutcome::missed);
    forget_run(run);
    pass_on();
    return {error_reply(500, error.what()), 500, 0};
  }
}

void ServiceHost::defer(Time now, const HttpReply& reply, std::uint64_t pending,
                        const std::function<Answer()>& later) {
  Deferred& deferred = deferred_[reply.deferred];
  deferred.pending = pending;
  deferred.late = std::max(reply.send_at - now, Duration::zero());
  deferred.fault = reply.fault;
  if (reply.deferred_for != Duration::max())
    deferred.until =
        std::chrono::steady_clock::now() + std::chrono::nanoseconds(reply.deferred_for.ns);
  next_expiry_ = std::min(next_expiry_.load(), deferred.until);
  deferred.answer = later();
}

// ---- answers that wait for a held clock

bool ServiceHost::waits_for_clock(const HttpReply& reply) const {
  return clock_.is_held() && !ending_ && reply.send_at > clock_.now();
}

void ServiceHost::hold(Waiting waiting) {
  const HttpReply& reply = waiting.reply;
  if (reply.started_run != UINT64_MAX && settings_.hold_back > SteadyDuration::zero())
    answerless_.insert(reply.started_run);
  const Time at = reply.send_at;
  waiting_.emplace(at, std::move(waiting));
}

/// Gives what is due by `now`.
void ServiceHost::release(Time now) {
  if (waiting_.empty() || waiting_.begin()->first > now) return;
  while (!waiting_.empty() && waiting_.begin()->first <= now) {
    Waiting waiting = std::move(waiting_.extract(waiting_.begin()).mapped());
    answerless_.erase(waiting.reply.started_run);
    waiting.answer(std::move(waiting.reply));
  }
  unpark();
}

void ServiceHost::give_up(std::uint64_t pending) {
  const std::lock_guard lock(mutex_);
  forget(pending);
  pass_on();
}

/// False: it is not waited for.
bool ServiceHost::forget(std::uint64_t pending) {
  const auto found = std::ranges::find(waiting_, pending,
                                       [](const auto& waiting) { return waiting.second.pending; });
  if (found != waiting_.end()) {
    const HttpReply& reply = found->second.reply;
    if (reply.fault.mark != 0)
      service_.fault_settled(reply.fault.mark, outcome_unsent(reply.fault));
    forget_run(reply.started_run);
    waiting_.erase(found);
    return true;
  }
  const auto deferred = std::ranges::find(
      deferred_, pending, [](const auto& waiting) { return waiting.second.pending; });
  if (deferred == deferred_.end()) return false;
  if (const std::uint64_t mark = deferred->second.fault.mark; mark != 0)
    service_.fault_settled(mark, FaultOutcome::missed);
  // What the service says then finds nobody.
  service_.give_up_deferred(deferred->first);
  deferred_.erase(deferred);
  return true;
}

/// Nobody waits for its answer any more.
void ServiceHost::forget_run(std::uint64_t run) {
  if (run == UINT64_MAX) return;
  answerless_.erase(run);
  unpark();
  replied(run);
}

HttpReply ServiceHost::refusal(unsigned status, std::string_view message) const {
  return error_reply(status, message);
}

SteadyTime ServiceHost::send_at(const HttpReply& reply) const {
  return clock_.is_held() ? SteadyTime::min() : clock_.wall_at(reply.send_at);
}

void ServiceHost::lost(const HttpReply& reply) {
  fault_settled(reply.fault.mark, outcome_unsent(reply.fault));
  if (reply.started_run != UINT64_MAX) replied(reply.started_run);
}

void ServiceHost::fault_settled(std::uint64_t mark, FaultOutcome outcome) {
  if (mark == 0) return;
  const std::lock_guard lock(mutex_);
  service_.fault_settled(mark, outcome);
}

std::size_t ServiceHost::held_answers() {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

bool ServiceHost::is_parked(StreamQueue* stream, std::uint64_t run) const {
  if (answerless_.empty() && parked_.empty()) return false;
  return answerless_.contains(run) || parked_.contains(stream);
}

/// Lets those frames go on whose answer waits no more.
void ServiceHost::unpark() {
  for (auto& [stream, frames] : std::exchange(parked_, {})) {
    for (UnsentFrame& frame : frames) {
      if (is_parked(stream, frame.run)) {
        parked_[stream].push_back(std::move(frame));
      } else {
        stream->push(std::move(frame.frame), frame.run);
      }
    }
  }
}

// ---- streams

std::shared_ptr<StreamSource> ServiceHost::open_stream(const HttpReply& reply,
                                                       std::function<void()> wake) {
  auto stream =
      std::make_shared<StreamQueue>(written_, held_, unsent_frames_, settings_.queue_bytes);
  stream->on_wake(std::move(wake));
  const std::lock_guard lock(mutex_);
  const Time now = clock_.now();
  const std::uint64_t number = service_.open_stream(now, reply.stream_of, *stream);
  stream->on_close([this, number, queue = stream.get()](std::vector<UnsentFrame> taken) {
    close_stream(number, *queue, std::move(taken));
  });
  pass_on();
  stream->opened();
  after_call(now);
  return stream;
}

void ServiceHost::close_stream(std::uint64_t number, StreamQueue& stream,
                               std::vector<UnsentFrame> taken) {
  const std::lock_guard lock(mutex_);
  const Time now = clock_.now();
  std::ranges::move(stream.take_all(), std::back_inserter(taken));
  if (const auto parked = parked_.find(&stream); parked != parked_.end()) {
    std::ranges::move(parked->second, std::back_inserter(taken));
    parked_.erase(parked);
  }
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
  ending_ = true;
  release(Time::never());
  after_call(now);
}

// ---- time

/// `due`, or an answer that waits for a held clock before it.
Time ServiceHost::with_waiting(Time due) const {
  return waiting_.empty() ? due : std::min(due, waiting_.begin()->first);
}

Time ServiceHost::next_due() {
  const std::lock_guard lock(mutex_);
  return with_waiting(service_.next_due());
}

Time ServiceHost::next_work() {
  const std::lock_guard lock(mutex_);
  return with_waiting(service_.next_work());
}

bool ServiceHost::step(Time until) {
  const std::lock_guard lock(mutex_);
  const Time due = with_waiting(service_.next_due());
  if (due > until) {
    clock_.set(std::max(until, clock_.now()));
    return false;
  }
  const Time now = std::max(due, clock_.now());
  clock_.set(now);
  service_.advance(now);
  pass_on();
  release(now);
  return true;
}

void ServiceHost::keep_time(const std::atomic<bool>& stop) {
  std::unique_lock lock(mutex_);
  while (!stop) {
    const SteadyTime wall = std::chrono::steady_clock::now();
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

void ServiceHost::look(const std::function<void(const Service&)>& look) {
  const std::lock_guard lock(mutex_);
  look(service_);
}

void ServiceHost::tick(SteadyTime now) {
  if (next_expiry_.load(std::memory_order_relaxed) > now) return;
  const std::lock_guard lock(mutex_);
  SteadyTime next = SteadyTime::max();
  for (const auto& [number, deferred] : deferred_) {
    if (deferred.until <= now)
      service_.give_up_deferred(number);
    else
      next = std::min(next, deferred.until);
  }
  next_expiry_ = next;
  pass_on();
}

void ServiceHost::on_dropped(std::function<void(std::uint64_t)> told) {
  const std::lock_guard lock(mutex_);
  dropped_told_ = std::move(told);
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
    } else if (is_parked(written.stream, written.run)) {
      parked_[written.stream].push_back({std::move(written.frame), written.run});
    } else {
      written.stream->push(std::move(written.frame), written.run);
    }
  }
  written_.clear();
  pass_on_deferred();
  if (const std::uint64_t dropped = service_.events_dropped(); dropped != dropped_) {
    dropped_ = dropped;
    if (dropped_told_) dropped_told_(dropped);
  }
}

void ServiceHost::pass_on_deferred() {
  for (auto& [number, reply] : service_.take_deferred()) {
    const auto found = deferred_.find(number);
    if (found == deferred_.end()) continue;
    Deferred deferred = std::move(found->second);
    deferred_.erase(found);
    reply.fault = deferred.fault;
    if (deferred.late > Duration::zero()) reply.send_at = clock_.now() + deferred.late;
    if (waits_for_clock(reply)) {
      hold({std::move(reply), std::move(deferred.answer), deferred.pending});
    } else {
      deferred.answer(std::move(reply));
    }
  }
}

}  // namespace sluice
