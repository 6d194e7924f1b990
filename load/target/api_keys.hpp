// The API keys of a load: whose requests the target takes for whose.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/scenario.hpp"

namespace sluice {

/// The key of each workspace, by WorkspaceId. First found counts: the file, whose lines are
/// `WORKSPACE: KEY` or, for all that it does not name, `KEY` alone (`#` begins a comment); the
/// variable SLUICE_CC_KEY_<WORKSPACE> (in upper case, other signs than letters and digits as `_`);
/// SLUICE_CC_KEY; the key that `sluice serve` gives the workspace, if `served` allows it. A
/// workspace of a submitter without any is an error. `get` reads a variable; "" if unset. Throws
/// bad_input() for a file or variable that cannot be used; the text says where, and never the key.
std::vector<std::string> api_keys(const Scenario& scenario, const std::string& key_file,
                                  std::string (*get)(const char*), bool served);

}  // namespace sluice
