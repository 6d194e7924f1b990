// What a load test says besides the pipeline's figures: whether its generator kept time, what the
// target answered and how fast. A value; part of a report whose engine was a live target.
//
// Times are wall time. "From the intended time": what waited because the target or the generator
// was slow counts (no coordinated omission); "from the send": what it does not.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "reports/figures/figure.hpp"

namespace sluice {

/// Quantiles of one measured time, in wall time.
struct TimeQuantiles {
  static constexpr std::array<double, 6> kShares{0.5, 0.9, 0.95, 0.99, 0.999, 1.0};
  std::uint64_t count = 0;
  Duration mean{};
  std::array<Duration, kShares.size()> at{};  ///< by kShares; the last is the maximum
};

/// Runs whose start or end was not seen, of one group, workspace, level, workflow and submitter.
struct UnseenRuns {
  Subject of;
  std::uint64_t starts =
      0;                   ///< that started, it is not known when, but before they were seen to end
  std::uint64_t ends = 0;  ///< of the others: of which it is not known when they ended, if ever
  std::uint64_t all() const { return starts + ends; }
};

struct LoadFacts {
  enum class Validity : std::uint8_t {
    valid,
    late,          ///< more requests were late than is allowed
    saturated,     ///< requests could not be sent in time, and it was not that nobody answered
    clock_jumped,  ///< the wall clock stood still or jumped, as in a suspended machine
    unseen         ///< of too many runs the start or the end was not seen
  };

  std::string target;     ///< scheme, host and port; no key, no user name
  double time_scale = 1;  ///< simulated seconds per second
  std::string follow;     ///< events, webhooks or polling, as it was at the end
  Validity validity = Validity::valid;
  std::string why_invalid;  ///< a sentence with figures; "" if valid
  std::string ended_early;  ///< the abort condition that held, or what else ended it; "" if nothing
  std::string target_lost;  ///< how nobody answered at the end; "" if somebody did
  std::vector<std::string> notes;  ///< what a reader must know: fallbacks, what could not be seen

  std::uint64_t intended = 0;  ///< requests to start a run whose time came, further attempts too
  std::uint64_t sent = 0;
  std::uint64_t unsent = 0;      ///< never sent, by this side: see why_invalid
  std::uint64_t unreached = 0;   ///< never sent: no connection to the target came about
  std::uint64_t resent = 0;      ///< begun anew: the kept connection had been closed unwritten
  std::uint64_t late = 0;        ///< sent later than allowed
  std::uint64_t unanswered = 0;  ///< of all intended: reset, timed out …, unsent, unreached
  /// 2xx that name no run that can be followed; each kind is one of `failures`.
  struct WrongAnswers {
    std::string kind;
    unsigned status = 0;  ///< of the first
    std::uint64_t count = 0;
    std::string body;  ///< of the first: cut, escaped
  };
  std::vector<WrongAnswers> wrong_answers;
  std::map<unsigned, std::uint64_t> statuses;  ///< of answers, by HTTP status
  /// Of unanswered requests, by reason; wrong answers by kind; runs of which no start, no end was
  /// seen.
  std::map<std::string, std::uint64_t> failures;
  std::uint64_t connections_opened = 0;
  std::uint64_t connections_most = 0;  ///< open at once
  std::uint64_t streams_opened = 0;
  // submitted = followed + lost + gave_up + submitting; accepted = followed + lost + unfollowed
  std::uint64_t runs_submitted = 0;   ///< whose first attempt's time came
  std::uint64_t runs_gave_up = 0;     ///< whose submitters do not try again; unfollowed ones too
  std::uint64_t runs_submitting = 0;  ///< neither accepted nor given up when the load ended
  std::uint64_t runs_accepted = 0;    ///< answered 2xx
  std::uint64_t runs_followed = 0;    ///< to their end, or as far as they were when following ended
  std::uint64_t runs_ended = 0;       ///< of those, seen to end
  std::uint64_t runs_lost = 0;        ///< where they are is not known
  std::uint64_t runs_unfollowed = 0;  ///< their answers named no run that can be followed
  std::uint64_t streams_silent = 0;   ///< event streams that fell silent and were opened again
  std::vector<UnseenRuns> unseen;     ///< followed or lost, with a start or an end not seen
  std::uint64_t duplicate_events = 0;  ///< seen again and left out
  std::uint64_t reordered_events = 0;  ///< came after a later one of the same run
  std::uint64_t bad_signatures = 0;    ///< webhooks that did not verify

  TimeQuantiles latency;            ///< of answers, from the intended time
  TimeQuantiles latency_from_send;  ///< of answers, from the send
  TimeQuantiles lateness;           ///< of sends, from the intended time
  double intended_per_s = 0;        ///< mean over the load
  double sent_per_s = 0;
  double cpu_seconds = 0;  ///< of the generator's threads
};

std::string_view name(LoadFacts::Validity validity);

}  // namespace sluice
