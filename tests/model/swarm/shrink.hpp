// A smaller scenario with the same fault.
#pragma once

#include <functional>

#include "tests/model/swarm/scenario_draw.hpp"

namespace sluice::swarm {

/// Leaves out keys and entries, replaces parts by simpler ones and halves numbers for as long as
/// `still_fails` says so, at most `most_tries` times.
Tree shrink(Tree tree, const std::function<bool(const Tree&)>& still_fails, int most_tries = 600);

}  // namespace sluice::swarm
