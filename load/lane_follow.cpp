// How a lane sees the life of its runs: event streams, webhooks, polls.
#include <simdjson.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <set>
#include <utility>

#include "load/lane.hpp"
#include "load/lane_stream.hpp"
#include "scenarios/iso8601.hpp"

namespace sluice {
namespace {

constexpr unsigned kMostStreamFailures = 4;  // in a row, before runs are polled instead
constexpr std::size_t kMostEarly = 100'000;  // sessions whose POST has not been answered
constexpr std::string_view kListPath = "/runs?limit=1000";

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
  listener.opened = [this, over] {
    ++counts_.streams_opened;
    over();
  };
  listener.closed = [this, over](std::string_view why, unsigned failures) {
    if (failures > 0) over();
    if (failures >= kMostStreamFailures)
      follow_by_polling("event streams cannot be opened (" + std::string(why) + ")");
  };
  const std::string id = LoadRequests::client_id(settings_.seed, workspace, client);
  streams_.push_back(std::make_unique<Stream>(
      context_, settings_.http, settings_.requests.events(workspace, id), std::move(listener)));
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

void Lane::play(const RunEvent& event, SteadyTime at, Sessions::iterator run) {
  if (event.kind == RunEventKind::other) return;
  Observation seen;
  seen.kind = Observation::Kind::event;
  seen.event = event.kind;
  seen.at = clock_->simulated(at);
  seen.run = run->second->number;
  if (event.delay) seen.latency = scaled(*event.delay);
  if (event.stamp_unix_ns != 0) {
    seen.stamp = Time::zero() + scaled(Duration{event.stamp_unix_ns - kStampOrigin_ns});
    seen.stamp_resolution = scaled(event.stamp_resolution);
  }
  journal_.add(seen);
  if (is_terminal(event.kind)) return finish(seen.at, run);
  follow_wait(seen.at, event.kind, run);
}

void Lane::finish(Time now, Sessions::iterator run) {
  Run ended;
  ended.request = run->second->request;
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
    http_.send(settings_.requests.get(workspace, kListPath), [this](const ExchangeResult& result) {
      --polls_under_way_;
      polled(result);
    });
  }
}

void Lane::polled(const ExchangeResult& result) {
  simdjson::dom::parser parser;
  simdjson::dom::array rows;
  if (result.status != 200 ||
      parser.parse(result.body.data(), result.body.size()).get(rows) != simdjson::SUCCESS) {
    ++counts_.failed_polls;
    return;
  }
  for (const simdjson::dom::element row : rows) {
    std::string_view session, status;
    if (row["session_id"].get(session) != simdjson::SUCCESS ||
        row["status"].get(status) != simdjson::SUCCESS)
      continue;
    const auto run = sessions_.find(session);
    if (run == sessions_.end()) continue;
    const auto stamp = [&row](const char* name) -> std::int64_t {
      std::string_view text;
      if (row[name].get(text) != simdjson::SUCCESS) return 0;
      return parse_iso8601(text).value_or(0);
    };
    play_row(run_event_kind(status),
             {stamp("created_at"), stamp("execution_start"), stamp("execution_end")},
             result.answered, run);
  }
}

/// What a row of the list says more than the one before it.
void Lane::play_row(RunEventKind status, const RowStamps& stamps, SteadyTime at,
                    Sessions::iterator run) {
  constexpr Duration kMillisecond{1'000'000};
  const auto tell = [&](RunEventKind kind, std::int64_t unix_ns) {
    RunEvent event;
    event.kind = kind;
    event.stamp_unix_ns = unix_ns;
    event.stamp_resolution = kMillisecond;
    play(event, at, run);
  };
  Followed& followed = *run->second;
  if (!std::exchange(followed.listed, true)) tell(RunEventKind::queued, stamps.created);
  if (stamps.started != 0 && followed.started != stamps.started) {
    followed.started = stamps.started;
    tell(RunEventKind::started, stamps.started);
  }
  if (is_terminal(status)) return tell(status, stamps.ended);
  if (status == RunEventKind::paused) tell(status, 0);
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
    for (const auto& [session, run] : sessions_) {
      Observation seen;
      seen.kind = Observation::Kind::lost;
      seen.at = now();
      seen.run = run->number;
      journal_.add(seen);
    }
    sessions_.clear();
  });
}

}  // namespace sluice
