// How a lane sees the life of its runs: event streams, webhooks, polls.
#include <simdjson.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <set>
#include <utility>

#include "load/generator/lane.hpp"
#include "load/generator/lane_stream.hpp"

namespace sluice {
namespace {

constexpr unsigned kMostStreamFailures = 4;  // in a row, before runs are polled instead
constexpr std::size_t kMostEarly = 100'000;  // sessions whose POST has not been answered
constexpr Duration kMillisecond{1'000'000};

}  // namespace

// ---- event streams

void Lane::open_streams() {
  if (settings_.follow != LoadConfig::Follow::events) return;
  streams_waited_for_ = 1;  // until they are counted
  boost::asio::post(context_, [this] {
    std::set<WorkspaceId> used;
    for (const SubmitterConfig& submitter : settings_.scenario.submitters) {
      used.insert(submitter.workspaces.begin(), submitter.workspaces.end());
      if (const auto* trace = std::get_if<TraceArrivals>(&submitter.arrivals))
        for (const TraceRow& row : *trace->rows)
          if (row.workspace.valid()) used.insert(row.workspace);
    }
    for (const WorkspaceId workspace : used)
      for (std::uint32_t client = number_; client < settings_.clients; client += settings_.lanes)
        open_stream(workspace, client);
    --streams_waited_for_;
  });
}

void Lane::open_stream(WorkspaceId workspace, std::uint32_t client) {
  ++streams_waited_for_;
  const std::size_t place = streams_.size();
  const auto over = [this, place] { no_longer_waited_for(*streams_[place]); };
  EventStream::Listener listener;
  listener.event = [this](std::string_view, std::string_view data, SteadyTime at) {
    handle_events(data, at);
  };
  listener.opened = [this, over, place] {
    ++counts_.streams_opened;
    over();
    if (std::exchange(streams_[place]->was_silent, false) && clock_) poll();
  };
  listener.closed = [this, over, place](std::string_view why, unsigned failures) {
    if (failures > 0) over();
    if (why == "silent") {
      ++counts_.streams_silent;
      streams_[place]->was_silent = true;
    }
    if (failures >= kMostStreamFailures)
      follow_by_polling("event streams cannot be opened (" + std::string(why) + ")");
  };
  const std::string id = LoadRequests::client_id(settings_.seed, workspace, client);
  streams_.push_back(std::make_unique<Stream>(
      context_, settings_.http, settings_.requests.events(workspace, id), std::move(listener),
      PingSettings{.assumed = std::chrono::nanoseconds(settings_.scenario.load.ping_interval.ns)}));
}

void Lane::no_longer_waited_for(Stream& stream) {
  if (std::exchange(stream.waited_for, false)) --streams_waited_for_;
}

// ---- events

void Lane::event_came(std::string json, SteadyTime at) {
  boost::asio::post(context_, [this, json = std::move(json), at] { handle_events(json, at); });
}

void Lane::handle_events(std::string_view json, SteadyTime at) {
  if (parser_.parse(json, [&](const RunEvent& event) { on_event(event, at); }) > 0) return;
  // Pings are no events of runs.
  if (json.find("\"event\"") != std::string_view::npos) ++counts_.bad_events;
}

void Lane::on_event(const RunEvent& event, SteadyTime at) {
  const auto run = sessions_.find(event.session_id);
  if (run != sessions_.end()) return play(event, at, run);
  // Its POST may be on its way back.
  if (unanswered_ > 0 && early_.size() < kMostEarly && event.kind != RunEventKind::other) {
    early_[std::string(event.session_id)].push_back({event, at});
  } else if (event.kind != RunEventKind::other) {
    ++counts_.unknown_events;
  }
}

void Lane::play_early(const std::string& session_id) {
  const auto found = early_.find(session_id);
  if (found == early_.end()) return;
  const std::vector<EarlyEvent> events = std::move(found->second);
  early_.erase(found);
  for (const EarlyEvent& early : events) {
    const auto run = sessions_.find(session_id);
    if (run != sessions_.end()) play(early.event, early.at, run);
  }
}

void Lane::play(const RunEvent& event, SteadyTime at, Sessions::iterator run, bool time_known) {
  if (event.kind == RunEventKind::other) return;
  tell(event, at, *run->second, time_known);
  const Time now = clock_->simulated(at);
  if (is_terminal(event.kind)) return finish(now, run);
  follow_wait(now, event.kind, run);
}

void Lane::tell(const RunEvent& event, SteadyTime at, Followed& run, bool time_known) {
  Observation seen;
  seen.kind = Observation::Kind::event;
  seen.event = event.kind;
  seen.at = clock_->simulated(at);
  seen.run = run.number;
  if (event.delay) seen.latency = scaled(*event.delay);
  if (event.stamp_unix_ns != 0) {
    seen.stamp = Time::zero() + scaled(Duration{event.stamp_unix_ns - kStampOrigin_ns});
    seen.stamp_resolution = scaled(event.stamp_resolution);
  }
  seen.time_known = time_known;
  journal_.add(seen);
  run.told = true;
  if (event.kind == RunEventKind::started) run.runs = true;
  if (event.kind == RunEventKind::requeued) {
    run.runs = false;
    run.requeued = event.stamp_unix_ns;
  }
}

void Lane::finish(Time now, Sessions::iterator run) {
  Run ended;
  ended.request = run->second->request;
  // Whether it started is asked for with the others at the end.
  if (!run->second->runs && half_seen_.size() < kMostEarly)
    half_seen_.try_emplace(run->first, std::move(run->second));
  sessions_.erase(run);
  if (!sending_) return;
  submitters_.ended(heard(now), ended, Outcome::succeeded, EndReason::completed);
  arm();
}

Duration Lane::scaled(Duration by_target) const {
  if (settings_.target_scale == 1) return by_target;
  return Duration::from_seconds(by_target.seconds() * settings_.target_scale);
}

// ---- polls

void Lane::follow_by_polling(std::string why) {
  if (std::exchange(polling_, true)) return;
  if (!why.empty()) notes_.push_back(why + ": runs are polled instead");
  for (const auto& stream : streams_) no_longer_waited_for(*stream);
  arm_poll();
}

void Lane::arm_poll() {
  poll_timer_.expires_after(std::chrono::nanoseconds(settings_.scenario.load.poll_interval.ns));
  poll_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    poll();
    arm_poll();
  });
}

