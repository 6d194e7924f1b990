// A pipeline and its clock for tests that read as given / when / then: runs have names, times are
// seconds, and what happened to a run is a line of text.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/command.hpp"
#include "pipeline/config.hpp"
#include "pipeline/observer.hpp"
#include "pipeline/pipeline.hpp"
#include "tests/model/invariants/invariants_observer.hpp"

namespace sluice::test {

/// What a run's alias is given: one credential, or a pool.
struct Given {
  std::vector<CredentialId> credentials;
  bool is_pool = false;

  Given(CredentialId credential) : credentials{credential} {}  // NOLINT: reads as a credential
  static Given pool(std::vector<CredentialId> members) {
    Given given(members.front());
    given.credentials = std::move(members);
    given.is_pool = true;
    return given;
  }
};

/// A run to submit. The workflow's drawn time holds if `seconds` is negative.
struct Ask {
  WorkspaceId workspace{0};
  PriorityLevel level = PriorityLevel::LOW;
  double seconds = 1;
  std::vector<Given> needs{};
  WorkflowId workflow{0};
  RunOptions options{};
  FixedOutcome outcome = FixedOutcome::drawn;
  double patience = -1;  ///< seconds; negative: for ever
};

/// Given: fill in `config` (it starts with one group with one worker, and one workflow without
/// aliases that takes 1 s). When: submit() and at(), then run(). Then: story(), dispatch_order().
class World : private PipelineObserver {
 public:
  World();
  ~World() override;

  PipelineConfig config;

  WorkspaceId workspace(GroupId group = {0});
  CredentialId credential(std::uint32_t limit);
  /// A workflow with so many aliases.
  WorkflowId workflow(std::size_t aliases);
  GroupId group(std::uint32_t workers);
  ResourceGroupConfig& main() { return config.groups.front(); }

  /// Submits at `second`; the run is called `name` from then on.
  void submit(double second, std::string name, Ask ask);
  /// The same for several runs, in their order.
  void submit_each(double second, const std::vector<std::string>& names, const Ask& ask);
  /// A call at `second`.
  void at(double second, std::function<void(Pipeline&, Time)> call);
  void at(double second, const Command& command);
  void interrupt(double second, std::string name);
  /// Plays everything up to and at `until`. What must hold in every pipeline is checked on the way.
  void run(double until = 1e6);

  /// All that happened to a run: "accepted 0, dispatched 2, succeeded 3". Credentials that it holds
  /// follow `dispatched` in brackets.
  std::string story(const std::string& name) const;
  /// Names in order of their dispatches, separated by blanks.
  std::string dispatch_order() const;
  /// When it was dispatched last, in seconds; -1 if never.
  double dispatched_at(const std::string& name) const;
  const std::string& answer(const std::string& name) const { return answers_.at(name); }
  WorkerCounts workers(GroupId group = {0}) const { return pipeline_->workers(group); }
  CredentialStatus status(CredentialId credential) const {
    return pipeline_->credential(credential);
  }

 private:
  void start();
  void do_submit(Time now, const std::string& name, const Ask& ask);
  void happened(Time now, const Run& run, const std::string& what);
  const std::string& name_of(const RunRequest& request) const { return names_[request.index]; }

  void answered(Time now, const RunRequest& request, const Answer& answer) override;
  void accepted(Time now, const Run& run) override;
  void parked(Time now, const Run& run, const Blocker& blocker) override;
  void woken(Time now, const Run& run) override;
  void holding(Time now, const Run& run, const Blocker& blocker) override;
  void dispatched(Time now, const Run& run) override;
  void login_ended(Time now, const Run& run, CredentialId credential, bool succeeded) override;
  void requeued(Time now, const Run& run, RequeueCause cause, Duration delay) override;
  void rejoined(Time now, const Run& run) override;
  void ended(Time now, const Run& run, Outcome outcome, EndReason reason) override;

  EventQueue events_;
  std::unique_ptr<invariants::InvariantsObserver> invariants_;
  std::unique_ptr<PipelineObserver> both_;
  std::unique_ptr<Pipeline> pipeline_;
  std::vector<std::function<void(Time)>> actions_;
  std::vector<std::string> names_;  ///< by RunRequest::index
  std::map<std::string, std::string> stories_, answers_;
  std::map<std::string, double> last_dispatch_;
  std::map<std::string, std::pair<RunSlot, std::uint64_t>> runs_;
  std::string order_;
};

}  // namespace sluice::test
