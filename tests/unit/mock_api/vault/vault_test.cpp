// The vault's endpoints, contract 1.12 to 1.17, 4.1 to 4.7.
#include <gmock/gmock.h>

#include "mock_api/endpoints/references.hpp"
#include "mock_api/endpoints/vault_api.hpp"
#include "mock_api/vault/cipher.hpp"
#include "mock_api/vault/totp.hpp"
#include "tests/unit/mock_api/small_service.hpp"

namespace sluice {
namespace {

using namespace ::testing;
using namespace sluice::test;
using namespace literals;

/// What the pipeline would be told.
struct Listener : VaultListener {
  CredentialId credential_added(WorkspaceId, const CredentialConfig& config) override {
    added.push_back(config);
    return CredentialId::at(1 + added.size());
  }
  void limits_changed(CredentialId credential, const CredentialConfig& config) override {
    limits[credential.value] = config.limit();
  }
  void credential_removed(CredentialId credential) override { removed.push_back(credential); }
  void browser_state_cleared(CredentialId credential) override { cleared.push_back(credential); }
  StoredSession session(CredentialId) const override { return stored; }

  std::vector<CredentialConfig> added;
  std::map<std::uint32_t, std::uint32_t> limits;
  std::vector<CredentialId> removed, cleared;
  StoredSession stored;
};

class TheVault : public Test {
 protected:
  TheVault() { vault_.set_listener(&listener_); }

  /// `value` as a client of acme sends it.
  std::string sealed(const Json& value) { return encrypt_json(tenants_.key(kAcme), value); }
  Json entry(const char* more = "{}") {
    Json json{{"permissioned_user_id", "u1"},
              {"domain", "https://site.example.com"},
              {"user_name", sealed("me")},
              {"password", sealed("s3cret")}};
    json.update(Json::parse(more));
    return json;
  }
  HttpReply create(const Json& json) {
    body_ = json.dump();
    return api_.handle_create(now_, kAcme, request("POST", "/vault", body_));
  }
  HttpReply update(const Json& json) {
    body_ = json.dump();
    return api_.handle_update(now_, kAcme, request("PUT", "/vault", body_));
  }
  HttpReply get(const std::string& query, WorkspaceId workspace = kAcme) {
    target_ = "/vault" + query;
    return api_.handle_get(workspace, request("GET", target_));
  }
  HttpReply code(const std::string& query) {
    target_ = "/vault/tfa-code" + query;
    return api_.handle_tfa_code(now_, kAcme, request("GET", target_));
  }

  static constexpr WorkspaceId kAcme{0}, kOther{1};
  static constexpr const char* kU1 =
      "?permissioned_user_id=u1&domain=https%3A%2F%2Fsite.example.com";
  static constexpr const char* kPortal1 =
      "?permissioned_user_id=portal-1&domain=https%3A%2F%2Fportal.example.com";
  Scenario scenario_ = small_served_scenario();
  Tenants tenants_{scenario_};
  Epoch epoch_{scenario_.serve.start_unix_ns};
  Vault vault_{scenario_, tenants_, epoch_};
  VaultApi api_{vault_, tenants_, epoch_};
  Listener listener_;
  Time now_ = Time::zero() + 1_h;
  std::string body_, target_;
};

TEST_F(TheVault, has_the_credentials_of_the_scenario) {
  const Json all = body_of(get(""));
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0]["permissioned_user_id"], "portal-1");
  EXPECT_EQ(all[0]["domain"], "https://portal.example.com");
  EXPECT_EQ(decrypt_json(tenants_.key(kAcme), all[0]["user_name"].get<std::string>()),
            Json("portal-1"));
  const Json other = body_of(get(kPortal1, kOther));
  EXPECT_TRUE(decrypt_json(tenants_.key(kOther), other["password"].get<std::string>()));
  EXPECT_NE(other["id"], all[0]["id"]);
}

TEST_F(TheVault, stores_ciphertexts_as_they_are) {
  const HttpReply reply = create(entry());
  EXPECT_EQ(reply.status, 201u);
  const Json stored = body_of(get(kU1));
  EXPECT_EQ(stored, body_of(reply));
  EXPECT_EQ(stored["password"], sealed("s3cret"));
  EXPECT_EQ(stored["allow_multiple_sessions"], false);
  EXPECT_EQ(stored["max_concurrency"], nullptr);
  EXPECT_EQ(stored["created_at"], "2026-01-05T01:00:00.000000Z");
  EXPECT_EQ(listener_.added.size(), 1u);
  EXPECT_EQ(get(kU1, kOther).status, 404u) << "it is the workspace's own";
  EXPECT_EQ(body_of(get("")).size(), 3u);
}

