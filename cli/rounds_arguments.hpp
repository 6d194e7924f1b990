// How many replications an experiment takes of each setting or side, and on how many threads.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "experiments/rounds/looks.hpp"

namespace sluice {

/// Filled in by the parser.
struct RoundsArguments {
  std::optional<std::uint32_t> replications, most;
  unsigned threads = 0;  ///< 0: one per core

  /// `of`: "setting", "side"; `usual`: what is taken at most if nothing is said, in words.
  void add_to(CLI::App& command, const std::string& of, const std::string& usual);
  Looks looks(std::uint32_t usual_most) const;
};

}  // namespace sluice