/// One list per workspace with unfinished runs, if the one before has been answered.
void Lane::poll() {
  if (polls_under_way_ > 0) return;
  std::set<WorkspaceId> unfinished;
  for (const auto& [session, run] : sessions_) unfinished.insert(run->request.workspace);
  for (const WorkspaceId workspace : unfinished) {
    ++polls_under_way_;
    http_.send(settings_.requests.get(workspace, fmt::format("/runs?limit={}", kRowsOfPage)),
               [this](const ExchangeResult& result) {
                 --polls_under_way_;
                 polled(result);
               });
  }
}

void Lane::polled(const ExchangeResult& result) {
  if (!play_list(result)) ++counts_.failed_polls;
}

std::optional<Lane::ListPage> Lane::play_list(const ExchangeResult& result) {
  simdjson::dom::parser parser;
  simdjson::dom::array rows;
  if (result.status != 200 ||
      parser.parse(result.body.data(), result.body.size()).get(rows) != simdjson::SUCCESS)
    return std::nullopt;
  ListPage page;
  for (const simdjson::dom::element row : rows) {
    ++page.rows;
    std::string_view session, status, created;
    page.oldest = row["created_at"].get(created) == simdjson::SUCCESS ? created : "";
    if (row["session_id"].get(session) != simdjson::SUCCESS ||
        row["status"].get(status) != simdjson::SUCCESS)
      continue;
    const RowStamps stamps = stamps_of(row);
    const auto run = sessions_.find(session);
    if (run != sessions_.end())
      play_row(run_event_kind(status), stamps, result.answered, run);
    else if (looking_.load())
      tell_start(session, stamps.started, result.answered);
  }
  return page;
}

/// Of a run that was seen to end, but not to start: when it did, if it did at all (not 0).
void Lane::tell_start(std::string_view session, std::int64_t started, SteadyTime at) {
  const auto run = half_seen_.find(session);
  if (run == half_seen_.end()) return;
  if (started != 0) {
    RunEvent event;
    event.kind = RunEventKind::started;
    event.stamp_unix_ns = started;
    event.stamp_resolution = kMillisecond;
    tell(event, at, *run->second, true);
  }
  half_seen_.erase(run);
}

/// What a row of the list says more than the one before it.
void Lane::play_row(RunEventKind status, const RowStamps& stamps, SteadyTime at,
                    Sessions::iterator run) {
  const bool by_events = settings_.follow != LoadConfig::Follow::polling && !polling_;
  const auto say = [&](RunEventKind kind, std::int64_t unix_ns, SteadyTime seen) {
    RunEvent event;
    event.kind = kind;
    event.stamp_unix_ns = unix_ns;
    event.stamp_resolution = kMillisecond;
    play(event, seen, run, unix_ns != 0 || (!by_events && !looking_.load()));
  };
  Followed& followed = *run->second;
  followed.looked_at = looking_.load();
  followed.said = status;
  // It had been created when its answer came: that tells how the clocks differ.
  if (!std::exchange(followed.listed, true) && !followed.told)
    say(RunEventKind::queued, stamps.created, followed.accepted);
  // Of a run whose events come as well, only a start that none of them told.
  const bool is_told = by_events && (followed.runs || stamps.started <= followed.requeued);
  if (stamps.started != 0 && followed.started != stamps.started && !is_told)
    say(RunEventKind::started, stamps.started, at);
  followed.started = stamps.started;
  counts_.looked_up += looking_.load() && is_terminal(status);
  if (is_terminal(status)) return say(status, stamps.ended, at);
  if (status == RunEventKind::paused && !by_events) say(status, 0, at);
}

// ---- the end

void Lane::interrupt_unfinished() {
  boost::asio::post(context_, [this] {
    for (auto& [session, run] : sessions_) {
      if (std::exchange(run->interrupted, true)) continue;
      send_interrupt(*run, session.text);
      ++counts_.interrupts;
    }
  });
}

void Lane::give_up_following() {
  boost::asio::post(context_, [this] {
    streams_.clear();
    poll_timer_.cancel();
    look_timer_.cancel();
    counts_.not_looked_up += std::exchange(to_look_at_, {}).size();
    for (const auto& [session, run] : sessions_) {
      Observation seen;
      seen.kind = run->looked_at ? Observation::Kind::unfinished : Observation::Kind::lost;
      seen.event = run->said;
      seen.at = now();
      seen.run = run->number;
      journal_.add(seen);
    }
    sessions_.clear();
  });
}

}  // namespace sluice