TEST_F(TheVault, refuses_what_does_not_open) {
  Json json = entry();
  json["password"] = encrypt_json(tenants_.key(kOther), "s3cret");
  EXPECT_EQ(create(json).status, 401u);
  json["password"] = "s3cret";
  EXPECT_EQ(create(json).status, 401u);
  json["password"] = encrypt(tenants_.key(kAcme), CipherIv{}, "no json");
  EXPECT_EQ(create(json).status, 401u);
  json["password"] = encrypt_json(tenants_.key(kAcme), nullptr);
  EXPECT_EQ(create(json).status, 201u) << "the npm client encrypts null, too";
}

TEST_F(TheVault, refuses_domains_that_are_none) {
  for (const char* domain : {"site", "ftp://x.example", "https://", "http://localhost",
                             "https://LOCALHOST:8080/x", "https://a b"}) {
    Json json = entry();
    json["domain"] = domain;
    EXPECT_EQ(create(json).status, 400u) << domain;
  }
  Json json = entry();
  json["domain"] = "http://127.0.0.1:8080";
  EXPECT_EQ(create(json).status, 201u);
}

TEST_F(TheVault, refuses_fields_that_are_wrong) {
  for (const char* more :
       {R"({"max_concurrency":0})", R"({"max_concurrency":-1})", R"({"max_concurrency":"2"})",
        R"({"allow_multiple_sessions":"yes"})", R"({"expiry_time_from_last_use":"soon"})",
        R"({"expiry_time_from_last_use":3600})", R"({"tfa_method":"PIGEON"})", R"({"cookies":{}})",
        R"({"tfa_method":"AUTHENTICATOR"})", R"({"permissioned_user_id":""})",
        R"({"permissioned_user_id":7})", R"({"proxy_setting":"random"})",
        R"({"secret_provider_id":"p"})", R"({"user_alias":5})", R"({"persist_cookies":1})"})
    EXPECT_EQ(create(entry(more)).status, 400u) << more;
  EXPECT_EQ(api_.handle_create(now_, kAcme, request("POST", "/vault", "{")).status, 400u);
  EXPECT_EQ(api_.handle_create(now_, kAcme, request("POST", "/vault", "[]")).status, 400u);
  EXPECT_EQ(api_.handle_create(now_, kAcme, request("POST", "/vault", "")).status, 400u);
}

