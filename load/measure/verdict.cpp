#include "load/measure/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text/units.hpp"
#include "reports/figures/load_failures.hpp"

namespace sluice {
namespace {

std::string of(std::uint64_t part, std::uint64_t whole) {
  return fmt::format("{} of {} ({})", format_count(static_cast<double>(part)),
                     format_count(static_cast<double>(whole)), format_share(share_of(part, whole)));
}

/// What kept this side from sending most of what it did not send.
std::string_view why_unsent(const LoadCounts& counts) {
  const auto failed_with = [&counts](const char* reason) {
    const auto found = counts.failures.find(reason);
    return found == counts.failures.end() ? 0 : found->second;
  };
  const std::array<std::pair<std::uint64_t, std::string_view>, 4> reasons{{
      {counts.over_ceiling, "they were above the highest allowed rate"},
      {failed_with("no local ports left"), "this machine had no ports left"},
      {failed_with("no descriptors left"), "this process had no descriptors left"},
      {failed_with("queue of the socket full"), "this machine had no buffers left"},
  }};
  std::uint64_t rest = counts.unsent;
  for (const auto& [count, why] : reasons) rest -= std::min(rest, count);
  const auto most = std::max_element(reasons.begin(), reasons.end());
  return most->first > rest ? most->second : "no connection was free in time";
}

UnseenRuns sum_of(const std::vector<UnseenRuns>& unseen) {
  UnseenRuns sum;
  for (const UnseenRuns& some : unseen) sum.starts += some.starts, sum.ends += some.ends;
  return sum;
}

/// Runs of which no start or no end was seen: they are failures of the target's, or of following.
void add_unseen(const MeasuredLoad& measured, LoadFacts& facts) {
  facts.unseen = measured.unseen;
  const UnseenRuns all = sum_of(measured.unseen);
  if (all.starts > 0) facts.failures[std::string(kNoStartEvent)] = all.starts;
  if (all.ends > 0) facts.failures[std::string(kNoEndEvent)] = all.ends;
}

/// Where answers are wrong, what was not seen of the other runs says no more.
void judge_following(const MeasuredLoad& measured, const LoadConfig& config, LoadFacts& facts) {
  const std::uint64_t unseen = sum_of(measured.unseen).all();
  if (facts.validity != LoadFacts::Validity::valid || !facts.wrong_answers.empty()) return;
  if (measured.cut_short || share_of(unseen, facts.runs_accepted) <= config.lost_share) return;
  facts.validity = LoadFacts::Validity::unseen;
  facts.why_invalid =
      fmt::format("{} runs were not seen to start or to end", of(unseen, facts.runs_accepted));
}

/// Unsent requests tell more than late ones, and a clock that jumped more than both.
void judge_generator(const MeasuredLoad& measured, const LoadConfig& config, LoadFacts& facts) {
  const LoadCounts& counts = measured.counts;
  using Validity = LoadFacts::Validity;
  if (!measured.clock_jump.empty()) {
    facts.validity = Validity::clock_jumped;
    facts.why_invalid = measured.clock_jump;
  } else if (share_of(counts.unsent, counts.intended) > config.late_share) {
    facts.validity = Validity::saturated;
    facts.why_invalid = fmt::format("{} requests were never sent: {}",
                                    of(counts.unsent, counts.intended), why_unsent(counts));
  } else if (share_of(counts.late, counts.sent) > config.late_share) {
    facts.validity = Validity::late;
    facts.why_invalid = fmt::format("{} requests were sent more than {} late",
                                    of(counts.late, counts.sent), format_exact(config.late_after));
  }
}

std::string beyond_the_end(const LoadCounts& counts) {
  std::string text = "runs were still being submitted: their next attempt was due after the end";
  if (counts.longest_retry_after_s > 0)
    text += fmt::format(" (longest Retry-After: {})",
                        format_duration(static_cast<double>(counts.longest_retry_after_s)));
  return text;
}

void add_notes(const MeasuredLoad& measured, LoadFacts& facts) {
  const LoadCounts& counts = measured.counts;
  const auto note = [&facts](std::uint64_t count, std::string_view what) {
    if (count > 0)
      facts.notes.push_back(fmt::format("{} {}", format_count(static_cast<double>(count)), what));
  };
  if (measured.dry_run) facts.notes.push_back("all runs were dry runs");
  for (const auto& [status, body] : counts.first_bodies)
    facts.notes.push_back(fmt::format("first answer {}: {}", status, body));
  for (const LoadFacts::WrongAnswers& wrong : facts.wrong_answers)
    facts.notes.push_back(
        fmt::format("first wrong answer ({}, {}): {}", wrong.status, wrong.kind, wrong.body));
  note(sum_of(measured.unseen).starts,
       "runs were not seen to start: their waits are not known, only bounds");
  note(counts.follow.streams_silent, "event streams fell silent and were opened again");
  note(counts.follow.looked_up, "runs were found to have ended only by a last look at the target");
  note(counts.follow.not_looked_up,
       "unfinished runs were not looked up: too many, or not answered in time");
  note(counts.follow.unknown_events, "events were of runs that are not this load's, or had ended");
  note(counts.follow.bad_events, "events could not be read");
  note(counts.follow.failed_polls, "lists of runs were not answered");
  note(counts.follow.cancelled, "runs were cancelled: the patience of their submitters was over");
  note(counts.follow.interrupts, "unfinished runs were asked to stop");
  note(counts.follow.interrupts_failed, "of these requests failed");
  note(counts.retries_beyond, beyond_the_end(counts));
}

}  // namespace

LoadFacts load_facts(const MeasuredLoad& measured, const LoadConfig& config) {
  const LoadCounts& counts = measured.counts;
  LoadFacts facts;
  facts.target = measured.target;
  facts.time_scale = measured.time_scale;
  facts.follow = name(measured.follow);
  facts.ended_early = measured.ended_early;
  facts.target_lost = measured.target_lost;
  facts.notes = measured.notes;
  facts.intended = counts.intended;
  facts.sent = counts.sent;
  facts.unsent = counts.unsent;
  facts.unreached = counts.unreached;
  facts.resent = counts.resent;
  facts.runs_submitted = counts.arrivals;
  facts.runs_gave_up = counts.gave_up;
  facts.runs_submitting = counts.submitting();
  facts.late = counts.late;
  facts.unanswered = counts.unanswered;
  facts.statuses = counts.statuses;
  facts.failures = counts.failures;
  facts.connections_opened = measured.connections_opened;
  facts.connections_most = measured.connections_most;
  facts.streams_opened = counts.follow.streams_opened;
  for (const auto& [kind, wrong] : counts.wrong_bodies)
    facts.wrong_answers.push_back({kind, wrong.status, wrong.count, wrong.body});
  facts.runs_accepted = counts.accepted + counts.wrong_answers;
  facts.runs_unfollowed = counts.wrong_answers;
  facts.runs_followed = counts.accepted - std::min(counts.accepted, measured.runs.lost);
  facts.streams_silent = counts.follow.streams_silent;
  add_unseen(measured, facts);
  facts.runs_ended = measured.runs.ended;
  facts.runs_lost = measured.runs.lost;
  facts.duplicate_events = measured.runs.duplicates;
  facts.reordered_events = measured.runs.reordered;
  facts.bad_signatures = measured.bad_signatures;
  facts.latency = measured.times->latency.quantiles();
  facts.latency_from_send = measured.times->from_send.quantiles();
  facts.lateness = measured.times->lateness.quantiles();
  if (measured.sending_seconds > 0) {
    facts.intended_per_s = static_cast<double>(counts.intended) / measured.sending_seconds;
    facts.sent_per_s = static_cast<double>(counts.sent) / measured.sending_seconds;
  }
  facts.cpu_seconds = measured.cpu_seconds;
  judge_generator(measured, config, facts);
  judge_following(measured, config, facts);
  add_notes(measured, facts);
  return facts;
}

std::optional<ExitCode> exit_code_of(LoadEnd end, LoadFacts::Validity validity) {
  if (end == LoadEnd::target_lost) return ExitCode::target_unreachable;
  if (validity != LoadFacts::Validity::valid) return ExitCode::invalid_run;
  if (end == LoadEnd::aborted) return ExitCode::expectation_failed;
  return std::nullopt;
}

}  // namespace sluice
