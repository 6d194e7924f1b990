#include "reports/runs/run_story.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "base/text/display_text.hpp"
#include "base/text/units.hpp"
#include "reports/figures/wait_part.hpp"
#include "reports/runs/dispatched_ahead.hpp"
#include "reports/runs/run_words.hpp"
#include "reports/summary/phrases.hpp"

namespace sluice {
namespace {

std::string lasting(Duration duration) { return format_duration(duration.seconds()); }

bool still_waits(const Run& run) {
  return run.state != RunState::running && run.state != RunState::free;
}

class RunStory final : public RunListener {
 public:
  RunStory(RunName run, const PipelineConfig& pipeline, const Recorder& recorder, Story& story)
      : run_(run),
        pipeline_(pipeline),
        recorder_(recorder),
        story_(story),
        waiting_(pipeline.groups.size()),
        groups_paused_(pipeline.groups.size(), 0),
        workflows_paused_(pipeline.workflows.size(), 0),
        credentials_paused_(pipeline.credentials.size(), 0) {}

  // ---- everybody's transitions

  void pool_defined(std::uint32_t pool_use, std::uint32_t, const CredentialId* first,
                    std::size_t count) override {
    if (pool_use >= pools_.size()) pools_.resize(pool_use + 1);
    pools_[pool_use].assign(first, first + count);
  }

  void group_paused(Time now, GroupId group, bool paused) override {
    groups_paused_[group.index()] = paused;
    if (waits_ && group == group_) tell_group(now);
  }
  void workflow_paused(Time now, WorkflowId workflow, bool paused) override {
    workflows_paused_[workflow.index()] = paused;
    if (waits_ && workflow == workflow_) tell_workflow(now);
  }
  void credential_changed(Time now, CredentialId credential,
                          const CredentialStatus& status) override {
    char& was_paused = credentials_paused_[credential.index()];
    const bool paused = status.paused;
    if (waits_ && !candidate_ && paused != (was_paused != 0) && is_needed(credential))
      tell(now, fmt::format("credential {} {}", name_of(credential),
                            paused ? "is paused or out of service" : "is in service again"));
    was_paused = paused;
  }

  // ---- the run's own, beside what is counted of everybody's

  void submitted(Time now, const RunRequest& request) override {
    if (request.submitter == run_.submitter) ++story_.submitted;
    if (!is(request)) return;
    story_.found = true;
    tell(now, fmt::format("submitted: {} run of workspace {}, workflow {}", name(request.level),
                          pipeline_.workspaces[request.workspace.index()].name,
                          pipeline_.workflows[request.workflow.index()].name));
  }

  void answered(Time now, const RunRequest& request, const Answer& answer) override {
    if (!is(request) || answer.status == Answer::Status::accepted) return;
    const std::string attempt = fmt::format("attempt {}", request.attempt);
    if (answer.status == Answer::Status::server_error)
      return tell(now, fmt::format("{}: refused with a server error", attempt));
    const RateWindowConfig& window = pipeline_.api.rate_limits[answer.window];
    tell(now,
         fmt::format("{}: refused with 429, more than {} requests of its workspace in {}; "
                     "Retry-After {}",
                     attempt, window.max, lasting(window.length), lasting(answer.retry_after)));
  }

  void gave_up(Time now, const RunRequest& request) override {
    if (!is(request)) return;
    const bool impatient = now - request.submitted >= request.patience;
    tell(now, fmt::format("its submitter gave up after {} attempts{}", request.attempt,
                          impatient ? ": its patience was over" : ""));
  }

  void accepted(Time now, const Run& run) override {
    somebody_joins(run);
    if (!is(run)) return;
    group_ = run.group;
    workflow_ = run.request.workflow;
    needs_.assign(run.request.needs.begin(), run.request.needs.begin() + run.request.need_count);
    tell(now, fmt::format("accepted; {}", ahead(run)));
    waits_ = true;
    tell_pauses(now);
    becomes_candidate(now);
  }

  void parked(Time now, const Run& run, const Blocker& blocker) override {
    if (!is(run)) return;
    const bool its_turn = candidate_;
    stops_being_candidate(now);
    tell(now, fmt::format("{}: {}",
                          its_turn                         ? "its turn, but parked"
                          : run.state == RunState::holding ? "still inside its worker, now"
                                                           : "still parked, now",
                          describe(run, blocker)));
    if (its_turn) blocked_since_ = now;
  }

  void holding(Time now, const Run& run, const Blocker& blocker) override {
    if (!is(run)) return;
    stops_being_candidate(now);
    tell(now, fmt::format("took a worker and waits inside it: {}", describe(run, blocker)));
    blocked_since_ = now;
  }

  void woken(Time now, const Run& run) override {
    if (!is(run)) return;
    tell(now,
         fmt::format("woken after {}: what held it may have room", lasting(now - blocked_since_)));
    becomes_candidate(now);
  }

