#include "reports/tightest_lines.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace sluice {
namespace {

bool is_use(Line line) {
  return line == Line::in_use || line == Line::received || line == Line::fair;
}

double sum_of(const TimeLine& line) {
  double sum = 0;
  for (const double value : line.values) sum += value;
  return sum;
}

/// How tight: use ÷ limit of a credential, what a workspace lacks.
std::map<Subject, double> tightness(const TimeLines& lines, const Names& names) {
  std::map<Subject, double> tight;
  for (const TimeLine& line : lines.lines) {
    if (line.line == Line::in_use) {
      const std::uint32_t limit = names.credential_limits.at(line.subject.credential.index());
      tight[line.subject] = limit == UINT32_MAX ? 0 : sum_of(line) / std::max(1U, limit);
    } else if (line.line == Line::fair) {
      tight[line.subject] += sum_of(line);
    } else if (line.line == Line::received) {
      tight[line.subject] -= sum_of(line);
    }
  }
  return tight;
}

std::set<Subject> tightest(const TimeLines& lines, const Names& names) {
  std::vector<std::pair<double, Subject>> credentials, workspaces;
  for (const auto& [subject, tight] : tightness(lines, names))
    (subject.credential.valid() ? credentials : workspaces).emplace_back(-tight, subject);
  std::set<Subject> kept;
  for (auto* all : {&credentials, &workspaces}) {
    std::sort(all->begin(), all->end());
    for (std::size_t i = 0; i < std::min(kMostUseLines, all->size()); ++i)
      kept.insert((*all)[i].second);
  }
  return kept;
}

/// Lowest and highest of a sum are not those of its parts: it has none.
void add_to(std::vector<double>& sums, const TimeLine& line) {
  sums.resize(line.values.size());
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += line.values[i];
}

TimeLine offered_by(const TimeLine& accepted, double work_s) {
  TimeLine offered = accepted;
  offered.line = Line::offered;
  for (std::vector<double>* values : {&offered.values, &offered.lowest, &offered.highest})
    for (double& value : *values) value *= work_s / 60;
  return offered;
}

}  // namespace

void complete_lines(TimeLines& lines, const Names& names, const FigureTable& figures) {
  const std::set<Subject> kept = tightest(lines, names);
  std::vector<TimeLine> all;
  std::map<Line, std::vector<double>> others;
  for (TimeLine& line : lines.lines) {
    const bool is_told = !is_use(line.line) || kept.count(line.subject) > 0;
    if (!is_told) {
      add_to(others[line.line], line);
      continue;
    }
    if (line.line == Line::accepted) {
      const Figure* work = figures.find(Metric::service_mean, line.subject);
      all.push_back(offered_by(line, work == nullptr ? 0 : work->value));
    }
    all.push_back(std::move(line));
  }
  for (auto& [line, values] : others) all.push_back({line, Subject::all(), std::move(values)});
  std::stable_sort(all.begin(), all.end(), [](const TimeLine& a, const TimeLine& b) {
    return std::pair(a.line, a.subject) < std::pair(b.line, b.subject);
  });
  lines.lines = std::move(all);
}

}  // namespace sluice
