// What the checks of a scenario found wrong, a line each.
#pragma once

#include <fmt/format.h>

#include <string>

#include "base/time.hpp"

namespace sluice::swarm {

/// `kind` is the same for all faults of one rule: a scenario is shrunk as long as the kind of its
/// first fault stays. Only the first few are kept.
class Faults {
 public:
  void add(std::string kind, const std::string& detail) {
    if (kind_.empty()) kind_ = std::move(kind);
    if (++count_ <= kKept) text_ += detail + "\n";
  }
  void add(Time now, std::string kind, const std::string& detail) {
    add(kind, fmt::format("t={}s {}: {}", now.seconds(), detail, kind));
  }

  bool any() const { return count_ > 0; }
  const std::string& kind() const { return kind_; }  ///< of the first
  const std::string& text() const { return text_; }

 private:
  static constexpr int kKept = 10;
  int count_ = 0;
  std::string kind_, text_;
};

}  // namespace sluice::swarm
