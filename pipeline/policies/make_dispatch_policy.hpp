// The dispatch policies by their words.
#pragma once

#include <cstddef>
#include <memory>

#include "pipeline/config.hpp"
#include "pipeline/policies/dispatch_policy.hpp"
#include "pipeline/run_table.hpp"

namespace sluice {

/// The policy that `config` names, or that its `make` makes, for runs of `workspaces` workspaces.
/// `runs` must outlive it. REQUIRES of a `make` that it makes one.
std::unique_ptr<DispatchPolicy> make_dispatch_policy(const ResourceGroupConfig& config,
                                                     RunTable& runs, std::size_t workspaces);

}  // namespace sluice
