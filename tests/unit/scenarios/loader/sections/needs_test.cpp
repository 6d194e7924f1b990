// Needs that can never be met: by hand, and against every way to draw.
#include "scenarios/loader/sections/needs.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace sluice {
namespace {

using namespace ::testing;
using Kind = CredentialChoice::Kind;

CredentialChoice choice(Kind kind, const std::vector<std::uint32_t>& members) {
  CredentialChoice made{kind, {}};
  for (const std::uint32_t member : members) made.members.push_back(CredentialId{member});
  return made;
}

SubmitterConfig submitter(std::vector<CredentialChoice> choices, std::uint32_t workspaces = 1) {
  SubmitterConfig config;
  for (std::uint32_t i = 0; i < workspaces; ++i) config.workspaces.push_back(WorkspaceId{i});
  config.workflows = {{1, WorkflowUse{WorkflowId{0}, std::move(choices)}}};
  return config;
}

TEST(Needs, two_pools_of_one_credential_are_too_few) {
  const auto unmet = find_unmet_need(submitter({choice(Kind::pool, {7}), choice(Kind::pool, {7})}));
  ASSERT_TRUE(unmet);
  EXPECT_THAT(unmet->aliases, ElementsAre(0, 1));
  EXPECT_THAT(unmet->credentials, ElementsAre(CredentialId{7}));
}

TEST(Needs, pools_that_overlap_are_enough_if_each_can_have_its_own) {
  EXPECT_FALSE(find_unmet_need(submitter(
      {choice(Kind::pool, {1, 2}), choice(Kind::pool, {2, 3}), choice(Kind::pool, {1, 3})})));
}

TEST(Needs, what_a_run_names_is_no_longer_free_for_a_pool) {
  EXPECT_TRUE(find_unmet_need(submitter({choice(Kind::fixed, {1}), choice(Kind::pool, {1})})));
  EXPECT_TRUE(find_unmet_need(submitter({choice(Kind::drawn, {1, 2}), choice(Kind::pool, {1})})));
  EXPECT_FALSE(find_unmet_need(submitter({choice(Kind::fixed, {1}), choice(Kind::fixed, {1})})));
}

TEST(Needs, own_credentials_matter_by_workspace) {
  const std::vector<CredentialChoice> choices{choice(Kind::own, {1, 2}), choice(Kind::pool, {2})};
  EXPECT_FALSE(find_unmet_need(submitter(choices, 1)));
  EXPECT_TRUE(find_unmet_need(submitter(choices, 2)));
}

TEST(Needs, a_choice_that_could_not_be_read_names_nothing) {
  EXPECT_FALSE(find_unmet_need(submitter({choice(Kind::drawn, {}), choice(Kind::pool, {1})})));
}

/// Pools from `alias` on can each have another credential that is not `taken`.
bool can_serve(const std::vector<CredentialChoice>& choices, std::size_t alias,
               std::vector<CredentialId> taken) {
  if (alias == choices.size()) return true;
  if (choices[alias].kind != Kind::pool) return can_serve(choices, alias + 1, std::move(taken));
  return std::any_of(choices[alias].members.begin(), choices[alias].members.end(), [&](auto id) {
    if (std::find(taken.begin(), taken.end(), id) != taken.end()) return false;
    std::vector<CredentialId> more = taken;
    more.push_back(id);
    return can_serve(choices, alias + 1, std::move(more));
  });
}

/// Whatever the other aliases from `alias` on draw in the workspace at `place`.
bool always_served(const std::vector<CredentialChoice>& choices, std::size_t alias,
                   std::size_t place, const std::vector<CredentialId>& named) {
  if (alias == choices.size()) return can_serve(choices, 0, named);
  const CredentialChoice& drawn = choices[alias];
  if (drawn.kind == Kind::pool) return always_served(choices, alias + 1, place, named);
  for (std::size_t i = 0; i < drawn.members.size(); ++i) {
    if (drawn.kind == Kind::own && i != place % drawn.members.size()) continue;
    std::vector<CredentialId> more = named;
    more.push_back(drawn.members[i]);
    if (!always_served(choices, alias + 1, place, more)) return false;
  }
  return true;
}

TEST(Needs, are_unmet_exactly_where_some_draw_cannot_be_served) {
  std::mt19937 random(20261130);
  const auto below = [&](std::uint32_t end) { return static_cast<std::uint32_t>(random() % end); };
  int unmet = 0;
  constexpr int kTrials = 3'000;
  for (int trial = 0; trial < kTrials; ++trial) {
    std::vector<CredentialChoice> choices(1 + below(kMaxNeeds));
    for (CredentialChoice& made : choices) {
      made.kind = std::array{Kind::fixed, Kind::drawn, Kind::own, Kind::pool}[below(4)];
      std::vector<std::uint32_t> all{0, 1, 2, 3};
      std::shuffle(all.begin(), all.end(), random);
      all.resize(made.kind == Kind::fixed ? 1 : 1 + below(4));
      made = choice(made.kind, all);
    }
    const std::uint32_t workspaces = 1 + below(3);
    bool served = true;
    for (std::uint32_t place = 0; place < workspaces; ++place)
      served = served && always_served(choices, 0, place, {});
    const auto found = find_unmet_need(submitter(choices, workspaces));
    ASSERT_EQ(!found, served) << "trial " << trial;
    unmet += !served;
    if (found) {
      ASSERT_GT(found->aliases.size(), found->credentials.size());
    }
  }
  EXPECT_GT(unmet, kTrials / 20);
  EXPECT_LT(unmet, kTrials * 19 / 20);
}

}  // namespace
}  // namespace sluice
