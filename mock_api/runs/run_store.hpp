// All runs that the API still knows of.
//
// Runs that are not over are always kept; of those that are over, the last so many, up to an age.
// Forgotten runs are unknown to every endpoint.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "mock_api/runs/served_run.hpp"

namespace sluice {

/// Which runs GET /runs asks for; empty lists: any.
struct RunFilter {
  WorkspaceId workspace;             ///< none: any
  Time from = {INT64_MIN};           ///< created at or after
  Time until = Time::never();        ///< created at or before
  Time before = Time::never();       ///< created strictly before (the cursor)
  std::vector<WorkflowId> families;  ///< of workflows; see ServedRun::family
  std::vector<RunStatus> statuses;
  std::vector<CredentialId> credentials;  ///< used, or asked for if it has not started

  bool matches(const ServedRun& run) const;
};

/// Addresses of runs are stable until they are forgotten. Not thread-safe.
class RunStore {
 public:
  /// `finished_kept`: how many runs that are over are remembered, at least one; `kept_for`: how
  /// long.
  explicit RunStore(std::size_t finished_kept, Duration kept_for = Duration::max())
      : finished_kept_(finished_kept), kept_for_(kept_for) {}

  /// A new run, number and creation stamp set. O(1) amortised.
  ServedRun& create(Time now, std::string session_id);
  /// Takes back the run created last: its POST was refused. Its number is used again.
  void withdraw(ServedRun& run);
  /// The run is over: from now on it may be forgotten, oldest end first.
  void finished(ServedRun& run);
  /// Forgets the runs that ended more than `kept_for` before `now`. O(1), and per run forgotten.
  void forget_old(Time now);
  void clear();

  ServedRun* find(std::string_view session_id);
  const ServedRun* find(std::string_view session_id) const;
  /// O(log n).
  const ServedRun* numbered(std::uint64_t number) const;

  /// Newest first, at most `limit`. O(log n + rows looked at).
  std::vector<const ServedRun*> list(const RunFilter& filter, std::size_t limit) const;

  /// Of all creation stamps the latest; the earliest time that there is before the first run.
  Time last_created() const { return last_created_; }
  std::uint64_t next_number() const { return next_number_; }
  std::size_t size() const { return by_session_.size(); }
  std::size_t finished_count() const { return finished_.size(); }

 private:
  struct Row {
    std::uint64_t number;
    Time created;
    std::unique_ptr<ServedRun> run;  // null: forgotten
  };
  /// A session id with its hash, so that a table that grows looks at no id again: those of many
  /// runs are in no cache, and everybody would wait.
  struct Session {
    std::string_view id;
    std::size_t hash = boost::hash<std::string_view>()(id);
    bool operator==(const Session& other) const { return hash == other.hash && id == other.id; }
  };
  struct SessionHash {
    using is_avalanching = void;
    std::size_t operator()(const Session& session) const { return session.hash; }
  };
  using BySession = boost::unordered_flat_map<Session, ServedRun*, SessionHash>;

  struct Finished {
    std::uint64_t number;
    Time end;
  };
  void forget_first_finished();
  std::vector<Row>::const_iterator row_of(std::uint64_t number) const;
  void drop_forgotten_rows();

  std::size_t finished_kept_;
  Duration kept_for_;
  std::vector<Row> rows_;          // ascending in number and creation
  std::size_t forgotten_ = 0;      // rows without a run
  BySession by_session_;           // keys are views of the runs' own ids
  std::deque<Finished> finished_;  // in the order of their ends
  std::uint64_t next_number_ = 0;
  Time last_created_{INT64_MIN};
};

}  // namespace sluice
