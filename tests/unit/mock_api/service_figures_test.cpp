// What is told for monitoring, and what is kept of what is over.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/unit/mock_api/api_world.hpp"

namespace sluice {
namespace {

using namespace literals;
using test::ApiWorld;

/// The series of a name that has this label, if any; the first without.
std::optional<ServiceFigure> find(const ApiWorld& world, const std::string& name,
                                  const std::string& label = "") {
  for (const ServiceFigure& figure : world.api->figures(world.now)) {
    const bool fits =
        std::ranges::any_of(figure.labels, [&](const auto& each) { return each.second == label; });
    if (figure.name == name && (label.empty() || fits)) return figure;
  }
  return std::nullopt;
}
double value(const ApiWorld& world, const std::string& name, const std::string& label = "") {
  const auto figure = find(world, name, label);
  EXPECT_TRUE(figure) << name << " " << label;
  return figure ? figure->value : -1;
}

TEST(ServiceFigures, WaitsAreCountedOnceWhenTheyAreOver) {
  ApiWorld world(test::served_scenario(1));
  for (int i = 0; i < 3; ++i) world.start();  // of 10 s each, LOW
  world.pass(15_s);

  const ServiceFigure waits = find(world, "sluice_wait_seconds", "LOW").value();
  EXPECT_EQ(waits.kind, ServiceFigure::Kind::histogram);
  EXPECT_EQ(waits.count, 2U);
  EXPECT_DOUBLE_EQ(waits.value, 10);
  for (const ServiceFigure::Bucket& bucket : waits.buckets)
    EXPECT_EQ(bucket.count, bucket.up_to < 10 ? 1U : 2U) << bucket.up_to;
  EXPECT_EQ(find(world, "sluice_wait_seconds", "HIGH")->count, 0U);
  EXPECT_DOUBLE_EQ(value(world, "sluice_oldest_wait_seconds", "LOW"), 15);
  EXPECT_DOUBLE_EQ(value(world, "sluice_oldest_wait_seconds", "HIGH"), 0);
  EXPECT_DOUBLE_EQ(value(world, "sluice_runs_eligible", "LOW"), 1);
  EXPECT_DOUBLE_EQ(value(world, "sluice_runs_running", "LOW"), 1);
  EXPECT_DOUBLE_EQ(value(world, "sluice_workers_idle", "main"), 0);
}

TEST(ServiceFigures, AWaitAboveAllBucketsCountsAmongAll) {
  ApiWorld world(test::served_scenario(1));
  world.post("/_sluice/groups/main/pause");
  world.start();
  world.pass(100_h);
  world.post("/_sluice/groups/main/resume");
  world.pass(1_s);
  const ServiceFigure waits = find(world, "sluice_wait_seconds", "LOW").value();
  EXPECT_EQ(waits.buckets.back().count, 0U);
  EXPECT_EQ(waits.count, 1U);
}

TEST(ServiceFigures, EndsAreCountedByStatusAndGoOnOverResets) {
  ApiWorld world(test::served_scenario(1));
  world.start();
  world.pass(11_s);
  const std::string second = world.start();
  world.pass(1_s);
  world.post("/run/" + second + "/interrupt");
  world.pass(1_s);
  EXPECT_DOUBLE_EQ(value(world, "sluice_runs_ended_total", "execution.success"), 0) << "HIGH";
  const auto ended = [&](const std::string& status) {
    double sum = 0;
    for (const ServiceFigure& figure : world.api->figures(world.now))
      if (figure.name == "sluice_runs_ended_total" && figure.labels.back().second == status)
        sum += figure.value;
    return sum;
  };
  EXPECT_DOUBLE_EQ(ended("execution.success"), 1);
  EXPECT_DOUBLE_EQ(ended("execution.stopped"), 1);
  EXPECT_DOUBLE_EQ(ended("execution.failed"), 0);
  world.post("/_sluice/reset");
  world.start();
  world.pass(11_s);
  EXPECT_DOUBLE_EQ(ended("execution.success"), 2);
  EXPECT_EQ(find(world, "sluice_wait_seconds", "LOW")->count, 3U);
}

TEST(ServiceFigures, EventsBeyondAClientsBufferAreCountedByReason) {
  Scenario scenario = test::served_scenario(1);
  scenario.serve.stream_buffer_events = 2;
  ApiWorld world(scenario);
  world.start("plain", "{}", R"("client_id":"c1")");
  world.pass(11_s);
  const double by_number = value(world, "sluice_events_dropped_total", "number");
  EXPECT_GT(by_number, 0);
  EXPECT_DOUBLE_EQ(value(world, "sluice_event_frames_kept"), 2);
  world.pass(11_min);
  world.get("/runs");
  world.start("plain", "{}", R"("client_id":"c2")");
  EXPECT_DOUBLE_EQ(value(world, "sluice_events_dropped_total", "age"), 2);
  EXPECT_EQ(world.api->events_dropped(), static_cast<std::uint64_t>(by_number) + 2);
}

TEST(KeptRuns, AreForgottenByNumberAndByAge) {
  Scenario scenario = test::served_scenario(10);
  scenario.serve.keep_finished_runs = 3;
  scenario.serve.keep_finished_for = 1_h;
  ApiWorld world(scenario);
  std::vector<std::string> runs;
  for (int i = 0; i < 5; ++i) {
    runs.push_back(world.start());
    world.pass(11_s);
  }
  EXPECT_EQ(world.get("/run/" + runs[1]).status, 404U);
  EXPECT_EQ(world.get("/_sluice/runs/" + runs[1]).status, 404U);
  EXPECT_EQ(world.get("/webhooks/" + runs[1]).status, 404U);
  EXPECT_EQ(world.status(runs[2]), "execution.success");
  EXPECT_DOUBLE_EQ(value(world, "sluice_runs_known"), 3);

  world.now = world.now + 2_h;  // nothing is due: only the next request can notice
  EXPECT_EQ(world.get("/run/" + runs[4]).status, 404U);
  EXPECT_DOUBLE_EQ(value(world, "sluice_runs_known"), 0);
}

/// Everything that the process has allocated and not given back; 0 under sanitizers.
std::size_t allocated() { return ::mallinfo2().uordblks; }

TEST(KeptRuns, TenThousandTakeNoMoreMemoryThanOneThousand) {
  Scenario scenario = test::served_scenario(100);
  scenario.serve.stream_buffer_events = 500;
  ApiWorld world(scenario);
  const auto play = [&](int runs) {
    for (int i = 0; i < runs; ++i) {
      world.start("plain", "{}", R"("client_id":"c1")");
      world.pass(1_s);
    }
    world.pass(1_min);
  };
  play(1'500);  // everything that is kept by number is full
  const std::size_t before = allocated();
  const double known = value(world, "sluice_runs_known");
  play(8'500);
  EXPECT_DOUBLE_EQ(value(world, "sluice_runs_known"), known);
  EXPECT_EQ(test::ApiWorld::json(world.get("/_sluice/requests"))["kept"], 1'000);
  EXPECT_LT(allocated(), before + (std::size_t{1} << 19));
}

TEST(Ids, DifferBetweenTwoServersAndAreTheScenariosIfNothingIsSaid) {
  const Scenario scenario = test::served_scenario(1);
  const auto first_id = [&](std::optional<std::uint64_t> seed) {
    ApiWorld world(scenario);
    ApiOptions options;
    options.id_seed = seed;
    world.api = std::make_unique<Api>(scenario, options, world.webhooks);
    return world.start();
  };
  EXPECT_EQ(first_id(std::nullopt), first_id(std::nullopt));
  EXPECT_EQ(first_id(5), first_id(5));
  EXPECT_NE(first_id(5), first_id(6));
  EXPECT_NE(first_id(5), first_id(std::nullopt));
}

}  // namespace
}  // namespace sluice
