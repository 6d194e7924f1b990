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
#include "load/measure/load_findings.hpp"
#include "load/measure/target_watch.hpp"
#include "reports/judge.hpp"
#include "reports/runs/run_name.hpp"
#include "reports/unseen_runs.hpp"
#include "sim/scenario_report.hpp"

namespace sluice {
namespace {

using Clock = std::chrono::steady_clock;
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
constexpr seconds kClockMayStandStill{2};
constexpr seconds kDrainAfterStop{5};
constexpr seconds kLookMayTake{10};      // at what has not ended, at the end
constexpr std::size_t kMostLooks = 500;  // at single runs

bool told_to_stop(const LoadTestOptions& options) {
  return options.stop != nullptr && options.stop->load(std::memory_order_relaxed);
}
bool told_to_hurry(const LoadTestOptions& options) {
  return options.at_once != nullptr && options.at_once->load(std::memory_order_relaxed);
}

WorkspaceId first_workspace(const Scenario& scenario) {
  for (const SubmitterConfig& submitter : scenario.submitters)
    if (!submitter.workspaces.empty()) return submitter.workspaces.front();
  return WorkspaceId::at(0);
}

class LoadRun {
 public:
  LoadRun(const Scenario& scenario, const LoadTestOptions& options)
      : scenario_(scenario),
        options_(options),
        end_(Time::zero() + scenario.duration),
        window_(scenario),
        secret_(fmt::format("{:016x}", mix64(stream_key(scenario.seed, options.tag)))),
        abort_(scenario.load.abort_when) {}

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
        [this](std::string body, std::string_view run, SteadyTime at) {
          const Parsed<RunName> name = parse_run_name(run, submitter_names(scenario_));
          const std::lock_guard lock(lanes_mutex_);
          if (lanes_.empty()) return;
          const unsigned lane =
              name ? Lane::lane_of(*lane_settings_, name->submitter, name->index) : 0;
          lanes_[lane]->event_came(std::move(body), at);
        });
  }

  void make_lanes() {
    requests_.emplace(scenario_, request_facts());
    const std::uint32_t connections = std::max(1u, scenario_.load.connections);
    const unsigned lanes = std::clamp(options_.threads, 1u, connections);
    LaneSettings settings{
        .scenario = scenario_, .requests = *requests_, .known_sessions = known_sessions_};
    // The submitters of the first replication of a simulation.
    settings.seed = replication_seed(scenario_.seed, 0);
    settings.follow = options_.follow;
    settings.lanes = lanes;
    settings.clients = std::max<std::uint32_t>(lanes, scenario_.load.clients);
    settings.http = options_.http;
    settings.http.max_connections = connections / lanes;
    settings.http.timeout = nanoseconds(scenario_.load.request_timeout.ns);
    settings.http.gauge = connections_;
    settings.max_per_s = options_.max_per_s / lanes;
    settings.target_scale = options_.time_scale;
    lane_settings_.emplace(std::move(settings));
    const std::lock_guard lock(lanes_mutex_);
    for (unsigned i = 0; i < lanes; ++i)
      lanes_.push_back(std::make_unique<Lane>(*lane_settings_, i));
  }

  void open_streams() {
    for (const auto& lane : lanes_) lane->open_streams();
    const SteadyTime limit = Clock::now() + kStreamsMayTake;
    const auto ready = [](const auto& lane) { return lane->streams_ready(); };
    while (!std::all_of(lanes_.begin(), lanes_.end(), ready)) {
      if (told_to_stop(options_)) return;
      if (Clock::now() > limit) {
        notes_.push_back("some event streams were not open when the load began");
        return;
      }
      std::this_thread::sleep_for(milliseconds(2));
    }
  }

  void begin() {
    clock_.emplace(Clock::now(), options_.time_scale);
    last_snapshot_ = last_tick_ = Clock::now();
    target_.begin(last_tick_);
    system_before_ = std::chrono::system_clock::now();
    if (options_.hdr != nullptr) *options_.hdr << hdr_log_header(unix_seconds(), "sluice load");
    for (const auto& lane : lanes_) lane->begin(*clock_, end_);
  }

