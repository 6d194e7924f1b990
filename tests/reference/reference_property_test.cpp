// The real pipeline against the naive reference, transition by transition, over random pipelines
// with every feature on; and proof that the features were met on the way.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <regex>

#include "tests/reference/log_lines.hpp"
#include "tests/reference/random_script.hpp"
#include "tests/reference/real_pipeline.hpp"

namespace sluice::reference {
namespace {

/// States that must have been met, as the text of a line that shows it.
const std::array kFeatures{
    " rate_limited ",
    " server_error ",
    "parked .* credential_limit on=credential",
    "parked .* login on=",
    "parked .* pause on=cred",
    "parked .* pause on=-",
    "parked .* cap on=-",
    "parked .* on=pool",
    "holding .* on=credential",
    "holding .* on=pool",
    "woken",
    "held=\\[\\]",
    "held=\\[\\d,\\d,\\d",
    "attempt=3",
    "login_ended .* ok",
    "login_ended .* failed",
    "requeued .* retriable_failure delay=0$",
    "requeued .* delay=2",
    "requeued .* worker_lost",
    "rejoined",
    "succeeded completed",
    "failed failure",
    "failed login_failed",
    "interaction_timeout",
    "sibling_login_failed",
    "stopped interrupted",
    "starting=[1-9]",
    "cooling=[1-9]",
    "down=[1-9]",
};

class Coverage {
 public:
  void add(const Log& log) {
    for (const char* feature : kFeatures) {
      const std::regex pattern(feature);
      for (const std::string& line : log) {
        if (std::regex_search(line, pattern)) {
          ++met_[feature];
          break;
        }
      }
    }
  }
  std::size_t logs_with(const char* feature) const {
    const auto place = met_.find(feature);
    return place == met_.end() ? 0 : place->second;
  }

 private:
  std::map<std::string, std::size_t> met_;
};

TEST(Reference, RealPipelineDoesTheSameInEveryTransition) {
  Coverage coverage;
  std::size_t checked = 0;
  const bool passed = rc::check("transitions of the real pipeline and of the reference", [&] {
    const Script script = *any_script();
    const Log expected = play_reference(script);
    const auto [actual, violations] = play_real(script);
    const std::string difference = first_difference(expected, actual);
    if (!difference.empty()) RC_FAIL(difference);
    if (!violations.empty()) RC_FAIL(violations + last_lines(actual));
    if (++checked <= 400) coverage.add(expected);
  });
  EXPECT_TRUE(passed);
  if (!passed) return;
  for (const char* feature : kFeatures) {
    EXPECT_GT(coverage.logs_with(feature), 0u) << "never happened: " << feature;
  }
}

}  // namespace
}  // namespace sluice::reference
