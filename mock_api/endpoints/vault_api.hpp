// The vault's endpoints, contract 1.12 to 1.17.
#pragma once

#include "http/message.hpp"
#include "mock_api/vault/vault.hpp"

namespace sluice {

/// Reads requests, checks fields and ciphertexts, and lets the vault do it. Keeps references.
class VaultApi {
 public:
  VaultApi(Vault& vault, const Tenants& tenants, Epoch epoch)
      : vault_(vault), tenants_(tenants), epoch_(epoch) {}

  HttpReply handle_create(Time now, WorkspaceId workspace, const HttpRequest& request);
  HttpReply handle_update(Time now, WorkspaceId workspace, const HttpRequest& request);
  HttpReply handle_get(WorkspaceId workspace, const HttpRequest& request) const;
  HttpReply handle_delete(Time now, WorkspaceId workspace, const HttpRequest& request);
  HttpReply handle_clear_browser_state(Time now, WorkspaceId workspace, const HttpRequest& request);
  HttpReply handle_tfa_code(Time now, WorkspaceId workspace, const HttpRequest& request) const;

 private:
  HttpReply tfa_code(Time now, WorkspaceId workspace, const VaultEntry& entry) const;
  HttpReply authenticator_code(Time now, WorkspaceId workspace, const VaultEntry& entry) const;
  HttpReply email_code(Time now, const VaultEntry& entry) const;

  Vault& vault_;
  const Tenants& tenants_;
  Epoch epoch_;
};

}  // namespace sluice
