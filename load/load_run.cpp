#include "load/load_run.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/failure.hpp"
#include "base/random/random.hpp"
#include "http/client/ask.hpp"
#include "load/follow/recorded_window.hpp"
#include "load/follow/webhook_receiver.hpp"
#include "load/generator/lane.hpp"
#include "load/measure/abort_watch.hpp"
#include "load/measure/clock_watch.hpp"
#include "load/measure/latency_histogram.hpp"
#include "load/measure/progress_report.hpp"
#include "load/measure/target_watch.hpp"
#include "load/measure/verdict.hpp"
#include "reports/judge.hpp"
#include "reports/runs/run_name.hpp"
#include "reports/unseen_runs.hpp"
#include "sim/scenario_report.hpp"

namespace sluice {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr milliseconds kTick{20};
constexpr int kRecordersNiceness = 10;
constexpr std::string_view kQuestion = "/workflows";  // any target of this kind answers
constexpr milliseconds kSnapshotEvery{500};
constexpr seconds kStreamsMayTake{10};
constexpr milliseconds kEventsMayTake{400};  // from what happened to when it was seen
constexpr seconds kQuestionMayTake{1}, kLastQuestionMayTake{10};
constexpr seconds kDrainAfterStop{5};
constexpr seconds kLookMayTake{10};      // at what has not ended, at the end
constexpr std::size_t kMostLooks = 500;  // at single runs

bool told_to_stop(const LoadRunOptions& options) {
  return options.stop != nullptr && options.stop->load(std::memory_order_relaxed);
}
bool told_to_hurry(const LoadRunOptions& options) {
  return options.at_once != nullptr && options.at_once->load(std::memory_order_relaxed);
}

WorkspaceId first_workspace(const Scenario& scenario) {
  for (const SubmitterConfig& submitter : scenario.submitters)
    if (!submitter.workspaces.empty()) return submitter.workspaces.front();
  return WorkspaceId::at(0);
}

class LoadRun {
 public:
  LoadRun(const Scenario& scenario, const LoadRunOptions& options, const Clock& clock)
      : scenario_(scenario),
        options_(options),
        clock_(clock),
        end_(Time::zero() + scenario.duration),
        window_(scenario),
        secret_(fmt::format("{:016x}", mix64(stream_key(scenario.seed, options.tag)))),
        abort_(scenario.load.abort_when),
        progress_(options.progress) {}

  /// Webhooks go to lanes, so their receiver goes first.
  ~LoadRun() { receiver_.reset(); }
  LoadRun(const LoadRun&) = delete;
  LoadRun& operator=(const LoadRun&) = delete;

  LoadOutcome run() {
    check_target();
    receive_webhooks();
    make_lanes();
    open_streams();
    if (options_.before_start) options_.before_start();
    begin();
    // Whoever records gives way to those who send, where they have to share a core.
    std::async(std::launch::async, [this] {
      ::setpriority(PRIO_PROCESS, 0, kRecordersNiceness);  // on Linux: of this thread
      send();
      drain();
    }).get();
    look_for_target();
    return outcome();
  }

 private:
  // ---- before time zero

  void check_target() const {
    HttpClientSettings settings = options_.http;
    settings.timeout = nanoseconds(scenario_.load.request_timeout.ns);
    const LoadRequests requests(scenario_, request_facts());
    const AskedAnswer answer = ask(settings, requests.get(first_workspace(scenario_), kQuestion));
    const std::string url = settings.target.url();
    if (answer.status == 0)
      throw UserError(ExitCode::target_unreachable,
                      fmt::format("{} cannot be reached: {}", url, answer.failure));
    if (answer.status == 401 || answer.status == 403)
      throw bad_input(fmt::format("{} does not take the API key: HTTP {}", url, answer.status));
  }

  RequestFacts request_facts() const {
    RequestFacts facts;
    facts.target = options_.http.target;
    facts.absolute_form = options_.http.proxy.has_value() && !facts.target.tls;
    facts.api_keys = options_.api_keys;
    facts.tag = options_.tag;
    facts.dry_run = options_.dry_run;
    facts.names_runs = options_.names_runs;
    if (receiver_) {
      const bool given = !options_.webhook_url.empty();
      facts.webhook = {given ? options_.webhook_url : receiver_->url(), secret_};
    }
    return facts;
  }

