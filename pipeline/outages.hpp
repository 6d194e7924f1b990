// When credentials are out of service: as the configuration lists it, then at random. Rule 7.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/random/random.hpp"
#include "base/time.hpp"
#include "pipeline/config.hpp"
#include "pipeline/ids.hpp"

namespace sluice {

/// Gives the begins and ends of each credential's outages one after the other. Random ones are
/// drawn from a stream of the credential's own. Not thread-safe. Keeps a reference to config.
class Outages {
 public:
  struct Change {
    Time at;
    bool begins = false;
    bool operator==(const Change&) const = default;
  };

  Outages(const PipelineConfig& config, std::uint64_t seed);

  /// The change after the one that this gave before, which has just happened; none: there are no
  /// more.
  std::optional<Change> next(Time now, CredentialId credential);
  /// Credentials were appended.
  void config_grew();

 private:
  struct State {
    Stream stream;
    std::size_t step = 0;  // even: an outage begins next; odd: it ends
  };

  const PipelineConfig& config_;
  std::uint64_t key_;
  std::vector<State> states_;
};

}  // namespace sluice
