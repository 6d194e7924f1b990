// Which part of an experiment's work this process does, where several processes, on one machine or
// on many, divide it among themselves.
//
// Nothing here reads the process's environment: who calls passes in how to look a variable up.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/failure.hpp"
#include "base/shard.hpp"

namespace sluice {

/// What was given by hand, as text.
struct ShardRequest {
  std::optional<std::string> shard;   ///< `i/n`, or `auto`: both from the environment
  std::optional<std::string> shards;  ///< `n`, and i from the environment
};

/// The value of an environment variable, or null. The text is read before the next call.
using EnvironmentLookup = std::function<const char*(const char* name)>;

/// None was asked for: this process does everything, whatever the environment says. Where the
/// environment was asked, it must speak of exactly one shard: several schedulers have to agree.
///
/// With `n` given by hand, the numbers of an array job (Slurm, SGE, PBS) are the shards' numbers,
/// so that some of them can be submitted again; without, the array is all of the work and its
/// numbers are counted off from the first one. Kubernetes, GNU parallel and PBS do not tell n.
///
/// Throws UserError (bad input) for what is out of range, missing, or contradicts; the text begins
/// with the option or variable that is wrong.
std::optional<Shard> find_shard(const ShardRequest& request, const EnvironmentLookup& environment);

}  // namespace sluice