  void receive_webhooks() {
    if (options_.follow != LoadConfig::Follow::webhooks) return;
    receiver_ = std::make_unique<WebhookReceiver>(
        options_.webhook_listen, secret_,
        [this, submitters = submitter_names(scenario_)](std::string body, std::string_view run,
                                                        SteadyTime at) {
          const Parsed<RunName> name = parse_run_name(run, submitters);
          const std::lock_guard lock(lanes_mutex_);
          if (lanes_.empty()) return;
          const unsigned lane =
              name ? lane_settings_->shares.lane_of(name->submitter, name->index) : 0;
          lanes_[lane]->event_came(std::move(body), at);
        });
  }

  void make_lanes() {
    requests_.emplace(scenario_, request_facts());
    const std::uint32_t connections = std::max(1u, scenario_.load.connections);
    const unsigned lanes = std::clamp(options_.threads, 1u, connections);
    const std::uint32_t clients = std::max<std::uint32_t>(lanes, scenario_.load.clients);
    LaneSettings settings{.shares = {scenario_, lanes, clients},
                          .requests = *requests_,
                          .known_sessions = known_sessions_};
    // The submitters of the first replication of a simulation.
    settings.seed = replication_seed(scenario_.seed, 0);
    settings.follow = options_.follow;
    settings.http = options_.http;
    settings.http.max_connections = connections / lanes;
    settings.http.timeout = nanoseconds(scenario_.load.request_timeout.ns);
    settings.http.gauge = connections_;
    settings.max_per_s = options_.max_per_s / lanes;
    settings.target_scale = options_.time_scale;
    lane_settings_.emplace(std::move(settings));
    const std::lock_guard lock(lanes_mutex_);
    for (unsigned i = 0; i < lanes; ++i)
      lanes_.push_back(std::make_unique<Lane>(*lane_settings_, clock_, i));
  }

  void open_streams() {
    for (const auto& lane : lanes_) lane->open_streams();
    const SteadyTime limit = clock_.now() + kStreamsMayTake;
    const auto ready = [](const auto& lane) { return lane->streams_ready(); };
    while (!std::all_of(lanes_.begin(), lanes_.end(), ready)) {
      if (told_to_stop(options_)) return;
      if (clock_.now() > limit) {
        notes_.push_back("some event streams were not open when the load began");
        return;
      }
      std::this_thread::sleep_for(milliseconds(2));
    }
  }

  void begin() {
    const SteadyTime now = clock_.now();
    load_clock_.emplace(now, options_.time_scale);
    last_snapshot_ = now;
    target_watch_.begin(now);
    clock_watch_.begin(now, clock_.time_of_day());
    if (options_.hdr != nullptr) *options_.hdr << hdr_log_header(unix_seconds(), "sluice load");
    for (const auto& lane : lanes_) lane->begin(*load_clock_, end_);
  }

  // ---- phases

  void send() {
    phase_ = LoadProgress::Phase::sending;
    while (clock_.now() < load_clock_->wall(end_)) {
      tick();
      if (told_to_stop(options_)) end_early(LoadEnd::stopped, "stopped by a signal");
      if (how_ended_ != LoadEnd::whole) break;
    }
    for (const auto& lane : lanes_) lane->end_sending(end_);
    sending_until_ = std::min(clock_.now(), load_clock_->wall(end_));
  }

  /// Answers and ends of runs are waited for, at least until what belongs to the window was seen.
  void drain() {
    phase_ = LoadProgress::Phase::draining;
    const nanoseconds most(scenario_.load.drain.ns);
    const SteadyTime begin = clock_.now();
    const SteadyTime least = begin + 2 * lag() + 2 * kSnapshotEvery;
    nanoseconds limit =
        how_ended_ == LoadEnd::whole ? most : std::min<nanoseconds>(most, kDrainAfterStop);
    if (how_ended_ == LoadEnd::target_lost) limit = nanoseconds(0);
    drain_until_ = std::max(least, begin + limit);
    bool cleaned = !options_.clean_up;
    while (clock_.now() < drain_until_ && !told_to_hurry(options_)) {
      tick();
      const bool nothing_left =
          all_.unanswered_now == 0 && all_.runs_now == 0 && last_snapshot_ > begin;
      if (nothing_left && clock_.now() >= least) break;
      // Only what still waits when the others have had their time is asked to stop.
      if (!std::exchange(cleaned, cleaned || clock_.now() >= least))
        for (const auto& lane : lanes_) lane->interrupt_unfinished();
    }
    runs_unfinished_ = all_.runs_now;
    for (const auto& lane : lanes_) lane->give_up_requests();
    look_at_unfinished();
    for (const auto& lane : lanes_) lane->give_up_following();
    take_snapshots(clock_.now());
    const Time now = load_clock_->simulated(clock_.now());
    record_until(now);
    window_.put_in_order(now, end_);
  }