TEST_F(TheVault, has_a_pair_once) {
  EXPECT_EQ(create(entry()).status, 201u);
  EXPECT_EQ(create(entry(R"({"domain":"https://SITE.example.com/"})")).status, 409u);
  EXPECT_EQ(create(entry(R"({"permissioned_user_id":"portal-1",
                             "domain":"https://portal.example.com"})"))
                .status,
            409u);
}

TEST_F(TheVault, leaves_alone_what_an_update_does_not_give) {
  create(entry(R"({"user_alias":"a","expiry_time_from_last_use":"90 minutes"})"));
  now_ = now_ + 1_min;
  const Json after = body_of(update(Json::parse(
      R"({"permissioned_user_id":"u1","domain":"https://site.example.com",
          "allow_multiple_sessions":true,"max_concurrency":3,"unknown":1,"id":"x"})")));
  EXPECT_EQ(after["user_alias"], "a");
  EXPECT_EQ(after["expiry_time_from_last_use"], "90 minutes");
  EXPECT_EQ(after["password"], sealed("s3cret"));
  EXPECT_EQ(after["max_concurrency"], 3);
  EXPECT_FALSE(after.contains("unknown"));
  EXPECT_NE(after["id"], "x");
  EXPECT_EQ(after["updated_at"], "2026-01-05T01:01:00.000000Z");
  EXPECT_EQ(listener_.limits[2], 3u);
  EXPECT_EQ(after, body_of(get(kU1)));
  EXPECT_EQ(update(entry(R"({"permissioned_user_id":"nobody"})")).status, 404u);
}

TEST_F(TheVault, changes_limits_of_a_scenarios_credential_for_all) {
  update(Json::parse(R"({"permissioned_user_id":"portal-1","domain":"portal.example.com",
                         "allow_multiple_sessions":true})"));
  EXPECT_EQ(update(Json::parse(R"({"permissioned_user_id":"portal-1",
      "domain":"https://portal.example.com","allow_multiple_sessions":true,"max_concurrency":5,
      "user_alias":"mine"})"))
                .status,
            200u);
  EXPECT_EQ(listener_.limits[0], 5u);
  EXPECT_EQ(body_of(get(kPortal1, kOther))["max_concurrency"], 5);
  EXPECT_EQ(body_of(get(kPortal1, kOther))["user_alias"], "portal-1");
  EXPECT_EQ(body_of(get(kPortal1))["user_alias"], "mine");
}

TEST_F(TheVault, wants_both_parts_of_a_name) {
  EXPECT_EQ(get("?permissioned_user_id=u1").status, 400u);
  EXPECT_EQ(get("?domain=https://x.example").status, 400u);
  EXPECT_EQ(get(kU1).status, 404u);
}

TEST_F(TheVault, forgets_what_is_deleted) {
  create(entry());
  const std::string mine = R"({"permissioned_user_id":"u1","domain":"https://site.example.com"})";
  EXPECT_EQ(api_.handle_delete(now_, kAcme, request("DELETE", "/vault", mine)).body,
            R"({"success":true})");
  EXPECT_EQ(api_.handle_delete(now_, kAcme, request("DELETE", "/vault", mine)).status, 404u);
  EXPECT_THAT(listener_.removed, ElementsAre(CredentialId::at(2)));
  const std::string theirs =
      R"({"permissioned_user_id":"portal-1","domain":"https://portal.example.com"})";
  EXPECT_EQ(api_.handle_delete(now_, kAcme, request("DELETE", "/vault", theirs)).status, 200u);
  EXPECT_EQ(get(kPortal1).status, 404u);
  EXPECT_EQ(get(kPortal1, kOther).status, 200u) << "another workspace keeps it";
  EXPECT_FALSE(vault_.find(kAcme, "portal-1", "").valid());
  EXPECT_EQ(body_of(get("")).size(), 1u);
}

TEST_F(TheVault, tells_when_a_session_expires) {
  create(entry(R"({"cookies":[],"expiry_time_from_last_use":"01:00:00",
                   "expiry_time_from_session_data_set":"7 days 00:00:00"})"));
  Json json = body_of(get(kU1));
  EXPECT_EQ(json["session_data_set_at"], "2026-01-05T01:00:00.000000Z");
  EXPECT_EQ(json["effective_expires_at"], "2026-01-05T02:00:00.000000Z");
  listener_.stored.last_use = now_ + 30_min;
  EXPECT_EQ(body_of(get(kU1))["effective_expires_at"], "2026-01-05T02:30:00.000000Z");
  listener_.stored.last_use = now_ + 200_h;
  EXPECT_EQ(body_of(get(kU1))["effective_expires_at"], "2026-01-12T01:00:00.000000Z");
  listener_.stored = {};
  const std::string mine = R"({"permissioned_user_id":"u1","domain":"https://site.example.com"})";
  const auto clear = request("PATCH", "/vault/clear-browser-state", mine);
  EXPECT_EQ(api_.handle_clear_browser_state(now_, kAcme, clear).body, R"({"success":true})");
  json = body_of(get(kU1));
  EXPECT_EQ(json["cookies"], nullptr);
  EXPECT_EQ(json["effective_expires_at"], nullptr);
  EXPECT_THAT(listener_.cleared, ElementsAre(CredentialId::at(2)));
}

TEST_F(TheVault, gives_codes_of_an_authenticator) {
  Json json = entry(R"({"tfa_method":"AUTHENTICATOR"})");
  json["tfa_secret"] = sealed("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  EXPECT_EQ(create(json).status, 201u);
  const HttpReply reply = code(kU1);
  EXPECT_EQ(body_of(reply)["code"], totp_code("12345678901234567890", epoch_.unix_seconds(now_)));
  EXPECT_EQ(body_of(reply)["expires_in_seconds"], 30);
  ASSERT_EQ(reply.headers.size(), 1u);
  EXPECT_EQ(reply.headers[0].second, "no-store");
  EXPECT_EQ(code(kPortal1).status, 404u);
}

TEST_F(TheVault, gives_codes_of_fresh_mails_only) {
  create(entry(R"({"tfa_method":"EMAIL"})"));
  EXPECT_EQ(code(kU1).status, 404u);
  listener_.stored.last_use = now_;
  now_ = now_ + 5_min;
  EXPECT_EQ(body_of(code(kU1))["received_at"], "2026-01-05T01:00:00.000000Z");
  now_ = now_ + 6_min;
  EXPECT_EQ(code(kU1).status, 404u);
  update(entry(R"({"tfa_method":"SMS"})"));
  EXPECT_EQ(code(kU1).status, 409u);
}

// ---- references of runs

class AReference : public TheVault {
 protected:
  std::string refused(const std::string& user) {
    body_ = R"({"workflow_id":"w","run_input_variables":{"USER":)" + user + "}}";
    const auto reply = references_.resolve(
        vault_, kAcme, {{"USER", "https://portal.example.com", "portal.example.com"}},
        *reader_.read(body_));
    return reply ? body_of(*reply)["message"].get<std::string>() : "";
  }
  StartRunReader reader_;
  References references_;
};

TEST_F(AReference, is_one_credential_or_a_pool) {
  EXPECT_EQ(refused(R"("portal-2")"), "");
  EXPECT_FALSE(references_.is_pool(0));
  EXPECT_THAT(references_.members(0), ElementsAre(CredentialId::at(1)));
  EXPECT_EQ(refused(R"(["portal-2","unknown","portal-1","portal-2"])"), "");
  EXPECT_TRUE(references_.is_pool(0));
  EXPECT_THAT(references_.members(0), ElementsAre(CredentialId::at(1), CredentialId::at(0)));
}

TEST_F(AReference, to_nothing_is_refused) {
  EXPECT_EQ(refused(R"("nobody")"),
            "Credentials for nobody and domain https://portal.example.com (alias: USER) not found");
  EXPECT_THAT(refused(R"(["a","b"])"), StartsWith("Credentials for a and domain"));
  EXPECT_THAT(refused("[]"), HasSubstr("must be a permissioned_user_id"));
  EXPECT_THAT(refused("5"), HasSubstr("must be a permissioned_user_id"));
}

/// No pool gives what another alias takes, so such a run could never start.
TEST_F(AReference, to_too_few_for_all_aliases_is_refused) {
  const std::vector<VaultAlias> aliases{{"P", "https://portal.example.com", "portal.example.com"},
                                        {"Q", "https://portal.example.com", "portal.example.com"}};
  const auto refused = [&](const std::string& inputs) {
    body_ = R"({"workflow_id":"w","run_input_variables":)" + inputs + "}";
    const auto reply = references_.resolve(vault_, kAcme, aliases, *reader_.read(body_));
    if (!reply) return std::string();
    EXPECT_EQ(reply->status, 400u);
    return body_of(*reply)["message"].get<std::string>();
  };
  const std::string too_few =
      "run_input_variables: the aliases P, Q need a different permissioned_user_id each, and too "
      "few are given";
  EXPECT_EQ(refused(R"({"P":"portal-1","Q":["portal-1"]})"), too_few);
  EXPECT_EQ(refused(R"({"P":["portal-1"],"Q":"portal-1"})"), too_few);
  EXPECT_EQ(refused(R"({"P":["portal-1"],"Q":["portal-1","unknown"]})"), too_few);
  EXPECT_EQ(refused(R"({"P":["portal-1","portal-2"],"Q":["portal-1"]})"), "");
  EXPECT_EQ(refused(R"({"P":"portal-1","Q":["portal-1","portal-2"]})"), "");
  EXPECT_EQ(refused(R"({"P":"portal-1","Q":"portal-1"})"), "") << "one login for both";
}

TEST_F(AReference, finds_what_a_client_added) {
  create(entry(R"({"domain":"https://portal.example.com"})"));
  EXPECT_EQ(refused(R"(["u1","portal-1"])"), "");
  EXPECT_THAT(references_.members(0), ElementsAre(CredentialId::at(2), CredentialId::at(0)));
}

}  // namespace
}  // namespace sluice
