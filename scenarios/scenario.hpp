// A scenario as typed configuration: what the loader makes of a YAML file and what the engines run.
//
// Plain values. Everything is checked: ids are valid, rates make sense, sentences are parsed.
// Engines trust it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/calendar/calendar.hpp"
#include "base/random/distribution.hpp"
#include "base/time.hpp"
#include "pipeline/command.hpp"
#include "pipeline/config.hpp"
#include "pipeline/ids.hpp"
#include "reports/expectations/expectation.hpp"
#include "reports/figures/trace_import.hpp"
#include "scenarios/load_config.hpp"
#include "scenarios/serve_config.hpp"

namespace sluice {

// ---- arrivals: when a submitter submits

/// Arrivals per second as a function of time: constant pieces, or straight lines between the
/// points.
struct RateCurve {
  struct Point {
    Time at;
    double per_second = 0;
  };
  std::vector<Point> points;  ///< ascending; the first at zero; the last rate lasts
  Duration period{};          ///< > 0: repeats (a daily curve)
  bool linear = false;        ///< straight lines between points instead of steps
  /// Not null: steps by its clocks. Points are times of day, the first of a day at 00:00; `period`
  /// is a day, or a week from Monday on with points for each day of it.
  std::shared_ptr<const Calendar> calendar{};
};

struct PoissonArrivals {
  RateCurve rate;
};  ///< non-homogeneous Poisson process
struct ConstantArrivals {
  Duration interval;
};  ///< one each interval, the first after one interval
struct JitteredArrivals {
  Duration interval;
  double jitter = 0;
};  ///< each moved by uniform ±jitter × interval
/// Markov-modulated Poisson process of two states, exponential lengths; starts in `off`.
struct BurstArrivals {
  double on_per_second = 0, off_per_second = 0;
  Duration mean_on{}, mean_off{};
};
/// From the day on which a scenario starts.
enum class Recurrence : std::uint8_t {
  day,
  week,   ///< on that day of the week
  month,  ///< on that day of the month, or its last one
};
/// A batch of runs at once, at given times.
struct BatchArrivals {
  std::vector<Time> at;
  Duration period{};  ///< > 0: the times repeat
  Distribution size;  ///< rounded to a whole number
  Duration spread{};  ///< runs of a batch uniformly over this time; zero: all at once
  /// Not null: `at` are times of day by its clocks, and they come again on each day of `every`.
  std::shared_ptr<const Calendar> calendar{};
  Recurrence every = Recurrence::day;
};
/// `clients` clients: think, submit, wait for the end of the run, think …
struct ClosedLoop {
  std::uint32_t clients = 1;
  Distribution think_time;  ///< seconds
};

/// One row of a recorded workload.
struct TraceRow {
  Time at;
  Duration service_time{-1};  ///< negative: not recorded, drawn
  WorkspaceId workspace;      ///< none: the submitter's own draw
  CredentialId credential;    ///< none: the submitter's own choice
  std::optional<PriorityLevel> level;
  bool failed = false;
  bool has_status = false;
};
struct TraceArrivals {
  std::string file;
  std::shared_ptr<const std::vector<TraceRow>> rows;  ///< ascending in time
};

using Arrivals = std::variant<PoissonArrivals, ConstantArrivals, JitteredArrivals, BurstArrivals,
                              BatchArrivals, ClosedLoop, TraceArrivals>;

// ---- submitters: who submits what

/// One of several things with a probability proportional to its weight.
template <class T>
using Mix = std::vector<std::pair<double, T>>;

/// How a submitter fills one vault alias.
struct CredentialChoice {
  enum class Kind : std::uint8_t {
    fixed,  ///< always members[0]
    drawn,  ///< each run one of members, uniformly
    own,    ///< members[i] for the i-th of the submitter's workspaces (wrapping round)
    pool,   ///< all members as a pool
  };
  Kind kind = Kind::fixed;
  std::vector<CredentialId> members;
};

/// A workflow of a submitter's mix, with a choice for each of the workflow's aliases, in its order.
struct WorkflowUse {
  WorkflowId workflow;
  std::vector<CredentialChoice> credentials;
};

/// What the submitter does with 429 and 5xx.
struct SubmitRetryConfig {
  std::uint32_t max_attempts = 1;  ///< 1: gives up at once
  BackoffConfig backoff;
  bool honour_retry_after = true;  ///< waits at least Retry-After
};

/// Shares of runs that ask for each option.
struct OptionMix {
  double debug = 0, capture_console = 0, force_refresh = 0, dry_run = 0;
};

/// Days of the week, Monday the lowest bit; a holiday is a Sunday.
using Weekdays = std::uint8_t;
inline constexpr Weekdays kEveryDay = 0x7F;

/// Arrivals become (1 + share) times as many over each `per`, in steps.
struct Growth {
  double share = 0;
  Duration per{};
};

struct SubmitterConfig {
  std::string name;
  std::vector<WorkspaceId>
      workspaces;  ///< each run one of them, uniformly (or by `workspace_weights`)
  std::vector<double> workspace_weights;  ///< empty: uniform
  Mix<WorkflowUse> workflows;
  Mix<PriorityLevel> priority;
  OptionMix options;
  SubmitRetryConfig retry;
  Arrivals arrivals;
  Time from;                   ///< no arrivals before
  Time until = Time::never();  ///< none from here on
  std::uint64_t max_runs = UINT64_MAX;
  /// Seconds that a run may wait, from its first request on, before it is cancelled; none: for
  /// ever.
  std::optional<Distribution> patience;
  Weekdays days = kEveryDay;  ///< by the scenario's calendar; none on others
  Growth growth;
};

// ---- incidents

struct PauseCredentials {
  std::vector<CredentialId> credentials;
};
struct PauseWorkflow {
  WorkflowId workflow;
};
struct PauseGroup {
  GroupId group;
};
struct ArrivalFactor {
  std::vector<SubmitterId> submitters;
  double factor = 1;
};  ///< of the rate
struct FailureFactor {
  std::vector<WorkflowId> workflows;
  double factor = 1;
};
struct LoginFailureFactor {
  std::vector<CredentialId> credentials;
  double factor = 1;
};
struct ApiLatencyFactor {
  double factor = 1;
};
struct ApiErrorRate {
  double rate = 0;
};
struct DurationFactor {
  std::vector<WorkflowId> workflows;
  double factor = 1;
};  ///< of an attempt's own time
struct CredentialLimits {
  std::vector<CredentialId> credentials;
  CredentialOverride limits;  ///< what is set holds instead of the configuration
};

struct Incident {
  std::string name;
  Time at;
  std::optional<Duration> length;  ///< none: for good
  /// LoseWorkers, RestartWorkers (its `length` is meaningless) and SetWorkers are the command with
  /// which it begins, by whatever cause.
  std::variant<LoseWorkers, RestartWorkers, SetWorkers, PauseCredentials, PauseWorkflow, PauseGroup,
               ArrivalFactor, FailureFactor, LoginFailureFactor, ApiLatencyFactor, ApiErrorRate,
               DurationFactor, CredentialLimits>
      change;
};

// ---- the scenario

struct WarmUpConfig {
  bool automatic = false;  ///< MSER-5
  Duration length{};       ///< if not automatic
};

struct Scenario {
  std::string name;
  std::string question;
  std::string file;  ///< as given by the user
  std::string hash;  ///< of the effective scenario: 16 hex digits
  std::uint64_t seed = 1;
  Duration duration{};
  bool has_window = false;  ///< the file chose a part of its time
  Time arrivals_from;       ///< nobody submits before, whatever else is said
  Calendar calendar;        ///< of time 0
  WarmUpConfig warm_up;
  std::optional<std::uint32_t> replications;  ///< none: `auto`
  double confidence = 0.95;
  std::array<Duration, kLevels> starvation_threshold{};  ///< θ of metrics.md; default 5 min
  std::array<std::optional<Duration>, kLevels> slo;      ///< wait targets (S12)
  Duration stability_window{3'600'000'000'000};          ///< of the peak of σ (T1)

  PipelineConfig pipeline;
  std::vector<SubmitterConfig> submitters;
  std::vector<Incident> incidents;  ///< ascending in `at`
  std::vector<TraceImport> traces;  ///< what was read for submitters that replay a recording
  std::vector<Expectation> expectations;
  std::vector<ReachExpectation> reaches;
  ServeConfig serve;  ///< only for the mock API
  LoadConfig load;    ///< only for the load generator
};

}  // namespace sluice
