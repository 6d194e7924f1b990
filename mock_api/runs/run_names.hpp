// What the numbers in a run's record are called outside: asked by whoever writes events and
// results.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mock_api/runs/served_run.hpp"
#include "mock_api/workflows/step_download.hpp"

namespace sluice {

/// A node of the run's version of its workflow.
struct NodeName {
  std::string id;            ///< UUID
  std::string display_name;  ///< "Step 3"
  std::string action;        ///< "CLICK"
  std::string page;          ///< URL of the page that it works on
};

/// What a run that waits for a person asks for.
struct InteractionWords {
  std::string message;
  std::string expected;              ///< JSON Schema of the answer
  std::vector<std::string> missing;  ///< names of the properties asked for
  bool input_required = false;       ///< asked by execution.input_required (contract 2.7)
};

/// Implemented by whoever knows workflows and the vault. Answers do not change while a run goes on.
class RunNames {
 public:
  virtual ~RunNames() = default;

  virtual std::string workflow_id(const ServedRun& run) const = 0;
  /// The node of step `step` (from 0); from the last step on, END; of kNoStep, START.
  virtual NodeName node(const ServedRun& run, std::uint32_t step) const = 0;
  /// The step whose node has this id; START counts as the first step, END as the one after the
  /// last. None: the run's version has no such node.
  virtual std::optional<std::uint32_t> step_of(const ServedRun& run,
                                               std::string_view node_id) const = 0;
  /// The step at which a run waits for a person: whose node is a USER_INTERACTION, else the last.
  virtual std::uint32_t asking_step(const ServedRun& run) const = 0;
  /// Whether a dry run comes to that step before it ends.
  virtual bool dry_run_asks(const ServedRun& run) const = 0;
  /// In order of steps. Valid as long as the run's version is known.
  virtual std::span<const StepDownload> downloads(const ServedRun& run) const = 0;
  /// JSON of the run's output, dry_run.add_to_output merged in; "null" unless it succeeded.
  virtual std::string output(const ServedRun& run) const = 0;
  /// JSON object of the entries that its last attempt uses, by alias, as they were when it began;
  /// "null" if there are none.
  virtual std::string vault_entries(const ServedRun& run) const = 0;
  virtual InteractionWords interaction(const ServedRun& run) const = 0;
};

}  // namespace sluice
