// The completed tree behind a scenario: printed with origins, and hashed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "scenarios/loader/yaml/node.hpp"

namespace sluice {

/// Immutable; safe to share between threads.
class EffectiveTree {
 public:
  EffectiveTree(std::shared_ptr<const Sources> sources, TreeNode root)
      : sources_(std::move(sources)), root_(std::move(root)) {}

  /// As YAML, counts expanded, each value with its origin as a comment.
  std::string text() const;
  /// Of the same without the origins; things made by `count` and things written out give the same.
  /// Seed and number of replications say how well a scenario is looked at, not which it is: they do
  /// not count.
  std::uint64_t hash() const;

  struct Place {
    std::string file;  ///< as the user named it; `-p` or `--set`: on the command line
    int line = 0;      ///< from 1; 0: nowhere in particular
  };
  /// Of item `index` of the list under a key at the top, or of a single value there.
  Place place_of(std::string_view key, std::size_t index) const;

 private:
  std::shared_ptr<const Sources> sources_;
  TreeNode root_;
};

/// Sixteen hex digits.
std::string hex(std::uint64_t hash);

}  // namespace sluice
