#include "load/generator/lane.hpp"

#include <fmt/format.h>
#include <simdjson.h>
#include <sys/prctl.h>
#include <time.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <chrono>
#include <future>
#include <utility>

namespace sluice {
namespace {

constexpr int kSubmissionsPerTurn = 256;  // before answers get their turn
constexpr unsigned long kTimerSlack_ns = 1000;
constexpr std::string_view kGivenUp = "no answer by the end";

double thread_cpu_seconds() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

Duration duration_of(std::chrono::nanoseconds length) { return {length.count()}; }

bool is_success(unsigned status) { return status >= 200 && status < 300; }

/// The target's doing, be it an answer or none. Otherwise it was this side that did not send.
bool is_by_target(const ExchangeResult& result) {
  return result.status != 0 || result.was_sent || result.unreached;
}

/// What explains an answer that no retry mends.
std::string told_by(const ExchangeResult& result) {
  std::string body = shown_body(result.body);
  if (result.location.empty()) return body;
  const std::string where = "redirects to " + shown_body(result.location);
  return result.body.empty() ? where : where + ": " + body;
}

SequencerSettings sequencer_settings(const LaneSettings& settings, unsigned number) {
  return {.shares = settings.shares,
          .lane = number,
          .seed = settings.seed,
          .max_per_s = settings.max_per_s,
          .target_scale = settings.target_scale};
}

FollowSettings follow_settings(const LaneSettings& settings) {
  return {.follow = settings.follow,
          .poll_interval = settings.shares.scenario.load.poll_interval,
          .target_scale = settings.target_scale,
          .lanes = settings.shares.lanes};
}

}  // namespace

struct Lane::Stream {
  bool waited_for = true;               // has neither been open nor failed yet
  std::unique_ptr<EventStream> events;  // last: it may call back
};

// ---- the thread

Lane::Lane(const LaneSettings& settings, const Clock& clock, unsigned number)
    : settings_(settings),
      clock_(clock),
      number_(number),
      sequencer_(sequencer_settings(settings, number), journal_, *this),
      follower_(follow_settings(settings), journal_, *this),
      context_(1),
      work_(boost::asio::make_work_guard(context_)),
      timer_(context_),
      http_(context_, settings.http),
      thread_([this] { work(); }) {}

/// A mistake ends the load and not the process: snapshot() tells of it.
void Lane::work() {
  ::prctl(PR_SET_TIMERSLACK, kTimerSlack_ns);
  while (!context_.stopped()) {
    try {
      context_.run();
    } catch (...) {
      broken_ = std::current_exception();
      sequencer_.stop();
    }
  }
}

Lane::~Lane() {
  context_.stop();
  thread_.join();
}

LaneSnapshot Lane::snapshot() {
  std::promise<LaneSnapshot> promise;
  std::future<LaneSnapshot> future = promise.get_future();
  boost::asio::post(context_, [this, &promise] {
    if (broken_) return promise.set_exception(broken_);
    LaneSnapshot snapshot;
    snapshot.counts = counts_;
    snapshot.counts.add(sequencer_.counts());
    snapshot.counts.follow = follower_.counts();
    snapshot.counts.streams_open = static_cast<std::uint64_t>(
        std::count_if(streams_.begin(), streams_.end(),
                      [](const auto& stream) { return stream->events->is_open(); }));
    snapshot.times = times_;
    times_.clear();
    snapshot.http = http_.counts();
    snapshot.unanswered_now = sequencer_.unanswered();
    snapshot.runs_now = follower_.unfinished();
    snapshot.why_polled = follower_.note();
    snapshot.cpu_seconds = thread_cpu_seconds();
    promise.set_value(std::move(snapshot));
  });
  return future.get();
}

// ---- time

void Lane::begin(const LoadClock& load, Time end) {
  boost::asio::post(context_, [this, load, end] {
    load_clock_ = load;
    const SteadyTime now = clock_.now();
    sequencer_.begin(now, load, end);
    follower_.begin(now, load);
    arm();
  });
}

/// To be called whenever something may have become due.
void Lane::arm() {
  const SteadyTime due = std::min(sequencer_.next_due(), follower_.next_due());
  if (due >= armed_for_) return;
  armed_for_ = due;
  timer_.expires_at(due);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) on_timer();
  });
}

