#include "mock_api/runs/run_status.hpp"

#include <array>
#include <cstddef>

namespace sluice {
namespace {

constexpr std::array<std::string_view, 7> kStatusNames{
    "execution.queued",  "execution.paused", "execution.start",  "execution.requeued",
    "execution.success", "execution.failed", "execution.stopped"};

}  // namespace

std::string_view name(RunStatus status) { return kStatusNames[static_cast<std::size_t>(status)]; }

std::optional<RunStatus> run_status_of(std::string_view name) {
  if (name == "execution.pause") return RunStatus::paused;
  for (std::size_t i = 0; i < kStatusNames.size(); ++i)
    if (kStatusNames[i] == name) return static_cast<RunStatus>(i);
  return std::nullopt;
}

}  // namespace sluice
