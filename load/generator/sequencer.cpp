#include "load/generator/sequencer.hpp"

#include <algorithm>
#include <chrono>

#include "base/check.hpp"
#include "sim/event_kinds.hpp"

namespace sluice {

Sequencer::Sequencer(const SequencerSettings& settings, ObservationJournal& journal,
                     RequestSink& out)
    : settings_(settings),
      journal_(journal),
      out_(out),
      submitters_(settings.shares.scenario, {settings.seed, settings.seed}, *this, events_) {
  events_.name_kinds(event_name);
}

// ---- time

void Sequencer::begin(SteadyTime now, const LoadClock& clock, Time end) {
  SLUICE_REQUIRE(!clock_, "it begins once");
  clock_ = clock;
  now_ = now;
  if (settings_.max_per_s > 0) ceiling_.emplace(settings_.max_per_s, now);
  sending_ = true;
  submitters_.start(end);
}

SteadyTime Sequencer::next_due() const {
  if (!sending_ || events_.next_time() == Time::never()) return SteadyTime::max();
  return clock_->wall(events_.next_time());
}

bool Sequencer::advance(SteadyTime now, int at_most) {
  SLUICE_REQUIRE(at_most > 0, "it sends something");
  now_ = std::max(now_, now);
  for (int handled = 0; next_due() <= now; ++handled) {
    if (handled == at_most) return true;
    handle_next();
  }
  return false;
}

void Sequencer::handle_next() {
  const ScheduledEvent scheduled = events_.pop();
  submitters_.handle(scheduled.time, scheduled.event);
}

void Sequencer::end_sending(SteadyTime now, Time until) {
  now_ = std::max(now_, now);
  while (sending_ && !events_.empty() && events_.next_time() <= until) handle_next();
  sending_ = false;
}

Time Sequencer::heard(Time seen) const { return std::max(seen, events_.now()); }

// ---- what submitters want

Need Sequencer::pool_need(WorkspaceId, WorkflowId, std::size_t,
                          std::span<const CredentialId> members) {
  const auto [known, is_new] = pool_needs_.try_emplace(members.data());
  if (is_new) {
    known->second = {Need::kPoolBit | static_cast<std::uint32_t>(pools_.size())};
    pools_.emplace_back(members.begin(), members.end());
  }
  return known->second;
}

std::optional<Answer> Sequencer::submit(Time now, const RunRequest& request) {
  if (settings_.shares.lane_of(request.submitter, request.index) != settings_.lane)
    return std::nullopt;
  if (request.attempt == 1) {
    ++counts_.arrivals;
    Observation seen;
    seen.at = now;
    seen.run = run_number(request);
    journal_.submitted(seen, request);
  }
  ++counts_.intended;
  ++unanswered_;
  if (below_ceiling()) {
    out_.send(now, request);
  } else {
    ++counts_.over_ceiling;
    out_.over_ceiling(now, request);
  }
  return std::nullopt;
}

void Sequencer::give_up(Time now, const RunRequest& request) {
  ++counts_.gave_up;
  Observation seen;
  seen.kind = Observation::Kind::gave_up;
  seen.at = now;
  seen.run = run_number(request);
  journal_.add(seen);
}

// ---- what comes of it

void Sequencer::answered(SteadyTime at, Time intended, const RunRequest& request,
                         const AttemptAnswer& told) {
  SLUICE_REQUIRE(unanswered_ > 0, "each attempt is answered once");
  --unanswered_;
  Answer answer;
  answer.status = told.status;
  answer.window = told.window;
  answer.answered_at = clock_->simulated(at);
  if (told.retry_after_s && *told.retry_after_s >= 0)
    answer.retry_after =
        Duration::from_seconds(static_cast<double>(*told.retry_after_s) * settings_.target_scale);
  if (told.by_target) observe_answer(intended, request, answer);
  if (told.status == Answer::Status::accepted) return;
  answer.answered_at = heard(answer.answered_at);
  if (!told.may_retry)
    submitters_.refused(answer.answered_at, request, answer);
  else if (sending_)
    try_again(request, answer, told);
}

void Sequencer::observe_answer(Time intended, const RunRequest& request, const Answer& answer) {
  const Time at = answer.answered_at;
  Observation seen;
  seen.kind = Observation::Kind::answered;
  seen.at = at;
  seen.run = run_number(request);
  seen.latency = {clock_->wall(std::max(at, intended) - intended).count()};
  seen.status = answer.status;
  seen.window = answer.window;
  journal_.add(seen);
}

/// What comes of it is an event, or that the submitter gives up, or nothing before the load's end.
void Sequencer::try_again(const RunRequest& request, const Answer& answer,
                          const AttemptAnswer& told) {
  const std::size_t scheduled = events_.size();
  const std::uint64_t gave_up = counts_.gave_up;
  submitters_.answer_came(answer.answered_at, request, answer);
  if (events_.size() > scheduled || counts_.gave_up > gave_up) return;
  ++counts_.retries_beyond;
  counts_.longest_retry_after_s =
      std::max(counts_.longest_retry_after_s, told.retry_after_s.value_or(0));
}

void Sequencer::run_ended(SteadyTime at, const RunRequest& request) {
  if (!sending_) return;
  Run run;
  run.request = request;
  submitters_.ended(heard(clock_->simulated(at)), run, Outcome::succeeded, EndReason::completed);
}

}  // namespace sluice
