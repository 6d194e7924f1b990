// Which run of the scenario a request stands for, and the random draws that it gets.
//
// A request with the header `X-Sluice-Run: <submitter>/<index>` is run `index` of that submitter:
// it draws the same service time, failures and logins as in the simulator (common random numbers).
// Others draw from a stream of their own, by the number of the run.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "pipeline/run.hpp"
#include "scenarios/scenario.hpp"
#include "sim/submitters/run_draws.hpp"

namespace sluice {

struct RunIdentity {
  SubmitterId submitter;
  std::uint64_t index = 0;
};

/// O(1) per request. Keeps a reference to the scenario. Not thread-safe.
class RunIdentities {
 public:
  RunIdentities(const Scenario& scenario, std::uint64_t seed);

  /// None if the text is no such header or there is no such submitter.
  std::optional<RunIdentity> parse(std::string_view header) const;

  /// Sets submitter, index, draw_key, attempt and the time of the first attempt; for a trace also
  /// what the trace knows. `number` counts the requests without a header.
  void identify(Time now, const std::optional<RunIdentity>& run, std::uint64_t number,
                RunRequest& request) const;

  /// The request was refused: the next one of the same run is its next attempt. True if its
  /// submitter has no attempt left (without a header: always), so that it gives up.
  bool refused(const RunRequest& request);
  void accepted(const RunRequest& request);

 private:
  struct Waiting {
    std::uint16_t attempts = 0;
    Time submitted;
  };
  static std::uint64_t key(const RunRequest& request) {
    return stream_key(request.index, std::uint64_t{request.submitter.value});
  }

  const Scenario& scenario_;
  std::uint64_t anonymous_key_;
  std::vector<RunDraws> draws_;  // by submitter
  std::vector<const std::vector<TraceRow>*> rows_;
  boost::unordered_flat_map<std::uint64_t, Waiting> waiting_;  // between two attempts
};

}  // namespace sluice