void Lane::on_timer() {
  armed_for_ = SteadyTime::max();
  const SteadyTime now = clock_.now();
  follower_.advance(now);
  if (sequencer_.advance(now, kSubmissionsPerTurn))
    boost::asio::post(context_, [this] { on_timer(); });
  else
    arm();
}

void Lane::end_sending(Time until) {
  boost::asio::post(context_, [this, until] {
    sequencer_.end_sending(clock_.now(), until);
    follower_.end_sending(until);
    http_.drop_waiting("not sent");
  });
}

void Lane::give_up_requests() {
  boost::asio::post(context_, [this] { http_.give_up(kGivenUp); });
}

// ---- requests and answers

void Lane::send(Time intended, const RunRequest& request) {
  const bool by_events = settings_.follow == LoadConfig::Follow::events && !follower_.polls();
  const std::string client_id =
      by_events
          ? LoadRequests::client_id(settings_.seed, request.workspace,
                                    settings_.shares.client_of(request.submitter, request.index))
          : std::string();
  http_.send(settings_.requests.start(request, sequencer_.pools(), client_id),
             [this, intended, request](const ExchangeResult& result) {
               answered(intended, request, result);
             });
}

void Lane::over_ceiling(Time intended, const RunRequest& request) {
  boost::asio::post(context_, [this, intended, request] {
    ExchangeResult result;
    result.failure = "not sent";
    result.answered = clock_.now();
    answered(intended, request, result);
  });
}

void Lane::answered(Time intended, const RunRequest& request, const ExchangeResult& result) {
  measure(result, load_clock_->wall(intended));
  if (is_success(result.status))
    started(intended, request, result);
  else
    refused(intended, request, result);
  arm();
}

/// How late it was sent, which is the generator's doing, and how long its answer took.
void Lane::measure(const ExchangeResult& result, SteadyTime intended) {
  if (result.was_sent) {
    ++counts_.sent;
    const Duration lateness = duration_of(std::max(result.sent, intended) - intended);
    times_.lateness.record(lateness);
    counts_.late += lateness > settings_.shares.scenario.load.late_after;
  } else {
    ++(result.unreached ? counts_.unreached : counts_.unsent);
  }
  counts_.resent += result.resent;
  if (result.status == 0) {
    ++counts_.unanswered;
    ++counts_.failures[std::string(result.failure)];
    if (!is_by_target(result)) return;
    ++counts_.unanswered_in_row;
    counts_.last_failure = result.failure;
    return;
  }
  counts_.unanswered_in_row = 0;
  ++counts_.statuses[result.status];
  times_.latency.record(duration_of(std::max(result.answered, intended) - intended));
  times_.from_send.record(duration_of(result.answered - result.sent));
}

/// An answer 2xx. One that names no new run is wrong: the target may have done the work, so the
/// request is not sent again, and its run is lost to us.
void Lane::started(Time intended, const RunRequest& request, const ExchangeResult& result) {
  StartAnswer start = read_start_answer(result.body);
  if (!start.wrong && !settings_.known_sessions.add(start.session_id))
    start.wrong = WrongAnswer::known_session_id;
  if (!start.wrong) {
    ++counts_.accepted;
    sequencer_.answered(result.answered, intended, request, {});
    follower_.accepted(result.answered, std::move(start.session_id), request);
    return;
  }
  const std::string kind(name(*start.wrong));
  ++counts_.wrong_answers;
  ++counts_.errors;
  ++counts_.failures[kind];
  const auto [first, is_new] = counts_.wrong_bodies.try_emplace(kind);
  if (is_new) first->second = {result.status, 0, shown_body(result.body)};
  ++first->second.count;
  sequencer_.answered(result.answered, intended, request, {.status = Answer::Status::server_error});
}

void Lane::refused(Time intended, const RunRequest& request, const ExchangeResult& result) {
  AttemptAnswer answer;
  answer.status = Answer::Status::server_error;
  answer.retry_after_s = result.retry_after_s;
  answer.by_target = is_by_target(result);
  const bool limited = result.status == 429;
  if (limited) {
    answer.status = Answer::Status::rate_limited;
    answer.window = window_of(result);
    ++counts_.rejected;
  } else {
    counts_.errors += answer.by_target;
  }
  answer.may_retry = limited || result.status == 0 || result.status >= 500;
  if (!answer.may_retry) {
    const auto [first, is_new] = counts_.first_bodies.try_emplace(result.status);
    if (is_new) first->second = told_by(result);
  }
  sequencer_.answered(result.answered, intended, request, answer);
}