  /// Before runs are called lost, the target is asked for them.
  void look_at_unfinished() {
    if (how_ended_ == LoadEnd::target_lost || told_to_hurry(options_)) return;
    const auto looked = [](const auto& lane) { return lane->has_looked(); };
    for (const auto& lane : lanes_) lane->look_at_unfinished(kMostLooks / lanes_.size());
    const SteadyTime limit = clock_.now() + kLookMayTake;
    while (!std::all_of(lanes_.begin(), lanes_.end(), looked) && clock_.now() < limit &&
           !told_to_hurry(options_))
      std::this_thread::sleep_for(milliseconds(2));
  }

  void tick() {
    std::this_thread::sleep_for(kTick);
    const SteadyTime now = clock_.now();
    clock_watch_.next(now, clock_.time_of_day());
    record_until(load_clock_->simulated(now - lag()));
    if (now - last_snapshot_ >= kSnapshotEvery) take_snapshots(now);
  }

  /// A target that is away at the end is lost, however short a time ago it went.
  void look_for_target() {
    const bool nothing_missing = all_.counts.unanswered_in_row == 0 && runs_unfinished_ == 0;
    if (nothing_missing || how_ended_ == LoadEnd::target_lost || told_to_stop(options_)) return;
    const std::string why = why_no_answer_within(kLastQuestionMayTake);
    if (why.empty()) return;
    how_ended_ = LoadEnd::target_lost;
    target_lost_ = fmt::format("at the end it {}", instead_of_answers(why));
    if (all_.counts.unanswered_in_row > 0)
      target_lost_ += fmt::format("; the last {} requests got no answer",
                                  format_count(static_cast<double>(all_.counts.unanswered_in_row)));
  }

  void end_early(LoadEnd end, std::string why) {
    if (how_ended_ != LoadEnd::whole) return;
    how_ended_ = end;
    why_ended_ = std::move(why);
    end_ = std::min(end_, load_clock_->simulated(clock_.now()));
  }

  // ---- what was seen

  bool polls() const {
    return !all_.why_polled.empty() || options_.follow == LoadConfig::Follow::polling;
  }

  /// How long what happened may take to be seen.
  nanoseconds lag() const {
    const nanoseconds poll(scenario_.load.poll_interval.ns);
    return polls() ? 2 * poll + kEventsMayTake : nanoseconds(kEventsMayTake);
  }

  void record_until(Time until) {
    for (const auto& lane : lanes_) {
      lane->journal().take(batch_);
      window_.take(batch_);
    }
    window_.tell(until, end_);
  }

  void take_snapshots(SteadyTime now) {
    LaneSnapshot all;
    for (const auto& lane : lanes_) all.add(lane->snapshot());
    all_ = std::move(all);
    if (phase_ == LoadProgress::Phase::sending) {
      watch_target(now);
      const std::string abort = abort_.next(now, all_.counts, all_.times, all_.unanswered_now);
      if (!abort.empty()) end_early(LoadEnd::aborted, abort);
    }
    all_times_.add(all_.times);
    const nanoseconds passed = now - last_snapshot_;
    write_hdr(passed);
    progress_.next(where_it_is(now), all_, passed);
    last_snapshot_ = now;
  }

  /// Requests may be few: a target that still answers something is not lost.
  void watch_target(SteadyTime now) {
    const std::string lost = target_watch_.next(now, all_.counts);
    if (lost.empty()) return;
    if (why_no_answer_within(kQuestionMayTake).empty()) {
      target_watch_.begin(now);
    } else {
      end_early(LoadEnd::target_lost, lost);
      target_lost_ = "it " + instead_of_answers(all_.counts.last_failure);
    }
    clock_watch_.begin(clock_.now(), clock_.time_of_day());
  }

  std::string why_no_answer_within(nanoseconds at_most) const {
    HttpClientSettings settings = options_.http;
    settings.timeout = nanoseconds(scenario_.load.request_timeout.ns);
    return why_no_answer(settings, requests_->get(first_workspace(scenario_), kQuestion), at_most,
                         options_.stop);
  }