  // ---- phases

  void send() {
    phase_ = LoadProgress::Phase::sending;
    while (Clock::now() < clock_->wall(end_)) {
      tick();
      if (told_to_stop(options_)) end_early(LoadEnd::stopped, "stopped by a signal");
      if (how_ended_ != LoadEnd::whole) break;
    }
    for (const auto& lane : lanes_) lane->end_sending(end_);
    sending_until_ = std::min(Clock::now(), clock_->wall(end_));
  }

  /// Answers and ends of runs are waited for, at least until what belongs to the window was seen.
  void drain() {
    phase_ = LoadProgress::Phase::draining;
    const nanoseconds most(scenario_.load.drain.ns);
    const SteadyTime begin = Clock::now();
    const SteadyTime least = begin + 2 * lag() + 2 * kSnapshotEvery;
    nanoseconds limit =
        how_ended_ == LoadEnd::whole ? most : std::min<nanoseconds>(most, kDrainAfterStop);
    if (how_ended_ == LoadEnd::target_lost) limit = nanoseconds(0);
    drain_until_ = std::max(least, begin + limit);
    bool cleaned = !options_.clean_up;
    while (Clock::now() < drain_until_ && !told_to_hurry(options_)) {
      tick();
      const bool nothing_left = unanswered_ == 0 && runs_now_ == 0 && last_snapshot_ > begin;
      if (nothing_left && Clock::now() >= least) break;
      // Only what still waits when the others have had their time is asked to stop.
      if (!std::exchange(cleaned, cleaned || Clock::now() >= least))
        for (const auto& lane : lanes_) lane->interrupt_unfinished();
    }
    runs_unfinished_ = runs_now_;
    for (const auto& lane : lanes_) lane->give_up_requests();
    look_at_unfinished();
    for (const auto& lane : lanes_) lane->give_up_following();
    take_snapshots(Clock::now());
    const Time now = clock_->simulated(Clock::now());
    record_until(now);
    window_.put_in_order(now, end_);
  }

  /// Before runs are called lost, the target is asked for them.
  void look_at_unfinished() {
    if (how_ended_ == LoadEnd::target_lost || told_to_hurry(options_)) return;
    const auto looked = [](const auto& lane) { return lane->has_looked(); };
    for (const auto& lane : lanes_) lane->look_at_unfinished(kMostLooks / lanes_.size());
    const SteadyTime limit = Clock::now() + kLookMayTake;
    while (!std::all_of(lanes_.begin(), lanes_.end(), looked) && Clock::now() < limit &&
           !told_to_hurry(options_))
      std::this_thread::sleep_for(milliseconds(2));
  }

  void tick() {
    std::this_thread::sleep_for(kTick);
    const SteadyTime now = Clock::now();
    watch_clock(now);
    record_until(clock_->simulated(now - lag()));
    if (now - last_snapshot_ >= kSnapshotEvery) take_snapshots(now);
  }

  /// A target that is away at the end is lost, however short a time ago it went.
  void look_for_target() {
    const bool nothing_missing = counts_.unanswered_in_row == 0 && runs_unfinished_ == 0;
    if (nothing_missing || how_ended_ == LoadEnd::target_lost || told_to_stop(options_)) return;
    const std::string why = why_no_answer_within(kLastQuestionMayTake);
    if (why.empty()) return;
    how_ended_ = LoadEnd::target_lost;
    target_lost_ = fmt::format("at the end it {}", instead_of_answers(why));
    if (counts_.unanswered_in_row > 0)
      target_lost_ += fmt::format("; the last {} requests got no answer",
                                  format_count(static_cast<double>(counts_.unanswered_in_row)));
  }

  void end_early(LoadEnd end, std::string why) {
    if (how_ended_ != LoadEnd::whole) return;
    how_ended_ = end;
    why_ended_ = std::move(why);
    end_ = std::min(end_, clock_->simulated(Clock::now()));
  }

  // ---- what was seen

