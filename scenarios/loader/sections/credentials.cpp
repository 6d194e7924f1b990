#include "scenarios/loader/sections/credentials.hpp"

#include <string>
#include <utility>

#include "scenarios/loader/keys/clock_types.hpp"
#include "scenarios/loader/keys/scalar_types.hpp"
#include "scenarios/loader/sections/distribution_types.hpp"

namespace sluice {
namespace {

struct OutageText {
  OutageConfig outage;
  Mark mark;
};

struct RandomOutages {
  Duration every{};
  Distribution length;
};

struct Outages {
  std::vector<OutageText> listed;
  std::optional<RandomOutages> random;
};

const Table<LoginConfig>& login_table() {
  static const Table<LoginConfig> table{
      "a login",
      "What a run does first when there is no valid session.",
      {key("time", distribution_type(Quantity::time), &LoginConfig::time, "how long it takes")
           .required(),
       key("failure", share_type(), &LoginConfig::failure, "how often it fails").or_default("0%")}};
  return table;
}

const Table<OutageText>& outage_table() {
  using O = OutageText;
  static const Table<O> table{
      "an outage",
      "Out of service for a while.",
      {key_with<O>(
           "at", time_type(), [](O& o, Time at) { o.outage.at = at; }, "when it begins")
           .required(),
       key_with<O>(
           "for", positive_duration_type(), [](O& o, Duration d) { o.outage.length = d; },
           "how long it lasts")
           .required()}};
  return table;
}

const Table<RandomOutages>& random_outages_table() {
  using R = RandomOutages;
  static const Table<R> table{
      "random outages",
      "Out of service now and then.",
      {key("every", positive_duration_type(), &R::every, "mean time between outages (exponential)")
           .required(),
       key("for", distribution_type(Quantity::time), &R::length, "how long each lasts")
           .required()}};
  return table;
}

Type<Outages> outages_type() {
  auto listed = converted<std::vector<OutageText>, Outages>(
      list<OutageText>("outages such as `{at: 2h, for: 10m}`", with_mark(object(outage_table)), 0),
      [](std::vector<OutageText> outages) {
        return Outages{std::move(outages), {}};
      });
  auto random =
      converted<RandomOutages, Outages>(object(random_outages_table), [](RandomOutages outages) {
        return Outages{{}, std::move(outages)};
      });
  return by_shape<Outages>(
      "a list of outages such as `[{at: 2h, for: 10m}]`, or `{every: 4h, for: 10m}`",
      {std::nullopt, std::move(listed), std::move(random)});
}

void take_outages(CredentialText& credential, Outages outages) {
  for (const OutageText& outage : outages.listed) {
    credential.config.outages.push_back(outage.outage);
    credential.outage_marks.push_back(outage.mark);
  }
  if (!outages.random) return;
  credential.config.mean_time_between_outages = outages.random->every;
  credential.config.outage_length = std::move(outages.random->length);
}

/// A key of CredentialConfig.
template <class V, class M>
Key<CredentialText> config_key(const char* name, Type<V> type, M CredentialConfig::*member,
                               const char* description) {
  return key_with<CredentialText>(
      name, std::move(type),
      [member](CredentialText& credential, V value) {
        credential.config.*member = std::move(value);
      },
      description);
}

const Table<CredentialText>& credential_table() {
  using C = CredentialText;
  using Config = CredentialConfig;
  static const Table<C> table{
      "a credential",
      "A vault entry that runs hold while they are running.",
      {config_key("domain", text_type(), &Config::domain, "the site that it logs in to"),
       key("count", count_type(1, kMaxThings), &C::count,
           "makes NAME-1 … NAME-n; where several can stand, NAME means all of them"),
       config_key("allow_multiple_sessions", bool_type(), &Config::allow_multiple_sessions,
                  "false: one run at a time")
           .or_default("false"),
       config_key("max_concurrency", count_type(1), &Config::max_concurrency,
                  "runs at once if allow_multiple_sessions; not given: unlimited"),
       config_key("prevent_concurrency_during_login", bool_type(),
                  &Config::prevent_concurrency_during_login,
                  "nobody else starts on it while a login is in progress")
           .or_default("false"),
       config_key("login", object(login_table), &Config::login,
                  "time and failure of a login; not given: none"),
       key("keeps_session", bool_type(), &C::keeps_session,
           "later runs need no login; not given: true if there is an expiry"),
       config_key("expiry_time_from_last_use", positive_duration_type(),
                  &Config::expiry_time_from_last_use,
                  "the session expires when it is not used for so long"),
       config_key("expiry_time_from_session_data_set", positive_duration_type(),
                  &Config::expiry_time_from_session_data_set,
                  "the session expires so long after the login"),
       key_with<C>("outages", outages_type(), take_outages, "when it is out of service")}};
  return table;
}

bool check_sessions(Reader& reader, const TreeNode& node, CredentialText& credential) {
  CredentialConfig& config = credential.config;
  const bool expires = config.expiry_time_from_last_use || config.expiry_time_from_session_data_set;
  config.keeps_session = credential.keeps_session.value_or(expires);
  if (expires && !config.keeps_session)
    return reader.error(
        node.find("keeps_session")->mark,
        "a session that is not kept cannot expire: leave out the expiry or keeps_session");
  if (config.prevent_concurrency_during_login && !config.login)
    reader.problems.warning(node.find("prevent_concurrency_during_login")->mark,
                            "has no effect without `login`");
  if (config.max_concurrency && !config.allow_multiple_sessions)
    reader.problems.warning(
        node.find("max_concurrency")->mark,
        "has no effect without `allow_multiple_sessions: true`: one run at a time");
  return true;
}

bool check_outages(Reader& reader, const CredentialText& credential) {
  const std::vector<OutageConfig>& outages = credential.config.outages;
  for (std::size_t i = 1; i < outages.size(); ++i)
    if (outages[i].at < outages[i - 1].at + outages[i - 1].length)
      return reader.error(
          credential.outage_marks[i],
          "outages must ascend in time and not overlap: this one begins before the last one ends");
  return true;
}

}  // namespace

Type<CredentialText> credential_type() {
  Type<CredentialText> type = with_mark(object(credential_table));
  type.read = [read = type.read](Reader& reader, TreeNode& node, CredentialText& credential) {
    return read(reader, node, credential) && check_sessions(reader, node, credential) &&
           check_outages(reader, credential);
  };
  return type;
}

std::vector<CredentialConfig> declare_credentials(const Entries<Name, CredentialText>& texts,
                                                  NameTable& credentials) {
  std::vector<CredentialConfig> configs;
  for (const auto& [name, text] : texts)
    credentials.declare(name, text.count, [&, &config = text.config](const std::string& full) {
      configs.push_back(config);
      configs.back().name = full;
    });
  return configs;
}

}  // namespace sluice
