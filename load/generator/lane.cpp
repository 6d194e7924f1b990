// A lane's thread, its clock, and the requests that start runs.
#include "load/generator/lane.hpp"

#include <fmt/format.h>
#include <simdjson.h>
#include <sys/prctl.h>
#include <time.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cstdlib>
#include <utility>

#include "load/generator/lane_stream.hpp"
#include "sim/event_kinds.hpp"

namespace sluice {
namespace {

constexpr int kSubmissionsPerTurn = 256;  // before answers get their turn
constexpr unsigned long kTimerSlack_ns = 1000;

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
  const std::string body = shown_body(result.body);
  if (result.location.empty()) return body;
  const std::string where = "redirects to " + shown_body(result.location);
  return result.body.empty() ? where : where + ": " + body;
}

}  // namespace

// ---- the thread

Lane::Lane(const LaneSettings& settings, unsigned number)
    : settings_(settings),
      number_(number),
      context_(1),
      work_(boost::asio::make_work_guard(context_)),
      timer_(context_),
      poll_timer_(context_),
      http_(context_, settings.http),
      submitters_(settings.scenario, {settings.seed, settings.seed}, *this, events_),
      look_timer_(context_),
      thread_([this] { work(); }) {}

/// A mistake ends the load and not the process: snapshot() tells of it.
void Lane::work() {
  ::prctl(PR_SET_TIMERSLACK, kTimerSlack_ns);
  while (!context_.stopped()) {
    try {
      context_.run();
    } catch (...) {
      broken_ = std::current_exception();
      sending_ = false;
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
    snapshot.counts.streams_open = static_cast<std::uint64_t>(
        std::count_if(streams_.begin(), streams_.end(),
                      [](const auto& stream) { return stream->events.is_open(); }));
    snapshot.times = times_;
    times_.clear();
    snapshot.http = http_.counts();
    snapshot.unanswered_now = unanswered_;
    snapshot.runs_now = sessions_.size();
    snapshot.notes = notes_;
    snapshot.cpu_seconds = thread_cpu_seconds();
    promise.set_value(std::move(snapshot));
  });
  return future.get();
}

// ---- time

void Lane::begin(const LoadClock& clock, Time end) {
  boost::asio::post(context_, [this, clock, end] {
    clock_ = clock;
    events_.name_kinds(event_name);
    sending_ = true;
    tokens_at_ = std::chrono::steady_clock::now();
    submitters_.start(end);
    arm();
    if (settings_.follow == LoadConfig::Follow::polling) follow_by_polling("");
  });
}

/// To be called whenever something may have been scheduled.
void Lane::arm() {
  if (!sending_ || events_.next_time() >= armed_for_) return;
  armed_for_ = events_.next_time();
  timer_.expires_at(clock_->wall(armed_for_));
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) on_timer();
  });
}

void Lane::on_timer() {
  armed_for_ = Time::never();
  const Time until = now();
  for (int turn = 0; sending_ && !events_.empty() && events_.next_time() <= until; ++turn) {
    if (turn == kSubmissionsPerTurn) {
      boost::asio::post(context_, [this] { on_timer(); });
      return;
    }
    handle_next();
  }
  arm();
}

void Lane::handle_next() {
  const ScheduledEvent scheduled = events_.pop();
  if (scheduled.event.kind == kPatience)
    patience_over(scheduled.time, scheduled.event.subject);
  else
    submitters_.handle(scheduled.time, scheduled.event);
}

void Lane::end_sending(Time until) {
  boost::asio::post(context_, [this, until] {
    while (sending_ && events_.next_time() <= until && !events_.empty()) handle_next();
    sending_ = false;
    timer_.cancel();
    http_.drop_waiting("not sent");
  });
}

/// Of polls and interrupts nothing is said: whoever ends waits no longer.
void Lane::give_up_requests() {
  boost::asio::post(context_, [this] {
    const std::uint64_t polls = counts_.failed_polls, interrupts = counts_.interrupts_failed;
    http_.give_up("no answer by the end");
    counts_.failed_polls = polls;
    counts_.interrupts_failed = interrupts;
  });
}

// ---- submitters