  /// How long what happened may take to be seen.
  nanoseconds lag() const {
    const nanoseconds poll(scenario_.load.poll_interval.ns);
    return polling_ ? 2 * poll + kEventsMayTake : nanoseconds(kEventsMayTake);
  }

  void record_until(Time until) {
    for (const auto& lane : lanes_) {
      lane->journal().take(batch_);
      window_.take(batch_);
    }
    window_.tell(until, end_);
  }

  void take_snapshots(SteadyTime now) {
    const double passed = std::chrono::duration<double>(now - last_snapshot_).count();
    LoadCounts counts;
    LoadTimes times;
    HttpClientCounts http;
    unanswered_ = runs_now_ = 0;
    cpu_seconds_ = 0;
    for (const auto& lane : lanes_) {
      const LaneSnapshot snapshot = lane->snapshot();
      counts.add(snapshot.counts);
      times.add(snapshot.times);
      http.opened += snapshot.http.opened;
      http.open += snapshot.http.open;
      unanswered_ += snapshot.unanswered_now;
      runs_now_ += snapshot.runs_now;
      cpu_seconds_ += snapshot.cpu_seconds;
      polling_ |= !snapshot.notes.empty() || options_.follow == LoadConfig::Follow::polling;
      if (!snapshot.notes.empty()) fallback_ = snapshot.notes.front();
    }
    if (phase_ == LoadProgress::Phase::sending) {
      watch_target(now, counts);
      const std::string abort = abort_.next(now, counts, times, unanswered_);
      if (!abort.empty()) end_early(LoadEnd::aborted, abort);
    }
    all_times_.add(times);
    write_hdr(times, passed);
    if (options_.progress) tell_progress(now, passed, counts, times, http);
    opened_connections_ = http.opened;
    counts_ = std::move(counts);
    last_snapshot_ = now;
  }

  /// Requests may be few: a target that still answers something is not lost.
  void watch_target(SteadyTime now, const LoadCounts& counts) {
    const std::string lost = target_.next(now, counts);
    if (lost.empty()) return;
    if (why_no_answer_within(kQuestionMayTake).empty()) {
      target_.begin(now);
    } else {
      end_early(LoadEnd::target_lost, lost);
      target_lost_ = "it " + instead_of_answers(counts.last_failure);
    }
    last_tick_ = Clock::now();
    system_before_ = std::chrono::system_clock::now();
  }

  std::string why_no_answer_within(nanoseconds at_most) const {
    HttpClientSettings settings = options_.http;
    settings.timeout = nanoseconds(scenario_.load.request_timeout.ns);
    return why_no_answer(settings, requests_->get(first_workspace(scenario_), kQuestion), at_most,
                         options_.stop);
  }

  /// A machine that slept, or a clock that was set: what was measured then means nothing.
  void watch_clock(SteadyTime now) {
    const auto system = std::chrono::system_clock::now();
    const nanoseconds steady_passed = now - last_tick_;
    const nanoseconds system_passed = system - system_before_;
    const nanoseconds apart = system_passed > steady_passed ? system_passed - steady_passed
                                                            : steady_passed - system_passed;
    const bool stood_still =
        steady_passed > kClockMayStandStill && phase_ != LoadProgress::Phase::connecting;
    if (apart > kClockMayStandStill || stood_still)
      clock_jump_ = fmt::format("the clock jumped by {}",
                                format_duration(duration_s(std::max(apart, steady_passed))));
    last_tick_ = now;
    system_before_ = system;
  }

  void write_hdr(const LoadTimes& times, double seconds) {
    if (options_.hdr == nullptr || times.latency.count() + times.lateness.count() == 0) return;
    const double from = duration_s(last_snapshot_ - clock_->wall(Time::zero()));
    *options_.hdr << hdr_log_line(from, seconds, times.latency, "")
                  << hdr_log_line(from, seconds, times.from_send, "from_send")
                  << hdr_log_line(from, seconds, times.lateness, "lateness");
  }

