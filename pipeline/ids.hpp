// The names of things inside a pipeline: small integers that index its tables, one type per kind.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice {

/// An index into one table; ids of different tables do not mix. `none()` refers to nothing.
template <class Tag>
struct Id {
  std::uint32_t value = UINT32_MAX;

  static constexpr Id none() { return {}; }
  static constexpr Id at(std::size_t index) { return {static_cast<std::uint32_t>(index)}; }
  constexpr bool valid() const { return value != UINT32_MAX; }
  constexpr std::size_t index() const { return value; }
  constexpr auto operator<=>(const Id&) const = default;
};

using GroupId = Id<struct GroupTag>;            ///< resource group
using WorkspaceId = Id<struct WorkspaceTag>;    ///< workspace
using CredentialId = Id<struct CredentialTag>;  ///< credential (vault entry)
using WorkflowId = Id<struct WorkflowTag>;      ///< workflow
using SubmitterId = Id<struct SubmitterTag>;    ///< submitter of a scenario
/// Place of a run in the pipeline's table. Reused after the run ended; `Run::id` is not.
using RunSlot = Id<struct RunSlotTag>;

/// Priority of a run. The numeric order is the order of dispatch: HIGH first.
enum class PriorityLevel : std::uint8_t { HIGH = 0, MEDIUM = 1, LOW = 2 };

inline constexpr std::size_t kLevels = 3;
inline constexpr std::array<PriorityLevel, kLevels> kAllLevels{
    PriorityLevel::HIGH, PriorityLevel::MEDIUM, PriorityLevel::LOW};

constexpr std::size_t index(PriorityLevel level) { return static_cast<std::size_t>(level); }
constexpr std::string_view name(PriorityLevel level) {
  constexpr std::array<std::string_view, kLevels> names{"HIGH", "MEDIUM", "LOW"};
  return names[index(level)];
}
/// The level of that name, in capitals as the API writes it; none if there is none.
constexpr std::optional<PriorityLevel> level_named(std::string_view text) {
  for (const PriorityLevel level : kAllLevels)
    if (name(level) == text) return level;
  return std::nullopt;
}

}  // namespace sluice