Need Lane::pool_need(WorkspaceId, WorkflowId, std::size_t, std::span<const CredentialId> members) {
  const auto [known, is_new] = pool_needs_.try_emplace(members.data());
  if (is_new) {
    known->second = {Need::kPoolBit | static_cast<std::uint32_t>(pools_.size())};
    pools_.emplace_back(members.begin(), members.end());
  }
  return known->second;
}

std::uint32_t Lane::client_of(const LaneSettings& settings, SubmitterId submitter,
                              std::uint64_t index) {
  const Arrivals& arrivals = settings.scenario.submitters[submitter.index()].arrivals;
  // Index i of a closed loop is client i mod clients: see Submitters.
  if (const auto* loop = std::get_if<ClosedLoop>(&arrivals)) index %= loop->clients;
  return static_cast<std::uint32_t>(index % settings.clients);
}

unsigned Lane::lane_of(const LaneSettings& settings, SubmitterId submitter, std::uint64_t index) {
  return client_of(settings, submitter, index) % settings.lanes;
}

bool Lane::is_mine(const RunRequest& request) const {
  return settings_.lanes == 1 || lane_of(settings_, request.submitter, request.index) == number_;
}

/// Unique in the load.
std::uint64_t Lane::number_of(const RunRequest& request) {
  return std::uint64_t{request.submitter.value} << 44 | request.index;
}

std::optional<Answer> Lane::submit(Time now, const RunRequest& request) {
  if (!is_mine(request)) return std::nullopt;
  const std::uint64_t number = number_of(request);
  if (request.attempt == 1) {
    ++counts_.arrivals;
    Observation seen;
    seen.at = now;
    seen.run = number;
    journal_.submitted(seen, request);
  }
  ++counts_.intended;
  ++unanswered_;
  if (below_ceiling(std::chrono::steady_clock::now())) {
    send(now, request, number);
  } else {
    ++counts_.over_ceiling;
    boost::asio::post(context_, [this, now, request, number] { not_sent(now, request, number); });
  }
  return std::nullopt;
}

void Lane::give_up(Time now, const RunRequest& request) {
  ++counts_.gave_up;
  Observation seen;
  seen.kind = Observation::Kind::gave_up;
  seen.at = now;
  seen.run = number_of(request);
  journal_.add(seen);
}

/// A bucket that holds a second's worth.
bool Lane::below_ceiling(SteadyTime now) {
  if (settings_.max_per_s == 0) return true;
  const double passed = std::chrono::duration<double>(now - tokens_at_).count();
  tokens_ = std::min(std::max(1.0, settings_.max_per_s), tokens_ + passed * settings_.max_per_s);
  tokens_at_ = now;
  if (tokens_ < 1) return false;
  tokens_ -= 1;
  return true;
}

// ---- requests and answers

void Lane::send(Time intended, const RunRequest& request, std::uint64_t number) {
  const std::string client_id =
      settings_.follow == LoadConfig::Follow::events && !polling_
          ? LoadRequests::client_id(settings_.seed, request.workspace, client_of(request))
          : std::string();
  http_.send(settings_.requests.start(request, pools_, client_id),
             [this, intended, request, number](const ExchangeResult& result) {
               answered(intended, request, number, result);
             });
}

void Lane::not_sent(Time intended, const RunRequest& request, std::uint64_t number) {
  ExchangeResult result;
  result.failure = "not sent";
  result.answered = std::chrono::steady_clock::now();
  answered(intended, request, number, result);
}

void Lane::answered(Time intended, const RunRequest& request, std::uint64_t number,
                    const ExchangeResult& result) {
  --unanswered_;
  measure(result, clock_->wall(intended));
  if (is_success(result.status)) return accepted(intended, request, number, result);
  refused(intended, request, number, result);
}

