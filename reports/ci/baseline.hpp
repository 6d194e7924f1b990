// Baselines: what a passing run measured, kept, and the relative limits that it gives later runs:
// "at most 10 % above".
//
// A figure is worse if it lies beyond the tolerance on the side that its expectation's limit is on,
// and if chance does not explain that: the interval of the difference is made of both figures' own
// intervals as √(h₁² + h₂²), which covers at least as often as they do (Banerjee, "On confidence
// interval for two-means problem based on separate estimates of variances and tabulated values of
// t-table", Sankhyā A 23, 1961). Where that interval holds the relative limit, it is not decided.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text/units.hpp"
#include "reports/ci/test_run.hpp"

namespace sluice {

/// Changes when a reader of the previous version would go wrong.
inline constexpr int kBaselineVersion = 1;

/// Which way a figure gets worse.
enum class WorseWhen : std::uint8_t { higher, lower, different };
WorseWhen worse_when(Comparison comparison);

struct BaselineFigure {
  std::string name;  ///< TestCase::figure_name
  WorseWhen worse{};
  Figure figure;  ///< value, interval, replications, and whether it is a bound
};

struct Baseline {
  std::string scenario;
  std::string hash;  ///< of the effective scenario
  std::uint64_t seed = 0;
  std::uint32_t replications = 0;
  double confidence = 0;
  std::vector<BaselineFigure> figures;  ///< each name and direction once
};

/// Whether there is anything to hold: a figure that an expectation of the file names.
bool has_figures(const TestedFile& tested);
/// REQUIRES a file that passed: nothing else becomes a baseline.
Baseline baseline_of(const TestedFile& tested);
/// Ends with a line break. The same bytes for the same figures on every machine.
std::string baseline_json(const Baseline& baseline);
/// The error is a sentence without the file's name.
Parsed<Baseline> read_baseline(std::string_view json);

/// Adds a case for each figure that the file's expectations name, with its outcome: worse, at most
/// `tolerance` (a share) worse, or not decided, as it is if the baseline is of another scenario.
void hold_against(const Baseline& baseline, double tolerance, TestedFile& tested);
/// There is none that could be read: not decided. Nothing changes without figures to hold.
void note_missing_baseline(const std::string& why, TestedFile& tested);

}  // namespace sluice
