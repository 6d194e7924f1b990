#include "load/follow/run_follower.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "base/check.hpp"
#include "base/iso8601.hpp"

namespace sluice {
namespace {

constexpr unsigned kMostStreamFailures = 4;     // in a row, before runs are polled instead
constexpr std::size_t kMostEarly = 100'000;     // events of sessions whose POST is not answered
constexpr std::size_t kMostHalfSeen = 100'000;  // runs
constexpr Duration kMillisecond{1'000'000};
constexpr Duration kSecond{1'000'000'000};
constexpr std::size_t kRowsOfPage = 1000;  // of a list
constexpr unsigned kMostPages = 50;
constexpr std::chrono::milliseconds kBetweenLooks{5};  // of all lanes together
/// Stamps count from here, so that they fit simulated time at any scale: 2020-01-01.
constexpr std::int64_t kStampOrigin_ns = 1'577'836'800'000'000'000;

RunEvent event_of(RunEventKind kind, std::int64_t stamp_unix_ns) {
  RunEvent event;
  event.kind = kind;
  event.stamp_unix_ns = stamp_unix_ns;
  event.stamp_resolution = kMillisecond;
  return event;
}

}  // namespace

void FollowCounts::add(const FollowCounts& other) {
  unknown_events += other.unknown_events;
  bad_events += other.bad_events;
  failed_polls += other.failed_polls;
  streams_opened += other.streams_opened;
  streams_silent += other.streams_silent;
  looked_up += other.looked_up;
  not_looked_up += other.not_looked_up;
  cancelled += other.cancelled;
  interrupts += other.interrupts;
  interrupts_failed += other.interrupts_failed;
}

RunFollower::RunFollower(const FollowSettings& settings, ObservationJournal& journal,
                         FollowSink& out)
    : settings_(settings), journal_(journal), out_(out) {}

void RunFollower::begin(SteadyTime now, const LoadClock& clock) {
  SLUICE_REQUIRE(!clock_, "it begins once");
  clock_ = clock;
  minds_patience_ = true;
  if (settings_.follow == LoadConfig::Follow::polling) begin_polling(now);
}

// ---- time

SteadyTime RunFollower::next_due() const {
  SteadyTime due = std::min(look_.next, next_poll_);
  if (minds_patience_ && !patience_.empty())
    due = std::min(due, clock_->wall(patience_.begin()->first));
  return due;
}

void RunFollower::advance(SteadyTime now) {
  while (minds_patience_ && !patience_.empty() && clock_->wall(patience_.begin()->first) <= now) {
    const auto waits = patience_.extract(patience_.begin());
    patience_over(waits.key(), waits.mapped());
  }
  if (next_poll_ <= now) {
    poll();
    begin_polling(now);
  }
  if (look_.next <= now) look_at_next(now);
}

// ---- answers and events

void RunFollower::accepted(SteadyTime at, std::string session, const RunRequest& request) {
  SLUICE_REQUIRE(clock_.has_value(), "the load has begun");
  const auto run = sessions_.try_emplace(SessionId(std::move(session))).first;
  run->second = std::make_unique<Followed>(Followed{request, at});
  limit_patience(clock_->simulated(at), run);
  // A copy: the last of these events may be the run's end.
  if (!early_.empty()) play_early(std::string(run->first.text));
}

void RunFollower::event_came(SteadyTime at, std::string_view json, bool answers_missing) {
  // Nobody is left whose events these could be.
  if (!answers_missing && !early_.empty()) forget_early();
  const auto each = [&](const RunEvent& event) { on_event(event, at, answers_missing); };
  if (events_.parse(json, each) > 0) return;
  // Pings are no events of runs.
  if (json.find("\"event\"") != std::string_view::npos) ++counts_.bad_events;
}

void RunFollower::on_event(const RunEvent& event, SteadyTime at, bool answers_missing) {
  const auto run = sessions_.find(event.session_id);
  if (run != sessions_.end()) return play(event, at, run);
  if (event.kind == RunEventKind::other) return;
  // Its POST may be on its way back.
  if (!answers_missing || early_events_ >= kMostEarly) {
    ++counts_.unknown_events;
    return;
  }
  EarlyEvent early{event, at};
  early.event.session_id = {};  // of bytes that are gone when it is played
  early_[std::string(event.session_id)].push_back(early);
  ++early_events_;
}

void RunFollower::forget_early() {
  counts_.unknown_events += early_events_;
  early_events_ = 0;
  early_.clear();
}

void RunFollower::play_early(const std::string& session) {
  const auto found = early_.find(session);
  if (found == early_.end()) return;
  const std::vector<EarlyEvent> events = std::move(found->second);
  early_.erase(found);
  early_events_ -= events.size();
  for (const EarlyEvent& early : events) {
    const auto run = sessions_.find(session);
    if (run != sessions_.end()) play(early.event, early.at, run);
  }
}

void RunFollower::play(const RunEvent& event, SteadyTime at, Sessions::iterator run,
                       bool time_known) {
  if (event.kind == RunEventKind::other) return;
  observe(event, at, *run->second, time_known);
  if (is_terminal(event.kind)) return finish(at, run);
  follow_wait(clock_->simulated(at), event.kind, run);
}

void RunFollower::observe(const RunEvent& event, SteadyTime at, Followed& run, bool time_known) {
  Observation seen;
  seen.kind = Observation::Kind::event;
  seen.event = event.kind;
  seen.at = clock_->simulated(at);
  seen.run = run_number(run.request);
  if (event.delay) seen.latency = scaled(*event.delay);
  if (event.stamp_unix_ns != 0) {
    seen.stamp = Time::zero() + scaled(Duration{event.stamp_unix_ns - kStampOrigin_ns});
    seen.stamp_resolution = scaled(event.stamp_resolution);
  }
  seen.time_known = time_known;
  journal_.add(seen);
  run.compared |= event.stamp_unix_ns != 0 && event.stamp_resolution < kSecond;
  if (event.kind == RunEventKind::started) run.runs = true;
  if (event.kind == RunEventKind::requeued) {
    run.runs = false;
    run.requeued = event.stamp_unix_ns;
  }
}

void RunFollower::finish(SteadyTime at, Sessions::iterator run) {
  const RunRequest ended = run->second->request;
  // Whether it started is asked for with the others at the end.
  if (!run->second->runs && half_seen_.size() < kMostHalfSeen)
    half_seen_.try_emplace(run->first, std::move(run->second));
  sessions_.erase(run);
  out_.run_ended(at, ended);
}

Duration RunFollower::scaled(Duration by_target) const {
  if (settings_.target_scale == 1) return by_target;
  return Duration::from_seconds(by_target.seconds() * settings_.target_scale);
}

// ---- streams, and polling instead

void RunFollower::stream_opened(std::size_t stream) {
  ++counts_.streams_opened;
  if (stream >= silent_.size() || !silent_[stream]) return;
  silent_[stream] = false;
  if (clock_) poll();
}

void RunFollower::stream_closed(SteadyTime now, std::size_t stream, std::string_view why,
                                unsigned failures) {
  if (why == "silent") {
    ++counts_.streams_silent;
    if (stream >= silent_.size()) silent_.resize(stream + 1);
    silent_[stream] = true;
  }
  if (failures < kMostStreamFailures || polling_) return;
  note_ = fmt::format("event streams cannot be opened ({}): runs are polled instead", why);
  begin_polling(now);
}

void RunFollower::begin_polling(SteadyTime now) {
  polling_ = true;
  next_poll_ = now + std::chrono::nanoseconds(settings_.poll_interval.ns);
}

/// One list per workspace with unfinished runs, if the one before has been answered.
void RunFollower::poll() {
  if (polls_under_way_ > 0) return;
  std::set<WorkspaceId> unfinished;
  for (const auto& [session, run] : sessions_) unfinished.insert(run->request.workspace);
  for (const WorkspaceId workspace : unfinished) {
    ++polls_under_way_;
    out_.ask({.workspace = workspace, .path = fmt::format("/runs?limit={}", kRowsOfPage)});
  }
}

void RunFollower::answered(const FollowRequest& request, const FollowAnswer& answer) {
  using Kind = FollowRequest::Kind;
  switch (request.kind) {
    case Kind::poll:
      SLUICE_REQUIRE(polls_under_way_ > 0, "each request is answered once");
      --polls_under_way_;
      if (play_list(answer) == nullptr && !answer.given_up) ++counts_.failed_polls;
      return;
    case Kind::look_at_list:
      return looked_at_list(request, answer);
    case Kind::look_at_run:
      return looked_at_run(request, answer);
    case Kind::interrupt:
      counts_.interrupts_failed += answer.status != 200 && answer.status != 201 && !answer.given_up;
      return;
  }
}

/// Plays what a list of runs says; null: it is no list.
const RunList* RunFollower::play_list(const FollowAnswer& answer) {
  const RunList* list = answer.status == 200 ? rows_.list(answer.body) : nullptr;
  if (list == nullptr) return nullptr;
  for (const RunRow& row : list->rows) {
    const auto run = sessions_.find(row.session_id);
    if (run != sessions_.end())
      play_row(row, answer.at, run);
    else if (looks())
      tell_start(row, answer.at);
  }
  return list;
}

/// What a row of the list says more than the one before it.
void RunFollower::play_row(const RunRow& row, SteadyTime at, Sessions::iterator run) {
  const bool by_events = follows_events();
  const auto say = [&](RunEventKind kind, std::int64_t unix_ns, SteadyTime seen) {
    play(event_of(kind, unix_ns), seen, run, unix_ns != 0 || (!by_events && !looks()));
  };
  Followed& followed = *run->second;
  followed.looked_at = looks();
  followed.said = row.status;
  tell_creation(row, followed);
  // Of a run whose events come as well, only a start that none of them told.
  const bool is_told = by_events && (followed.runs || row.started <= followed.requeued);
  if (row.started != 0 && followed.started != row.started && !is_told)
    say(RunEventKind::started, row.started, at);
  followed.started = row.started;
  counts_.looked_up += looks() && is_terminal(row.status);
  if (is_terminal(row.status)) return say(row.status, row.ended, at);
  if (row.status == RunEventKind::paused && !by_events) say(row.status, 0, at);
}

/// It had been created when its answer came: that tells how the clocks differ, where the stamps of
/// its events did not, or only to a second.
void RunFollower::tell_creation(const RunRow& row, Followed& run) {
  if (std::exchange(run.listed, true) || run.compared) return;
  const bool time_known = row.created != 0 || !(follows_events() || looks());
  observe(event_of(RunEventKind::queued, row.created), run.accepted, run, time_known);
}

/// Of a run that was seen to end, but not to start: when it did, if it did at all.
void RunFollower::tell_start(const RunRow& row, SteadyTime at) {
  const auto run = half_seen_.find(row.session_id);
  if (run == half_seen_.end()) return;
  if (row.started != 0) {
    tell_creation(row, *run->second);
    observe(event_of(RunEventKind::started, row.started), at, *run->second, true);
  }
  half_seen_.erase(run);
}

// ---- the last look: before runs are called lost, the target is asked for them

/// Lists first: one request tells of a thousand runs, and when they started and ended.
void RunFollower::look_at_unfinished(SteadyTime now, std::size_t most) {
  SLUICE_REQUIRE(!looks(), "one look at a time");
  look_.most = most;
  look_.lists_done = false;
  std::set<WorkspaceId> unfinished;
  for (const Sessions* some : {&sessions_, &half_seen_})
    for (const auto& [session, run] : *some) unfinished.insert(run->request.workspace);
  look_.under_way = 1;
  for (const WorkspaceId workspace : unfinished) {
    ++look_.under_way;
    look_at_list(workspace, 0, "");
  }
  one_look_less(now);
}

void RunFollower::look_at_list(WorkspaceId workspace, unsigned page, std::string_view before) {
  FollowRequest request{.kind = FollowRequest::Kind::look_at_list, .workspace = workspace};
  request.path = fmt::format("/runs?limit={}", kRowsOfPage);
  if (!before.empty()) request.path.append("&cursor=").append(before);
  request.page = page;
  out_.ask(std::move(request));
}

void RunFollower::looked_at_list(const FollowRequest& request, const FollowAnswer& answer) {
  const RunList* list = play_list(answer);
  const auto is_left = [&request](const auto& entry) {
    return entry.second->request.workspace == request.workspace && !entry.second->looked_at;
  };
  const bool goes_on = list != nullptr && list->length == kRowsOfPage &&
                       request.page + 1 < kMostPages && parse_iso8601(list->oldest) &&
                       (std::any_of(sessions_.begin(), sessions_.end(), is_left) ||
                        std::any_of(half_seen_.begin(), half_seen_.end(), is_left));
  if (goes_on) return look_at_list(request.workspace, request.page + 1, list->oldest);
  one_look_less(answer.at);
}

/// When the lists are through, what they did not have is asked for by itself.
void RunFollower::one_look_less(SteadyTime now) {
  if (look_.under_way > 1) {
    --look_.under_way;
    return;
  }
  if (!std::exchange(look_.lists_done, true)) {
    for (const auto& [session, run] : sessions_)
      if (!run->looked_at) look_.left.push_back(session.text);
    if (look_.left.size() > look_.most) {
      counts_.not_looked_up += look_.left.size() - look_.most;
      look_.left.resize(look_.most);
    }
  }
  if (!look_.left.empty()) {
    look_.next = now + kBetweenLooks * settings_.lanes;
    return;
  }
  look_.under_way = 0;
  out_.looked();
}

void RunFollower::look_at_next(SteadyTime now) {
  look_.next = SteadyTime::max();
  const std::string session = std::move(look_.left.back());
  look_.left.pop_back();
  const auto run = sessions_.find(session);
  if (run == sessions_.end()) return one_look_less(now);
  out_.ask({.kind = FollowRequest::Kind::look_at_run,
            .workspace = run->second->request.workspace,
            .path = "/run/" + session,
            .session = session});
}

void RunFollower::looked_at_run(const FollowRequest& request, const FollowAnswer& answer) {
  // Who is asked too much, or does not answer, is not asked any more.
  if (answer.status == 429 || answer.status == 0) {
    counts_.not_looked_up += look_.left.size();
    look_.left.clear();
  }
  const auto run = sessions_.find(request.session);
  if (run != sessions_.end() && answer.status == 200)
    if (const auto row = rows_.run(answer.body)) play_row(*row, answer.at, run);
  one_look_less(answer.at);
}

// ---- patience: runs that wait longer than their submitters do are asked to stop

/// When a run that waits has waited too long: the time in which it ran does not count.
Time RunFollower::patient_until(const Followed& run) {
  return run.request.submitted + run.request.patience + run.ran;
}

/// To be called when it begins to wait.
void RunFollower::limit_patience(Time now, Sessions::iterator run) {
  if (run->second->request.patience == Duration::max()) return;
  patience_.emplace(std::max(now, patient_until(*run->second)), run->first.text);
}

void RunFollower::patience_over(Time now, const std::string& session) {
  const auto found = sessions_.find(session);
  if (found == sessions_.end()) return;
  Followed& run = *found->second;
  // Who was requeued meanwhile has a later limit, with a place of its own.
  if (run.running_since || now < patient_until(run)) return;
  if (std::exchange(run.interrupted, true)) return;
  Observation seen;
  seen.kind = Observation::Kind::cancelled;
  seen.at = now;
  seen.run = run_number(run.request);
  journal_.add(seen);
  ++counts_.cancelled;
  interrupt(run, session);
}

/// What an event says about who waits.
void RunFollower::follow_wait(Time at, RunEventKind kind, Sessions::iterator run) {
  Followed& followed = *run->second;
  if (followed.request.patience == Duration::max()) return;
  if (kind == RunEventKind::started && !followed.running_since) {
    followed.running_since = at;
  } else if (kind == RunEventKind::requeued && followed.running_since) {
    followed.ran += std::max(Duration{}, at - *followed.running_since);
    followed.running_since.reset();
    limit_patience(at, run);
  }
}

void RunFollower::interrupt(const Followed& run, const std::string& session) {
  out_.ask({.kind = FollowRequest::Kind::interrupt,
            .workspace = run.request.workspace,
            .session = session});
}

// ---- the end

void RunFollower::end_sending(Time until) {
  while (minds_patience_ && !patience_.empty() && patience_.begin()->first <= until) {
    const auto waits = patience_.extract(patience_.begin());
    patience_over(waits.key(), waits.mapped());
  }
  minds_patience_ = false;
}

void RunFollower::interrupt_unfinished() {
  for (const auto& [session, run] : sessions_) {
    if (std::exchange(run->interrupted, true)) continue;
    interrupt(*run, session.text);
    ++counts_.interrupts;
  }
}

void RunFollower::give_up(SteadyTime now) {
  next_poll_ = SteadyTime::max();
  look_.next = SteadyTime::max();
  counts_.not_looked_up += std::exchange(look_.left, {}).size();
  for (const auto& [session, run] : sessions_) {
    Observation seen;
    seen.kind = run->looked_at ? Observation::Kind::unfinished : Observation::Kind::lost;
    seen.event = run->said;
    seen.at = clock_->simulated(now);
    seen.run = run_number(run->request);
    journal_.add(seen);
  }
  sessions_.clear();
  forget_early();
}

}  // namespace sluice
