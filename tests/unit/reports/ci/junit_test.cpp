// JUnit XML, read back by a reader that is not ours.
#include "reports/ci/junit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <map>
#include <sstream>

#include "base/text/json.hpp"
#include "tests/unit/reports/sample_test_run.hpp"

namespace sluice {
namespace {

using boost::property_tree::ptree;

ptree parsed_xml(const std::string& xml) {
  std::istringstream stream(xml);
  ptree tree;
  boost::property_tree::read_xml(stream, tree);
  return tree;
}

/// The suites by name.
std::map<std::string, ptree> suites_of(const ptree& tree) {
  std::map<std::string, ptree> suites;
  for (const auto& [tag, suite] : tree.get_child("testsuites"))
    if (tag == "testsuite") suites.emplace(suite.get<std::string>("<xmlattr>.name"), suite);
  return suites;
}

TEST(Junit, EachOutcomeIsWhatItsReadersCallIt) {
  const auto suites = suites_of(parsed_xml(junit_xml(test::sample_test_run())));
  const auto first = [&](const char* file, const char* path) {
    return suites.at(file).get_child("testcase").get_optional<std::string>(path).value_or("none");
  };
  EXPECT_EQ(first("passes.yaml", "failure"), "none");
  EXPECT_EQ(first("passes.yaml", "<xmlattr>.name"), "LOW.wait.p95 < 10m");
  EXPECT_EQ(first("passes.yaml", "<xmlattr>.classname"), "passes.yaml");
  EXPECT_EQ(first("passes.yaml", "<xmlattr>.file"), "office.yaml");
  EXPECT_EQ(first("passes.yaml", "<xmlattr>.line"), "20");
  EXPECT_EQ(first("passes.yaml", "<xmlattr>.time"), "0.250");
  EXPECT_EQ(first("fails.yaml", "failure.<xmlattr>.message"), "measured 15m");
  EXPECT_EQ(first("fails.yaml", "failure.<xmlattr>.type"), "failed");
  EXPECT_THAT(first("fails.yaml", "failure"), ::testing::HasSubstr("support promise"));
  EXPECT_EQ(first("undecided.yaml", "skipped.<xmlattr>.message"), "measured 10m");
  EXPECT_THAT(first("held.yaml", "skipped.<xmlattr>.message"), ::testing::HasSubstr("only"));
  EXPECT_THAT(first("broke.yaml", "skipped.<xmlattr>.message"), ::testing::HasSubstr("only"));
  EXPECT_EQ(first("broken.yaml", "error.<xmlattr>.type"), "bad_scenario");
  EXPECT_EQ(first("broken.yaml", "<xmlattr>.line"), "3");
  EXPECT_THAT(first("broken.yaml", "error"), ::testing::HasSubstr("broken.yaml:3:1: error:"));
  EXPECT_EQ(first("crashed.yaml", "error.<xmlattr>.message"), "not enough memory");
  EXPECT_THAT(first("later.yaml", "skipped.<xmlattr>.message"), ::testing::HasSubstr("not run"));
  EXPECT_EQ(first("nothing.yaml", "<xmlattr>.name"), "simulates");
  EXPECT_FALSE(suites.contains("part.yaml"));
}

TEST(Junit, ARegressionIsAFailureOfItsOwn) {
  const auto suites = suites_of(parsed_xml(junit_xml(test::sample_test_run())));
  const ptree& suite = suites.at("regressed.yaml");
  EXPECT_EQ(suite.get<int>("<xmlattr>.tests"), 2);
  EXPECT_EQ(suite.get<int>("<xmlattr>.failures"), 1);
  EXPECT_EQ(suite.back().second.get<std::string>("failure.<xmlattr>.type"), "regression");
  EXPECT_EQ(suite.back().second.get<std::string>("<xmlattr>.name"),
            "wait.p95{level=LOW} against the baseline");
}

TEST(Junit, CountsAddUp) {
  const ptree tree = parsed_xml(junit_xml(test::sample_test_run()));
  for (const char* counted : {"tests", "failures", "errors", "skipped"}) {
    const std::string path = std::string("<xmlattr>.") + counted;
    int sum = 0;
    for (const auto& [name, suite] : suites_of(tree)) sum += suite.get<int>(path);
    EXPECT_EQ(tree.get_child("testsuites").get<int>(path), sum) << counted;
  }
  EXPECT_EQ(tree.get<int>("testsuites.<xmlattr>.tests"), 12);
  EXPECT_EQ(tree.get<int>("testsuites.<xmlattr>.failures"), 3);
  EXPECT_EQ(tree.get<int>("testsuites.<xmlattr>.errors"), 2);
  EXPECT_EQ(tree.get<int>("testsuites.<xmlattr>.skipped"), 4);
}

TEST(Junit, HostileNamesAreTextAndNothingElse) {
  const std::string xml = junit_xml(test::hostile_test_run());
  EXPECT_TRUE(is_utf8(xml));
  for (const char c : xml) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  EXPECT_EQ(xml.find("\xEF\xBF\xBE"), xml.npos);
  const ptree tree = parsed_xml(xml);
  const ptree& failed = std::next(tree.get_child("testsuites").begin(), 2)->second;
  const auto name = failed.get<std::string>("<xmlattr>.name");
  EXPECT_TRUE(name.starts_with("<&\"'>]]> %0A ::error::x\r\n|`*[a](b) @team\xEF\xBF\xBD")) << name;
}

TEST(Junit, CasesOfOneNameAreToldApart) {
  const ptree tree = parsed_xml(junit_xml(test::hostile_test_run()));
  const ptree& suite = std::next(tree.get_child("testsuites").begin(), 2)->second;
  std::vector<std::string> names;
  for (const auto& [tag, child] : suite)
    if (tag == "testcase") names.push_back(child.get<std::string>("<xmlattr>.name"));
  ASSERT_EQ(names.size(), 2u);
  EXPECT_EQ(names[1], names[0] + " (2)");
}

}  // namespace
}  // namespace sluice
