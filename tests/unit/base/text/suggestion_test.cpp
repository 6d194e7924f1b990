#include "base/text/suggestion.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace sluice {
namespace {

TEST(NearestName, FindsTyposAndNothingElse) {
  const std::vector<std::string_view> names{"workspace", "workflow", "level"};
  EXPECT_EQ(nearest_name("worksapce", names), "workspace");
  EXPECT_EQ(nearest_name("levle", names), "level");
  EXPECT_EQ(nearest_name("banana", names), std::nullopt);
  EXPECT_EQ(did_you_mean("workflw", names), "; did you mean 'workflow'?");
}

TEST(Suggestion, is_the_nearest_name_if_it_is_near) {
  const std::vector<std::string_view> names{"portal", "archive"};
  EXPECT_EQ(suggestion("protal", names), "; did you mean `portal`?");
  EXPECT_EQ(suggestion("banana", names), "");
  EXPECT_EQ(suggestion("", names), "");
  EXPECT_EQ(suggestion("portal", {}), "");
}

TEST(Suggestion, is_not_looked_for_where_it_would_take_long) {
  const std::string long_name(101, 'a');
  EXPECT_EQ(suggestion(long_name, {long_name}), "");
  EXPECT_EQ(suggestion("portal", std::vector<std::string_view>(1001, "portal")), "");
  EXPECT_EQ(suggestion("protal", std::vector<std::string_view>(1000, "portal")),
            "; did you mean `portal`?");
}

}  // namespace
}  // namespace sluice
