// The arguments that say which part of the work a process does, shared by the subcommands that can
// be divided among processes.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>

#include "experiments/shard.hpp"

namespace sluice {

/// Filled in by the parser.
struct ShardArguments {
  ShardRequest request;

  void add_to(CLI::App& command);
  /// Looks into the process's environment where the request asks for that; none: the process does
  /// everything. Throws UserError as `find_shard` does.
  std::optional<Shard> shard() const;
};

}  // namespace sluice
