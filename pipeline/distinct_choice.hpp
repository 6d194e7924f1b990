// Needs that compete: one credential for each need of a run, none for two of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "pipeline/config.hpp"
#include "pipeline/ids.hpp"

namespace sluice {

/// What one need can be given, the preferred first. More than kMaxNeeds never matter: the other
/// needs of the run take fewer than that.
struct Offers {
  std::array<CredentialId, kMaxNeeds> credentials{};
  std::uint8_t count = 0;

  bool full() const { return count == kMaxNeeds; }
  void add(CredentialId credential) { credentials[count++] = credential; }
};

/// One of each, none twice, into `chosen`: of all ways the one that is best for the first need,
/// then for the second, and so on. False if there is none. At most kMaxNeeds ^ kMaxNeeds steps.
bool choose_distinct(std::span<const Offers> offers, std::span<CredentialId> chosen);

/// Whether a run that needs all of `named` and one member of each of `pools` besides could start
/// if everything was free.
bool can_be_met(std::span<const CredentialId> named,
                std::span<const std::span<const CredentialId>> pools);

}  // namespace sluice
