// Api: what holds for all of it.
#include "mock_api/api.hpp"

#include <gtest/gtest.h>

#include "tests/unit/mock_api/api_world.hpp"

namespace sluice::test {
namespace {

using namespace literals;

/// So that what a served session met can be looked for in a simulation.
TEST(ApiDeathTest, ACheckThatFailsNamesTheScenariosSeed) {
  Scenario scenario = served_scenario();
  scenario.seed = 4711;
  ApiWorld world(scenario);
  world.pass(2_s);
  EXPECT_DEATH(world.api->advance(Time::zero() + 1_s),
               "time does not go back .*, seed 4711, replication 0");
  EXPECT_DEATH(world.api->handle(Time::zero() + 1_s, HttpRequest{}),
               "time does not go back .*, seed 4711, replication 0");
}

}  // namespace
}  // namespace sluice::test
