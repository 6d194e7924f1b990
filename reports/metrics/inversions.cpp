#include "reports/metrics/inversions.hpp"

#include "reports/metrics/at_end.hpp"
#include "reports/metrics/run_records.hpp"

namespace sluice {
namespace {

PassedOverTotals passed_over_until_now(const GroupRecord& group) {
  return group.inversions.passed_over.until(group.candidates());
}

}  // namespace

void Inversions::window_began(Time now, Records& records) {
  SLUICE_CHECK(records.started, "the window has begun", now, kNoRun);
  for (GroupRecord& group : records.groups) group.inversions.passed_over.restart();
}

void Inversions::write(FigureSink& sink, const AtEnd& at) const {
  using enum FigureSink::Over;
  for (std::size_t g = 0; g < at.records.groups.size(); ++g) {
    const GroupRecord& group = at.records.groups[g];
    const PassedOverTotals totals = passed_over_until_now(group);
    for (std::size_t k = 0; k < kLevels; ++k) {
      if (!at.is_used(g, k)) continue;
      const std::uint64_t n = group.levels[k].dispatched;
      std::uint64_t pairs = 0;
      for (std::size_t higher = 0; higher < k; ++higher) pairs += totals.counts.pairs[k][higher];
      sink.put_level(Metric::inversions_pairs, g, k, static_cast<double>(pairs), n, sum);
      sink.put_level(Metric::inversions_dispatches, g, k, static_cast<double>(totals.inversions[k]),
                     n, sum);
    }
  }
}

void Inversions::complete(ReplicationResult& result, const AtEnd& at) const {
  for (const GroupRecord& group : at.records.groups) {
    const PassedOverTotals totals = passed_over_until_now(group);
    result.inversions.push_back(totals.counts);
    for (std::size_t i = 0; i < kLevels; ++i)
      for (std::size_t j = 0; j < kLevels; ++j)
        result.reached.waited_while_dispatched[j][i] += totals.counts.dispatches[i][j];
  }
}

}  // namespace sluice
