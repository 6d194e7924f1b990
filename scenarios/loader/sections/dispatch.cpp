#include "scenarios/loader/sections/dispatch.hpp"

#include <cmath>
#include <utility>

#include "scenarios/loader/keys/scalar_types.hpp"

namespace sluice {
namespace {

struct PerLevel {
  std::array<std::uint32_t, kLevels> counts{};
};

Type<PerLevel> per_level_type(const char* what, std::uint32_t lowest) {
  return converted<Entries<PriorityLevel, std::uint32_t>, PerLevel>(
      entries<PriorityLevel, std::uint32_t>(what, level_type(), count_type(lowest, 1'000'000)),
      [lowest](const Entries<PriorityLevel, std::uint32_t>& given) {
        PerLevel levels;
        levels.counts.fill(lowest);
        for (const auto& [level, count] : given) levels.counts[index(level)] = count;
        return levels;
      });
}

struct AgeingText {
  Duration promote_after{};
};
const Table<AgeingText>& ageing_table() {
  static const Table<AgeingText> table{
      "ageing",
      "A waiting run moves up one level after each promote_after.",
      {key("promote_after", positive_duration_type(), &AgeingText::promote_after, "time per level")
           .required()}};
  return table;
}

struct FairShareText {
  Entries<Name, std::uint32_t> weights;
};
const Table<FairShareText>& fair_share_table() {
  static const Table<FairShareText> table{
      "fair_share",
      "Inside a level, workspaces have worker time by their weights.",
      {key("weights",
           entries<Name, std::uint32_t>("workspaces and weights", name_type(),
                                        count_type(1, 1'000'000)),
           &FairShareText::weights, "weights of workspaces, 1 if not named: `{acme: 3}`")}};
  return table;
}

Type<double> positive_share_type() {
  Type<double> type = share_type();
  type.read = [read = type.read](Reader& reader, TreeNode& node, double& share) {
    if (!read(reader, node, share)) return false;
    return share * 1e6 >= 1 || reader.error(node.mark, "a share of the workers is above 0");
  };
  return type;
}

using Policy = DispatchPolicyKind;

Type<DispatchText> policy_word_type() {
  return converted<Policy, DispatchText>(
      word_type<Policy>(
          "a dispatch policy (others have parameters: `{ageing: 10m}`, `{reserved: {LOW: 5}}`, "
          "`{workspace_cap: 4}`, `{share_limit: 50%}`)",
          {{std::string(name(Policy::strict_priority)), Policy::strict_priority,
            "the rule of the real pipeline"},
           {std::string(name(Policy::weighted)), Policy::weighted,
            "4, 2 and 1 runs per round for HIGH, MEDIUM and LOW"},
           {std::string(name(Policy::fair_first)), Policy::fair_first,
            "workspaces in turn first, level second"},
           {std::string(name(Policy::fifo)), Policy::fifo, "by acceptance, whatever the level"},
           {std::string(name(Policy::fair_share)), Policy::fair_share,
            "inside a level, the workspace that has had least worker time"}}),
      [](Policy policy) {
        DispatchText dispatch;
        dispatch.config.kind = policy;
        return dispatch;
      });
}

template <class V, class Set>
Key<DispatchText> policy_key(Policy policy, Type<V> type, Set set, std::string description) {
  return key_with<DispatchText>(
      std::string(name(policy)), std::move(type),
      [policy, set](DispatchText& dispatch, V value) {
        dispatch.config.kind = policy;
        set(dispatch, std::move(value));
      },
      std::move(description));
}

}  // namespace

Type<DispatchText> dispatch_type() {
  const auto ageing =
      by_shape<AgeingText>("a time such as `10m`",
                           {converted<Duration, AgeingText>(
                                positive_duration_type(), [](Duration d) { return AgeingText{d}; }),
                            std::nullopt, object(ageing_table)});
  auto map = one_key_of<DispatchText>(
      "a dispatch policy",
      {policy_key(
           Policy::ageing, ageing,
           [](DispatchText& d, AgeingText a) { d.config.promote_after = a.promote_after; },
           "a waiting run moves up one level after each `promote_after`"),
       policy_key(
           Policy::weighted, per_level_type("levels and runs per round", 1),
           [](DispatchText& d, PerLevel levels) { d.config.weights = levels.counts; },
           "so many runs of each level per round: `{HIGH: 4, MEDIUM: 2, LOW: 1}`"),
       policy_key(
           Policy::reserved, per_level_type("levels and workers", 0),
           [](DispatchText& d, PerLevel levels) { d.config.reserved = levels.counts; },
           "so many workers are kept for each level: `{LOW: 5}`"),
       policy_key(
           Policy::workspace_cap, count_type(1),
           [](DispatchText& d, std::uint32_t cap) { d.config.cap = cap; },
           "no workspace runs more at once in the group"),
       policy_key(
           Policy::fair_share, object(fair_share_table),
           [](DispatchText& d, FairShareText f) { d.share_weights = std::move(f.weights); },
           "inside a level, the workspace that has had least worker time by its weight"),
       policy_key(
           Policy::share_limit, positive_share_type(),
           [](DispatchText& d, double share) {
             d.config.share_millionths = static_cast<std::uint32_t>(std::lround(share * 1e6));
           },
           "inside a level, no workspace has more of the workers while others wait: `50%`")});
  return named<DispatchText>(
      "dispatch", by_shape<DispatchText>("a dispatch policy: strict_priority, weighted, "
                                         "fair_first, fifo, fair_share, `{ageing: 10m}`, "
                                         "`{weighted: …}`, `{reserved: …}`, "
                                         "`{workspace_cap: 4}`, `{share_limit: 50%}`",
                                         {policy_word_type(), std::nullopt, std::move(map)}));
}

std::vector<WorkspaceWeight> share_weights(const ShareWeightsText& text, GroupId group,
                                           const std::vector<WorkspaceConfig>& workspaces,
                                           const NameTable& names, Problems& problems) {
  std::vector<WorkspaceWeight> weights;
  for (const auto& [name, weight] : text) {
    for (const std::uint32_t id : names.look_up(name)) {
      if (workspaces[id].group == group) {
        weights.push_back({{id}, weight});
        continue;
      }
      if (problems.any()) break;  // perhaps nobody knows its group, which has been reported
      problems.error(name.mark, "the workspace `" + workspaces[id].name +
                                    "` is in another group, and can have no weight here");
      break;
    }
  }
  return weights;
}

}  // namespace sluice
