#include "reports/figures/figure.hpp"

#include <algorithm>

namespace sluice {

Labels Subject::labels() const {
  Labels labels = label::none;
  if (group.valid()) labels |= label::group;
  if (level) labels |= label::level;
  if (workspace.valid()) labels |= label::workspace;
  if (workflow.valid()) labels |= label::workflow;
  if (credential.valid()) labels |= label::credential;
  if (pool.valid()) labels |= label::pool;
  if (submitter.valid()) labels |= label::submitter;
  return labels;
}

namespace {

bool before(const FigureEntry& a, const FigureEntry& b) { return a.key < b.key; }
bool same_key(const FigureEntry& a, const FigureEntry& b) { return a.key == b.key; }

}  // namespace

void FigureTable::add(Metric metric, const Subject& subject, const Figure& figure) {
  entries_.push_back({{metric, subject}, figure});
}

void FigureTable::seal() {
  std::stable_sort(entries_.begin(), entries_.end(), before);
  entries_.erase(std::unique(entries_.begin(), entries_.end(), same_key), entries_.end());
  entries_.shrink_to_fit();
}

const Figure* FigureTable::find(Metric metric, const Subject& subject) const {
  const FigureEntry wanted{{metric, subject}, {}};
  const auto found = std::lower_bound(entries_.begin(), entries_.end(), wanted, before);
  return found != entries_.end() && found->key == wanted.key ? &found->figure : nullptr;
}

std::span<const FigureEntry> FigureTable::all(Metric metric) const {
  const auto first =
      std::partition_point(entries_.begin(), entries_.end(),
                           [&](const FigureEntry& e) { return e.key.metric < metric; });
  const auto last = std::partition_point(
      first, entries_.end(), [&](const FigureEntry& e) { return e.key.metric == metric; });
  return {first, last};
}

}  // namespace sluice
