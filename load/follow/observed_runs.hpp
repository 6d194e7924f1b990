// From what was seen of a live target to the transitions that a pipeline would have told, so that
// the recorder of simulations records loads as well.
//
// An outside observer sees answers and events late, sometimes twice or in another order. Each event
// counts at the time of the target's own stamp, moved to our clock by the smallest distance between
// any event's stamp and its arrival (Cristian 1989: the fastest message bounds the difference of
// two clocks); never later than it was seen. What holds a waiting run is not seen, but for the
// retry delay that the target tells; a run that is paused goes on waiting.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "load/follow/observation.hpp"
#include "pipeline/config.hpp"
#include "pipeline/observer.hpp"
#include "reports/figures/load_facts.hpp"

namespace sluice {

/// How many runs wait and run now, as far as it was seen.
struct ObservedLevel {
  std::uint64_t waiting = 0;
  std::uint64_t running = 0;
};

struct ObservedCounts {
  std::array<ObservedLevel, kLevels> levels{};
  std::uint64_t accepted = 0;    ///< named a run that can be followed
  std::uint64_t ended = 0;       ///< their end was seen
  std::uint64_t lost = 0;        ///< will not be, and nobody knows where they are
  std::uint64_t duplicates = 0;  ///< events that said nothing new
  std::uint64_t reordered = 0;   ///< events that came after a later one of the same run
  std::uint64_t told_late = 0;   ///< what was taken after what came after it had been told
};

/// Not thread-safe. Memory: O(runs that have not ended). Cost: O(log n) per observation.
class ObservedRuns {
 public:
  /// Transitions go to `observer`, in order of time. Keeps references.
  ObservedRuns(const PipelineConfig& pipeline, PipelineObserver& observer);

  void take(const ObservationJournal::Batch& batch);
  /// Tells everything that happened up to `until`. What is taken later and happened before is told
  /// as if it happened then.
  void tell(Time until);
  const ObservedCounts& counts() const { return counts_; }
  /// Runs whose start or end was not seen, by what they are; in a fixed order.
  std::vector<UnseenRuns> unseen() const;

 private:
  enum class State : std::uint8_t { submitting, waiting, delayed, running, ended };
  struct ObservedRun {
    Run run;
    State state = State::submitting;
    bool answered = false;           ///< its acceptance; events may be faster
    bool cancelled = false;          ///< its client has asked to stop it
    std::uint32_t delays = 0;        ///< generation of its retry delay
    Time last_stamp{-1};             ///< of the latest event that was told …
    Duration last_resolution{};      ///< … and how fine it is
    std::vector<Observation> early;  ///< events that happened before the answer to its POST came
  };
  struct Pending {
    Observation seen;
    std::uint64_t sequence;  ///< of taking: decides between equal times
  };
  struct Later {
    bool operator()(const Pending& a, const Pending& b) const {
      return std::pair(a.seen.at, a.sequence) > std::pair(b.seen.at, b.sequence);
    }
  };
  struct Delay {
    std::uint64_t run;
    std::uint32_t generation;
  };

  void cancel(std::uint64_t number);
  Time corrected(const Observation& seen) const;
  void tell(const Observation& seen, Time now);
  void tell_delays(Time until);
  void answered(Time now, ObservedRun& run, const Observation& seen);
  void accept(Time now, std::uint64_t number, ObservedRun& run);
  void event(Time now, std::uint64_t number, ObservedRun& run, const Observation& seen);
  static bool happened_before(const Observation& seen, const ObservedRun& last);
  void start(Time now, ObservedRun& run);
  void end(Time now, ObservedRun& run, RunEventKind kind);
  void stop_following(ObservedRun& run, const Observation& seen);
  UnseenRuns& unseen_like(const ObservedRun& run);
  void forget(std::uint64_t number);
  std::uint64_t& waiting(const ObservedRun& run) {
    return counts_.levels[index(run.run.request.level)].waiting;
  }
  std::uint64_t& running(const ObservedRun& run) {
    return counts_.levels[index(run.run.request.level)].running;
  }

  const PipelineConfig& pipeline_;
  PipelineObserver& observer_;
  boost::unordered_flat_map<std::uint64_t, ObservedRun> runs_;
  std::vector<Pending> pending_;  // a heap, earliest first
  std::uint64_t taken_ = 0;
  std::multimap<Time, Delay> delays_;  // retry delays under way
  std::vector<std::uint32_t> free_slots_;
  std::uint32_t slots_ = 0;
  std::uint64_t accepted_ = 0;
  Duration offset_ = Duration::max();  // smallest of (seen - stamp)
  Time told_;                          // nothing is told before it
  ObservedCounts counts_;
  std::map<Subject, UnseenRuns> unseen_;
};

}  // namespace sluice
