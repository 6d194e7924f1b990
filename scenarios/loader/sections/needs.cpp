#include "scenarios/loader/sections/needs.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <set>
#include <utility>

#include "base/check.hpp"

namespace sluice {
namespace {

using ChoiceKind = CredentialChoice::Kind;

/// What the draws of a submitter can give to the aliases of one use of a workflow.
class UseOfWorkflow {
 public:
  explicit UseOfWorkflow(const WorkflowUse& use) : use_(use) {}

  bool has_pool() const { return has(ChoiceKind::pool); }
  bool has_own() const { return has(ChoiceKind::own); }

  /// Pools that together have fewer credentials than some run of the workspace at `place` needs of
  /// them, those counted that it names; and how many those are. (Hall's theorem: if there are none,
  /// every run can be served.)
  struct Lack {
    std::vector<std::size_t> aliases;
    std::vector<CredentialId> credentials;
  };
  std::optional<Lack> find_lack(std::size_t place) const {
    const std::size_t aliases = use_.credentials.size();
    for (std::size_t subset = 1; subset < std::size_t{1} << aliases; ++subset)
      if (auto lack = lack_of(subset, place)) return lack;
    return std::nullopt;
  }

 private:
  bool has(ChoiceKind kind) const {
    return std::any_of(use_.credentials.begin(), use_.credentials.end(),
                       [&](const CredentialChoice& choice) { return choice.kind == kind; });
  }

  /// More credentials than a run has needs are enough for any pools.
  std::optional<Lack> lack_of(std::size_t subset, std::size_t place) const {
    Lack lack;
    for (std::size_t alias = 0; alias < use_.credentials.size(); ++alias) {
      if ((subset >> alias & 1) == 0) continue;
      if (use_.credentials[alias].kind != ChoiceKind::pool) return std::nullopt;
      lack.aliases.push_back(alias);
      for (const CredentialId member : use_.credentials[alias].members) {
        auto& all = lack.credentials;
        if (std::find(all.begin(), all.end(), member) == all.end()) all.push_back(member);
        if (all.size() >= use_.credentials.size()) return std::nullopt;
      }
    }
    Naming most;
    name(0, place, lack, {}, most);
    lack.aliases.insert(lack.aliases.end(), most.aliases.begin(), most.aliases.end());
    std::sort(lack.aliases.begin(), lack.aliases.end());
    return lack.aliases.size() > lack.credentials.size() ? std::optional(lack) : std::nullopt;
  }

  struct Naming {
    std::vector<std::size_t> aliases;
    std::vector<CredentialId> credentials;
  };
  /// How the aliases from `alias` on can name most of what the pools have, each another one.
  void name(std::size_t alias, std::size_t place, const Lack& lack, const Naming& so_far,
            Naming& most) const {
    if (so_far.aliases.size() > most.aliases.size()) most = so_far;
    if (alias == use_.credentials.size()) return;
    name(alias + 1, place, lack, so_far, most);
    if (use_.credentials[alias].kind == ChoiceKind::pool) return;
    for (const CredentialId credential : lack.credentials) {
      const auto& named = so_far.credentials;
      if (std::find(named.begin(), named.end(), credential) != named.end()) continue;
      if (!can_name(alias, place, credential)) continue;
      Naming longer = so_far;
      longer.aliases.push_back(alias);
      longer.credentials.push_back(credential);
      name(alias + 1, place, lack, longer, most);
    }
  }

  bool can_name(std::size_t alias, std::size_t place, CredentialId credential) const {
    const CredentialChoice& choice = use_.credentials[alias];
    const auto among = [&](const std::vector<CredentialId>& all) {
      return std::find(all.begin(), all.end(), credential) != all.end();
    };
    return choice.kind == ChoiceKind::own
               ? choice.members[place % choice.members.size()] == credential
               : among(choice.members);
  }

  const WorkflowUse& use_;
};

/// Places of a run's workspace among the submitter's; a trace may have others.
std::vector<std::size_t> places(const SubmitterConfig& config) {
  std::vector<std::size_t> all(config.workspaces.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const TraceArrivals* trace = std::get_if<TraceArrivals>(&config.arrivals);
  std::set<WorkspaceId> own(config.workspaces.begin(), config.workspaces.end());
  if (trace != nullptr && std::any_of(trace->rows->begin(), trace->rows->end(), [&](auto& row) {
        return row.workspace.valid() && !own.contains(row.workspace);
      }))
    all.push_back(UINT32_MAX);
  return all;
}

/// The use as it is written, and as a trace's rows change it that name the first credential.
std::vector<WorkflowUse> variants(const SubmitterConfig& config, const WorkflowUse& use) {
  const TraceArrivals* trace = std::get_if<TraceArrivals>(&config.arrivals);
  if (trace == nullptr || use.credentials.empty()) return {use};
  std::set<CredentialId> named;
  bool all_name = true;
  for (const TraceRow& row : *trace->rows) {
    all_name = all_name && row.credential.valid();
    if (row.credential.valid()) named.insert(row.credential);
  }
  std::vector<WorkflowUse> found;
  if (!all_name || named.empty()) found.push_back(use);
  if (named.empty()) return found;
  found.push_back(use);
  found.back().credentials[0] = {ChoiceKind::drawn, {named.begin(), named.end()}};
  return found;
}

}  // namespace

std::optional<UnmetNeed> find_unmet_need(const SubmitterConfig& submitter) {
  for (const auto& [weight, use] : submitter.workflows) {
    if (!UseOfWorkflow(use).has_pool()) continue;
    for (const CredentialChoice& choice : use.credentials)
      SLUICE_REQUIRE(choice.kind != ChoiceKind::own || !choice.members.empty(),
                     "each workspace has a credential of its own");
    for (const WorkflowUse& variant : variants(submitter, use)) {
      const UseOfWorkflow given(variant);
      for (const std::size_t place : places(submitter)) {
        if (auto lack = given.find_lack(place))
          return UnmetNeed{variant, std::move(lack->aliases), std::move(lack->credentials)};
        if (!given.has_own()) break;
      }
    }
  }
  return std::nullopt;
}

}  // namespace sluice
