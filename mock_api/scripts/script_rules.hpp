// Scripts by rule: which runs to come are scripted, and how often.
//
// POST /_sluice/scripts {"match": {…}, "times": 1, "script": {…}}, GET, DELETE, DELETE …/{id}.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"
#include "mock_api/contract/start_run.hpp"
#include "mock_api/scripts/run_script.hpp"

namespace sluice {

/// What a rule may ask about a run that is being started.
struct StartingRun {
  const StartRun& body;
  std::string_view workspace;      ///< its name
  std::string_view workflow_id;    ///< of the API
  std::string_view workflow_name;  ///< of the scenario
};

/// The rules in the order in which they were made; the first that fits and has strikes left counts.
/// Not thread-safe: the service's lock.
class ScriptRules {
 public:
  bool any() const { return !rules_.empty(); }
  /// Number of the rule for the run; 0 if there is none. O(rules).
  std::uint64_t fitting(const StartingRun& run) const;
  /// REQUIRES a rule with this number.
  StruckScript script_of(std::uint64_t rule) const;
  /// The run was accepted: the rule has struck.
  void struck(std::uint64_t rule);
  void reset();

  /// `path`: the segments after `_sluice`. None: nothing of this is here.
  std::optional<HttpReply> handle(const HttpRequest& request, const std::vector<std::string>& path);

 private:
  struct Rule {
    std::uint64_t number = 0;
    Json json;
    std::string workflow, workspace, client_id;  ///< "": any
    std::optional<PriorityLevel> level;
    std::optional<Json> inputs;  ///< a part of them
    std::optional<std::uint64_t> left;
    std::uint64_t times_struck = 0;
    RunScript script;
  };
  std::size_t place_of(std::uint64_t number) const;
  static bool fits(const Rule& rule, const StartingRun& run);
  static void read_match(const Json& json, Rule& rule);
  static void read(const Json& json, Rule& rule);
  static Json to_json(const Rule& rule);
  HttpReply add(const HttpRequest& request);
  HttpReply remove(std::string_view id);
  HttpReply list() const;

  std::deque<Rule> rules_;
  std::uint64_t next_ = 1;
};

}  // namespace sluice
