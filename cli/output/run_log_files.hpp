// The run log of an experiment: one file from replications that run at the same time.
#pragma once

#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "cli/output/output.hpp"
#include "experiments/replications.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

/// Each replication writes to an unnamed temporary file; whole ones are appended to the log in the
/// order of their numbers, so the log is the same on any number of threads. Thread-safe as far as
/// its listeners are.
class RunLogFiles {
 public:
  /// Throws output_failed() when the file cannot be made.
  RunLogFiles(const std::string& name, const Scenario& scenario);
  ~RunLogFiles();

  /// Adds the listeners that log one replication.
  void listen(std::uint32_t replication, const Recorder& recorder, Listeners& listeners);
  /// Throws output_failed().
  void commit() { file_.commit(); }

 private:
  class Part;
  class PartDone;

  void done(std::uint32_t replication, std::unique_ptr<Part> part);

  const Scenario& scenario_;
  OutputFile file_;
  std::mutex mutex_;
  std::uint32_t next_ = 0;                                // the first that has not been appended
  std::map<std::uint32_t, std::unique_ptr<Part>> whole_;  // waiting for an earlier one
};

}  // namespace sluice
