#include "mock_api/endpoints/references.hpp"

#include <algorithm>
#include <string>

#include "mock_api/contract/error_body.hpp"
#include "pipeline/distinct_choice.hpp"

namespace sluice {
namespace {

HttpReply no_such_credential(std::string_view user_id, const VaultAlias& alias) {
  return error_reply(400, "Credentials for " + std::string(user_id) + " and domain " +
                              alias.domain + " (alias: " + alias.name + ") not found");
}

}  // namespace

std::optional<HttpReply> References::resolve(const Vault& vault, WorkspaceId workspace,
                                             const std::vector<VaultAlias>& aliases,
                                             const StartRun& run) {
  all_.clear();
  ends_.clear();
  pooled_.clear();
  for (const VaultAlias& alias : aliases)
    if (auto refused = resolve_alias(vault, workspace, alias, run)) return refused;
  return check_enough(aliases);
}

std::optional<HttpReply> References::check_enough(const std::vector<VaultAlias>& aliases) const {
  if (count() < 2 || std::find(pooled_.begin(), pooled_.end(), true) == pooled_.end())
    return std::nullopt;
  std::vector<CredentialId> named;
  std::vector<std::span<const CredentialId>> pools;
  std::string names;
  for (std::size_t alias = 0; alias < count(); ++alias) {
    if (is_pool(alias))
      pools.push_back(members(alias));
    else
      named.push_back(members(alias).front());
    names += (alias == 0 ? "" : ", ") + aliases[alias].name;
  }
  if (can_be_met(named, pools)) return std::nullopt;
  return bad_request_reply("run_input_variables: the aliases " + names +
                           " need a different permissioned_user_id each, and too few are given");
}

std::optional<HttpReply> References::resolve_alias(const Vault& vault, WorkspaceId workspace,
                                                   const VaultAlias& alias, const StartRun& run) {
  const InputVariable* given = run.find(alias.name);
  const bool is_one = given != nullptr && given->kind == JsonKind::string;
  if (!is_one && (given == nullptr || !given->is_list_of_strings || given->strings == 0))
    return bad_request_reply("run_input_variables." + alias.name +
                             " must be a permissioned_user_id or a list of them");
  const auto ids = is_one ? std::span(&given->text, 1) : run.strings_of(*given);
  const std::size_t begin = all_.size();
  for (const std::string_view id : ids) {
    const CredentialId credential = vault.find(workspace, id, alias.normal_domain);
    const auto known = all_.begin() + static_cast<std::ptrdiff_t>(begin);
    if (credential.valid() && std::find(known, all_.end(), credential) == all_.end())
      all_.push_back(credential);
  }
  if (all_.size() == begin) return no_such_credential(ids[0], alias);
  ends_.push_back(all_.size());
  pooled_.push_back(!is_one);
  return std::nullopt;
}

std::span<const CredentialId> References::members(std::size_t alias) const {
  const std::size_t begin = alias == 0 ? 0 : ends_[alias - 1];
  return std::span(all_).subspan(begin, ends_[alias] - begin);
}

}  // namespace sluice
