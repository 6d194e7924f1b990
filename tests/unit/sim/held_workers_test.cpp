// Runs that wait inside their workers (hold_worker), with figures worked out by hand.
#include <gtest/gtest.h>

#include "tests/unit/sim/checked.hpp"
#include "tests/unit/sim/small_scenario.hpp"

namespace sluice::test {
namespace {

using namespace literals;

// A LOW run has the only login from 0 s to 10 s; a MEDIUM run takes another worker at 2 s and
// waits in it for the login until 10 s, all the time beside the LOW run.
TEST(HeldWorkers, CountAsWaitingBesideLowerLevels) {
  Scenario scenario = small_scenario(4, Distribution::constant(10), 30_s);
  scenario.pipeline.groups[0].when_credential_busy = WhenCredentialBusy::hold_worker;
  CredentialConfig login;
  login.name = "login";
  scenario.pipeline.credentials.push_back(login);
  scenario.pipeline.workflows[0].aliases = {"USER"};
  const auto batch = [](double seconds) {
    return BatchArrivals{{at(seconds)}, {}, Distribution::constant(1), {}};
  };
  const CredentialChoice choice{CredentialChoice::Kind::fixed, {CredentialId::at(0)}};
  add_submitter(scenario, "low", batch(0)).workflows[0].second.credentials = {choice};
  SubmitterConfig& medium = add_submitter(scenario, "medium", batch(2));
  medium.priority = {{1, PriorityLevel::MEDIUM}};
  medium.workflows[0].second.credentials = {choice};

  const Report report = run_checked(scenario);
  const Subject level = Subject::of(PriorityLevel::MEDIUM);
  EXPECT_DOUBLE_EQ(value_or_zero(report.figures.find(Metric::occupancy_block_total, level)), 8);
  EXPECT_DOUBLE_EQ(value_or_zero(report.figures.find(Metric::occupancy_block_share, level)), 1);
}

}  // namespace
}  // namespace sluice::test
