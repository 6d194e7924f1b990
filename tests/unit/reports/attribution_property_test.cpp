// Every run's attribution against a naive recomputation of it, over random pipelines with every
// feature on: all policies and rules, pauses of everything, outages, lost workers, autoscaling.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iostream>

#include "reports/make_recorder.hpp"
#include "tests/model/reference/random_script.hpp"
#include "tests/model/reference/real_pipeline.hpp"
#include "tests/unit/base/effort.hpp"
#include "tests/unit/reports/naive_attribution.hpp"

namespace sluice::test {
namespace {

/// What must have been met somewhere, or agreement would prove little.
constexpr std::array kStates{
    "paused group, idle worker",
    "paused group, no idle worker",
    "idle worker beside others",
    "all workers idle",
    "no worker",
    "split by what the workers do",
    "held, and its group paused",
    "waits for a credential in a paused workflow",
    "pool whose members differ",
    "pool with a paused member",
    "pool with a login",
    "moved with another run",
};

std::string difference(const WaitAttribution& recorded, const NaiveParts& naive) {
  std::string text;
  for (std::size_t i = 0; i < kWaitParts; ++i) {
    const auto part = static_cast<WaitPart>(i);
    if (part == WaitPart::api || recorded[part].ns == naive[i]) continue;
    text += fmt::format(" {}: {} ns, naively {} ns;", name(part), recorded[part].ns, naive[i]);
  }
  return text;
}

/// Those that still wait at the end are in the figures.
std::string difference(const ReplicationResult& result, const NaiveParts& naive) {
  std::string text;
  const Figure* const count = result.figures.find(Metric::wait_count, Subject::all());
  for (std::size_t i = 0; i < kWaitParts; ++i) {
    if (static_cast<WaitPart>(i) == WaitPart::api || count == nullptr) continue;
    const auto metric =
        static_cast<Metric>(static_cast<std::size_t>(Metric::attribution_workers_high) + i);
    const Figure* const mean = result.figures.find(metric, Subject::all());
    const double recorded = mean == nullptr ? 0 : mean->value * count->value;
    const double expected = static_cast<double>(naive[i]) * 1e-9;
    if (std::abs(recorded - expected) > 1e-6)
      text += fmt::format("sum of {}: {} s, naively {} s\n", name(static_cast<WaitPart>(i)),
                          recorded, expected);
  }
  return text;
}

/// What all played scripts have met.
struct Met {
  std::uint64_t compared = 0;
  std::array<std::uint64_t, kWaitParts> runs_with{};
  std::map<std::string, std::uint64_t> states;
};

/// Empty if both gave every run of the script the same parts.
std::string play_and_compare(const reference::Script& script, Met& met) {
  std::string wrong;
  const auto made = make_recorder({}, script.config);
  Recorder& recorder = *made;
  NaiveAttribution naive(script.config, [&](const Run& run, const NaiveParts& parts) {
    ++met.compared;
    for (std::size_t i = 0; i < kWaitParts; ++i) met.runs_with[i] += parts[i] > 0;
    const std::string text = difference(recorder.attribution(run.slot), parts);
    if (!text.empty()) wrong += fmt::format("run {} attempt {}:{}\n", run.id, run.attempt, text);
  });
  std::array<PipelineObserver*, 2> both{&recorder, &naive};
  const reference::RealPlay played = reference::play_real(script, both);
  wrong += difference(recorder.finish(script.horizon), naive.sum_until(script.horizon));
  for (const auto& [state, times] : naive.met()) met.states[state] += times;
  if (wrong.empty()) return wrong;
  for (const std::string& line : played.log) wrong += line + "\n";
  return wrong;
}

TEST(AttributionProperty, EveryRunsPartsAreThoseOfTheNaiveRecomputationToTheNanosecond) {
  Met met;
  rc::detail::TestParams params = rc::detail::configuration().testParams;
  params.maxSuccess = std::max(params.maxSuccess, cases(1000));
  const auto result = rc::detail::checkTestable(
      [&] {
        const reference::Script script = *reference::any_script(reference::Features::all);
        if (const std::string wrong = play_and_compare(script, met); !wrong.empty()) RC_FAIL(wrong);
      },
      rc::detail::TestMetadata{}, params);
  rc::detail::printResultMessage(result, std::cerr);
  std::cerr << "\n";
  ASSERT_TRUE(result.is<rc::detail::SuccessResult>());
  if (kSanitized) return;
  EXPECT_GT(met.compared, 10'000u);
  for (std::size_t i = 0; i < kWaitParts; ++i) {
    const auto part = static_cast<WaitPart>(i);
    const bool is_of_the_wait = part != WaitPart::api;
    EXPECT_EQ(met.runs_with[i] > 20, is_of_the_wait) << name(part) << " " << met.runs_with[i];
  }
  for (const char* state : kStates) EXPECT_GT(met.states[state], 20u) << state;
}

}  // namespace
}  // namespace sluice::test
