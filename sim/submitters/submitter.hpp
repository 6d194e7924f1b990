// Submitters: they submit runs when their arrivals say so, and do with the answers what real
// clients do. The simulator drives them in virtual time, the load generator by the clock.
//
// Open loop: arrivals do not wait for anything. Closed loop: each client waits for the end of its
// run, thinks, and submits again. After 429 and 5xx a request is submitted again after a back-off,
// up to a number of attempts, and while the submitter's patience lasts; when it is over between two
// attempts, the run is given up.
//
// Time goes on whatever the scenario: an attempt again, or a client's way from one run to its next,
// that would take no time at all takes 1 ms; and a client without think time that gave up because
// of a rate limit comes back when the window has room.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "pipeline/event_queue.hpp"
#include "pipeline/observer.hpp"
#include "scenarios/scenario.hpp"
#include "sim/arrivals/arrival_process.hpp"
#include "sim/simulation_seeds.hpp"
#include "sim/submitters/run_draws.hpp"
#include "sim/submitters/submission_target.hpp"

namespace sluice {

/// All submitters of a scenario, with the factors that its incidents put on their arrivals. Index i
/// of a closed-loop submitter's run says which client (i mod clients) and which of its runs (i div
/// clients), so it means the same run whatever order the clients come in; a trace's run has the
/// index of its row; runs that only a factor brings have numbers of their own
/// (sim/arrivals/added_runs.hpp). Not thread-safe. Keeps references to the scenario, target and
/// queue. Memory: O(submitters + clients + requests that wait for another attempt).
class Submitters final : public PipelineObserver {
 public:
  Submitters(const Scenario& scenario, const SimulationSeeds& seeds, SubmissionTarget& target,
             EventQueue& events);
  ~Submitters() override;

  /// Schedules the first arrivals. Nothing is submitted after `end`.
  void start(Time end);
  /// Handles kArrival, kRetry and kClientReady.
  void handle(Time now, const Event& event);
  /// The answer to an attempt that the target did not answer at once. `now`: not before the last
  /// event that was handled.
  void answer_came(Time now, const RunRequest& request, const Answer& answer);
  /// The same for an attempt that was refused for good: its submitter does not try again.
  void refused(Time now, const RunRequest& request, const Answer& answer);
  /// Only then need the submitters listen to the pipeline.
  static bool any_closed_loop(const Scenario& scenario);
  /// Runs submitted so far, further attempts not counted.
  std::uint64_t submitted_count() const { return submitted_; }

  void ended(Time now, const Run& run, Outcome outcome, EndReason reason) override;

 private:
  class Submitter;
  struct Client;

  void arrive(Time now, Submitter& submitter);
  void schedule_arrival(Submitter& submitter, const Arrival& arrival);
  void build_next(Submitter& submitter);
  void submit_run(Time now, Submitter& submitter, RunRequest& request);
  void submit(Time now, RunRequest& request);
  void retry_later(Time now, const RunRequest& request, const Answer& answer);
  /// Handles `event` when it is due: another attempt, or the end of the submitter's patience.
  void keep_waiting(Time due, EventClass event_class, std::uint32_t what,
                    const RunRequest& request);
  void client_ready(Time now, std::uint32_t client_number);
  /// `refused_for`: until when a rate limit refuses it; a client that does not think waits for
  /// that.
  void think(Time now, Submitter& submitter, std::uint32_t client, Duration refused_for = {});

  SubmissionTarget& target_;
  EventQueue& events_;
  bool worth_expecting_;
  Time end_;
  std::uint64_t submitted_ = 0;
  std::vector<std::unique_ptr<Submitter>> submitters_;
  std::vector<Client> clients_;
  std::vector<RunRequest> waiting_;          // requests between two attempts
  std::vector<std::uint32_t> free_waiting_;  // unused slots of waiting_
};

}  // namespace sluice
