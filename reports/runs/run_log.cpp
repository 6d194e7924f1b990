#include "reports/runs/run_log.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text/json.hpp"
#include "base/text/json_line.hpp"
#include "reports/figures/wait_part.hpp"
#include "reports/runs/run_words.hpp"

namespace sluice {
namespace {

template <class List>
std::vector<std::string> quoted_names(const List& list) {
  std::vector<std::string> names;
  for (const auto& thing : list) names.push_back(dump(thing.name));
  return names;
}

std::vector<std::string> quoted_list(const std::vector<std::string>& names) {
  std::vector<std::string> all;
  for (const std::string& name : names) all.push_back(dump(name));
  return all;
}

/// A dispatch that did not end the run.
struct PastAttempt {
  Time dispatched;
  Time over;
  RequeueCause cause;
};

class RunLog final : public RunListener {
 public:
  RunLog(std::ostream& out, const PipelineConfig& pipeline,
         const std::vector<std::string>& submitters, std::uint32_t replication,
         const Recorder& recorder)
      : out_(out),
        pipeline_(pipeline),
        replication_(replication),
        recorder_(recorder),
        groups_(quoted_names(pipeline.groups)),
        workspaces_(quoted_names(pipeline.workspaces)),
        workflows_(quoted_names(pipeline.workflows)),
        credentials_(quoted_names(pipeline.credentials)),
        submitters_(quoted_list(submitters)) {}

  void submitted(Time, const RunRequest& request) override {
    submitting_[key(request)] = {request, Answer::Status::accepted, submissions_++};
  }
  void answered(Time, const RunRequest& request, const Answer& answer) override {
    Submitting& run = submitting_[key(request)];
    run.request = request;
    run.answer = answer.status;
  }

  void gave_up(Time now, const RunRequest& request) override {
    no_longer_submitting(request);
    begin(request);
    line_.word("outcome", "gave_up").seconds("ended", now);
    end();
  }

  void arrived(Time, const Run& run, const Answer&) override { keep(run); }
  void accepted(Time, const Run& run) override {
    no_longer_submitting(run.request);
    keep(run);
  }
  void dispatched(Time, const Run& run) override {
    Open& open = open_[run.slot.index()];
    open.run = run;
    open.waiting = false;
  }

  void requeued(Time now, const Run& run, RequeueCause cause, Duration) override {
    Open& open = open_[run.slot.index()];
    if (!open.waiting) open.past.push_back({run.dispatched, now, cause});
    open.waiting = true;
  }

  void ended(Time now, const Run& run, Outcome outcome, EndReason reason) override {
    Open& open = open_[run.slot.index()];
    begin(run.request);
    line_.word("outcome", name(outcome)).word("reason", name(reason));
    if (reason == EndReason::failure) failure_kind(run);
    stamps(run, open);
    line_.seconds("ended", now);
    details(run, open);
    end();
    open.present = false;
  }

  void finish(Time) override {
    std::vector<const Open*> left;
    for (const Open& open : open_)
      if (open.present) left.push_back(&open);
    std::sort(left.begin(), left.end(),
              [](const Open* a, const Open* b) { return a->run.id < b->run.id; });
    for (const Open* open : left) {
      begin(open->run.request);
      line_.word("outcome", open->waiting ? "waiting" : "running");
      stamps(open->run, *open);
      details(open->run, *open);
      end();
    }
    finish_submitting();
    out_.flush();
  }

 private:
  /// A run before acceptance, as of its latest request.
  struct Submitting {
    RunRequest request;
    Answer::Status answer = Answer::Status::accepted;  ///< what that got, or will get
    std::uint64_t order = 0;                           ///< of first requests
  };
  using Key = std::pair<std::uint32_t, std::uint64_t>;  // submitter, index
  static Key key(const RunRequest& request) { return {request.submitter.value, request.index}; }
  void no_longer_submitting(const RunRequest& request) { submitting_.erase(key(request)); }

  void finish_submitting() {
    std::vector<const Submitting*> left;
    for (const auto& [key, run] : submitting_) left.push_back(&run);
    std::sort(left.begin(), left.end(),
              [](const auto* a, const auto* b) { return a->order < b->order; });
    for (const Submitting* run : left) {
      begin(run->request);
      line_.word("outcome", "submitting").word("reason", reason(run->answer));
      end();
    }
  }
  static std::string_view reason(Answer::Status answer) {
    switch (answer) {
      case Answer::Status::accepted:
        return "not_answered";
      case Answer::Status::rate_limited:
        return "rate_limited";
      case Answer::Status::server_error:
        return "server_error";
    }
    return "";
  }

