// The names of runs for people: `nightly#42` is run 42, from 0, of the submitter `nightly`, under
// every policy.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text/units.hpp"
#include "pipeline/ids.hpp"
#include "pipeline/run.hpp"

namespace sluice {

struct RunName {
  SubmitterId submitter;
  std::uint64_t index = 0;

  bool is(const RunRequest& request) const {
    return request.index == index && request.submitter == submitter;
  }
};

/// `submitters`: their names, in order of ids. A mistake says what is allowed, and names the
/// nearest submitter.
Parsed<RunName> parse_run_name(std::string_view text, const std::vector<std::string>& submitters);
std::string to_string(const RunName& run, const std::vector<std::string>& submitters);

}  // namespace sluice