  void dispatched(Time now, const Run& run) override {
    somebody_leaves(run);
    if (!is(run)) {
      if (candidate_ && run.group == group_) ahead_.count(now, run.level(), run.request.workspace);
      return;
    }
    stops_being_candidate(now);
    waits_ = false;
    if (run.queue_level != run.level())
      tell(now, fmt::format("promoted: ageing had moved it up to {}", name(run.queue_level)));
    const WaitAttribution wait = recorder_.attribution(run.slot);
    tell(now, fmt::format("dispatched, attempt {}; waited {}{}{}; will take {}{}", run.attempt,
                          lasting(wait.wait()), parts(run, wait), credentials(run),
                          lasting(run.service), timeout_text(run)));
  }

  void login_ended(Time now, const Run& run, CredentialId credential, bool succeeded) override {
    if (!is(run)) return;
    tell(now,
         fmt::format("login on {} {}", name_of(credential), succeeded ? "succeeded" : "failed"));
  }

  void requeued(Time now, const Run& run, RequeueCause cause, Duration delay) override {
    if (!still_waits(run)) somebody_joins(run);
    if (!is(run)) return;
    waits_ = false;
    const std::string why = cause == RequeueCause::worker_lost ? "its worker was lost"
                            : cause == RequeueCause::timeout
                                ? fmt::format("its attempt took longer than {}, to be tried again",
                                              lasting(workflow_of(run).timeout->after))
                                : failure_text(run) + ", to be tried again";
    tell(now,
         fmt::format("requeued: {}{}", why,
                     delay.ns > 0 ? fmt::format("; back in the queue in {}", lasting(delay)) : ""));
  }

  void rejoined(Time now, const Run& run) override {
    if (!is(run)) return;
    tell(now, fmt::format("back at the tail of its queue; {}", ahead(run)));
    waits_ = true;
    tell_pauses(now);
    becomes_candidate(now);
  }

  void ended(Time now, const Run& run, Outcome outcome, EndReason reason) override {
    if (still_waits(run)) somebody_leaves(run);
    if (!is(run)) return;
    stops_being_candidate(now);
    const std::string why =
        reason == EndReason::failure ? failure_text(run) : std::string(sluice::describe(reason));
    tell(now, fmt::format("ended: {}: {}; {} after it was submitted", name(outcome), why,
                          lasting(now - run.request.submitted)));
    waits_ = false;
    over_ = true;
  }

  void webhook(Time now, const Run& run, std::uint32_t attempts, bool delivered,
               Duration latency) override {
    if (!is(run)) return;
    tell(now, fmt::format("webhook {} after {} {} in {}", delivered ? "delivered" : "not delivered",
                          attempts, attempts == 1 ? "attempt" : "attempts", lasting(latency)));
  }

  void finish(Time end) override {
    stops_being_candidate(end);
    if (story_.found && !over_) tell(end, "the simulation ends here");
  }

 private:
  bool is(const RunRequest& request) const { return run_.is(request); }
  bool is(const Run& run) const { return run_.is(run.request); }

  void somebody_joins(const Run& run) { ++waiting_[run.group.index()][index(run.level())]; }
  void somebody_leaves(const Run& run) { --waiting_[run.group.index()][index(run.level())]; }

  void tell(Time now, const std::string& text) {
    if (story_.lines.size() >= kMostStoryLines) {
      ++story_.left_out;
    } else {
      story_.lines.push_back({now, text});
    }
  }

  void becomes_candidate(Time) {
    candidate_ = true;
    ahead_.begin();
  }
  void stops_being_candidate(Time now) {
    if (!candidate_) return;
    candidate_ = false;
    for (const std::string& line : ahead_.take_lines(pipeline_.workspaces)) tell(now, line);
  }

  // ---- pauses

  void tell_group(Time now) {
    const std::string& name = pipeline_.groups[group_.index()].name;
    tell(now, groups_paused_[group_.index()]
                  ? fmt::format("group {} is paused: nothing of it is dispatched", name)
                  : fmt::format("group {} is paused no longer", name));
  }
  void tell_workflow(Time now) {
    tell(now, fmt::format("workflow {} is paused{}", pipeline_.workflows[workflow_.index()].name,
                          workflows_paused_[workflow_.index()] ? "" : " no longer"));
  }
  /// What had begun before the run waited.
  void tell_pauses(Time now) {
    if (groups_paused_[group_.index()]) tell_group(now);
    if (workflows_paused_[workflow_.index()]) tell_workflow(now);
  }
  bool is_needed(CredentialId credential) const {
    return std::any_of(needs_.begin(), needs_.end(), [&](Need need) {
      if (!need.is_pool()) return need.credential() == credential;
      const auto& pool = pools_[need.pool_use()];
      return std::find(pool.begin(), pool.end(), credential) != pool.end();
    });
  }

  std::string ahead(const Run& run) const {
    std::string text = "waiting in its group before it:";
    for (const PriorityLevel level : kAllLevels) {
      const bool own = level == run.level();
      const std::uint64_t others = waiting_[run.group.index()][index(level)] - (own ? 1 : 0);
      text += fmt::format("{} {} {}", level == PriorityLevel::HIGH ? "" : ",", name(level), others);
    }
    return text;
  }