  /// A run in the pipeline, as it was when it was accepted or dispatched last.
  struct Open {
    Run run;
    std::vector<PastAttempt> past;
    bool waiting = true;
    bool present = false;
  };

  void keep(const Run& run) {
    if (run.slot.index() >= open_.size()) open_.resize(run.slot.index() + 1);
    Open& open = open_[run.slot.index()];
    open = {run, {}, true, true};
  }

  void begin(const RunRequest& request) {
    const std::string& submitter = submitters_[request.submitter.index()];
    line_.clear();
    run_name_.assign(submitter, 0, submitter.size() - 1);
    fmt::format_to(std::back_inserter(run_name_), "#{}\"", request.index);
    line_.open_object()
        .number("replication", replication_)
        .raw("run", run_name_)
        .raw("submitter", submitter)
        .raw("workspace", workspaces_[request.workspace.index()])
        .raw("workflow", workflows_[request.workflow.index()])
        .word("level", sluice::name(request.level))
        .number("submit_attempts", request.attempt)
        .seconds("submitted", request.submitted);
  }

  void failure_kind(const Run& run) {
    const auto& kinds = pipeline_.workflows[run.request.workflow.index()].failures;
    if (run.failure_kind < kinds.size()) line_.raw("failure", dump(kinds[run.failure_kind].name));
  }

  void stamps(const Run& run, const Open& open) {
    line_.number("id", run.id).raw("group", groups_[run.group.index()]);
    line_.seconds("accepted", run.accepted).open_list("attempts");
    for (const PastAttempt& past : open.past)
      line_.open_object()
          .seconds("dispatched", past.dispatched)
          .seconds("requeued", past.over)
          .word("because", name(past.cause))
          .close_object();
    if (!open.waiting) line_.open_object().seconds("dispatched", run.dispatched).close_object();
    line_.close_list();
  }

  /// What is known only of a run that was dispatched, and stays until it ends.
  void details(const Run& run, const Open& open) {
    if (open.waiting) return;
    line_.open_list("credentials");
    for (std::size_t i = 0; i < run.request.need_count; ++i)
      if (run.held[i].valid()) line_.element(credentials_[run.held[i].index()]);
    line_.close_list();
    const WaitAttribution wait = recorder_.attribution(run.slot);
    line_.seconds("wait", wait.wait()).open_object("attribution");
    for (std::size_t part = 0; part < kWaitParts; ++part)
      if (wait.parts[part].ns != 0)
        line_.seconds(sluice::name(static_cast<WaitPart>(part)), wait.parts[part]);
    line_.close_object();
  }

  void end() {
    line_.close_object().end_line();
    out_.write(line_.text().data(), static_cast<std::streamsize>(line_.text().size()));
  }

  std::ostream& out_;
  const PipelineConfig& pipeline_;
  std::uint32_t replication_;
  const Recorder& recorder_;
  std::vector<std::string> groups_, workspaces_, workflows_, credentials_, submitters_;  // as JSON
  std::vector<Open> open_;                                                               // by slot
  std::map<Key, Submitting> submitting_;
  std::uint64_t submissions_ = 0;
  JsonLine line_;
  std::string run_name_;
};

}  // namespace

void write_run_log_header(std::ostream& out, const RunLogHeader& header) {
  JsonLine line;
  line.open_object()
      .number("sluice_run_log", kRunLogVersion)
      .raw("scenario", dump(header.scenario))
      .raw("hash", dump(header.hash))
      .number("seed", header.seed)
      .number("replications", header.replications)
      .seconds("duration", header.duration)
      .close_object()
      .end_line();
  out << line.text();
}

std::unique_ptr<RunListener> make_run_log(std::ostream& out, const PipelineConfig& pipeline,
                                          const std::vector<std::string>& submitters,
                                          std::uint32_t replication, const Recorder& recorder) {
  return std::make_unique<RunLog>(out, pipeline, submitters, replication, recorder);
}

}  // namespace sluice