void Lane::measure(const ExchangeResult& result, SteadyTime intended) {
  if (result.was_sent) {
    ++counts_.sent;
    const Duration lateness = duration_of(std::max(result.sent, intended) - intended);
    times_.lateness.record(lateness);
    counts_.late += lateness > settings_.scenario.load.late_after;
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

void Lane::observe_answer(std::uint64_t number, Time now, Time intended, const Answer& answer) {
  Observation seen;
  seen.kind = Observation::Kind::answered;
  seen.at = now;
  seen.run = number;
  seen.latency = duration_of(clock_->wall(std::max(now, intended) - intended));
  seen.status = answer.status;
  seen.window = answer.window;
  journal_.add(seen);
}

void Lane::accepted(Time intended, const RunRequest& request, std::uint64_t number,
                    const ExchangeResult& result) {
  StartAnswer started = read_start_answer(result.body);
  if (!started.wrong && !settings_.known_sessions.add(started.session_id))
    started.wrong = WrongAnswer::known_session_id;
  if (started.wrong) return wrong(intended, request, number, result, *started.wrong);
  const Time now = clock_->simulated(result.answered);
  ++counts_.accepted;
  observe_answer(number, now, intended, {});
  const auto run = sessions_.try_emplace(SessionId(std::move(started.session_id))).first;
  run->second = std::make_unique<Followed>(Followed{number, request, result.answered});
  limit_patience(now, run);
  // A copy: the last of these events may be the run's end.
  if (!early_.empty()) play_early(std::string(run->first.text));
}

/// The target may have done the work, so the request is not sent again: its run is lost to us.
void Lane::wrong(Time intended, const RunRequest& request, std::uint64_t number,
                 const ExchangeResult& result, WrongAnswer why) {
  const std::string kind(name(why));
  ++counts_.wrong_answers;
  ++counts_.errors;
  ++counts_.failures[kind];
  const auto [first, is_new] = counts_.wrong_bodies.try_emplace(kind);
  if (is_new) first->second = {result.status, 0, shown_body(result.body)};
  ++first->second.count;
  Answer answer;
  answer.status = Answer::Status::server_error;
  answer.answered_at = clock_->simulated(result.answered);
  observe_answer(number, answer.answered_at, intended, answer);
  const Time now = answer.answered_at = heard(answer.answered_at);
  submitters_.refused(now, request, answer);
  arm();
}

void Lane::refused(Time intended, const RunRequest& request, std::uint64_t number,
                   const ExchangeResult& result) {
  Answer answer;
  answer.status = Answer::Status::server_error;
  answer.answered_at = clock_->simulated(result.answered);
  if (result.retry_after_s && *result.retry_after_s >= 0)
    answer.retry_after =
        Duration::from_seconds(static_cast<double>(*result.retry_after_s) * settings_.target_scale);
  const bool limited = result.status == 429;
  if (limited) {
    answer.status = Answer::Status::rate_limited;
    answer.window = window_of(result);
    ++counts_.rejected;
  } else {
    counts_.errors += is_by_target(result);
  }
  if (is_by_target(result)) observe_answer(number, answer.answered_at, intended, answer);
  const Time now = answer.answered_at = heard(answer.answered_at);
  const bool worth_trying = limited || result.status == 0 || result.status >= 500;
  if (worth_trying) {
    if (sending_) try_again(now, request, answer, result);
  } else {
    const auto [first, is_new] = counts_.first_bodies.try_emplace(result.status);
    if (is_new) first->second = told_by(result);
    submitters_.refused(now, request, answer);
  }
  arm();
}

/// What comes of it is an event, or that the submitter gives up, or nothing before the load's end.
void Lane::try_again(Time now, const RunRequest& request, const Answer& answer,
                     const ExchangeResult& result) {
  const std::size_t scheduled = events_.size();
  const std::uint64_t gave_up = counts_.gave_up;
  submitters_.answer_came(now, request, answer);
  if (events_.size() > scheduled || counts_.gave_up > gave_up) return;
  ++counts_.retries_beyond;
  counts_.longest_retry_after_s =
      std::max(counts_.longest_retry_after_s, result.retry_after_s.value_or(0));
}

/// Which of the scenario's rate limits an answer is about, by its `limit`.
std::uint8_t Lane::window_of(const ExchangeResult& result) const {
  const std::vector<RateWindowConfig>& windows = settings_.scenario.pipeline.api.rate_limits;
  simdjson::dom::parser parser;
  std::int64_t limit = -1;
  if (parser.parse(result.body.data(), result.body.size())["limit"].get(limit) != simdjson::SUCCESS)
    return 0;
  for (std::size_t i = 0; i < windows.size(); ++i)
    if (windows[i].max == limit) return static_cast<std::uint8_t>(i);
  return 0;
}

}  // namespace sluice