  void write_hdr(nanoseconds passed) {
    const LoadTimes& times = all_.times;
    if (options_.hdr == nullptr || times.latency.count() + times.lateness.count() == 0) return;
    const double from = duration_s(last_snapshot_ - load_clock_->wall(Time::zero()));
    const double seconds = duration_s(passed);
    *options_.hdr << hdr_log_line(from, seconds, times.latency, "")
                  << hdr_log_line(from, seconds, times.from_send, "from_send")
                  << hdr_log_line(from, seconds, times.lateness, "lateness");
  }

  LoadProgress where_it_is(SteadyTime now) const {
    LoadProgress progress;
    progress.phase = phase_;
    progress.simulated = std::min(load_clock_->simulated(now), end_) - Time::zero();
    progress.total = scenario_.duration;
    const SteadyTime until =
        phase_ == LoadProgress::Phase::draining ? drain_until_ : load_clock_->wall(end_);
    progress.left = std::max(nanoseconds(0), nanoseconds(until - now));
    progress.runs = window_.counts();
    return progress;
  }

  // ---- the report

  LoadOutcome outcome() {
    MeasuredLoad measured;
    measured.counts = all_.counts;
    measured.runs = window_.counts();
    measured.unseen = window_.unseen();
    measured.times = &all_times_;
    measured.target = options_.http.target.url();
    measured.time_scale = options_.time_scale;
    measured.follow = polls() ? LoadConfig::Follow::polling : options_.follow;
    measured.ended_early = why_ended_;
    measured.target_lost = target_lost_;
    measured.clock_jump = clock_watch_.jump();
    measured.notes = notes_;
    if (!all_.why_polled.empty()) measured.notes.push_back(all_.why_polled);
    measured.connections_opened = all_.http.opened;
    measured.connections_most = connections_->most();
    measured.bad_signatures = receiver_ ? receiver_->bad_signatures() : 0;
    measured.sending_seconds = duration_s(sending_until_ - load_clock_->wall(Time::zero()));
    measured.cpu_seconds = all_.cpu_seconds;
    measured.dry_run = options_.dry_run;
    measured.cut_short = told_to_hurry(options_);

    LoadOutcome outcome;
    outcome.end = how_ended_;
    outcome.report = window_.report(end_, how_ended_ == LoadEnd::whole, options_.build_id);
    outcome.report.load = load_facts(measured, scenario_.load);
    // Only now it is known what could not be.
    bound_waits(outcome.report);
    judge(outcome.report, scenario_.expectations, scenario_.reaches);
    return outcome;
  }

  static double duration_s(nanoseconds length) {
    return std::chrono::duration<double>(length).count();
  }
  double unix_seconds() const { return duration_s(clock_.time_of_day().time_since_epoch()); }

  const Scenario& scenario_;
  const LoadRunOptions& options_;
  const Clock& clock_;
  Time end_;
  RecordedWindow window_;
  const std::string secret_;  // of webhooks
  AbortWatch abort_;
  ProgressReport progress_;
  std::optional<LoadClock> load_clock_;
  std::optional<LoadRequests> requests_;
  KnownSessions known_sessions_;
  std::optional<LaneSettings> lane_settings_;

  LoadProgress::Phase phase_ = LoadProgress::Phase::sending;
  LoadEnd how_ended_ = LoadEnd::whole;
  std::string why_ended_, target_lost_;
  std::vector<std::string> notes_;
  SteadyTime last_snapshot_, sending_until_, drain_until_;
  TargetWatch target_watch_;
  ClockWatch clock_watch_;

  ObservationJournal::Batch batch_;
  LaneSnapshot all_;     // of all lanes, as it was last
  LoadTimes all_times_;  // since the beginning
  std::size_t runs_unfinished_ = 0;
  const std::shared_ptr<OpenConnections> connections_ = std::make_shared<OpenConnections>();

  std::mutex lanes_mutex_;  // of lanes_, for the receiver
  std::unique_ptr<WebhookReceiver> receiver_;
  std::vector<std::unique_ptr<Lane>> lanes_;  // last: their threads use what is above
};

}  // namespace

Duration resolution_of(const LoadFacts& facts) {
  constexpr std::size_t kNinetyNinePercent = 3;
  const Duration way =
      facts.latency.at[kNinetyNinePercent] + facts.latency_from_send.at[kNinetyNinePercent];
  return Duration::from_seconds(way.seconds() * facts.time_scale);
}

LoadOutcome run_load(const Scenario& scenario, const LoadRunOptions& options, const Clock& clock) {
  return LoadRun(scenario, options, clock).run();
}

}  // namespace sluice