  void tell_progress(SteadyTime now, double passed, const LoadCounts& counts,
                     const LoadTimes& times, const HttpClientCounts& http) const {
    LoadProgress progress;
    progress.phase = phase_;
    progress.simulated = std::min(clock_->simulated(now), end_) - Time::zero();
    progress.total = scenario_.duration;
    progress.left = std::max(
        nanoseconds(0),
        (phase_ == LoadProgress::Phase::draining ? drain_until_ : clock_->wall(end_)) - now);
    const auto per_s = [passed](std::uint64_t more) {
      return passed > 0 ? static_cast<double>(more) / passed : 0.0;
    };
    progress.intended_per_s = per_s(counts.intended - counts_.intended);
    progress.sent_per_s = per_s(counts.sent - counts_.sent);
    progress.unanswered = unanswered_;
    progress.connections = http.open;
    progress.streams = counts.streams_open;
    progress.counts = counts;
    progress.latency = times.latency.quantiles();
    progress.lateness = times.lateness.quantiles();
    progress.runs = window_.counts();
    options_.progress(progress);
  }

  // ---- the report

  LoadOutcome outcome() {
    LoadFindings findings;
    findings.counts = counts_;
    findings.runs = window_.counts();
    findings.unseen = window_.unseen();
    findings.times = &all_times_;
    findings.target = options_.http.target.url();
    findings.time_scale = options_.time_scale;
    findings.follow = polling_ ? LoadConfig::Follow::polling : options_.follow;
    findings.ended_early = why_ended_;
    findings.target_lost = target_lost_;
    findings.clock_jump = clock_jump_;
    findings.notes = notes_;
    if (!fallback_.empty()) findings.notes.push_back(fallback_);
    findings.connections_opened = opened_connections_;
    findings.connections_most = connections_->most();
    findings.bad_signatures = receiver_ ? receiver_->bad_signatures() : 0;
    findings.sending_seconds = duration_s(sending_until_ - clock_->wall(Time::zero()));
    findings.cpu_seconds = cpu_seconds_;
    findings.dry_run = options_.dry_run;
    findings.cut_short = told_to_hurry(options_);

    LoadOutcome outcome;
    outcome.end = how_ended_;
    outcome.report = window_.report(end_, how_ended_ == LoadEnd::whole, options_.build_id);
    outcome.report.load = load_facts(findings, scenario_.load);
    // Only now it is known what could not be.
    bound_waits(outcome.report);
    judge(outcome.report, scenario_.expectations, scenario_.reaches);
    return outcome;
  }

  static double duration_s(nanoseconds length) {
    return std::chrono::duration<double>(length).count();
  }
  static double unix_seconds() {
    return duration_s(std::chrono::system_clock::now().time_since_epoch());
  }

  const Scenario& scenario_;
  const LoadTestOptions& options_;
  Time end_;
  RecordedWindow window_;
  const std::string secret_;  // of webhooks
  AbortWatch abort_;
  std::optional<LoadClock> clock_;
  std::optional<LoadRequests> requests_;
  KnownSessions known_sessions_;
  std::optional<LaneSettings> lane_settings_;

  LoadProgress::Phase phase_ = LoadProgress::Phase::connecting;
  LoadEnd how_ended_ = LoadEnd::whole;
  std::string why_ended_, target_lost_, clock_jump_, fallback_;
  std::vector<std::string> notes_;
  SteadyTime last_snapshot_, last_tick_, sending_until_, drain_until_;
  TargetWatch target_;
  std::chrono::system_clock::time_point system_before_;

  ObservationJournal::Batch batch_;
  LoadCounts counts_;
  LoadTimes all_times_;
  std::size_t unanswered_ = 0, runs_now_ = 0, runs_unfinished_ = 0;
  std::uint64_t opened_connections_ = 0;
  const std::shared_ptr<OpenConnections> connections_ = std::make_shared<OpenConnections>();
  double cpu_seconds_ = 0;
  bool polling_ = false;

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

LoadOutcome run_load_test(const Scenario& scenario, const LoadTestOptions& options) {
  return LoadRun(scenario, options).run();
}

}  // namespace sluice