  const std::string& name_of(CredentialId id) const {
    return pipeline_.credentials[id.index()].name;
  }

  std::string need_text(const Need& need) const {
    if (!need.is_pool()) return fmt::format("credential {}", name_of(need.credential()));
    const auto& members = pools_[need.pool_use()];
    return fmt::format("pool of {} credentials from {} on", members.size(),
                       name_of(members.front()));
  }

  std::string describe(const Run& run, const Blocker& blocker) const {
    const bool needs_credential = blocker.need != Need{};
    switch (blocker.reason) {
      case BlockReason::credential_limit:
        return need_text(blocker.need) +
               (blocker.need.is_pool() ? " has no member available" : " is at its limit");
      case BlockReason::login:
        return fmt::format("a login is in progress on {}", need_text(blocker.need));
      case BlockReason::pause:
        if (needs_credential) return need_text(blocker.need) + " is paused or out of service";
        return fmt::format("workflow {} is paused",
                           pipeline_.workflows[run.request.workflow.index()].name);
      case BlockReason::workspace_cap:
        return fmt::format("workspace {} runs as many as it may",
                           pipeline_.workspaces[run.request.workspace.index()].name);
    }
    return "";
  }

  const WorkflowConfig& workflow_of(const Run& run) const {
    return pipeline_.workflows[run.request.workflow.index()];
  }

  /// What the length of its attempt does not say.
  std::string timeout_text(const Run& run) const {
    const auto& timeout = workflow_of(run).timeout;
    if (!timeout || run.service <= timeout->after) return "";
    return fmt::format(", which its timeout cuts at {}", lasting(timeout->after));
  }

  std::string failure_text(const Run& run) const {
    const auto& kinds = workflow_of(run).failures;
    if (run.failure_kind >= kinds.size()) return "its attempt failed";
    return fmt::format("its attempt failed ({})", kinds[run.failure_kind].name);
  }

  /// ": 12 min workers busy with HIGH, 6 min credential at its limit", largest first.
  std::string parts(const Run& run, const WaitAttribution& wait) const {
    std::vector<std::pair<std::int64_t, WaitPart>> largest;
    for (std::size_t i = 0; i < kWaitParts; ++i) {
      const auto part = static_cast<WaitPart>(i);
      if (part != WaitPart::api && wait[part].ns > 0) largest.emplace_back(wait[part].ns, part);
    }
    std::stable_sort(largest.begin(), largest.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::string text;
    for (const auto& [ns, part] : largest)
      text += fmt::format("{} {} {}", text.empty() ? ":" : ",", lasting(Duration{ns}),
                          phrase(part, run.level()));
    return text;
  }

  std::string credentials(const Run& run) const {
    std::string text;
    for (std::size_t i = 0; i < run.request.need_count; ++i)
      text += fmt::format("{} {}", text.empty() ? "; holds" : ",", name_of(run.held[i]));
    return text;
  }

  RunName run_;
  const PipelineConfig& pipeline_;
  const Recorder& recorder_;
  Story& story_;
  std::vector<std::array<std::uint64_t, kLevels>> waiting_;  // by group and level
  std::vector<std::vector<CredentialId>> pools_;             // by pool use
  std::vector<char> groups_paused_, workflows_paused_, credentials_paused_;
  DispatchedAhead ahead_;
  GroupId group_;
  WorkflowId workflow_;
  std::vector<Need> needs_;
  Time blocked_since_;
  bool waits_ = false;  // accepted, and neither running nor in a retry delay
  bool candidate_ = false;
  bool over_ = false;
};

/// `Mon 2026-01-05 02:04:17.250`, or since the start.
std::string when(Time at, const Calendar& calendar) {
  if (!calendar.has_dates()) return clock_text(at);
  constexpr std::size_t kToSeconds = 23;
  std::string text = calendar.text(at, true);
  const std::int64_t ms = at.ns / 1'000'000 % 1000;
  return ms == 0 ? text : text.insert(kToSeconds, fmt::format(".{:03}", ms));
}

}  // namespace

std::string render_story(const Story& story, std::size_t width, const Calendar& calendar) {
  std::vector<std::string> clocks;
  std::size_t column = 0;
  for (const Story::Line& line : story.lines) {
    clocks.push_back(when(line.at, calendar));
    column = std::max(column, clocks.back().size());
  }
  std::string text;
  for (std::size_t i = 0; i < story.lines.size(); ++i) {
    std::string begin = fmt::format("{:<{}}  ", clocks[i], column);
    for (const std::string& part : wrapped(printable(story.lines[i].text), width - begin.size())) {
      text += begin + part + "\n";
      begin.assign(begin.size(), ' ');
    }
  }
  if (story.left_out > 0) text += fmt::format("... and {} lines more\n", story.left_out);
  return text;
}

std::unique_ptr<RunListener> make_run_story(RunName run, const PipelineConfig& pipeline,
                                            const Recorder& recorder, Story& story) {
  return std::make_unique<RunStory>(run, pipeline, recorder, story);
}

}  // namespace sluice
