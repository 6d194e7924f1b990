// The submitters of one lane: what is due to be sent when, and what becomes of it by the answers.
//
// Driven as the pipeline is, by next_due() and advance(now): no socket, no thread, no clock. Goes
// through all arrivals of the scenario and leaves out those of other lanes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/clock.hpp"
#include "load/follow/observation.hpp"
#include "load/generator/lane_shares.hpp"
#include "load/generator/rate_ceiling.hpp"
#include "load/generator/start_request.hpp"
#include "load/load_clock.hpp"
#include "load/measure/load_measures.hpp"
#include "pipeline/event_queue.hpp"
#include "sim/submitters/submission_target.hpp"
#include "sim/submitters/submitter.hpp"

namespace sluice {

/// Who sends what a sequencer says. Each attempt is answered once, by Sequencer::answered, and
/// never from within these.
class RequestSink {
 public:
  virtual ~RequestSink() = default;
  /// An attempt to submit whose time, `intended`, has come.
  virtual void send(Time intended, const RunRequest& request) = 0;
  /// The same of one that the ceiling keeps from being sent.
  virtual void over_ceiling(Time intended, const RunRequest& request) = 0;
};

/// What came of one attempt.
struct AttemptAnswer {
  Answer::Status status = Answer::Status::accepted;
  std::uint8_t window = 0;                    ///< of a rate limit
  std::optional<std::int64_t> retry_after_s;  ///< seconds of the target's clock
  bool by_target = true;   ///< false: this side did not send it, so nothing was seen
  bool may_retry = false;  ///< not accepted: it may be sent again, as its submitter does that
};

struct SequencerSettings {
  const LaneShares& shares;
  unsigned lane = 0;
  std::uint64_t seed = 0;   ///< of the submitters
  double max_per_s = 0;     ///< of this lane, wall time; 0: no ceiling
  double target_scale = 1;  ///< simulated seconds per second of the target's clock
};

/// Not thread-safe. Keeps references. Cost: amortised O(1) per attempt.
class Sequencer final : private SubmissionTarget {
 public:
  /// What is submitted, answered and given up goes to `journal`.
  Sequencer(const SequencerSettings& settings, ObservationJournal& journal, RequestSink& out);

  /// Simulated time zero is at `clock`'s. Nothing is submitted after `end`.
  void begin(SteadyTime now, const LoadClock& clock, Time end);
  /// When advance() is to be called next; SteadyTime::max(): nothing is due.
  SteadyTime next_due() const;
  /// Sends what is due at `now`, but `at_most` so many things. Returns whether more is due: answers
  /// are to have their turn first. `now` does not go back.
  bool advance(SteadyTime now, int at_most);
  /// What came of an attempt, at `at`. A refused one is sent again later, or given up, as its
  /// submitter does that. REQUIRES begin().
  void answered(SteadyTime at, Time intended, const RunRequest& request,
                const AttemptAnswer& answer);
  /// The end of a run was seen: the client of a closed loop goes on.
  void run_ended(SteadyTime at, const RunRequest& request);
  /// Sends what was due up to `until`, and nothing afterwards.
  void end_sending(SteadyTime now, Time until);
  /// Sends nothing any more.
  void stop() { sending_ = false; }

  /// Attempts without an answer.
  std::size_t unanswered() const { return unanswered_; }
  /// Members of the pools that its runs name.
  const PoolMembers& pools() const { return pools_; }
  /// Arrivals, attempts and what was given up; the rest is zero.
  const LoadCounts& counts() const { return counts_; }

 private:
  Need pool_need(WorkspaceId workspace, WorkflowId workflow, std::size_t alias,
                 std::span<const CredentialId> members) override;
  std::optional<Answer> submit(Time now, const RunRequest& request) override;
  void give_up(Time now, const RunRequest& request) override;

  bool below_ceiling() { return !ceiling_ || ceiling_->take(now_); }
  void handle_next();
  void observe_answer(Time intended, const RunRequest& request, const Answer& answer);
  void try_again(const RunRequest& request, const Answer& answer, const AttemptAnswer& told);
  /// What was seen at `seen`, as submitters may hear of it: stamps are of the moment something
  /// came, and what was due a little later may have been handled meanwhile.
  Time heard(Time seen) const;

  const SequencerSettings settings_;
  ObservationJournal& journal_;
  RequestSink& out_;
  std::optional<LoadClock> clock_;
  std::optional<RateCeiling> ceiling_;
  SteadyTime now_;  // of the advance() under way
  bool sending_ = false;
  PoolMembers pools_;
  boost::unordered_flat_map<const CredentialId*, Need> pool_needs_;  // by where its members are
  EventQueue events_;
  Submitters submitters_;
  std::size_t unanswered_ = 0;
  LoadCounts counts_;
};

}  // namespace sluice