/// Which of the scenario's rate limits an answer is about, by its `limit`.
std::uint8_t Lane::window_of(const ExchangeResult& result) const {
  const std::vector<RateWindowConfig>& windows = settings_.shares.scenario.pipeline.api.rate_limits;
  simdjson::dom::parser parser;
  std::int64_t limit = -1;
  if (parser.parse(result.body.data(), result.body.size())["limit"].get(limit) != simdjson::SUCCESS)
    return 0;
  for (std::size_t i = 0; i < windows.size(); ++i)
    if (windows[i].max == limit) return static_cast<std::uint8_t>(i);
  return 0;
}

// ---- following

void Lane::open_streams() {
  if (settings_.follow != LoadConfig::Follow::events) return;
  streams_waited_for_ = 1;  // until they are counted
  boost::asio::post(context_, [this] {
    const LaneShares& shares = settings_.shares;
    const std::vector<bool> used = used_workspaces(shares.scenario);
    for (std::size_t i = 0; i < used.size(); ++i)
      for (std::uint32_t client = number_; used[i] && client < shares.clients;
           client += shares.lanes)
        open_stream(WorkspaceId::at(i), client);
    --streams_waited_for_;
  });
}

void Lane::open_stream(WorkspaceId workspace, std::uint32_t client) {
  ++streams_waited_for_;
  const std::size_t place = streams_.size();
  EventStream::Listener listener;
  listener.event = [this](std::string_view, std::string_view data, SteadyTime at) {
    handle_event(data, at);
  };
  listener.opened = [this, place] {
    no_longer_waited_for(*streams_[place]);
    follower_.stream_opened(place);
  };
  listener.closed = [this, place](std::string_view why, unsigned failures) {
    if (failures > 0) no_longer_waited_for(*streams_[place]);
    follower_.stream_closed(clock_.now(), place, why, failures);
    // Who polls waits for none of them.
    if (follower_.polls())
      for (const auto& stream : streams_) no_longer_waited_for(*stream);
    arm();
  };
  const std::string id = LoadRequests::client_id(settings_.seed, workspace, client);
  const Duration assumed = settings_.shares.scenario.load.ping_interval;
  streams_.push_back(std::make_unique<Stream>());
  streams_.back()->events = std::make_unique<EventStream>(
      context_, settings_.http, settings_.requests.events(workspace, id), std::move(listener),
      PingSettings{.assumed = std::chrono::nanoseconds(assumed.ns)});
}

void Lane::no_longer_waited_for(Stream& stream) {
  if (std::exchange(stream.waited_for, false)) --streams_waited_for_;
}

void Lane::event_came(std::string json, SteadyTime at) {
  boost::asio::post(context_, [this, json = std::move(json), at] { handle_event(json, at); });
}

void Lane::handle_event(std::string_view json, SteadyTime at) {
  follower_.event_came(at, json, sequencer_.unanswered() > 0);
  arm();
}

void Lane::ask(FollowRequest request) {
  const bool stops = request.kind == FollowRequest::Kind::interrupt;
  std::string bytes = stops ? settings_.requests.interrupt(request.workspace, request.session)
                            : settings_.requests.get(request.workspace, request.path);
  http_.send(std::move(bytes), [this, request = std::move(request)](const ExchangeResult& result) {
    follower_.answered(request, {.at = result.answered,
                                 .status = result.status,
                                 .body = result.body,
                                 .given_up = result.failure == kGivenUp});
    arm();
  });
}

void Lane::run_ended(SteadyTime at, const RunRequest& request) {
  sequencer_.run_ended(at, request);
}

void Lane::interrupt_unfinished() {
  boost::asio::post(context_, [this] { follower_.interrupt_unfinished(); });
}

void Lane::look_at_unfinished(std::size_t most) {
  looking_ = true;
  boost::asio::post(context_, [this, most] {
    follower_.look_at_unfinished(clock_.now(), most);
    arm();
  });
}

void Lane::give_up_following() {
  boost::asio::post(context_, [this] {
    streams_.clear();
    follower_.give_up(clock_.now());
  });
}

}  // namespace sluice
