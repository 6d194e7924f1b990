#include "reports/report.hpp"

#include <algorithm>
#include <utility>

namespace sluice {

std::string_view name(Engine engine) {
  switch (engine) {
    case Engine::virtual_time:
      return "virtual_time";
    case Engine::live:
      return "live";
    case Engine::load:
      return "load";
  }
  return "";
}

std::string_view name(WarmUp method) {
  switch (method) {
    case WarmUp::none:
      return "none";
    case WarmUp::given:
      return "given";
    case WarmUp::mser5:
      return "mser5";
  }
  return "";
}

std::string_view name(Line line) {
  switch (line) {
    case Line::eligible:
      return "eligible";
    case Line::blocked:
      return "blocked";
    case Line::running:
      return "running";
    case Line::present:
      return "present";
    case Line::dispatched:
      return "dispatched";
    case Line::starving:
      return "starving";
    case Line::accepted:
      return "accepted";
    case Line::offered:
      return "offered";
    case Line::oldest_age:
      return "oldest_age";
    case Line::since_dispatch:
      return "since_dispatch";
    case Line::in_use:
      return "in_use";
    case Line::received:
      return "received";
    case Line::fair:
      return "fair";
    case Line::wait_p50:
      return "wait_p50";
    case Line::wait_p95:
      return "wait_p95";
    case Line::wait_p99:
      return "wait_p99";
  }
  return "";
}

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::passed:
      return "passed";
    case Verdict::failed:
      return "failed";
    case Verdict::inconclusive:
      return "inconclusive";
    case Verdict::none:
      return "none";
    case Verdict::held:
      return "held";
    case Verdict::broke:
      return "broke";
  }
  return "";
}

const TimeLine* TimeLines::find(Line line, const Subject& subject) const {
  for (const TimeLine& candidate : lines)
    if (candidate.line == line && candidate.subject == subject) return &candidate;
  return nullptr;
}

std::vector<WorstWorkspace> worst_workspaces(const Report& report, std::size_t count) {
  std::vector<WorstWorkspace> worst;
  for (const FigureEntry& e : report.figures.all(Metric::wait_p95)) {
    const Subject& subject = e.key.subject;
    if (subject.labels() != (label::level | label::workspace)) continue;
    const Figure* longest = report.figures.find(Metric::starvation_longest, subject);
    const double longest_s = longest == nullptr ? 0 : longest->value;
    if (longest_s == 0 && e.figure.value == 0) continue;
    const Figure* episodes = report.figures.find(Metric::starvation_count, subject);
    const bool starved = episodes != nullptr && episodes->value > 0;
    worst.push_back({*subject.level, subject.workspace, starved, longest_s, e.figure.value,
                     e.figure.lower_bound});
  }
  const auto worse = [](const WorstWorkspace& a, const WorstWorkspace& b) {
    if (a.starved != b.starved) return a.starved;
    if (a.starved && a.starvation_longest_s != b.starvation_longest_s)
      return a.starvation_longest_s > b.starvation_longest_s;
    if (a.wait_p95_s != b.wait_p95_s) return a.wait_p95_s > b.wait_p95_s;
    return a.starvation_longest_s > b.starvation_longest_s;
  };
  std::stable_sort(worst.begin(), worst.end(), worse);
  if (worst.size() > count) worst.resize(count);
  return worst;
}

}  // namespace sluice
