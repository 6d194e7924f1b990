#include "tests/model/swarm/report_check.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string_view>
#include <utility>

#include "experiments/replications.hpp"
#include "reports/json/json.hpp"
#include "reports/runs/run_listener.hpp"
#include "reports/runs/run_log.hpp"
#include "reports/summary/verdict.hpp"
#include "reports/terminal/terminal.hpp"
#include "sim/scenario_report.hpp"
#include "tests/model/reference/real_pipeline.hpp"

namespace sluice::swarm {
namespace {

class LogOfReplication final : public BasicObserverList<RunListener> {
 public:
  explicit LogOfReplication(reference::Log& log) : observer_(reference::log_transitions(log)) {
    add(*observer_);
  }
  void finish(Time) override {}

 private:
  std::unique_ptr<PipelineObserver> observer_;
};

struct Simulated {
  Report report;
  std::string json, run_log;
  reference::Log log;
};

Simulated simulate(const Scenario& scenario) {
  Simulated simulated;
  std::ostringstream runs;
  ExperimentOptions options;
  options.threads = 1;
  options.listeners = [&](std::uint32_t number, const Recorder& recorder) {
    Listeners listeners;
    if (number > 0) return listeners;
    listeners.push_back(
        make_run_log(runs, scenario.pipeline, submitter_names(scenario), number, recorder));
    listeners.push_back(std::make_unique<LogOfReplication>(simulated.log));
    return listeners;
  };
  simulated.report = run_experiment(scenario, options);
  simulated.json = render_json(simulated.report, {.build_and_wall_time = false});
  simulated.run_log = runs.str();
  return simulated;
}

bool nearly(double a, double b) {
  return std::abs(a - b) <= 1e-6 * std::max({1.0, std::abs(a), std::abs(b)});
}

void check_sums(const Report& report, Faults& faults) {
  const auto first = static_cast<std::size_t>(Metric::attribution_workers_high);
  const auto last = static_cast<std::size_t>(Metric::attribution_retry_delay);
  for (const FigureEntry& wait : report.figures.all(Metric::wait_mean)) {
    double sum = 0;
    bool any = false;
    for (std::size_t part = first; part <= last; ++part) {
      const Figure* figure = report.figures.find(static_cast<Metric>(part), wait.key.subject);
      any |= figure != nullptr;
      sum += value_or_zero(figure);
    }
    if (any && !nearly(sum, wait.figure.value))
      faults.add("the parts of the mean wait do not add up to it",
                 fmt::format("{} of {}", sum, wait.figure.value));
  }
  for (const FigureEntry& busy : report.figures.all(Metric::utilisation)) {
    const Subject& subject = busy.key.subject;
    if (subject.level || busy.figure.samples == 0) continue;
    double sum = busy.figure.value;
    for (const Metric metric : {Metric::workers_starting, Metric::workers_holding,
                                Metric::idle_backlogged, Metric::idle_blocked, Metric::idle_empty})
      sum += value_or_zero(report.figures.find(metric, subject));
    if (!nearly(sum, 1))
      faults.add("the shares of the workers do not add up to 1", fmt::format("{}", sum));
  }
  for (const FigureEntry& imbalance : report.figures.all(Metric::flow_imbalance))
    if (imbalance.figure.value != 0)
      faults.add("the flow is not balanced", fmt::format("{}", imbalance.figure.value));
}

/// How many runs of the log came to this.
double logged(const std::string& run_log, std::string_view outcome) {
  const std::string field = fmt::format("\"outcome\":\"{}\"", outcome);
  double count = 0;
  for (std::size_t at = 0; (at = run_log.find(field, at)) != std::string::npos; ++at) ++count;
  return count;
}

/// Nothing that was submitted, accepted or waits is missing from what the verdict says (T10).
void check_accounts(const Report& report, const std::string& run_log, const Scenario& scenario,
                    Faults& faults) {
  const auto count = [&](Metric metric) { return value_or_zero(report.figures.find(metric)); };
  const double lost = count(Metric::lost_load_count);
  const double ways =
      count(Metric::gave_up_count) + count(Metric::expired_count) + count(Metric::cancelled_count);
  if (lost != ways)
    faults.add("lost load is not what was lost", fmt::format("{} of {}", lost, ways));
  if (report.header.from == Time::zero()) {
    const double submitted = count(Metric::submitted_count);
    const double told = count(Metric::accepted_count) + count(Metric::gave_up_count) +
                        count(Metric::submitting_count);
    if (submitted != told)
      faults.add("submitted runs are in no account", fmt::format("{} of {}", told, submitted));
    for (const auto& [metric, outcome] : {std::pair(Metric::gave_up_count, "gave_up"),
                                          std::pair(Metric::submitting_count, "submitting")})
      if (count(metric) != logged(run_log, outcome))
        faults.add("the log tells of other runs",
                   fmt::format("{}: {} of {}", outcome, count(metric), logged(run_log, outcome)));
  }
  const std::string line = verdict_summary(report);
  const auto says = [&](const char* text) { return line.find(text) != std::string::npos; };
  if ((lost > 0) != says("LOSES")) faults.add("the first line hides lost load", line);
  if ((count(Metric::submitting_refused_count) > 0) != says("still being submitted"))
    faults.add("the first line hides runs that the API refuses", line);
  const bool asked = std::ranges::any_of(scenario.expectations, [](const Expectation& e) {
    return e.metric == Metric::lost_load_count || e.metric == Metric::lost_load_share ||
           e.metric == Metric::gave_up_count;
  });
  const bool missed =
      report.verdict == sluice::Verdict::failed || report.verdict == sluice::Verdict::broke;
  if (lost > 0 && !asked && !missed) faults.add("lost load does not fail", line);
}

void check_share(const FigureEntry& entry, Faults& faults) {
  const Metric metric = entry.key.metric;
  // Of what was accepted in the window, which need not be what it happens to.
  const bool of_others = metric == Metric::rejected_rate || metric == Metric::failed_rate ||
                         metric == Metric::stopped_rate || metric == Metric::requeued_rate;
  if (info(metric).unit != Unit::share || of_others) return;
  const double value = entry.figure.value;
  if (!(value >= 0 && value <= 1 + 1e-9))
    faults.add("a share is no share", fmt::format("{} = {}", info(entry.key.metric).name, value));
}

std::string without_workers(const reference::Log& log) {
  std::string text;
  for (const std::string& line : log)
    if (line.find(" workers group=") == std::string::npos) text += line + "\n";
  return text;
}

}  // namespace

void check_reports(const Scenario& scenario, const Played& played, Faults& faults) {
  const Simulated first = simulate(scenario), second = simulate(scenario);
  if (first.json != second.json || first.run_log != second.run_log)
    faults.add("the same seed gives other bytes", "two simulations differ");
  if (without_workers(first.log) != without_workers(played.log))
    faults.add("the simulator does something else than its parts", "the transitions differ");
  check_sums(first.report, faults);
  check_accounts(first.report, first.run_log, scenario, faults);
  for (const FigureEntry& entry : first.report.figures.entries()) check_share(entry, faults);
  const auto rows = std::count(first.run_log.begin(), first.run_log.end(), '\n');
  if (static_cast<std::uint64_t>(rows) != played.submitted)
    faults.add("the run log lacks runs",
               fmt::format("{} lines for {} submitted", rows, played.submitted));
  const std::string screen = render_terminal(first.report, {});
  for (const char* text : {"nan", "inf s", "seen from outside"})
    if (screen.find(text) != std::string::npos)
      faults.add("the terminal says what a simulation cannot mean", text);
}

}  // namespace sluice::swarm
