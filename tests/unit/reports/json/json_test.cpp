#include "reports/json/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "base/calendar/calendar.hpp"
#include "base/calendar/time_zone.hpp"
#include "reports/json/figures.hpp"
#include "reports/json/schema.hpp"
#include "tests/unit/reports/golden.hpp"
#include "tests/unit/reports/sample_report.hpp"
#include "tests/unit/reports/valijson_schema.hpp"

namespace sluice {
namespace {

using nlohmann::json;

/// Empty if `document` is valid.
std::string violations(const json& schema_document, const json& document) {
  return test::ValijsonSchema(schema_document).violations(document);
}

/// Every property that the schema can lead to, as a path of names; lists are "*".
void properties_of(const json& root, const json& schema, const std::string& path,
                   std::set<std::string>& found) {
  if (schema.contains("$ref")) {
    const std::string reference = schema["$ref"];
    return properties_of(root, root[json::json_pointer(reference.substr(1))], path, found);
  }
  if (schema.contains("items")) properties_of(root, schema["items"], path + "/*", found);
  if (!schema.contains("properties")) return;
  for (const auto& [name, property] : schema["properties"].items()) {
    found.insert(path + "/" + name);
    properties_of(root, property, path + "/" + name, found);
  }
}

void paths_of(const json& value, const std::string& path, std::set<std::string>& found) {
  if (value.is_array())
    for (const json& member : value) paths_of(member, path + "/*", found);
  if (!value.is_object()) return;
  for (const auto& [name, member] : value.items()) {
    found.insert(path + "/" + name);
    paths_of(member, path + "/" + name, found);
  }
}

json parsed(const Report& report) { return json::parse(render_json(report)); }

/// full_report() of a scenario with a `start`.
Report dated_report() {
  Report report = test::full_report();
  report.header.calendar = Calendar(0, TimeZone::utc());
  report.header.time_zone_data = "2026a";
  return report;
}

/// The same with `replications: auto` and a precision.
Report looked_at_report() {
  Report report = dated_report();
  report.header.looks = LooksTaken{3, 10, 0.95, true};
  report.expectations.push_back(report.expectations[0]);
  report.expectations.back().expectation.precision = 0.05;
  return report;
}

TEST(ReportSchema, IsTheFileThatIsShipped) {
  test::expect_golden("reports/schema/report.schema.json", report_schema());
}

TEST(ReportSchema, HoldsForReports) {
  const json schema = json::parse(report_schema());
  EXPECT_EQ(violations(schema, parsed(test::monday_report())), "");
  EXPECT_EQ(violations(schema, parsed(test::replicated_report())), "");
  EXPECT_EQ(violations(schema, parsed(test::empty_report())), "");
  EXPECT_EQ(violations(schema, parsed(test::full_report())), "");
  EXPECT_EQ(violations(schema, parsed(dated_report())), "");
  EXPECT_EQ(violations(schema, parsed(looked_at_report())), "");
  EXPECT_EQ(violations(schema, parsed(test::hostile_report(7))), "");
}

TEST(ReportJson, ASentenceInAShareOfReplicationsSaysInHowManyItHeld) {
  Report report = test::full_report();
  EXPECT_EQ(parsed(report)["expectations"][0]["in_replications"],
            json::parse(R"({"wanted": 0.95, "held": 17, "missed": 1, "undecided": 2,
                            "interval": [0.6211, 0.9987]})"));
  EXPECT_FALSE(parsed(report)["expectations"][1].contains("in_replications"));
  report.expectations[0].in_replications.reset();
  EXPECT_EQ(parsed(report)["expectations"][0]["in_replications"],
            json::parse(R"({"wanted": 0.95})"))
      << "of a load";
}

TEST(ReportSchema, AllowsNothingThatItDoesNotName) {
  const json schema = json::parse(report_schema());
  json report = parsed(test::monday_report());
  report["levels"][0]["wait"]["p42"] = {{"value", 1}, {"samples", 1}};
  EXPECT_NE(violations(schema, report), "");
  report = parsed(test::monday_report());
  report.erase("verdict");
  EXPECT_NE(violations(schema, report), "");
}

TEST(ReportSchema, NamesNothingThatNoReportHas) {
  const json schema = json::parse(report_schema());
  std::set<std::string> named, present;
  properties_of(schema, schema, "", named);
  paths_of(parsed(looked_at_report()), "", present);
  std::vector<std::string> missing;
  std::set_difference(named.begin(), named.end(), present.begin(), present.end(),
                      std::back_inserter(missing));
  EXPECT_THAT(missing, ::testing::IsEmpty());
}

TEST(RenderJson, SaysWhereTimeZeroIsOnTheCalendar) {
  const json scenario = parsed(dated_report())["scenario"];
  EXPECT_EQ(scenario["start"], "1970-01-01T00:00:00+00:00");
  EXPECT_EQ(scenario["time_zone"], "UTC");
  EXPECT_EQ(scenario["time_zone_data"], "2026a");
  EXPECT_FALSE(parsed(test::full_report())["scenario"].contains("start"));
}

TEST(RenderJson, AFigureIsWhereItsNameSays) {
  const json report = parsed(test::monday_report());
  const json& low = report["levels"][2];
  EXPECT_EQ(low["level"], "LOW");
  EXPECT_EQ(
      low["wait"]["p95"],
      json::parse(R"({"value": 7800, "samples": 5585, "censored": 312, "lower_bound": true})"));
  EXPECT_EQ(report["groups"][0]["levels"][2]["wait"]["p95"], low["wait"]["p95"]);
  EXPECT_EQ(report["workspaces"][0]["name"], "tenant-1");
  EXPECT_EQ(report["credentials"][2]["limit"], nullptr) << "unlimited";
  EXPECT_EQ(report["stability"]["groups"][0]["first_to_starve"], "LOW");
}

TEST(RenderJson, EveryFigureIsInIt) {
  const Report report = test::full_report();
  std::size_t figures = 0;
  const auto count = [&](const json& value, const auto& self) -> void {
    figures += value.is_object() && value.contains("value") && value.contains("samples");
    if (value.is_structured())
      for (const json& member : value) self(member, self);
  };
  const json all = parsed(report);
  for (const char* list : {"total", "levels", "groups", "workspaces", "workflows", "credentials",
                           "pools", "submitters", "slices"})
    count(all[list], count);
  EXPECT_EQ(figures, report.figures.size());
}

TEST(JsonPath, FollowsTheName) {
  EXPECT_EQ(json_path(Metric::wait_p95), (std::vector<std::string>{"wait", "p95"}));
  EXPECT_EQ(json_path(Metric::queue_age_max), (std::vector<std::string>{"queue", "age", "max"}));
  EXPECT_EQ(json_path(Metric::utilisation), std::vector<std::string>{"utilisation"});
}

TEST(JsonPath, NoFigureLiesInsideAnother) {
  EXPECT_EQ(json_path(Metric::wait_p999), (std::vector<std::string>{"wait", "p99_9"}));
  std::set<std::vector<std::string>> paths;
  for (const MetricInfo& metric : all_metrics()) paths.insert(json_path(metric.metric));
  EXPECT_EQ(paths.size(), kMetrics);
  for (std::vector<std::string> path : paths)
    for (path.pop_back(); !path.empty(); path.pop_back())
      EXPECT_EQ(paths.count(path), 0u) << path.back();
}

TEST(RenderJson, OnlyTheLastTwoMembersDependOnTheMachine) {
  Report report = test::monday_report();
  const std::string here = render_json(report, {.build_and_wall_time = false});
  report.header.build_id = "other";
  report.header.wall_seconds = 99;
  EXPECT_EQ(render_json(report, {.build_and_wall_time = false}), here);
  const std::string all = render_json(report);
  EXPECT_EQ(all.substr(0, all.find(",\n \"build\"")), here.substr(0, here.rfind("\n}")));
}

TEST(RenderJson, KeysAreInAFixedOrder) {
  const auto report = nlohmann::ordered_json::parse(render_json(test::empty_report()));
  std::vector<std::string> keys;
  for (const auto& [key, value] : report.items()) keys.push_back(key);
  EXPECT_THAT(keys, ::testing::ElementsAre("format", "version", "verdict", "answer", "scenario",
                                           "expectations", "reaches", "stability", "total",
                                           "levels", "groups", "workspaces", "workflows",
                                           "credentials", "pools", "submitters", "slices",
                                           "dispatched_meanwhile", "windows", "reached",
                                           "incidents", "time_lines", "metrics", "build", "wall"));
}

TEST(RenderJson, HostileNamesComeBackAsTheyWere) {
  Report report = test::monday_report();
  report.names.workspaces[1] = "a\"b\\c\n\x1b[31m</script>\u202E漢字";
  EXPECT_EQ(parsed(report)["workspaces"][0]["name"], report.names.workspaces[1]);
  report.names.workspaces[1] = "broken \xff";
  EXPECT_EQ(parsed(report)["workspaces"][0]["name"], "broken \uFFFD");
}

}  // namespace
}  // namespace sluice
