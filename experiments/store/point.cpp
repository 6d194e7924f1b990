#include "experiments/store/point.hpp"

#include <fmt/format.h>

#include <utility>

namespace sluice {

std::string name(const PointKey& key) {
  return fmt::format("replication {} of {}", key.replication,
                     key.setting.empty() ? "the scenario as it is" : key.setting);
}

ReplicationResult recorded_part(ReplicationResult result) {
  ReplicationResult part;
  part.from = result.from;
  part.until = result.until;
  part.runs = result.runs;
  part.refused = result.refused;
  for (const FigureEntry& entry : result.figures.entries())
    if (!entry.key.subject.pool.valid())
      part.figures.add(entry.key.metric, entry.key.subject, entry.figure);
  part.figures.seal();
  for (WindowFigure& window : result.windows)
    if (!window.subject.pool.valid()) part.windows.push_back(std::move(window));
  part.reached = result.reached;
  return part;
}

}  // namespace sluice
