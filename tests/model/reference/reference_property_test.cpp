// The real pipeline against the naive reference, transition by transition, over random pipelines
// with every feature on; and proof that the features were met on the way.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <regex>
#include <string>
#include <vector>

#include "tests/model/reference/enumerators.hpp"
#include "tests/model/reference/log_lines.hpp"
#include "tests/model/reference/random_script.hpp"
#include "tests/model/reference/real_pipeline.hpp"
#include "tests/unit/base/effort.hpp"

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
    "parked .* on=pool \\[\\d\\]$",
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
    "requeued .* timeout",
    "failed timeout",
    "stopped expired",
    "stopped cancelled",
    "-- duration_factor",
    "-- override_credential",
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
    "-- end_set_workers",
};

/// The features that no log has shown yet.
class Unmet {
 public:
  void look_into(const Log& log) {
    std::erase_if(features_, [&](const Feature& feature) {
      return std::ranges::any_of(
          log, [&](const std::string& line) { return std::regex_search(line, feature.pattern); });
    });
  }
  std::string names() const {
    std::string names;
    for (const Feature& feature : features_) names += feature.name + "\n";
    return names;
  }

 private:
  struct Feature {
    std::string name;
    std::regex pattern;
  };
  std::vector<Feature> features_{[] {
    std::vector<Feature> all;
    for (const char* name : kFeatures) all.push_back({name, std::regex(name)});
    return all;
  }()};
};

/// How often each policy met each rule for busy credentials while something was in a run's way.
class Combinations {
 public:
  void add(const Script& script, const Log& log) {
    const bool blocked = std::any_of(log.begin(), log.end(), [](const std::string& line) {
      return line.find(" parked ") != std::string::npos ||
             line.find(" holding ") != std::string::npos;
    });
    if (!blocked) return;
    for (const ResourceGroupConfig& group : script.config.groups) {
      ++met_[static_cast<std::size_t>(group.dispatch.kind)]
            [static_cast<std::size_t>(group.when_credential_busy)];
    }
  }
  std::size_t rarest() const {
    std::size_t rarest = SIZE_MAX;
    for (const auto& policy : met_) rarest = std::min(rarest, std::ranges::min(policy));
    return rarest;
  }

 private:
  std::array<std::array<std::size_t, enumerator_count<WhenCredentialBusy>()>,
             enumerator_count<DispatchPolicyKind>()>
      met_{};
};

/// Scripts in which runs ended and others were accepted at one instant.
bool has_tie(const Log& log) {
  std::string ended_at;
  return std::any_of(log.begin(), log.end(), [&](const std::string& line) {
    const std::string instant = line.substr(0, line.find(' '));
    if (line.find(" ended ") != std::string::npos) ended_at = instant;
    return line.find(" accepted id") != std::string::npos && instant == ended_at;
  });
}

/// At least `tests` random cases, more if RC_PARAMS says so. The seed is in the first line of the
/// output.
template <class Property>
bool check_often(int tests, Property property) {
  rc::detail::TestParams params = rc::detail::configuration().testParams;
  params.maxSuccess = std::max(params.maxSuccess, tests);
  const auto result = rc::detail::checkTestable(property, rc::detail::TestMetadata{}, params);
  rc::detail::printResultMessage(result, std::cerr);
  std::cerr << "\n";
  return result.template is<rc::detail::SuccessResult>();
}

static_assert(all_enumerators<WhenCredentialBusy>().back() == WhenCredentialBusy::hold_worker);
static_assert(enumerator_count<PriorityLevel>() == kLevels);

TEST(Reference, RealPipelineDoesTheSameInEveryTransitionAndKeepsEveryInvariant) {
  Unmet unmet;
  Combinations combinations;
  int checked = 0, ties = 0;
  const bool passed = check_often(test::cases(2000), [&] {
    const Script script = *any_script();
    const Log expected = play_reference(script);
    const RealPlay real = play_real(script);
    const std::string difference = first_difference(expected, real.log);
    if (!difference.empty()) RC_FAIL(difference);
    if (!real.violations.empty()) RC_FAIL(real.violations + last_lines(real.log));
    combinations.add(script, expected);
    ties += has_tie(expected);
    if (++checked <= 400) unmet.look_into(expected);
  });
  ASSERT_TRUE(passed);
  if (test::kSanitized) return;
  EXPECT_EQ(unmet.names(), "");
  EXPECT_GT(combinations.rarest(), 5u);
  EXPECT_GT(ties, 100);
}

TEST(Reference, InvariantsHoldWithAutoscalingFailingWorkersAndRandomOutages) {
  EXPECT_TRUE(check_often(test::cases(1000), [] {
    const RealPlay real = play_real(*any_script(Features::all));
    if (!real.violations.empty()) RC_FAIL(real.violations + last_lines(real.log));
  }));
}

}  // namespace
}  // namespace sluice::reference
