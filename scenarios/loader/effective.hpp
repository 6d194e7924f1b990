// The completed tree behind a scenario: printed with origins, and hashed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

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

 private:
  std::shared_ptr<const Sources> sources_;
  TreeNode root_;
};

/// Sixteen hex digits.
std::string hex(std::uint64_t hash);

}  // namespace sluice
