// Every run's attribution against a naive recomputation of it, over random pipelines with every
// feature on: all policies and rules, pauses of everything, outages, lost workers, autoscaling.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>

#include "reports/recorder.hpp"
#include "tests/reference/random_script.hpp"
#include "tests/reference/real_pipeline.hpp"
#include "tests/reports/naive_attribution.hpp"

namespace sluice::test {
namespace {

/// What a scenario must have met somewhere, or it would prove little.
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
    const bool is_part = part != WaitPart::api;  // which comes before the wait
    EXPECT_EQ(runs_with_[i] > 20, is_part) << name(part) << " " << runs_with_[i];
  }
  for (const char* state : kStates) EXPECT_GT(met_[state], 20u) << state;
}

}  // namespace
}  // namespace sluice::test
