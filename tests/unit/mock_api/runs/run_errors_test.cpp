// What went wrong in a run, in the words of the contract or of its script.
#include "mock_api/runs/run_errors.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(AScriptsError, has_the_scripts_words_and_else_those_of_the_end) {
  RunError base;
  base.category = "UNEXPECTED_UI_STATE";
  base.sub_type = "DECISION_REQUIRED";
  base.error_code = "CODE";
  RunScript paper, page;
  paper.message = "Out of paper";
  page.category = "PAGE_NOT_FOUND";
  const RunError same = scripted_error(paper, base);
  EXPECT_EQ(same.message, "Out of paper");
  EXPECT_EQ(same.sub_type, "DECISION_REQUIRED");
  const RunError other = scripted_error(page, base);
  EXPECT_EQ(other.category, "PAGE_NOT_FOUND");
  EXPECT_EQ(other.sub_type, "");
  EXPECT_EQ(other.error_code, "CODE");
}

}  // namespace
}  // namespace sluice
